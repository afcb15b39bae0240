"""The results of a sweep, as `handgrad sweep --out results.json` writes them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

from reading import Node, read

Numbers = list  # of float | None; None stands for a number that is not finite


@dataclass
class Summary:
    """A loss over the seeds. None stands for infinite: a run that blew up counts as such."""

    median: float | None
    lower: float | None  # first quartile
    upper: float | None  # third quartile
    interval: tuple[float, float] | None  # of the median, by bootstrap; an end may be infinite


@dataclass
class Run:
    seed: str
    url: str
    train_loss: float | None
    test_loss: float | None
    diverged: bool
    epochs_to_target: float | None  # None: the run never got there
    dead_weights: int


@dataclass
class Band:
    """The median over the seeds with the quartiles around it, epoch by epoch."""

    median: Numbers
    lower: Numbers
    upper: Numbers


@dataclass
class Curve:
    epoch: Numbers
    train: Band
    test: Band


@dataclass
class Boundary:
    """The network's output on a square grid, rows from y = +range down."""

    seed: str
    size: int
    range: float
    values: list[Numbers]


@dataclass
class Setting:
    label: str
    url: str
    configuration: dict
    runs: list[Run]
    test_loss: Summary
    train_loss: Summary
    success_rate: float
    median_epochs: float | None
    censored: int  # runs that never reached the target loss
    curve: Curve
    boundary: Boundary
    train_points: list[Numbers] = field(default_factory=list)
    test_points: list[Numbers] = field(default_factory=list)

    @property
    def diverged(self) -> int:
        return sum(run.diverged for run in self.runs)


@dataclass
class Attempt:
    """A candidate of the search, with what came of it in the last stage that it reached."""

    label: str
    url: str
    configuration: dict
    stage: int  # the place of that stage
    test_loss: float | None  # median
    boundary: Boundary


@dataclass
class Stage:
    """One stage of the search for the best setting."""

    name: str
    configurations: int
    seeds: int
    epochs: int
    runs: int
    kept: int
    best: float | None  # the best configuration's median test loss


@dataclass
class Study:
    name: str
    factor: str
    settings: list[Setting]


@dataclass
class Results:
    epochs: int
    seeds: list[str]
    target_loss: float
    best: Setting
    stages: list[Stage]
    leaderboard: list[Setting]
    attempts: list[Attempt]
    studies: list[Study]


def read_results(path: Path) -> Results:
    root = read(path, "handgrad sweep --out")
    best = root.at("best")
    stages = [_stage(node) for node in best.at("how").items()]
    studies = [_study(node) for node in root.at("studies").items()]
    if not studies:
        raise root.at("studies").fail("is empty, it must hold at least one study")
    return Results(
        epochs=int(root.at("epochs").number()),
        seeds=[node.text() for node in root.at("seeds").items()],
        target_loss=root.at("target_loss").number(),
        best=_setting(best),
        stages=stages,
        leaderboard=[_setting(node) for node in root.at("leaderboard").items()],
        attempts=[_attempt(node, stages) for node in root.at("attempts").items()],
        studies=studies,
    )


def _study(node: Node) -> Study:
    settings = [_setting(item) for item in node.at("settings").items()]
    if not settings:
        raise node.at("settings").fail("is empty, it must hold at least one setting")
    return Study(node.at("name").text(), node.at("factor").text(), settings)


def _setting(node: Node) -> Setting:
    points = node.at("points") if node.has("points") else None
    runs = [_run(item) for item in node.at("runs").items()]
    if not runs:
        raise node.at("runs").fail("is empty, it must hold one run a seed")
    return Setting(
        label=node.at("label").text(),
        url=node.at("url").text(),
        configuration=node.at("configuration").object(),
        runs=runs,
        test_loss=_summary(node.at("test_loss")),
        train_loss=_summary(node.at("train_loss")),
        success_rate=node.at("success_rate").number(),
        median_epochs=node.at("epochs_to_target").at("median").maybe_number(),
        censored=int(node.at("epochs_to_target").at("censored").number()),
        curve=_curve(node.at("curve")),
        boundary=_boundary(node.at("boundary")),
        train_points=[item.numbers() for item in points.at("train").items()] if points else [],
        test_points=[item.numbers() for item in points.at("test").items()] if points else [],
    )


def _attempt(node: Node, stages: list[Stage]) -> Attempt:
    stage = int(node.at("stage").number())
    if not 0 <= stage < len(stages):
        raise node.at("stage").fail(f"is {stage}, it must be the place of one of the "
                                    f"{len(stages)} stages in best.how")
    return Attempt(
        label=node.at("label").text(),
        url=node.at("url").text(),
        configuration=node.at("configuration").object(),
        stage=stage,
        test_loss=node.at("median_test_loss").maybe_number(),
        boundary=_boundary(node.at("boundary")),
    )


def _run(node: Node) -> Run:
    return Run(
        seed=node.at("seed").text(),
        url=node.at("url").text(),
        train_loss=node.at("train_loss").maybe_number(),
        test_loss=node.at("test_loss").maybe_number(),
        diverged=node.at("diverged").truth(),
        epochs_to_target=node.at("epochs_to_target").maybe_number(),
        dead_weights=int(node.at("dead_weights").number()),
    )


def _summary(node: Node) -> Summary:
    ends = node.at("interval").numbers() if node.has("interval") else []
    if len(ends) not in (0, 2):
        raise node.at("interval").fail(f"has {len(ends)} ends, it must have two")
    return Summary(
        median=node.at("median").maybe_number(),
        lower=node.at("lower_quartile").maybe_number(),
        upper=node.at("upper_quartile").maybe_number(),
        interval=tuple(math.inf if end is None else end for end in ends) or None,
    )


def _curve(node: Node) -> Curve:
    epoch = node.at("epoch").numbers()

    def band(name: str) -> Band:
        lines = []
        for key in ("median", "lower", "upper"):
            line = node.at(name).at(key)
            lines.append(line.numbers())
            if len(lines[-1]) != len(epoch):
                raise line.fail(f"has {len(lines[-1])} numbers, it must have {len(epoch)}, "
                                "one an epoch")
        return Band(*lines)

    return Curve(epoch, band("train"), band("test"))


def _boundary(node: Node) -> Boundary:
    size = int(node.at("size").number())
    values = [row.numbers() for row in node.at("values").items()]
    if len(values) != size or any(len(row) != size for row in values):
        raise node.at("values").fail(f"must be {size} rows of {size} numbers")
    return Boundary(node.at("seed").text(), size, node.at("range").number(), values)


def _stage(node: Node) -> Stage:
    return Stage(
        name=node.at("stage").text(),
        configurations=int(node.at("configurations").number()),
        seeds=int(node.at("seeds").number()),
        epochs=int(node.at("epochs").number()),
        runs=int(node.at("runs").number()),
        kept=int(node.at("kept").number()),
        best=node.at("median_test_loss_of_best").maybe_number(),
    )
