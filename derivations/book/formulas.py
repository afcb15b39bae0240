"""Checks that the formulas of a page are what the layer computes.

    <!-- formulas: conv2d dz -->
    $$
    …
    $$
    <!-- end of formulas -->

must hold what the program `formulas conv2d dz` prints, which evaluates the layer on symbols. --fix
writes it into the page.
"""

import argparse
import difflib
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BEGIN = re.compile(r"^<!-- formulas: (?P<layer>\w+) (?P<tensor>\w+) -->$")
END = "<!-- end of formulas -->"


class FormulaError(Exception):
    """One sentence about one line of a page."""


@dataclass
class Formulas:
    """A marked place of a page."""

    layer: str
    tensor: str
    first: int  # the line after the mark; the first line of a page is 0
    last: int  # the line of the closing mark


def marked(page: str, lines: list[str]) -> list[Formulas]:
    """The marked places of a page, from the first to the last."""
    found: list[Formulas] = []
    for number, line in enumerate(lines):
        match = BEGIN.match(line)
        if not match:
            continue
        end = next((n for n in range(number + 1, len(lines)) if lines[n] == END), None)
        if end is None or any(BEGIN.match(line) for line in lines[number + 1 : end]):
            raise FormulaError(f"{page}:{number + 1}: these formulas never end; they need a line {END}.")
        found.append(Formulas(match["layer"], match["tensor"], number + 1, end))
    return found


def computed(program: Path, place: Formulas) -> list[str]:
    """What the layer's formulas are, as lines with an empty one before and after."""
    run = subprocess.run(
        [program, place.layer, place.tensor], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if run.returncode:
        raise FormulaError(run.stderr.strip())
    return ["", *run.stdout.splitlines(), ""]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Checks the formulas in pages of the book.")
    parser.add_argument("program", type=Path, help="the program that prints formulas")
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--fix", action="store_true", help="rewrite what is out of date")
    arguments = parser.parse_args(words)
    messages, count = [], 0
    try:
        for file in arguments.pages:
            lines = file.read_text(encoding="utf-8").splitlines()
            for place in reversed(marked(file.name, lines)):
                count += 1
                expected = computed(arguments.program, place)
                shown = lines[place.first : place.last]
                lines[place.first : place.last] = expected
                if shown != expected:
                    diff = difflib.unified_diff(shown, expected, "page", "layer", lineterm="")
                    messages.append(
                        f"{file.name}:{place.first}: this is not the {place.tensor} that {place.layer} "
                        "computes; derivations/book/formulas.py --fix rewrites the page.\n"
                        + "\n".join(diff)
                    )
            if messages and arguments.fix:
                file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except FormulaError as error:
        messages = [str(error)]
    else:
        if not count:
            messages = ["No page has formulas to compare."]
        elif arguments.fix:
            messages = []
    print(*messages, sep="\n\n", end="\n" if messages else "", file=sys.stderr)
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
