"""Turtle (RDF) as far as one description needs it: resources with their properties, nested where they have no name.

What belongs here: the writing. What must not: any vocabulary (healthdcat).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NOT_IN_ADDRESS = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True)
class Address:
    """A resource by its address (IRI)."""

    iri: str


@dataclass(frozen=True)
class Said:
    """A text in a language, or a value of a data type given by its prefixed name; plain text where neither is given."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Resource:
    """Something with properties, by prefixed name; without an address it is written where it is named."""

    type: str
    properties: "Properties" = field(default_factory=dict)
    address: str = ""


Value: TypeAlias = Address | Said | Resource
Properties: TypeAlias = Mapping[str, Value | Sequence[Value]]


def turtle(prefixes: Mapping[str, str], resources: Iterable[Resource]) -> bytes:
    """A document of resources, each of which has an address."""
    heads = [f"@prefix {prefix}: <{address}> ." for prefix, address in prefixes.items()]
    bodies = [f"{_iri(each.address)} {_properties(each, 1)} ." for each in resources]
    return "\n\n".join(["\n".join(heads), *bodies, ""]).encode()


def _properties(resource: Resource, depth: int) -> str:
    lines = [f"a {resource.type}"]
    for name, values in resource.properties.items():
        listed = values if isinstance(values, Sequence) else [values]
        if listed:
            lines.append(f"{name} {', '.join(_value(each, depth) for each in listed)}")
    return f" ;\n{'  ' * depth}".join(lines)


def _value(value: Value, depth: int) -> str:
    if isinstance(value, Address):
        return _iri(value.iri)
    if isinstance(value, Resource):
        return f"[ {_properties(value, depth + 1)} ]"
    text = "".join(_ESCAPES.get(letter, letter) for letter in value.text)
    suffix = f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else ""
    return f'"{text}"{suffix}'


def _iri(address: str) -> str:
    return f"<{_NOT_IN_ADDRESS.sub(lambda found: f'%{ord(found[0]):02X}', address)}>"
