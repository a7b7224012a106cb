"""What a run says that it did: a sentence at its step, and what the page shows beside it.

What belongs here: where it is put. What must not: the sentence. Lines of a log are not kept (dagster.yaml): libraries
would write there too.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

WHAT = "what"


def say(context: dg.OpExecutionContext, sentence: str, shown: Mapping[str, Any] | None = None) -> None:
    """Puts it at the step's output."""
    context.add_output_metadata({WHAT: sentence, **(shown or {})})
