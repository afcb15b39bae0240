"""The verdicts of the gradient check, as `handgrad check --json` writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reading import Node, read

VERSION = 1  # of check.json


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
class Coverage:
    """How much a check tried."""

    not_zero: int = 0  # entries whose true value is not 0 by structure
    positive: int = 0  # entries of dy
    negative: int = 0


@dataclass
class Check:
    layer: str
    configuration: str
    passed: bool
    references: list[str]  # where the derivatives come from that it compares with
    tensors: list[TensorVerdict]
    findings: list[str] = field(default_factory=list)  # sentences: a rule of the contract broken
    kinks: int = 0  # outputs that have no derivative
    coverage: Coverage | None = None

    @property
    def entries(self) -> int:
        return sum(tensor.entries for tensor in self.tensors)


def read_checks(path: Path) -> list[Check]:
    root = read(path, "handgrad check --json", VERSION)
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
        findings=[item.at("sentence").text() for item in node.at("findings").items()],
        kinks=int(node.at("kinks").at("outputs").number()),
        coverage=_coverage(node.at("coverage")),
    )


def _coverage(node: Node) -> Coverage:
    return Coverage(*(int(node.at(key).number())
                      for key in ("not_zero", "dy_positive", "dy_negative")))


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
