"""What a request to Dagster's query language asks for: read with the same parser that carries it out.

What belongs here: telling queries, mutations and subscriptions apart. What must not: which mutations are carried out
(`mutations`), or running anything.
"""

import json
from collections.abc import Collection, Iterator
from http import HTTPStatus

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from graphql.language import FieldNode
from starlette.datastructures import Headers

from pipelines.page.mutations import REFUSED
from pipelines.page.refusal import Refused

MOST_TOKENS = 10_000
SUBSCRIBING = "start"
MESSAGES = {"connection_init", SUBSCRIBING, "stop", "connection_terminate"}
"""What Dagster's page says over its web socket."""


def require_json_post(method: str, headers: Headers) -> None:
    """Queries come by POST with a JSON body, which no form, image or link of another page can send.

    :raises Refused: for any other way.
    """
    types = [value.partition(";")[0].strip().lower() for value in headers.getlist("content-type")]
    if method != "POST":
        raise Refused("ask by POST with a JSON body", HTTPStatus.METHOD_NOT_ALLOWED)
    if types != ["application/json"]:
        raise Refused("ask with a JSON body and `Content-Type: application/json`", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def require_permitted(body: bytes, allowed: Collection[str]) -> None:
    """A request holds queries, and mutations that are carried out here.

    :raises Refused: for what does not parse, for a subscription, and for any other mutation.
    """
    for operation in _operations(_query(_json(body))):
        if operation.operation is OperationType.SUBSCRIPTION:
            raise Refused("subscribe over the web socket")
        if operation.operation is OperationType.MUTATION:
            for name in _asked(operation):
                _require_allowed(name, allowed)


def require_subscription(text: str | None) -> None:
    """A message of the web socket begins, subscribes or ends; it changes nothing.

    :raises Refused: for anything else.
    """
    message = _json(text or "")
    if not isinstance(message, dict) or message.get("type") not in MESSAGES:
        raise Refused("not a message of the page's web socket")
    if message["type"] == SUBSCRIBING and any(
        operation.operation is not OperationType.SUBSCRIPTION
        for operation in _operations(_query(message.get("payload")))
    ):
        raise Refused("the web socket carries subscriptions alone")


def _require_allowed(name: str, allowed: Collection[str]) -> None:
    if name not in allowed:
        known = f"`{name}`" if name in REFUSED else "this change"  # what nobody knows could be anything
        raise Refused(f"{known} is not done from the page; {REFUSED.get(name, 'the page shows, or does not know it')}")


def _json(text: bytes | str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    raise Refused("the body is not JSON", HTTPStatus.BAD_REQUEST)


def _query(request: object) -> str:
    query = request.get("query") if isinstance(request, dict) else None
    if not isinstance(query, str):
        raise Refused("one request, one query", HTTPStatus.BAD_REQUEST)
    return query


def _operations(query: str) -> list[OperationDefinitionNode]:
    try:
        document = parse(query, no_location=True, max_tokens=MOST_TOKENS)
    except (GraphQLError, RecursionError):
        operations = []
    else:
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if not operations:
        raise Refused("the query cannot be read", HTTPStatus.BAD_REQUEST)
    return operations


def _asked(mutation: OperationDefinitionNode) -> Iterator[str]:
    """The names of what a mutation asks for, whatever it calls the answers; fragments are not followed but refused."""
    for selected in mutation.selection_set.selections:
        if not isinstance(selected, FieldNode):
            raise Refused("a mutation names what it asks for, without fragments", HTTPStatus.BAD_REQUEST)
        yield selected.name.value
