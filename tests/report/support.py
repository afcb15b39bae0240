"""What every test of the report needs: the report's modules, and made-up settings."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "report"))

from results import Band, Boundary, Curve, Run, Setting, Study, Summary  # noqa: E402


def setting(label, loss=None, interval=None, epochs=(), diverged=0, dead=0, median_epochs=None):
    """A setting with one run for each of `epochs`, of which None never reaches the target."""
    epochs = list(epochs) or [None] * 8
    runs = [Run(f"s-{i}", "https://example.org/#", loss, loss, i < diverged, when, dead)
            for i, when in enumerate(epochs)]
    half = Summary(loss, loss, loss, interval or ((loss, loss) if loss is not None else None))
    flat = Band([0.5, loss], [0.4, loss], [0.6, loss])
    return Setting(label, f"https://playground.tensorflow.org/#learningRate={label}",
                   {"learningRate": label, "activation": "tanh", "x": True, "y": True}, runs,
                   half, half, sum(e is not None for e in epochs) / len(epochs), median_epochs,
                   sum(e is None for e in epochs), Curve([0, 100], flat, flat),
                   Boundary("s-0", 2, 6.0, [[-1, 1], [1, -1]]))


def study(*settings, name="learning_rate"):
    return Study(name, "learningRate", list(settings))
