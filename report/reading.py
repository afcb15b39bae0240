"""Reads JSON files and says which key is at fault when one is not as it should be."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Iterator

from errors import ReportError


class Node:
    """A value of a JSON file together with where it stands, such as `studies[0].name`."""

    def __init__(self, file: str, path: str, value: Any):
        self.file, self.path, self.value = file, path, value

    def fail(self, complaint: str) -> ReportError:
        return ReportError(f"{self.file}: {self.path or 'the file'} {complaint}")

    def has(self, key: str) -> bool:
        return self._object().get(key) is not None

    def at(self, key: str) -> Node:
        child = Node(self.file, f"{self.path}.{key}" if self.path else key, None)
        if key not in self._object():
            raise child.fail("is missing")
        child.value = self.value[key]
        return child

    def items(self) -> Iterator[Node]:
        if not isinstance(self.value, list):
            raise self.fail(f"is {self._said()}, it must be a list")
        for i, value in enumerate(self.value):
            yield Node(self.file, f"{self.path}[{i}]", value)

    def text(self) -> str:
        return self._of(str, "a text")

    def truth(self) -> bool:
        return self._of(bool, "true or false")

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            raise self.fail(f"is {self._said()}, it must be a number")
        return self.value

    def maybe_number(self) -> float | None:
        """A number, or None for null and for what no run reached: not finite."""
        if self.value is None or not math.isfinite(self.number()):
            return None
        return self.value

    def count(self) -> int:
        """A whole number from 0 on."""
        number = self.number()
        if not math.isfinite(number) or number < 0 or number != int(number):
            raise self.fail(f"is {self._said()}, it must be a whole number from 0 on")
        return int(number)

    def loss(self) -> float | None:
        """A loss, or None where it is not finite; it cannot be negative."""
        value = self.maybe_number()
        if value is not None and value < 0:
            raise self.fail(f"is {self._said()}, a loss is never negative")
        return value

    def ends(self) -> tuple[float, float]:
        """The two ends of an interval, the lower first; one that is not finite is infinite."""
        ends = self.numbers()
        if len(ends) != 2:
            raise self.fail(f"has {len(ends)} ends, it must have two")
        low, high = (math.inf if end is None else end for end in ends)
        if low > high:
            raise self.fail(f"runs from {low:g} to {high:g}, its lower end must come first")
        return low, high

    def numbers(self) -> list[float | None]:
        # Almost all of a file are plain numbers, which need no Node of their own
        if (isinstance(self.value, list) and set(map(type, self.value)) <= {int, float}
                and all(map(math.isfinite, self.value))):
            return list(self.value)
        return [item.maybe_number() for item in self.items()]

    def object(self) -> dict:
        return dict(self._object())

    def _object(self) -> dict:
        return self._of(dict, "an object")

    def _of(self, kind: type, name: str) -> Any:
        if not isinstance(self.value, kind):
            raise self.fail(f"is {self._said()}, it must be {name}")
        return self.value

    def _said(self) -> str:
        said = json.dumps(self.value)
        return said if len(said) <= 40 else said[:37] + "..."


def read(path: Path, written_by: str, expected: int) -> Node:
    """The file's top object; `written_by` is the command that writes files of version `expected`."""
    try:
        root = Node(str(path), "", json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror}); {written_by} writes it")
    except ValueError as error:
        raise ReportError(f"{path}: is not JSON ({error}); {written_by} writes it")
    version = root.at("version").number()
    if version != expected:
        raise root.at("version").fail(
            f"is {version}, this report reads version {expected}; write the file anew with "
            f"{written_by}")
    return root
