"""Refuses what GitHub, Doxygen and pandoc would not all show as it is meant.

Each rule is a function that yields the line and the sentence for everything on a page that breaks
it. Everything was seen to go wrong in one of the three programs, or is a section that every
layer's page has.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import Iterator

from doxygen_filter import LINK
from maths import allowed_control_sequences, formula_errors, formulas, mask, segments
from page import Page, PageError, read_page
from tangle import tangled

Findings = Iterator[tuple[int, str]]

LANGUAGES = {"console", "cpp", "json", "math", "python", "sh", "text"}
HTML = {"br", "sub", "sup"}  # the elements that all three programs show

SECTIONS = ["Forward", "The picture", "dL/dz", "dL/dweight", "dL/dbias", "Worked example"]
SECTIONS += ["In code", "Where it goes wrong", "Checked", "Exercises"]



def titles(page: Page, root: Path) -> Findings:
    """One title, in the first line; every heading plain text."""
    headings = page.headings()
    if not headings or (headings[0].line, headings[0].level) != (1, 1):
        yield 1, "the first line must be the title of the page: # Title."
    for heading in headings:
        if heading.level == 1 and heading.line != 1:
            yield heading.line, "a page has one title; this heading needs another #."
        if re.search(r"[$`{}\[\]<>]|\\", heading.text):
            yield heading.line, "a heading is plain text, without maths, code, links or {#id}."


def sections(page: Page, root: Path) -> Findings:
    """A layer's page has the sections that every layer's page has, in their order."""
    header = root / "src" / "layers" / f"{page.name}.hpp"
    if not header.is_file():
        return
    source = header.read_text(encoding="utf-8")
    parameters = {"dL/dweight": "dweight", "dL/dbias": "dbias"}
    required = [s for s in SECTIONS if s not in parameters or parameters[s] in source]
    lines = {h.text: h.line for h in page.headings() if h.level == 2}
    before, last = "the title", 1
    for section in required:
        line = lines.get(section)
        if line is None:
            yield last, f'the section "## {section}" is missing; it stands after {before}.'
            continue
        if line < last:
            yield line, f'the section "## {section}" must stand after {before}.'
        before, last = f'"{section}"', max(last, line)


def dollars(page: Page, root: Path) -> Findings:
    """Inline maths on one line, $$ alone on its line and in pairs."""
    opened = 0
    for number, line in page.prose():
        if line.strip() == "$$":
            opened = 0 if opened else number
            if opened and line != "$$":
                yield number, "$$ must stand at the beginning of its line."
        elif opened:
            if "$" in line:
                yield number, f"there is a $ in the formula that the $$ in line {opened} begins."
            if not line.strip():
                yield number, f"the formula that the $$ in line {opened} begins has an empty line."
        elif "$$" in mask(line)[0]:
            yield number, "$$ must stand alone on its line."
        elif "$" in mask(line)[0]:
            yield number, "this $ has no partner on its line; a dollar that is none is written \\$."
    if opened:
        yield opened, "this $$ has no partner."


def maths(page: Page, root: Path) -> Findings:
    """Formulas that MathJax and LaTeX both understand, and no | that would end a table's cell."""
    allowed = allowed_control_sequences()
    for formula in formulas(page):
        yield from formula_errors(formula, allowed)
    for number, line in page.prose():
        if line.lstrip().startswith("|"):
            for kind, says in segments(line):
                if kind == "maths" and "|" in says:
                    yield number, r"| in a table's formula ends the cell; write \lvert and \rvert."
                if kind == "code" and re.search(r"(?<!\\)\|", says):
                    yield number, r"| in a table's code ends the cell; write \|."


def markup(page: Page, root: Path) -> Findings:
    """Nothing that only one of the three programs knows."""
    display = False
    for number, line in page.prose():
        display ^= line.strip() == "$$"
        if display:
            continue
        text = mask(line)[0]
        if re.match(r"^\s*> *\[!\w+\]", text):
            yield number, "Doxygen and pandoc do not know > [!NOTE]; write a paragraph."
        if re.match(r"^\s*[-*+] \[[ xX]\] ", text):
            yield number, "Doxygen and pandoc do not know task lists; write a plain list."
        if re.search(r"(?<![\w.])@\w", text):
            yield number, "Doxygen takes a word after @ for a command; write it as `code`."
        if re.search(r"\\[A-Za-z]", text):
            yield number, "Doxygen takes a word after \\ for a command; write it as `code` or $maths$."
        if re.search(r"\{#[\w-]+\}", text):
            yield number, "GitHub shows {#id}; a heading has its anchor without it."
        for element in re.findall(r"</?([A-Za-z][\w-]*)[^>]*>", text):
            if element.lower() not in HTML:
                yield number, f"<{element}> is HTML that not every program shows; code is `code`."


def languages(page: Page, root: Path) -> Findings:
    """Every block says its language."""
    for block in page.blocks:
        if block.language not in LANGUAGES:
            yield block.line, (
                f'"{block.language}" is not a language of the book; it may be '
                f"{', '.join(sorted(LANGUAGES))}."
            )


def links(page: Page, root: Path) -> Findings:
    """Links that lead somewhere, pictures that say what they show."""
    for number, line in page.prose():
        for match in LINK.finditer(mask(line)[0]):
            target, text = match["target"], match["text"]
            if "://" in target:
                continue
            if match["image"]:
                yield from picture(number, target, text)
            else:
                yield from link(page, root, number, target)


def picture(line: int, target: str, text: str) -> Findings:
    """A picture is drawn for a page, and described for who cannot see it."""
    if not re.fullmatch(r"(\.\./)?pictures/[a-z0-9_]+-[a-z0-9-]+\.svg", target):
        yield line, f"the picture {target} must be called pictures/page-name.svg."
    if not text.strip():
        yield line, f"the picture {target} needs words for who cannot see it: ![words]({target})."
    if '"' in text:
        yield line, f'the words for the picture {target} cannot contain ".'


def link(page: Page, root: Path, line: int, target: str) -> Findings:
    """A file of the project, and an anchor that it has."""
    path, _, anchor = target.partition("#")
    here = root / Path(page.path).parent
    file = here / path if path else root / page.path
    if path and not file.exists():
        yield line, f"the link to {target} leads to no file."
    elif anchor and file.suffix != ".md":
        yield line, f"the link to {target} has an anchor; only pages have those."
    elif anchor:
        there = read_page(file, root) if path else page
        if anchor not in {heading.anchor for heading in there.headings()}:
            yield line, f"the link to {target} leads to a heading that {there.path} does not have."


def program(page: Page, root: Path) -> Findings:
    """A page that can be executed; the book's first page, README.md, may do without."""
    if page.name == "README" and not any(b.language == "cpp" for b in page.blocks):
        return
    try:
        tangled(page)
    except PageError as error:
        line, sentence = str(error).removeprefix(f"{page.path}:").split(": ", 1)
        yield int(line), sentence


RULES = [titles, sections, dollars, maths, markup, languages, links, program]


def findings(page: Page, root: Path) -> list[str]:
    """What is wrong with a page, in the order of its lines."""
    found = [finding for rule in RULES for finding in rule(page, root)]
    return [f"{page.path}:{line}: {sentence}" for line, sentence in sorted(found)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks pages of the book.")
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2])
    arguments = parser.parse_args()
    messages = []
    for file in arguments.pages:
        try:
            messages += findings(read_page(file, arguments.root), arguments.root)
        except PageError as error:
            messages.append(str(error))
    if messages:
        print(*messages, sep="\n", file=sys.stderr)
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
