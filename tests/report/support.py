"""What every test of the report needs: the report's modules, and made-up settings."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "report"))

from results import Band, Boundary, Curve, Run, Setting, Study, Summary  # noqa: E402


def setting(label, loss=None, interval=None, epochs=(), diverged=0, dead=0, median_epochs=None,
            losses=None, train=None, curve=None):
    """A setting with one run for each of `epochs`, of which None never reaches the target.

    Its runs have the `losses`, or all the same `loss`.
    """
    epochs = list(epochs) or [None] * len(losses or [0] * 8)
    losses = list(losses or [loss] * len(epochs))
    runs = [Run(f"s-{i}", own if train is None else train, own, i < diverged, when, dead)
            for i, (own, when) in enumerate(zip(losses, epochs))]
    half = Summary(loss, loss, loss, interval or ((loss, loss) if loss is not None else None))
    line = [0.5, loss] if curve is None else curve
    flat = Band(line, line, line)
    rate = sum(e is not None for e in epochs) / len(epochs)
    return Setting(label, f"https://playground.tensorflow.org/#learningRate={label}",
                   {"learningRate": label, "activation": "tanh", "x": True, "y": True,
                    "networkShape": "2"}, 100, runs, half, half, rate, (0.9 * rate, rate),
                   median_epochs, sum(e is None for e in epochs),
                   Curve([100 * i / (len(line) - 1) for i in range(len(line))], flat, flat),
                   Boundary("s-0", 2, 6.0, [[-1, 1], [1, -1]]))


def study(*settings, name="learning_rate"):
    return Study(name, "learningRate", list(settings))
