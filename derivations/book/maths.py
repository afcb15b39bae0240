"""Finds the formulas in a page, and what is wrong with them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from page import Page

# A code span; an escaped dollar; a formula as GitHub sees it, which neither begins nor ends with a
# space and is not followed by a digit
SPAN = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escaped>\\\$)"
    r"|(?<![\w$])\$(?P<maths>[^\s$`](?:[^$]*[^\s$\\])?)\$(?![\d$])"
)

PRIVATE = 0xE000  # where Unicode's private characters begin

ENVIRONMENTS = frozenset(
    "aligned array Bmatrix bmatrix cases gathered matrix pmatrix smallmatrix split Vmatrix vmatrix".split()
)
TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}]", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(begin|end)\{([A-Za-z*]*)\}")


@dataclass
class Formula:
    """A formula and the line where it begins."""

    line: int
    tex: str
    display: bool


def allowed_control_sequences() -> frozenset[str]:
    """The words of control_sequences.txt."""
    text = Path(__file__).with_name("control_sequences.txt").read_text(encoding="utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


def segments(line: str) -> Iterator[tuple[str, str]]:
    """Splits a line of prose into ("text" | "code" | "escaped" | "maths", what it says).

    Of code, what it says includes its backticks; of maths, it does not include its dollars.
    """
    position = 0
    for match in SPAN.finditer(line):
        if match.start() > position:
            yield "text", line[position : match.start()]
        kind = next(name for name in ("code", "escaped", "maths") if match[name] is not None)
        yield kind, match["maths"] if kind == "maths" else match[0]
        position = match.end()
    if position < len(line):
        yield "text", line[position:]


def mask(line: str) -> tuple[str, list[tuple[str, str]]]:
    """The line with one private character for each segment that is not text, and those segments.

    What is left can be searched for links, bars and at signs without finding those in code.
    """
    masked, kept = "", []
    for kind, says in segments(line):
        if kind == "text":
            masked += says
        else:
            masked += chr(PRIVATE + len(kept))
            kept.append((kind, says))
    return masked, kept


def unmask(masked: str, kept: list[str]) -> str:
    """`masked` with its private characters replaced by `kept`."""
    return re.sub("[\ue000-\uf8ff]", lambda match: kept[ord(match[0]) - PRIVATE], masked)


def formulas(page: Page) -> list[Formula]:
    """Every formula of a page: $…$, $$ … $$ and ```math blocks."""
    found = [
        Formula(block.line + 1, "\n".join(block.code), True)
        for block in page.blocks
        if block.language == "math"
    ]
    display: Formula | None = None
    for number, line in page.prose():
        if line.strip() == "$$":
            display = None if display else Formula(number + 1, "", True)
            if display:
                found.append(display)
        elif display:
            display.tex += ("\n" if display.tex else "") + line
        else:
            found += [Formula(number, says, False) for kind, says in segments(line) if kind == "maths"]
    return sorted(found, key=lambda formula: formula.line)


def formula_errors(formula: Formula, allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    """The line and the sentence for everything in a formula that MathJax or LaTeX would refuse."""

    def line_of(position: int) -> int:
        return formula.line + formula.tex.count("\n", 0, position)

    opened: list[int] = []
    fences: list[int] = []
    for token in TOKEN.finditer(formula.tex):
        line = line_of(token.start())
        if token[0] == "{":
            opened.append(line)
        elif token[0] == "}" and not opened:
            yield line, "the formula has a } without its {."
        elif token[0] == "}":
            opened.pop()
        elif token[0] == r"\left":
            fences.append(line)
        elif token[0] == r"\right" and not fences:
            yield line, r"the formula has a \right without its \left."
        elif token[0] == r"\right":
            fences.pop()
        elif token[0][1:].isalpha() and token[0][1:] not in allowed:
            yield line, f"{token[0]} is not a control sequence that formulas may use; " + (
                "control_sequences.txt lists them."
            )
    for line in opened:
        yield line, "the formula has a { without its }."
    for line in fences:
        yield line, r"the formula has a \left without its \right."
    for position, sentence in environment_errors(formula.tex):
        yield line_of(position), sentence


def environment_errors(tex: str) -> Iterator[tuple[int, str]]:
    """The position and the sentence for each \\begin and \\end that does not fit."""
    opened: list[tuple[int, str]] = []
    for match in ENVIRONMENT.finditer(tex):
        if match[2] not in ENVIRONMENTS:
            yield match.start(), f"{match[2]} is not an environment that formulas may use; " + (
                f"it may be {', '.join(sorted(ENVIRONMENTS, key=lambda name: (name.lower(), name)))}."
            )
        if match[1] == "begin":
            opened.append((match.start(), match[2]))
        elif opened and opened[-1][1] == match[2]:
            opened.pop()
        else:
            yield match.start(), f"\\end{{{match[2]}}} ends nothing that was begun."
    for position, name in opened:
        yield position, f"\\begin{{{name}}} is never ended."
