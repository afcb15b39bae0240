"""Turns what `handgrad check --json` prints into the page "Checked" of the site.

    handgrad check --json | check_results.py > checked.md
"""

import json
import sys
from itertools import groupby
from typing import Any

Check = dict[str, Any]

HEAD = """# Checked

Every gradient of every layer on this site was compared, entry by entry, with derivatives of the layer's own forward pass, found by {oracles}. Of all entries, {total}. To repeat it: `./run check`.

Of every gradient the table shows the entry with the largest error. *Backward* is what the layer's `backward` gave, *oracle* what the derivative of the forward pass is. The error may be as large as the *bound*, which nobody chose: it is what rounding in `backward` and in the oracle can amount to.
"""

TABLE = """| configuration | gradient | entries | worst | backward | oracle | error | bound | verdict |
|---|---|--:|---|--:|--:|--:|--:|---|"""


def number(value: float | None, digits: int = 10) -> str:
    """A number for a person; JSON has null where it was not finite."""
    return "not finite" if value is None else f"{value:.{digits}g}".replace("-", "−")


def numbers(values: list[int]) -> str:
    """A shape or an index."""
    return f"({', '.join(map(str, values))})"


def judged(tensor: Check) -> int:
    """How many entries a gradient has."""
    return tensor["verified"] + tensor["wrong"] + tensor["undecided"]


def verdict(tensor: Check) -> str:
    """What is said of a gradient as a whole."""
    if tensor["problem"]:
        return f"**{tensor['problem']}**"
    counts = [(tensor[word], word) for word in ("wrong", "undecided") if tensor[word]]
    return ", ".join(f"**{count} {word}**" for count, word in counts) or "verified"


def row(configuration: str, tensor: Check) -> str:
    """One line of the table."""
    cells = [configuration, f"{tensor['name']} {numbers(tensor['shape'])}", str(judged(tensor))]
    worst = tensor["worst"]
    if worst:
        cells += [numbers(worst["index"]), number(worst["analytic"]), number(worst["numeric"])]
        cells += [number(worst["error"], 2), number(worst["bound"], 2)]
    else:
        cells += ["", "", "", "", ""]
    return f"| {' | '.join([*cells, verdict(tensor)])} |"


def layer(name: str, checks: list[Check]) -> str:
    """The section of one layer."""
    rows = []
    for check in checks:
        if check["problem"]:
            rows.append(f"| {check['configuration']} | | | | | | | | **{check['problem']}** |")
        for position, tensor in enumerate(check["tensors"]):
            rows.append(row("" if position else check["configuration"], tensor))
    return "\n".join([f"## {name}", "", TABLE, *rows])


def page(document: dict[str, Any]) -> str:
    """The page as Markdown, in the notation of the book."""
    if document["version"] != 1:
        raise ValueError(f"check: the results have version {document['version']}, it must be 1")
    checks = document["checks"]
    if not checks:
        raise ValueError("check: the results are of no layer, there must be at least one")
    tensors = [tensor for check in checks for tensor in check["tensors"]]
    total = ", ".join(
        f"{sum(tensor[word] for tensor in tensors)} {word}"
        for word in ("verified", "wrong", "undecided")
    )
    groups = groupby(checks, key=lambda check: check["layer"])
    sections = [layer(name, list(of_layer)) for name, of_layer in groups]
    names = dict.fromkeys(check["layer"] for check in checks)
    links = "Layers and losses: " + ", ".join(f"[{name}](#{name})" for name in names) + "."
    oracles = " and ".join(dict.fromkeys(name for check in checks for name in check["oracles"]))
    head = HEAD.format(total=total, oracles=oracles).strip()
    return "\n\n".join([head, links, *sections]) + "\n"


def main() -> int:
    try:
        print(page(json.load(sys.stdin)), end="")
    except (ValueError, KeyError) as error:
        print(f"check_results.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
