"""What all blocks of an order share."""

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """What all blocks of an order share: nothing unknown is taken in, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
