"""The verdicts of the gradient check, as `handgrad check --json` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reading import Node, read


@dataclass
class Worst:
    """The entry whose error comes closest to its bound, or passes it by most."""

    index: list[int]
    error: float | None
    bound: float | None


@dataclass
class TensorVerdict:
    name: str
    verified: int
    wrong: int
    undecided: int
    worst: Worst | None

    @property
    def entries(self) -> int:
        return self.verified + self.wrong + self.undecided


@dataclass
class Check:
    layer: str
    configuration: str
    passed: bool
    references: list[str]  # where the derivatives come from that it compares with
    tensors: list[TensorVerdict]

    @property
    def entries(self) -> int:
        return sum(tensor.entries for tensor in self.tensors)


def read_checks(path: Path) -> list[Check]:
    root = read(path, "handgrad check --json")
    checks = [_check(node) for node in root.at("checks").items()]
    if not checks:
        raise root.at("checks").fail("is empty, it must hold at least one check")
    return checks


def _check(node: Node) -> Check:
    return Check(
        layer=node.at("layer").text(),
        configuration=node.at("configuration").text(),
        passed=node.at("passed").truth(),
        references=_references(node),
        tensors=[_tensor(item) for item in node.at("tensors").items()],
    )


def _references(node: Node) -> list[str]:
    if not node.has("oracles"):
        return ["central differences"]  # a check that names none has this one
    return [item.text() for item in node.at("oracles").items()]


def _tensor(node: Node) -> TensorVerdict:
    return TensorVerdict(
        name=node.at("name").text(),
        verified=int(node.at("verified").number()),
        wrong=int(node.at("wrong").number()),
        undecided=int(node.at("undecided").number()),
        worst=_worst(node.at("worst")) if node.has("worst") else None,
    )


def _worst(node: Node) -> Worst:
    return Worst(
        index=[int(item.number()) for item in node.at("index").items()],
        error=node.at("error").maybe_number(),
        bound=node.at("bound").maybe_number(),
    )
