#!/usr/bin/env python3
"""Results of a sweep that never ran, in the shape of `handgrad sweep --out`, version 2.

They let the report be written and tested in seconds, and show which keys the report reads. The
losses follow made-up formulas: a setting has a `quality` from 0 (stays at chance) to 1 (solves the
spiral) and a `speed`. Networks whose weights are shown have made-up weights, and answer as these
say.
"""

import argparse
import json
import math
import random
import statistics
from bisect import bisect_left
from pathlib import Path
from urllib.parse import quote

EPOCHS = 400
SEEDS = [f"fake-{number}" for number in range(1, 33)]
TARGET = 0.05
CHANCE = 0.5
SIZE = 20
RANGE = 6.0
SNAPSHOTS = (10, 40, 100, EPOCHS)  # the epochs of which a setting of a study has the boundary
STAMP = 16  # the size of an attempt's boundary
ATTEMPTS = 60  # a real search has thousands


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


def first_at_target(quality, speed):
    """The first epoch with a loss at the target, if any."""
    epochs = range(EPOCHS + 1)  # the loss falls from each to the next
    first = bisect_left(epochs, -TARGET, key=lambda epoch: -loss_at(epoch, quality, speed))
    return first if first in epochs else None


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


def boundary(answer, size=SIZE, digits=3, seed=SEEDS[0]):
    """What `answer`, a function of x and y, says at the centres of the cells, top row first."""
    step = 2 * RANGE / size
    centres = [-RANGE + (i + 0.5) * step for i in range(size)]
    return {"seed": seed, "size": size, "range": RANGE,
            "values": [[rounded(answer(x, y), digits) for x in centres]
                       for y in reversed(centres)]}


def rounded(value, digits):
    return None if value is None else round(value, digits)


def spiral_like(quality, blur, diverged=False):
    return lambda x, y: None if diverged else spiral_value(x, y, quality, blur)


def boundaries(quality, speed, blur, diverged=False):
    """The answers of a network that is getting better."""
    return [{"epoch": epoch, **boundary(spiral_like(
                quality * (1 - math.exp(-epoch * speed / 40)), blur, diverged))}
            for epoch in SNAPSHOTS]


def wilson(successes, n, z=1.96):
    """The 95 % interval of Wilson (1927) for a share."""
    share, spread = successes / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    reach = z * math.sqrt(share * (1 - share) / n + spread / n / 4) / (1 + spread)
    return [max(0.0, middle - reach), min(1.0, middle + reach)]


INPUTS = {"x": lambda x, y: x, "y": lambda x, y: y, "xSquared": lambda x, y: x * x,
          "ySquared": lambda x, y: y * y, "xTimesY": lambda x, y: x * y,
          "sinX": lambda x, y: math.sin(x), "sinY": lambda x, y: math.sin(y)}


def used_inputs(configuration):
    return [name for name in INPUTS if configuration.get(name)]


def weights_of(configuration, seed):
    """Weights in the shape of the configuration's network, with a dead one where L1 is on."""
    rng = random.Random(seed)
    sizes = [len(used_inputs(configuration)), *map(int, configuration["networkShape"].split(",")), 1]
    layers = [{"weight": [[round(rng.gauss(0, 1.2), 4) for _ in range(before)]
                          for _ in range(after)],
               "bias": [round(rng.gauss(0, 0.5), 4) for _ in range(after)]}
              for before, after in zip(sizes, sizes[1:])]
    layers[0]["weight"][0][0] = 0.0
    return {"inputs": used_inputs(configuration), "layers": layers}


def answer_of(weights):
    """The function of x and y that a tanh network with these weights is."""
    def answer(x, y):
        values = [INPUTS[name](x, y) for name in weights["inputs"]]
        for layer in weights["layers"]:
            values = [math.tanh(bias + sum(w * v for w, v in zip(row, values)))
                      for row, bias in zip(layer["weight"], layer["bias"])]
        return values[0]

    return answer


def with_weights(made, configuration, seed):
    """A setting whose weights are shown, with its points; its seeds had no part in choosing it."""
    made = json.loads(json.dumps(made))
    for run in made["runs"]:
        run["seed"] = "fresh-" + run["seed"].split("-")[1]
    made["weights"] = weights_of(configuration, seed)
    made["boundary"] = boundary(answer_of(made["weights"]), seed=made["runs"][0]["seed"])
    made["points"] = {"train": points(0), "test": points(1)}
    del made["boundaries"]
    return made


def setting(label, configuration, quality, speed, diverging=0.0, dead=0):
    """One setting with its runs; the first `diverging` share of the seeds diverges."""
    rng = random.Random(label)
    shown = list(range(0, EPOCHS + 1, 4))
    runs, curves = [], []
    for i, seed in enumerate(SEEDS):
        diverged = i < diverging * len(SEEDS)
        own_quality = min(1.0, max(0.0, quality + rng.gauss(0, 0.06)))
        own_speed = speed * math.exp(rng.gauss(0, 0.25))
        losses = [loss_at(epoch, own_quality, own_speed) for epoch in shown]
        reached = first_at_target(own_quality, own_speed)
        runs.append({"seed": seed, "url": url(configuration, seed),
                     "train_loss": None if diverged else 0.8 * losses[-1],
                     "test_loss": None if diverged else losses[-1],
                     "diverged": diverged,
                     "epochs_to_target": None if diverged else reached,
                     "dead_weights": dead})
        curves.append([None] * len(losses) if diverged else losses)
    bands = [summary(losses) for losses in zip(*curves)]

    def band(factor):
        return {key: [None if b[name] is None else factor * b[name] for b in bands]
                for key, name in (("median", "median"), ("lower", "lower_quartile"),
                                  ("upper", "upper_quartile"))}

    arrivals = [run["epochs_to_target"] for run in runs]
    successes = sum(run["test_loss"] is not None and run["test_loss"] <= TARGET for run in runs)
    shots = boundaries(quality, speed, rng.uniform(-1, 1), diverging >= 1)
    return {"label": label, "url": url(configuration, SEEDS[0]), "configuration": configuration,
            "epochs": EPOCHS, "runs": runs,
            "test_loss": summary([run["test_loss"] for run in runs]),
            "train_loss": summary([run["train_loss"] for run in runs]),
            "success_rate": successes / len(runs),
            "success_interval": wilson(successes, len(runs)),
            "epochs_to_target": {"median": median_epoch(arrivals),
                                 "censored": sum(a is None for a in arrivals)},
            "curve": {"epoch": shown, "train": band(0.8), "test": band(1.0)},
            "boundary": {key: value for key, value in shots[-1].items() if key != "epoch"},
            "boundaries": shots}


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
        regularization("regularization", 0, 1.0),
        regularization("regularization_noise", 25, 0.3),
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
        study("batch_size", "batchSize",
              *((str(size), {"batchSize": size}, 0.8, 6 / size) for size in (1, 5, 10, 20, 30))),
    ]


def regularization(name, noise, quality):
    """Each kind at several rates, and none; noise lowers the quality of all."""
    return study(name, "regularization",
                 ("none", {"noise": noise}, 0.8 * quality, 0.6),
                 *((f"{kind} {rate}",
                    {"regularization": kind, "regularizationRate": rate, "noise": noise},
                    own * quality, 0.5, 0.0, dead)
                   for kind, rate, own, dead in (
                       ("L1", 0.001, 0.75, 2), ("L1", 0.003, 0.4, 9), ("L1", 0.01, 0.02, 80),
                       ("L2", 0.001, 0.83, 0), ("L2", 0.003, 0.6, 0), ("L2", 0.01, 0.1, 0))))


def points(share):
    """The spiral's points as [x, y, label], every other one for training."""
    both = []
    for label, delta in ((1, 0.0), (-1, math.pi)):
        for i in range(250):
            radius, angle = 5 * i / 250, 1.75 * i / 250 * 2 * math.pi + delta
            both.append([radius * math.sin(angle), radius * math.cos(angle), label])
    return both[share::2]


def results(searched=ATTEMPTS):
    winner = {**BASE, "networkShape": "8,8,8", "learningRate": 0.1, "sinX": True, "sinY": True}
    leaders = [setting(f"tanh {shape}; rate {rate}; inputs x, y, sin x, sin y",
                       {**winner, "networkShape": shape, "learningRate": rate}, quality, 2)
               for shape, rate, quality in (("8,8,8", 0.1, 1.0), ("8,8", 0.1, 0.97),
                                            ("6,6,6", 0.1, 0.95), ("8,7,6", 0.03, 0.9),
                                            ("8,6", 0.1, 0.88))]
    best = with_weights(leaders[0], winner, "best")
    counts = [searched, max(20, searched // 4), 20, 1]
    best["how"] = [{"stage": stage, "configurations": count, "seeds": seeds, "epochs": epochs,
                    "runs": count * seeds, "kept": kept, "median_test_loss_of_best": loss}
                   for stage, count, seeds, epochs, kept, loss in (
                       ("coarse grid", counts[0], 1, 100, counts[1], 0.21),
                       ("second look", counts[1], 3, 200, counts[2], 0.02),
                       ("final", counts[2], 32, 400, 1, 0.0006),
                       ("winner again", 1, 32, 400, 1, 0.0009))]
    plain = {**BASE, "networkShape": "8,8", "learningRate": 0.1}
    small = {**winner, "networkShape": "5"}
    runs = sum(stage["runs"] for stage in best["how"])
    return {"version": 2, "epochs": EPOCHS, "seeds": SEEDS, "target_loss": TARGET, "best": best,
            "best_of_two_inputs": with_weights(
                setting("tanh 8,8; rate 0.1; inputs x, y", plain, 0.85, 1), plain, "plain"),
            "smallest": {**with_weights(setting("tanh 5; rate 0.1; inputs x, y, sin x, sin y",
                                                small, 0.6, 1), small, "small"),
                         "neurons": 5, "weight_count": 25, "ladder": ladder(small)},
            "leaderboard": leaders, "attempts": attempts(searched), "studies": studies(),
            "totals": {"runs": runs, "epochs": 300 * runs, "samples": 75000 * runs}}


def ladder(configuration):
    """Ever larger networks, of which the fourth is the first to solve it."""
    rungs = []
    for neurons, successes in ((2, 0), (3, 0), (4, 9), (5, 20), (6, 31), (8, 32)):
        shape = {**configuration, "networkShape": str(neurons)}
        middle = 0.4 / neurons if successes else 0.4
        rungs.append({"label": str(neurons), "url": url(shape, SEEDS[0]), "neurons": neurons,
                      "weight_count": 5 * neurons, "success_rate": successes / 32,
                      "success_interval": wilson(successes, 32), "runs": 32,
                      "test_loss": summary([middle * (0.8 + i / 80) for i in range(32)])})
    return rungs


def attempts(searched):
    """A search by chance, of which one attempt diverges and the last one wins."""
    rng = random.Random("search")
    made = []
    for place in range(searched):
        configuration = {**BASE, "learningRate": rng.choice((0.01, 0.03, 0.1, 0.3)),
                         "networkShape": rng.choice(("4,4", "8,8,8", "8", "6,5,4,3,2,1")),
                         "activation": rng.choice(("tanh", "relu", "sigmoid")),
                         "batchSize": rng.choice((1, 10, 30)),
                         **rng.choice(({}, {"sinX": True, "sinY": True}, ALL_INPUTS))}
        if rng.random() < 0.3:
            configuration.update(regularization="L2", regularizationRate=0.001)
        lost = place == 6
        quality = place / searched
        from_last = searched - 1 - place
        stage = 3 if from_last == 0 else 2 if from_last < 20 else 1 if from_last < 25 else 0
        epochs = list(range(0, EPOCHS + 1, 20))
        losses = [None if lost else round(loss_at(epoch, quality, 1), 6) for epoch in epochs]
        made.append({
            "label": "{activation} {networkShape}; rate {learningRate}".format(**configuration),
            "url": url(configuration, SEEDS[0]), "configuration": configuration, "stage": stage,
            "median_test_loss": losses[-1], "success_rate": float(not lost and quality > 0.34),
            "runs": (1, 3, 32, 32)[stage], "curve": {"epoch": epochs, "test": losses},
            "boundary": boundary(spiral_like(quality, 0.3, lost), STAMP, 1)})
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="the file to write")
    parser.add_argument("check", type=Path, help="the file to write")
    parser.add_argument("--attempts", type=int, default=ATTEMPTS, help="of the search")
    arguments = parser.parse_args()
    arguments.results.write_text(json.dumps(results(arguments.attempts)), encoding="utf-8")
    arguments.check.write_text(json.dumps(check()), encoding="utf-8")


if __name__ == "__main__":
    main()
