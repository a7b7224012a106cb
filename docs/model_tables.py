"""Tables of pydantic models for pages: a heading a model, and each field with its type, its default and what it says.

What belongs here: turning a model into a table. What must not: which models a page shows, or what they say.
"""

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

PROJECT = Path(__file__).resolve().parent.parent
SPELLED = {"\t": "tab", "|": "\\|"}
"""Values that a table of Markdown cannot hold as they are."""


def blocks(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and every model below it, each once, in the order they are met."""
    met: list[type[BaseModel]] = []
    waiting = [model]
    while waiting:
        block = waiting.pop(0)
        if block not in met:
            met.append(block)
            waiting += [inner for field in block.model_fields.values() for inner in _models_in(field.annotation)]
    return iter(met)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def block(model: type[BaseModel]) -> str:
    """A heading, what the model is, and a table of its fields."""
    lines = [f"## {model.__name__}\n", (model.__doc__ or "").strip().split("\n\n")[0] + "\n"]
    lines += ["| field | type | needed | what it says |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        needed = "yes" if field.is_required() else f"no: `{_default(field)}`"
        lines.append(f"| `{name}` | {_type(field.annotation)} | {needed} | {field.description or ''} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, tuple):
        return "[" + ", ".join(str(item) for item in value) + "]"
    if isinstance(value, BaseModel):
        said = {name: part for name in type(value).model_fields if (part := getattr(value, name)) is not None}
        return "as its fields" if len(said) > 2 else ", ".join(f"{name}: {part}" for name, part in said.items())
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Path):
        return _place(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(annotation: Any) -> str:
    """A type as an orderer reads it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(part) for part in arguments if part is not type(None))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if hasattr(annotation, "__metadata__"):
        return _type(annotation.__origin__)
    if str(origin) == "typing.Literal":
        return ", ".join(f"`{SPELLED.get(value, value)}`" for value in arguments)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if isinstance(annotation, type) and hasattr(annotation, "__members__"):
        return ", ".join(f"`{member.value}`" for member in annotation.__members__.values())
    if origin is dict:
        return f"by name: {_type(arguments[1])}"
    return {"str": "text", "bool": "true or false", "int": "whole number", "float": "number", "Path": "path"}.get(
        annotation.__name__, annotation.__name__
    )


def _place(path: Path) -> str:
    """A default path as it is anywhere: the Python that runs, a place in the project, or one of the system's."""
    if path == Path(sys.executable):
        return "the Python of the service"
    return str(path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path)
