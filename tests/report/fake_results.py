#!/usr/bin/env python3
"""Results of a sweep that never ran, in the shape of `handgrad sweep --out`.

They let the report be written and tested in seconds. The numbers follow made-up formulas: a
setting has a `quality` from 0 (stays at chance) to 1 (solves the spiral) and a `speed`.
"""

import json
import math
import random
import statistics
import sys
from urllib.parse import quote

EPOCHS = 400
SEEDS = [f"fake-{number}" for number in range(1, 13)]
TARGET = 0.05
CHANCE = 0.5
SIZE = 40
RANGE = 6.0


def url(configuration, seed=None):
    """The configuration as the Playground's own address."""
    parts = dict(configuration, dataset="spiral")
    if seed is not None:
        parts["seed"] = seed
    return "https://playground.tensorflow.org/#" + "&".join(
        f"{key}={quote(str(value), safe=',')}" for key, value in sorted(parts.items()))


def loss_at(epoch, quality, speed):
    """Falls from chance to the level of its quality, in the time of its speed."""
    floor = CHANCE * 10 ** (-3 * quality)
    return floor + (CHANCE - floor) * math.exp(-epoch * speed / 40)


def summary(values):
    """Median, quartiles and a rough interval of the values that are not None."""
    values = sorted(value for value in values if value is not None)
    if len(values) < 2:
        nothing = None if not values else values[0]
        return {"median": nothing, "lower_quartile": nothing, "upper_quartile": nothing,
                "interval": [nothing, nothing]}
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive")
    reach = 0.6 * (upper - lower)
    return {"median": median, "lower_quartile": lower, "upper_quartile": upper,
            "interval": [max(values[0], median - reach), min(values[-1], median + reach)]}


def median_epoch(epochs):
    """The median with runs that never arrive counted as later than all others."""
    ordered = sorted(math.inf if epoch is None else epoch for epoch in epochs)
    middle = statistics.median(ordered)
    return None if math.isinf(middle) else middle


def spiral_value(x, y, quality, blur):
    """A picture that looks like the output of a network of that quality."""
    radius, angle = math.hypot(x, y), math.atan2(x, y)
    spiral = math.sin(angle - radius / 5 * 1.75 * 2 * math.pi + math.pi / 2)
    flat = math.tanh((x + y * blur) / 3)
    return round(math.tanh(4 * (quality * spiral + (1 - quality) * flat)), 4)


def boundary(quality, blur, diverged=False):
    step = 2 * RANGE / SIZE
    centres = [-RANGE + (i + 0.5) * step for i in range(SIZE)]
    return {"seed": SEEDS[0], "size": SIZE, "range": RANGE,
            "values": [[None if diverged else spiral_value(x, y, quality, blur) for x in centres]
                       for y in reversed(centres)]}


def setting(label, configuration, quality, speed, diverging=0.0, dead=0):
    """One setting with its runs; the first `diverging` share of the seeds diverges."""
    rng = random.Random(label)
    runs, curves = [], []
    for i, seed in enumerate(SEEDS):
        diverged = i < diverging * len(SEEDS)
        own_quality = min(1.0, max(0.0, quality + rng.gauss(0, 0.06)))
        own_speed = speed * math.exp(rng.gauss(0, 0.25))
        losses = [loss_at(epoch, own_quality, own_speed) for epoch in range(EPOCHS + 1)]
        reached = next((e for e, loss in enumerate(losses) if loss <= TARGET), None)
        runs.append({"seed": seed, "url": url(configuration, seed),
                     "train_loss": None if diverged else 0.8 * losses[-1],
                     "test_loss": None if diverged else losses[-1],
                     "diverged": diverged,
                     "epochs_to_target": None if diverged else reached,
                     "dead_weights": dead})
        curves.append([None] * len(losses) if diverged else losses)
    shown = list(range(0, EPOCHS + 1, 4))
    bands = [summary([curve[epoch] for curve in curves]) for epoch in shown]

    def band(factor):
        return {key: [None if b[name] is None else factor * b[name] for b in bands]
                for key, name in (("median", "median"), ("lower", "lower_quartile"),
                                  ("upper", "upper_quartile"))}

    arrivals = [run["epochs_to_target"] for run in runs]
    return {"label": label, "url": url(configuration, SEEDS[0]), "configuration": configuration,
            "runs": runs,
            "test_loss": summary([run["test_loss"] for run in runs]),
            "train_loss": summary([run["train_loss"] for run in runs]),
            "success_rate": sum(a is not None for a in arrivals) / len(arrivals),
            "epochs_to_target": {"median": median_epoch(arrivals),
                                 "censored": sum(a is None for a in arrivals)},
            "curve": {"epoch": shown, "train": band(0.8), "test": band(1.0)},
            "boundary": boundary(quality, rng.uniform(-1, 1), diverging >= 1)}


BASE = {"activation": "tanh", "batchSize": 10, "learningRate": 0.03, "networkShape": "8,8",
        "noise": 0, "percTrainData": 50, "regularization": "none", "regularizationRate": 0,
        "x": True, "y": True}


def study(name, factor, *settings):
    """Settings given as (label, changes of the configuration, quality, speed, more…)."""
    return {"name": name, "factor": factor,
            "settings": [setting(label, {**BASE, **changes}, *numbers)
                         for label, changes, *numbers in settings]}


def studies():
    """Every study of the real sweep, with cases that a report must be able to tell."""
    return [
        study("learning_rate", "learningRate",
              *((str(rate), {"learningRate": rate}, *numbers) for rate, *numbers in (
                  (0.001, 0.05, 0.05), (0.003, 0.1, 0.1), (0.01, 0.3, 0.3), (0.03, 0.8, 0.8),
                  (0.1, 0.82, 2), (0.3, 0.6, 3), (1, 0.2, 3, 0.4), (3, 0.0, 1, 1.0)))),
        study("width", "networkShape",
              *((f"{n}-{n}", {"networkShape": f"{n},{n}"}, quality, 0.5) for n, quality in (
                  (2, 0.1), (3, 0.15), (4, 0.35), (5, 0.5), (6, 0.7), (7, 0.72), (8, 0.8)))),
        study("depth", "networkShape",
              *((str(n), {"networkShape": ",".join(["8"] * n)}, quality, speed)
                for n, quality, speed in ((1, 0.3, 0.5), (2, 0.8, 0.6), (3, 0.85, 0.9),
                                          (4, 0.8, 1.0), (5, 0.4, 0.2), (6, 0.1, 0.1)))),
        study("regularization", "regularization",
              ("none", {}, 0.8, 0.6),
              *((f"{kind} {rate}", {"regularization": kind, "regularizationRate": rate},
                 quality, 0.5, 0.0, dead)
                for kind, rate, quality, dead in (
                    ("L1", 0.001, 0.75, 12), ("L1", 0.003, 0.4, 30), ("L1", 0.01, 0.02, 80),
                    ("L2", 0.001, 0.83, 0), ("L2", 0.003, 0.6, 0), ("L2", 0.01, 0.1, 0)))),
        study("features", "features",
              ("x, y", {}, 0.8, 0.6),
              ("x, y, sin x, sin y", {"sinX": True, "sinY": True}, 0.95, 2),
              ("all seven", {"xTimesY": True, "xSquared": True, "ySquared": True, "sinX": True,
                             "sinY": True}, 0.95, 2.2)),
        study("activation", "activation",
              ("relu", {"activation": "relu"}, 0.6, 1.5),
              ("tanh", {}, 0.8, 0.6),
              ("sigmoid", {"activation": "sigmoid"}, 0.05, 0.1),
              ("linear", {"activation": "linear"}, 0.0, 0.5)),
    ]


def points(share):
    """The spiral's points as [x, y, label], every other one for training."""
    both = []
    for label, delta in ((1, 0.0), (-1, math.pi)):
        for i in range(250):
            radius, angle = 5 * i / 250, 1.75 * i / 250 * 2 * math.pi + delta
            both.append([radius * math.sin(angle), radius * math.cos(angle), label])
    return both[share::2]


def results():
    winner = {**BASE, "networkShape": "8,8,8", "learningRate": 0.1, "sinX": True, "sinY": True}
    leaders = [setting(f"{shape}, learning rate {rate}",
                       {**winner, "networkShape": shape.replace("-", ","), "learningRate": rate},
                       quality, 2)
               for shape, rate, quality in (("8-8-8", 0.1, 1.0), ("8-8", 0.1, 0.97),
                                            ("6-6-6", 0.1, 0.95), ("8-7-6", 0.03, 0.9),
                                            ("8-6", 0.1, 0.88))]
    # The winner again, with seeds that had no part in choosing it
    best = json.loads(json.dumps(leaders[0]))
    for run in best["runs"]:
        run["seed"] = "fresh-" + run["seed"]
    best["points"] = {"train": points(0), "test": points(1)}
    best["how"] = [{"stage": stage, "configurations": count, "seeds": seeds, "epochs": epochs,
                     "runs": count * seeds, "kept": kept,
                     "median_test_loss_of_best": loss}
                   for stage, count, seeds, epochs, kept, loss in (
                       ("coarse grid", 400, 1, 100, 100, 0.21),
                       ("second look", 100, 3, 200, 20, 0.02),
                       ("final", 20, 12, 400, 1, 0.0006),
                       ("winner again", 1, 12, 400, 1, 0.0009))]
    return {"version": 1, "epochs": EPOCHS, "seeds": SEEDS, "target_loss": TARGET, "best": best,
            "leaderboard": leaders, "attempts": attempts(), "studies": studies()}


def attempts():
    """A search over twelve candidates, of which one diverges and one wins."""
    made = []
    for rate in (0.03, 0.1):
        for shape in ("4,4", "8,8,8"):
            for inputs in ({}, {"sinX": True, "sinY": True}, ALL_INPUTS):
                place = len(made)
                configuration = {**BASE, "learningRate": rate, "networkShape": shape, **inputs}
                lost = place == 6
                made.append({
                    "label": f"tanh {shape}; rate {rate}", "url": url(configuration, SEEDS[0]),
                    "configuration": configuration, "stage": {3: 1, 10: 2, 11: 3}.get(place, 0),
                    "median_test_loss": None if lost else 0.5 / (place + 1),
                    "boundary": boundary(place / 12, 0.3, lost)})
    return made


ALL_INPUTS = {key: True for key in ("xTimesY", "xSquared", "ySquared", "sinX", "sinY")}


def check():
    """The shape of `handgrad check --json`."""
    def tensor(name, shape, worst):
        entries = math.prod(shape)
        return {"name": name, "shape": shape, "verified": entries, "wrong": 0, "undecided": 0,
                "worst": {"index": [0] * len(shape), "analytic": 0.7, "numeric": 0.7 + worst,
                          "error": worst, "bound": 4 * worst}}

    def one(layer, configuration, *tensors):
        entries = sum(tensor["verified"] for tensor in tensors)
        return {"layer": layer, "configuration": configuration, "passed": True,
                "findings": [], "kinks": {"outputs": 0, "outside": 0, "convention": ""},
                "coverage": {"entries": entries, "not_zero": entries - 1, "products": entries,
                             "dy_positive": 6, "dy_negative": 5, "oracles_apart": 0},
                "tensors": list(tensors)}

    checks = [
        one("linear", "z (3, 4), weight (5, 4)", tensor("dz", [3, 4], 2e-12),
            tensor("dweight", [5, 4], 3e-12), tensor("dbias", [5], 1e-12)),
        one("conv2d", "z (2, 3, 5, 5), weight (4, 3, 3, 3), stride (2, 1), padding 1, dilation 1",
            tensor("dz", [2, 3, 5, 5], 5e-12), tensor("dweight", [4, 3, 3, 3], 7e-12),
            tensor("dbias", [4], 2e-12)),
        one("conv2d", "z (1, 1, 3, 3), weight (1, 1, 2, 2)", tensor("dz", [1, 1, 3, 3], 5e-13),
            tensor("dweight", [1, 1, 2, 2], 7e-13), tensor("dbias", [1], 0.0)),
        one("max_pool2d", "z (2, 2, 5, 5), kernel (3, 3), stride (2, 2)",
            tensor("dz", [2, 2, 5, 5], 3e-13)),
        one("tanh", "z (3, 7)", tensor("dz", [3, 7], 8e-13)),
    ]
    return {"version": 1, "checks": checks}


if __name__ == "__main__":
    for path, data in ((sys.argv[1], results()), (sys.argv[2], check())):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(data, file)
