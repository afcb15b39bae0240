"""Reads the results that `handgrad sweep --out results.json` writes, and refuses what is odd.

What follows from something else in the file is held against it: a median lies between its
quartiles, and the weights of a network answer as its boundary says.
"""

from __future__ import annotations

import math
from pathlib import Path

from network import answer_of, weights_fit
from reading import Node, read
from results import (Attempt, Band, Boundary, Curve, Layer, Results, Run, Rung, Setting, Smallest,
                     Stage, Study, Summary, Totals, Weights)

VERSION = 2
WRITTEN_BY = "handgrad sweep --out"
# Boundaries are written to three decimals; what is left of the width is for the last bits of tanh
BOUNDARY_ERROR = 0.00051


def read_file(path: Path) -> Node:
    """The file's top object, of the right version and else as it is."""
    return read(path, WRITTEN_BY, VERSION)


def read_results(path: Path) -> Results:
    return results_of(read_file(path))


def results_of(root: Node, pictures: bool = True) -> Results:
    """The results under `root`; without `pictures`, boundaries, weights and attempts are empty."""
    best = root.at("best")
    stages = [_stage(node) for node in best.at("how").items()]
    studies = [_study(node, pictures) for node in root.at("studies").items()]
    if not studies:
        raise root.at("studies").fail("is empty, it must hold at least one study")
    leaders = [_setting(node, pictures) for node in root.at("leaderboard").items()]
    if not leaders:
        raise root.at("leaderboard").fail("is empty, it must hold at least the winner")
    attempts = [_attempt(node, stages) for node in root.at("attempts").items()] if pictures else []
    if pictures and not attempts:
        raise root.at("attempts").fail("is empty, it must hold at least the winner")
    _expect_same_seeds(root.at("leaderboard"), leaders)
    return Results(
        epochs=root.at("epochs").count(),
        seeds=[node.text() for node in root.at("seeds").items()],
        target_loss=_target(root.at("target_loss")),
        best=_shown(best, pictures),
        best_of_two_inputs=_shown(root.at("best_of_two_inputs"), pictures),
        smallest=_smallest(root.at("smallest"), pictures) if root.has("smallest") else None,
        stages=stages,
        leaderboard=leaders,
        attempts=attempts,
        studies=studies,
        totals=Totals(*(root.at("totals").at(key).count()
                        for key in ("runs", "epochs", "samples"))),
    )


def _target(node: Node) -> float:
    if node.number() <= 0:
        raise node.fail(f"is {node.number()}, it must be greater than 0")
    return node.number()


# Settings


def _study(node: Node, pictures: bool) -> Study:
    settings = [_setting(item, pictures) for item in node.at("settings").items()]
    if not settings:
        raise node.at("settings").fail("is empty, it must hold at least one setting")
    _expect_same_seeds(node.at("settings"), settings)
    for item, setting in zip(node.at("settings").items(), settings):
        if setting.epochs != settings[0].epochs:
            raise item.at("epochs").fail(f"is {setting.epochs}, it must be {settings[0].epochs} as "
                                         "in the other settings of the study")
    return Study(node.at("name").text(), node.at("factor").text(), settings)


def _expect_same_seeds(node: Node, settings: list[Setting]) -> None:
    """Settings are compared seed by seed, so they must have run with the same."""
    for item, setting in zip(node.items(), settings):
        if [run.seed for run in setting.runs] != [run.seed for run in settings[0].runs]:
            raise item.at("runs").fail("has other seeds than the first setting beside it; they are "
                                       "compared seed by seed")


def _setting(node: Node, pictures: bool) -> Setting:
    runs = [_run(item) for item in node.at("runs").items()]
    if not runs:
        raise node.at("runs").fail("is empty, it must hold one run a seed")
    setting = Setting(
        label=node.at("label").text(),
        url=node.at("url").text(),
        configuration=node.at("configuration").object(),
        epochs=node.at("epochs").count(),
        runs=runs,
        test_loss=_summary(node.at("test_loss")),
        train_loss=_summary(node.at("train_loss")),
        success_rate=_share(node.at("success_rate")),
        success_interval=_share_interval(node),
        median_epochs=node.at("epochs_to_target").at("median").maybe_number(),
        censored=node.at("epochs_to_target").at("censored").count(),
        curve=_curve(node.at("curve")),
    )
    if pictures:
        setting.boundary = _boundary(node.at("boundary"))
        setting.boundaries = _boundaries(node) if node.has("boundaries") else []
    return setting


def _run(node: Node) -> Run:
    return Run(
        seed=node.at("seed").text(),
        train_loss=node.at("train_loss").loss(),
        test_loss=node.at("test_loss").loss(),
        diverged=node.at("diverged").truth(),
        epochs_to_target=node.at("epochs_to_target").maybe_number(),
        dead_weights=node.at("dead_weights").count(),
    )


def _summary(node: Node) -> Summary:
    ends = node.at("interval").ends() if node.has("interval") else None
    summary = Summary(
        median=node.at("median").loss(),
        lower=node.at("lower_quartile").loss(),
        upper=node.at("upper_quartile").loss(),
        interval=ends,
    )
    in_order = [math.inf if value is None else value
                for value in (summary.lower, summary.median, summary.upper)]
    if in_order != sorted(in_order):
        raise node.fail("has its quartiles and its median out of order; they must rise from "
                        "lower_quartile over median to upper_quartile")
    return summary


def _share(node: Node) -> float:
    if not 0 <= node.number() <= 1:
        raise node.fail(f"is {node.number()}, it must lie from 0 to 1")
    return node.number()


def _share_interval(node: Node) -> tuple[float, float]:
    rate, ends = node.at("success_rate").number(), node.at("success_interval").ends()
    slack = 1e-9  # Wilson's interval ends at a rate of 0 or 1 but for rounding
    if not ends[0] - slack <= rate <= ends[1] + slack:
        raise node.at("success_interval").fail(f"is {ends[0]:g} to {ends[1]:g}, it must hold "
                                               f"success_rate, which is {rate:g}")
    return ends


def _curve(node: Node) -> Curve:
    epoch = _epochs(node.at("epoch"))

    def band(name: str) -> Band:
        return Band(*(_line(node.at(name).at(key), len(epoch))
                      for key in ("median", "lower", "upper")))

    return Curve(epoch, band("train"), band("test"))


def _epochs(node: Node) -> list[float]:
    epoch = node.numbers()
    if not epoch or None in epoch or any(b <= a for a, b in zip(epoch, epoch[1:])):
        raise node.fail("must hold at least one epoch, each later than the one before")
    return epoch


def _line(node: Node, length: int) -> list[float | None]:
    numbers = [item.loss() for item in node.items()]
    if len(numbers) != length:
        raise node.fail(f"has {len(numbers)} numbers, it must have {length}, one an epoch")
    return numbers


# Pictures


def _boundary(node: Node) -> Boundary:
    size = node.at("size").count()
    values = [row.numbers() for row in node.at("values").items()]
    if len(values) != size or any(len(row) != size for row in values):
        raise node.at("values").fail(f"must be {size} rows of {size} numbers")
    return Boundary(node.at("seed").text(), size, node.at("range").number(), values,
                    node.at("epoch").number() if node.has("epoch") else None)


def _boundaries(setting: Node) -> list[Boundary]:
    node = setting.at("boundaries")
    shots = [_boundary(item) for item in node.items()]
    epochs = [shot.epoch for shot in shots]
    if None in epochs:
        raise node.fail("must each have an epoch")
    if any(b <= a for a, b in zip(epochs, epochs[1:])):
        raise node.fail(f"has the epochs {', '.join(f'{e:g}' for e in epochs)}; each must be later "
                        "than the one before")
    return shots


def _shown(node: Node, pictures: bool) -> Setting:
    """A setting whose network is drawn: with its points, and the weights behind its boundary."""
    setting = _setting(node, pictures)
    if pictures:
        points = node.at("points")
        setting.train_points = [item.numbers() for item in points.at("train").items()]
        setting.test_points = [item.numbers() for item in points.at("test").items()]
        setting.weights = _weights(node, setting)
    return setting


def _weights(setting_node: Node, setting: Setting) -> Weights:
    node = setting_node.at("weights")
    weights = Weights(
        [item.text() for item in node.at("inputs").items()],
        [Layer([row.numbers() for row in layer.at("weight").items()], layer.at("bias").numbers())
         for layer in node.at("layers").items()])
    complaint = weights_fit(weights, setting.configuration)
    if complaint:
        raise node.fail(complaint)

    # The network must be the one whose answers are shown
    boundary = setting.boundary
    step = 2 * boundary.range / boundary.size
    answer = answer_of(weights, setting.configuration["activation"])
    for place in range(boundary.size):  # along the diagonal
        x, y = -boundary.range + (place + 0.5) * step, boundary.range - (place + 0.5) * step
        says, shown = answer(x, y), boundary.values[place][place]
        if shown is None or abs(says - shown) > BOUNDARY_ERROR:
            raise node.fail(f"answers {says:.4f} at x = {x:g}, y = {y:g}, where boundary has "
                            f"{shown}; they must be of one network")
    return weights


# The search


def _smallest(node: Node, pictures: bool) -> Smallest:
    ladder = [_rung(item) for item in node.at("ladder").items()]
    sizes = [(rung.neurons, rung.weight_count) for rung in ladder]
    if sizes != sorted(sizes):
        raise node.at("ladder").fail("is out of order, it must rise by neurons, then weights")
    return Smallest(_shown(node, pictures), node.at("neurons").count(),
                    node.at("weight_count").count(), ladder)


def _rung(node: Node) -> Rung:
    return Rung(
        label=node.at("label").text(),
        url=node.at("url").text(),
        neurons=node.at("neurons").count(),
        weight_count=node.at("weight_count").count(),
        runs=node.at("runs").count(),
        success_rate=_share(node.at("success_rate")),
        success_interval=_share_interval(node),
        test_loss=_summary(node.at("test_loss")),
    )


def _attempt(node: Node, stages: list[Stage]) -> Attempt:
    stage = node.at("stage").count()
    if stage >= len(stages):
        raise node.at("stage").fail(f"is {stage}, it must be the place of one of the "
                                    f"{len(stages)} stages in best.how")
    epoch = _epochs(node.at("curve").at("epoch"))
    return Attempt(
        label=node.at("label").text(),
        url=node.at("url").text(),
        configuration=node.at("configuration").object(),
        stage=stage,
        test_loss=node.at("median_test_loss").loss(),
        success_rate=_share(node.at("success_rate")),
        runs=node.at("runs").count(),
        epoch=epoch,
        curve=_line(node.at("curve").at("test"), len(epoch)),
        boundary=_boundary(node.at("boundary")),
    )


def _stage(node: Node) -> Stage:
    return Stage(
        name=node.at("stage").text(),
        configurations=node.at("configurations").count(),
        seeds=node.at("seeds").count(),
        epochs=node.at("epochs").count(),
        runs=node.at("runs").count(),
        kept=node.at("kept").count(),
        best=node.at("median_test_loss_of_best").loss(),
    )
