"""The refusal of a request to the page.

What belongs here: that one exception and how it is answered. What must not: the reasons.
"""

from http import HTTPStatus

from starlette.responses import JSONResponse, PlainTextResponse, Response

FORBIDDEN = HTTPStatus.FORBIDDEN


class Refused(Exception):
    """A request that does not reach Dagster, with what to do in its place. It never repeats what was sent."""

    def __init__(self, sentence: str, status: HTTPStatus = FORBIDDEN) -> None:
        self.sentence, self.status = sentence, status
        super().__init__(sentence)


def as_text(refused: Refused) -> Response:
    """The answer to a person or a command."""
    return PlainTextResponse(refused.sentence + "\n", refused.status)


def as_graphql(refused: Refused) -> Response:
    """The answer to a query, in the form in which Dagster's page shows errors."""
    return JSONResponse({"data": None, "errors": [{"message": refused.sentence}]}, refused.status)
