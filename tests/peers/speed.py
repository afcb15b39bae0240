"""Measures how fast training is, here and in JavaScript as on playground.tensorflow.org.

The network is 2-8-8-1 with tanh on the spiral, in batches of 10, on one core. Both continue the same
run, and must end with the same weights to the last bit: only then is the same work compared. With a
checkout of github.com/tensorflow/playground in which `npm install` was run, the core in JavaScript is
the site's own; without one, that of core.js, which is built like it.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

LINK = "#dataset=spiral&networkShape=8,8&activation=tanh&batchSize=10&learningRate=0.03"
RATE, BATCH, EPOCHS = 0.03, 10, 200
TURNS = 3  # each side is measured so often, by turns; the best counts


@dataclass
class Speed:
    """Million training samples a second of one core."""
    what: str
    samples: float


def output_of(*command: object) -> str:
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit(run.returncode)
    return run.stdout


def speeds_here(throughput: Path) -> list[Speed]:
    lines = re.findall(r"^(.+?) +(\d+) lanes? +([\d.]+) million", output_of(throughput), re.M)
    return [Speed(f"handgrad, {what.strip()}, {lanes} lane{'s' * (lanes != '1')}", float(samples))
            for what, lanes, samples in lines]


def speed_in_javascript(folder: Path, handgrad: Path, checkout: Path | None) -> Speed:
    """Trains on from `folder`, and compares the weights with those of handgrad."""
    core = [checkout] if checkout else []
    read = json.loads(output_of("node", Path(__file__).with_name("speed.js"), folder, RATE, BATCH,
                                EPOCHS, *core))
    weights = folder / "later.json"
    output_of(handgrad, "train", LINK, "--epochs", 1 + EPOCHS, "--weights", weights)
    if json.loads(weights.read_text())["layers"] != read["layers"]:
        sys.exit("speed.py: the core in JavaScript and handgrad end with different weights")
    name = "the site's own core" if checkout else "a core like the site's"
    version = output_of("node", "--version").strip()
    return Speed(f"JavaScript, {name}, Node {version}", read["best"] / 1e6)


def table(turns: list[list[Speed]]) -> str:
    """The best of all turns; the last line of a turn is the one in JavaScript."""
    best = [Speed(same[0].what, max(speed.samples for speed in same)) for same in zip(*turns)]
    width = max(len(speed.what) for speed in best)
    lines = [f"{'training samples a second, one core':<{width}}  millions  × JavaScript"]
    for speed in best:
        lines.append(f"{speed.what:<{width}}  {speed.samples:8.2f}"
                     f"  {speed.samples / best[-1].samples:12.1f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("handgrad", type=Path, help="the program handgrad")
    parser.add_argument("throughput", type=Path, help="the program lanes_throughput")
    parser.add_argument("checkout", type=Path, nargs="?", help="of tensorflow/playground")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "run")
        output_of(arguments.handgrad, "train", LINK, "--epochs", 1, "--export", folder)
        turns = [[*speeds_here(arguments.throughput),
                  speed_in_javascript(folder, arguments.handgrad, arguments.checkout)]
                 for _ in range(TURNS)]
    print(table(turns))


if __name__ == "__main__":
    main()
