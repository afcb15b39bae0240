"""Results as Markdown."""

from dataclasses import dataclass

CHECKERS = ["slow gradcheck", "fast gradcheck", "handgrad"]


@dataclass(frozen=True)
class Result:
    """A layer, and whether each of CHECKERS found it right."""

    layer: str
    setting: str
    name: str
    right: bool
    kinks: int
    passed: tuple[bool, ...]


@dataclass(frozen=True)
class Times:
    """Seconds for the same check."""

    layer: str
    gradcheck: float
    handgrad: float
    runs: int  # of handgrad; its time is their median


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(head: list[str], rows: list[list[str]], numbers: bool = False) -> list[str]:
    """`numbers`: all columns but the first hold numbers."""
    rule = ["---"] + ["--:" if numbers else "---"] * (len(head) - 1)
    return [row(head), row(rule), *map(row, rows)]


def of_kinks(results: list[Result]) -> list[str]:
    words = {True: "passes", False: "**false alarm**"}
    return table(["layer", "at", "backward pass", *CHECKERS],
                 [[one.layer, one.setting, one.name, *(words[p] for p in one.passed)]
                  for one in results])


def of_missed(results: list[Result]) -> list[str]:
    """One row for every mistake that a checker let through, in however many layers it was made."""
    rows = []
    every = list(dict.fromkeys(one.layer for one in results))
    for name in dict.fromkeys(one.name for one in results):
        same = [one for one in results if one.name == name]
        passed = [sum(one.passed[k] for one in same) for k in range(len(CHECKERS))]
        if any(passed):
            rows.append([name, layers_of(same, every), *(verdict(count, len(same)) for count in passed)])
    return table(["backward pass", "of", *CHECKERS], rows)


def layers_of(same: list[Result], every: list[str]) -> str:
    """In which layers a mistake was made; those in which it was not, where these are fewer."""
    made = list(dict.fromkeys(one.layer for one in same))
    others = [layer for layer in every if layer not in made]
    if len(made) > 3 and len(others) <= 1:
        return "every layer" + (f" but {others[0]}" if others else "")
    return ", ".join(made)


def verdict(passed: int, of: int) -> str:
    if passed == 0:
        return "caught"
    return "**let through**" if passed == of else f"**let through** in {passed} of {of}"


def let_through(wrong: list[Result]) -> str:
    """How many each checker let through, in a sentence's part."""
    numbers = [sum(one.passed[k] for one in wrong) for k in range(len(CHECKERS))]
    parts = [f"{checker} lets {number or 'none'}" for checker, number in zip(CHECKERS, numbers)]
    return f"{', '.join(parts[:-1])} and {parts[-1]} through"


def counts(results: list[Result]) -> list[str]:
    """For every layer: how many mutants there are, and how many each checker caught."""
    layers = list(dict.fromkeys(one.layer for one in results))
    rows = []
    for name, of_layer in [*((name, [name]) for name in layers), ("all", layers)]:
        mine = [one for one in results if one.layer in of_layer]
        caught = [sum(not one.passed[k] for one in mine) for k in range(len(CHECKERS))]
        rows.append([name, str(len(mine)), *map(str, caught)])
    return table(["layer", "wrong backward passes", *(f"caught by {c}" for c in CHECKERS)], rows,
                 numbers=True)


def markdown(results: list[Result], times: Times, tolerance: str, made_with: str) -> str:
    """The whole page; `tolerance` is gradcheck's, and `made_with` the versions, in words.

    Raises ValueError if a right layer away from kinks does not pass gradcheck: then the comparison
    itself is broken, not the layer."""
    wrong = [one for one in results if not one.right]
    kinked = [one for one in results if one.right and one.kinks]
    smooth = [one for one in results if one.right and not one.kinks]
    for one in smooth:
        if not all(one.passed):
            raise ValueError(f"{one.layer}, {one.setting}: {one.name} is called wrong, "
                             f"though it is right and has a derivative there: {one.passed}")
    missed = [one for one in wrong if any(one.passed)]
    lines = [
        f"Of {len(wrong)} wrong backward passes, {let_through(wrong)}. "
        f"Made by `./run peers` with {made_with}.",
        "",
        "## Wrong backward passes",
        "",
        *counts(wrong),
        "",
        f"Of the {len(wrong)}, {len(wrong) - len(missed)} were caught by all three. "
        f"One or the other let these {len(missed)} through:",
        "",
        *of_missed(wrong),
        "",
        f"gradcheck's tolerance is {tolerance}: what is wrong by a millionth is within it.",
        "",
        "## Right backward passes",
        "",
        f"{len(kinked)} layers stand on a tie or a kink, where every subgradient is right:",
        "",
        *of_kinks(kinked),
        "",
        f"The other {len(smooth)} right layers pass everywhere.",
        "",
        "## Time",
        "",
        f"Every entry of dz, dweight and dbias of {times.layer}, on one thread:",
        "",
        *table(["checker", "seconds"],
               [["slow gradcheck", f"{times.gradcheck:.2f}"],
                [f"handgrad, median of {times.runs}", f"{times.handgrad:.3f}"],
                ["ratio", f"{times.gradcheck / times.handgrad:.0f}"]], numbers=True),
        "",
    ]
    return "\n".join(lines)
