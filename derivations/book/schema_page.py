"""Turns the JSON Schema of the check's report into the page "The report as JSON" of the site."""

import json
from typing import Any

Schema = dict[str, Any]

HEAD = """# The report as JSON

`handgrad check --json` prints its report for other programs, with or without the name of a layer and its options:

```sh
handgrad check conv2d --stride 2 --json > report.json
```

The exit code is 0 if every gradient is right, 1 if one is not, and 2 if the command was not understood; then there is no JSON, but a sentence on the standard error. A C++ program gets the same from `to_json`, in [check/report.hpp](../src/check/report.hpp).

`handgrad check --schema` prints the [JSON Schema](https://json-schema.org/draft/2020-12/schema) of the format, from which this page is made. Every field is always there.
"""


def escaped(words: str) -> str:
    """Words for a cell of a table."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def anchor(title: str) -> str:
    """The heading that a definition has on the page."""
    return title.lower()


def kind(rule: Schema, definitions: dict[str, Schema]) -> str:
    """What a field holds, in words, with links to what is explained elsewhere on the page."""
    if "$ref" in rule:
        name = rule["$ref"].removeprefix("#/$defs/")
        if definitions[name]["type"] != "object":
            return kind(definitions[name], definitions)
        return f"[{name}](#{anchor(definitions[name]['title'])})"
    if "const" in rule:
        return f"the number {json.dumps(rule['const'])}"
    if "enum" in rule:
        return "one of " + ", ".join(f"`{json.dumps(each)}`" for each in rule["enum"])
    if "anyOf" in rule:
        return " or ".join(kind(each, definitions) for each in rule["anyOf"])
    if rule["type"] == "array":
        return f"list of {kind(rule['items'], definitions)}"
    names = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    words = " or ".join(names).replace("integer", "whole number").replace("boolean", "true or false")
    return words


def fields(schema: Schema, definitions: dict[str, Schema]) -> str:
    """The table of an object's fields."""
    rows = ["| field | holds | says |", "|---|---|---|"]
    for name, rule in schema["properties"].items():
        words = rule.get("description") or definitions[rule["$ref"].removeprefix("#/$defs/")]["description"]
        rows.append(f"| `{name}` | {kind(rule, definitions)} | {escaped(words)} |")
    return "\n".join(rows)


def page(schema: Schema, example: str) -> str:
    """The page as Markdown; `example` is what a failing check printed, or a part of it."""
    definitions = schema["$defs"]
    parts = [HEAD.strip(), "## The whole", schema["description"], fields(schema, definitions)]
    for each in definitions.values():
        if each["type"] == "object":
            parts += [f"## {each['title']}", each["description"], fields(each, definitions)]
    parts += ["## An example", "Of the check that fails on [its own page](failing_check.md), "
              "without its other gradients and entries:", f"```json\n{example.strip()}\n```"]
    return "\n\n".join(parts) + "\n"
