"""Compares whole loss curves with those of playground.tensorflow.org's own code, bit for bit.

It needs Node and a checkout of github.com/tensorflow/playground in which `npm install` was run:
site.js says what is run of it. The links are random, over everything that a link can say; the same
seed gives the same links. A link that the site writes back must say what handgrad writes back.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FEATURES = ("x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY")
DISPLAY = ("showTestData", "discretize", "cosX", "cosY", "collectStats", "hideText",
           "playButton_hide", "showTestData_hide", "xSquared_hide", "noise_hide")
RATES = (0, 0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)


def random_link(numbers: random.Random) -> str:
    """The part of a link from the # on. About half of what it can say is left out."""
    def boolean() -> str:
        return numbers.choice(("true", "false"))

    some_input = numbers.choice(FEATURES[:2] + FEATURES[3:])  # one of them stays, and is not hidden
    everything = {
        "activation": numbers.choice(("relu", "tanh", "sigmoid", "linear")),
        "regularization": numbers.choice(("none", "L1", "L2")),
        "batchSize": numbers.choice((1, 2, 7, 10, 15, 30, numbers.randint(1, 400))),
        "dataset": numbers.choice(("circle", "xor", "gauss", "spiral")),
        "regDataset": numbers.choice(("reg-plane", "reg-gauss")),
        "learningRate": numbers.choice(RATES[1:] + (round(numbers.uniform(0, 0.2), 4),)),
        "regularizationRate": numbers.choice(RATES),
        "noise": numbers.choice((0, 5, 25, 50, 80, round(numbers.uniform(0, 80), 2))),
        "networkShape": ",".join(
            str(numbers.randint(1, 8)) for layer in range(numbers.choice((0, 1, 1, 2, 2, 3, 6)))),
        "percTrainData": numbers.choice((10, 50, 90, round(numbers.uniform(1, 99), 1))),
        "problem": numbers.choice(("classification", "classification", "regression")),
        "initZero": numbers.choice(("false", "false", "false", "true")),
        "tutorial": "intro",
        "anything": "else",
    }
    everything |= {name: boolean() for name in FEATURES + DISPLAY}
    chosen = {name: value for name, value in everything.items() if numbers.random() < 0.5}
    chosen["seed"] = numbers.choice((
        round(numbers.random(), 5), numbers.randint(0, 99), "words,%20with%20more",
        "x" * numbers.randint(1, 600)))
    chosen[some_input] = "true"
    settings = [f"{name}={value}" for name, value in chosen.items()]
    numbers.shuffle(settings)
    return "#" + "&".join(settings)


@dataclass
class Curve:
    """The losses of one link, and the settings that its writer wrote back."""
    settings: dict[str, str]
    train: list[float]
    test: list[float]


def settings_of(link: str) -> dict[str, str]:
    """Every setting of a link that has a meaning: a control that is not hidden has none."""
    pairs = dict(setting.split("=", 1) for setting in link.partition("#")[2].split("&"))
    return {name: value for name, value in pairs.items()
            if not name.endswith("_hide") or value == "true"}


def curves_of_site(checkout: Path, links: list[str], epochs: int) -> list[Curve]:
    run = subprocess.run(["node", Path(__file__).with_name("site.js"), checkout, str(epochs)],
                         input="\n".join(links), stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit(run.returncode)
    curves = []
    for line in run.stdout.splitlines():
        read = json.loads(line)
        # Infinity and NaN are words that float() knows
        curves.append(Curve(settings_of("#" + read["hash"]), [float(x) for x in read["train"]],
                            [float(x) for x in read["test"]]))
    return curves


def curve_of_handgrad(handgrad: Path, link: str, epochs: int) -> Curve:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "curve.csv")
        run = subprocess.run([handgrad, "train", link, "--epochs", str(epochs), "--curve", file],
                             capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{link}\n{run.stderr}")
        rows = [line.split(",") for line in file.read_text().splitlines()[1:]]
    written = next(word for word in run.stdout.split() if "#" in word)
    return Curve(settings_of(written), [float(row[1]) for row in rows],
                 [float(row[2]) for row in rows])


def same(a: float, b: float) -> bool:
    """The same bits, or both no number. Losses are not negative, so 0 is no question of sign."""
    return a == b or (a != a and b != b)


def difference(ours: Curve, site: Curve) -> str:
    """What differs, in words; nothing where all is the same."""
    if ours.settings != site.settings:
        names = sorted(name for name in ours.settings | site.settings
                       if ours.settings.get(name) != site.settings.get(name))
        return "the link comes out otherwise in " + ", ".join(names)
    for what in ("train", "test"):
        pairs = list(zip(getattr(ours, what), getattr(site, what), strict=True))
        for epoch, (a, b) in enumerate(pairs):
            if not same(a, b):
                most = max((abs(a - b) / max(abs(b), 1e-300) for a, b in pairs if a == a and b == b),
                           default=0)
                return (f"{what} loss after epoch {epoch}: {a!r}, the site has {b!r}; "
                        f"relative differences reach {most:.1e}")
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("handgrad", type=Path, help="the program handgrad")
    parser.add_argument("checkout", type=Path, help="of github.com/tensorflow/playground")
    parser.add_argument("--links", type=int, default=200, help="how many; 200")
    parser.add_argument("--epochs", type=int, default=100,
                        help="of each link, up to 100, so that every epoch is compared; 100")
    parser.add_argument("--seed", type=int, default=1, help="of the links; 1")
    arguments = parser.parse_args()
    if not 1 <= arguments.epochs <= 100:
        parser.error(f"--epochs is {arguments.epochs}, it may be from 1 to 100")

    numbers = random.Random(arguments.seed)
    links = [random_link(numbers) for _ in range(arguments.links)]
    different = 0
    for link, site in zip(links, curves_of_site(arguments.checkout, links, arguments.epochs),
                          strict=True):
        found = difference(curve_of_handgrad(arguments.handgrad, link, arguments.epochs), site)
        if found:
            different += 1
            print(f"{link}\n  {found}")
    print(f"{len(links) - different} of {len(links)} links have the site's losses bit for bit, "
          f"in each of {arguments.epochs} epochs.")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
