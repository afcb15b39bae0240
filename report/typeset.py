"""Runs pandoc, rsvg-convert, and pdfLaTeX on the finished Markdown."""

from __future__ import annotations

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from characters import declarations
from errors import ReportError

HERE = Path(__file__).parent
# The book is GitHub's Markdown; attributes and divs are what this report adds
READER = ("gfm+tex_math_dollars+attributes+fenced_divs+bracketed_spans+smart-emoji"
          "-yaml_metadata_block")
COURSE = "Deep Learning · Homework 1"
TITLE = "Backpropagation"
SUBTITLE = "Gradients derived by hand and checked; the spiral by experiment"
OVERFULL = re.compile(r"^Overfull \\hbox \(([\d.]+)pt too wide\) .*\n(.*)$", re.M)
FONT = re.compile(r"\\\S+/\S+ |\[\]|\$")  # what stands between the words in LaTeX's log
# What LaTeX says, in words of its own or pdfTeX's, of a reference to nothing
NOWHERE = re.compile(r"(?:reference `|Reference `|warning \(dest\): name\{)([^'}\s]+)")
VISIBLE = 1.0  # pt that a line may be too long before an eye can see it
LATEX_RUNS = 3  # in full at most, until one has the last word


def run(command: list[str], folder: Path, what: str) -> subprocess.CompletedProcess:
    """Runs a tool in `folder`; `what` says in an error what it was asked to do."""
    # Tools that write a date into their output write this one
    environment = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", **os.environ}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    except OSError as error:
        raise ReportError(f"{command[0]} cannot be started ({error.strerror})")
    if done.returncode != 0:
        said = (done.stderr or done.stdout).decode("utf-8", "replace")
        raise ReportError(f"{command[0]} fails to {what}: {complaint(said)}")
    return done


def complaint(said: str) -> str:
    """The line of a tool's output that tells most, with the line that it goes on in."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for i, line in enumerate(lines):
        if line.startswith(("!", "[WARNING]", "PandocLuaError")):
            return " ".join(lines[i:i + 2])[:300]
    return lines[-1] if lines else "it says nothing"


def write_html(markdown: Path, html: Path) -> None:
    pandoc(markdown, html, "html5", "--mathml", "--toc", "--toc-depth=3", "--self-contained",
           f"--css={HERE / 'style.css'}", f"--template={HERE / 'template.html'}")


def write_tex(markdown: Path, tex: Path) -> None:
    pandoc(markdown, tex, "latex", f"--template={HERE / 'template.tex'}",
           f"--variable=unicode:{declarations()}")


def write_pdf(markdown: Path, tex: Path, pdf: Path) -> list[str]:
    """Writes the PDF; returns a sentence about each line that is too long for the page."""
    convert_pictures(markdown, pdf.parent)
    log = pdf.with_suffix(".log")
    # The first run finds what references refer to, and has no pages to write
    latex(tex, "-draftmode")
    for _ in range(LATEX_RUNS):
        latex(tex)
        if not unsettled(log):
            break
    if nowhere := sorted(set(NOWHERE.findall(said_in(log)))):
        raise ReportError(f"the PDF refers to {', '.join(nowhere)}, which nothing in it is called")
    return [f"a line of the PDF is {width} pt too wide: {FONT.sub('', words).strip()}"
            for width, words in OVERFULL.findall(said_in(log)) if float(width) > VISIBLE]


def latex(tex: Path, *options: str) -> None:
    run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", *options, tex.name], tex.parent,
        "typeset the report")


def said_in(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def unsettled(log: Path) -> bool:
    return any(sign in said_in(log) for sign in (
        "Rerun to get", "rerun LaTeX", "Table widths have changed"))


def pandoc(source: Path, target: Path, writer: str, *options: str) -> None:
    run(["pandoc", source.name, "--from", READER, "--to", writer, "--standalone",
         "--number-sections", "--highlight-style=kate", "--fail-if-warnings",
         f"--lua-filter={HERE / 'filter.lua'}", f"--metadata=title:{TITLE}",
         f"--metadata=subtitle:{SUBTITLE}", f"--metadata=course:{COURSE}", "--metadata=lang:en",
         "--output", target.name, *options], source.parent, f"write {target.name}")


def convert_pictures(markdown: Path, folder: Path) -> None:
    """Makes a PDF of every SVG that the text shows; their base names must differ."""
    shown = sorted(set(re.findall(r"\]\((/[^)]+\.svg)\)", markdown.read_text(encoding="utf-8"))))
    by_name: dict[str, str] = {}
    for svg in shown:
        name = Path(svg).stem
        if by_name.setdefault(name, svg) != svg:
            raise ReportError(f"{svg} and {by_name[name]} have the same name")

    def convert(svg: str) -> None:
        run(["rsvg-convert", "--format=pdf", f"--output={Path(svg).stem}.pdf", svg], folder,
            f"convert {svg}")

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(convert, shown))


def version_of(command: str, pattern: str, option: str = "--version") -> str:
    """The version that a tool gives of itself."""
    said = run([command, option], Path.cwd(), "say its version").stdout.decode("utf-8", "replace")
    found = re.search(pattern, said)
    return found[1] if found else "unknown"


def tools() -> str:
    gnuplot = version_of("gnuplot", r"gnuplot (\S+ patchlevel \S+)").replace(" patchlevel ", ".")
    pandoc_version = version_of("pandoc", r"pandoc (\S+)")
    latex_version = version_of("pdflatex", r"pdfTeX (\S+)")
    return f"gnuplot {gnuplot}, pandoc {pandoc_version}, and pdfTeX {latex_version}"
