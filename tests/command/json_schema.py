"""A JSON document against a JSON Schema (draft 2020-12): the keywords that the report's schema uses.

A keyword that is not here is an error, so that no rule of a schema is passed over in silence.
"""

import math
import re
from typing import Any, Iterator

Json = Any

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)
    and math.isfinite(value),
    "integer": lambda value: TYPES["number"](value) and value == int(value),
}
WORDS = {"$schema", "$id", "$defs", "title", "description"}
WITH_PROPERTIES = {"additionalProperties", "required"}


def same(a: Json, b: Json) -> bool:
    """Are they one JSON value? To Python, true and 1 are the same."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def errors(value: Json, schema: dict[str, Json], root: dict[str, Json] | None = None,
           path: str = "$") -> Iterator[str]:
    """One sentence for every rule that the value breaks."""
    root = root or schema
    for keyword in schema:
        if keyword in RULES:
            yield from RULES[keyword](value, schema, root, path)
        elif keyword not in WORDS | WITH_PROPERTIES:
            raise ValueError(f"{path}: the schema has a keyword that nobody checks: {keyword}")


def reference(value, schema, root, path):
    name = schema["$ref"].removeprefix("#/$defs/")
    yield from errors(value, root["$defs"][name], root, path)


def kind(value, schema, root, path):
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(TYPES[name](value) for name in names):
        yield f"{path} is {value!r:.60}, it must be of type {' or '.join(names)}"


def constant(value, schema, root, path):
    if not same(value, schema["const"]):
        yield f"{path} is {value!r:.60}, it must be {schema['const']!r}"


def one_of_several(value, schema, root, path):
    if not any(same(value, each) for each in schema["enum"]):
        yield f"{path} is {value!r:.60}, it must be one of {schema['enum']}"


def any_of(value, schema, root, path):
    tries = [list(errors(value, each, root, path)) for each in schema["anyOf"]]
    if all(tries):
        yield from min(tries, key=len)


def properties(value, schema, root, path):
    if not isinstance(value, dict):
        return
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path} has no {name}"
    for name, each in value.items():
        if name in schema["properties"]:
            yield from errors(each, schema["properties"][name], root, f"{path}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{path} has a field {name}, of which the schema does not know"


def items(value, schema, root, path):
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from errors(each, schema["items"], root, f"{path}[{position}]")


def minimum(value, schema, root, path):
    if TYPES["number"](value) and value < schema["minimum"]:
        yield f"{path} is {value}, it must be at least {schema['minimum']}"


def shortest(value, schema, root, path):
    if isinstance(value, str) and len(value) < schema["minLength"]:
        yield f"{path} is {value!r}, it must have at least {schema['minLength']} letters"


def pattern(value, schema, root, path):
    if isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{path} is {value!r:.60}, it must match {schema['pattern']}"


RULES = {"$ref": reference, "type": kind, "const": constant, "enum": one_of_several,
         "anyOf": any_of, "properties": properties, "items": items, "minimum": minimum,
         "minLength": shortest, "pattern": pattern}
