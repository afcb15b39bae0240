"""The results of a sweep, as the report speaks of them; results_reader.py reads them from a file."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    epoch: float | None = None  # None: after the last


@dataclass
class Layer:
    weight: list[Numbers]  # one row a neuron, one number an input
    bias: Numbers


@dataclass
class Weights:
    """Of a trained network; the last layer is the output."""

    inputs: list[str]  # their keys in a link
    layers: list[Layer]


@dataclass
class Setting:
    label: str
    url: str
    configuration: dict
    epochs: int  # how long its runs were
    runs: list[Run]
    test_loss: Summary
    train_loss: Summary
    success_rate: float
    success_interval: tuple[float, float]
    median_epochs: float | None
    censored: int  # runs that never reached the target loss
    curve: Curve
    boundary: Boundary | None = None  # None where only numbers were read
    boundaries: list[Boundary] = field(default_factory=list)  # at several epochs, in rising order
    train_points: list[Numbers] = field(default_factory=list)
    test_points: list[Numbers] = field(default_factory=list)
    weights: Weights | None = None

    @property
    def diverged(self) -> int:
        return sum(run.diverged for run in self.runs)

    @property
    def successes(self) -> int:
        return round(self.success_rate * len(self.runs))


@dataclass
class Rung:
    """A size of network that was tried on the way to the smallest that solves the problem."""

    label: str
    url: str
    neurons: int  # hidden ones
    weight_count: int
    runs: int
    success_rate: float
    success_interval: tuple[float, float]
    test_loss: Summary


@dataclass
class Smallest:
    """The network with the fewest neurons that solves the problem, and the sizes tried."""

    setting: Setting
    neurons: int
    weight_count: int
    ladder: list[Rung]  # smallest first


@dataclass
class Attempt:
    """A candidate of the search, with what came of it in the last stage that it reached."""

    label: str
    url: str
    configuration: dict
    stage: int  # the place of that stage
    test_loss: float | None  # median
    success_rate: float
    runs: int
    epoch: Numbers  # of the curve
    curve: Numbers  # the median test loss
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
    """Settings that differ in one factor, run with the same seeds and as long as each other."""

    name: str
    factor: str
    settings: list[Setting]

    @property
    def epochs(self) -> int:
        return self.settings[0].epochs


@dataclass
class Totals:
    """Of everything that was trained."""

    runs: int
    epochs: int
    samples: int


@dataclass
class Results:
    epochs: int
    seeds: list[str]
    target_loss: float
    best: Setting
    best_of_two_inputs: Setting
    smallest: Smallest | None  # None: no network tried solves the problem
    stages: list[Stage]
    leaderboard: list[Setting]
    attempts: list[Attempt]
    studies: list[Study]
    totals: Totals
