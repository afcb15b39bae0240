"""Makes the site: the book, the check results and the reference, in one folder that works offline.

It is made beside the old one and takes its place only when nothing was wrong with it.
"""

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import check_results
import failing_check
import kill_matrix
import schema_page
from navigation import lead_to_the_book, remove_sections

# What MathJax needs to set TeX as SVG; the whole of it is ten times as large
MATHJAX = ["MathJax.js", "extensions", "jax/element/mml", "jax/input/TeX"]
MATHJAX += ["jax/output/SVG/autoload", "jax/output/SVG/config.js", "jax/output/SVG/jax.js"]
MATHJAX += ["jax/output/SVG/fonts/TeX"]


PEERS_HEAD = """# Beside gradcheck

The same wrong backward passes as on the page [What catches what](kill_matrix.md), and the same right ones, under the gradient checker of PyTorch and under this one. Both judge the same machine code: a custom function of PyTorch calls the `forward` and `backward` that handgrad checks. Every number and every verdict on this page is computed.

"""


class SiteError(Exception):
    """One sentence about why there is no site."""


def read_json(file: Path) -> dict:
    """A file of JSON."""
    return json.loads(file.read_text(encoding="utf-8"))


def run(*command: object, codes: tuple[int, ...] = (0,)) -> str:
    """What a program prints; `codes` are the exit codes that it may have."""
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if result.returncode not in codes:
        raise SiteError(f"{command[0]} failed: {result.stderr.strip()}")
    return result.stdout


def peers_page(options: argparse.Namespace) -> str:
    """The comparison with other checkers: of this build, or the one that is kept."""
    file = next(file for file in (options.peers_of_build, options.peers) if file.is_file())
    return PEERS_HEAD + file.read_text(encoding="utf-8")


def checker_pages(options: argparse.Namespace, folder: Path) -> list[Path]:
    """The pages about the checker that are made of results."""
    # A gradient that is wrong is a result to show: the exit code 1 says so, 2 is an error
    checks = json.loads(run(options.handgrad, "check", "--json", codes=(0, 1)))
    run(options.failing_check, folder)
    source = options.root / "derivations" / "site" / "failing_check.cpp"
    texts = {
        "checked": check_results.page(checks),
        "failing_check": failing_check.page(source.read_text(encoding="utf-8"), folder),
        "kill_matrix": kill_matrix.page(read_json(options.kill_matrix), len(checks["checks"])),
        "peers": peers_page(options),
        "report_json": schema_page.page(read_json(options.schema), failing_check.example(folder)),
    }
    files = []
    for name, text in texts.items():
        files.append(folder / f"{name}.md")
        files[-1].write_text(text, encoding="utf-8")
    return files


def doxyfile(site: Path, values: dict[str, str]) -> str:
    """Doxyfile.in with its blanks filled in."""
    text = (site / "Doxyfile.in").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def run_doxygen(options: argparse.Namespace, folder: Path) -> None:
    """Runs Doxygen; the site is then in `folder`/site."""
    book = options.root / "derivations"
    home = book / "site" / "home.md"
    pages = [home, book / "README.md", *options.chapters, book / "site" / "checker.md"]
    pages += checker_pages(options, folder)
    tool = shlex.join([sys.executable, str(book / "book" / "doxygen_filter.py")])
    config = doxyfile(
        book / "site",
        {
            "OUTPUT": str(folder),
            "ROOT": str(options.root),
            "SITE": str(book / "site"),
            "THEME": str(options.theme),
            "HOME": str(home),
            "INPUT": " ".join(f'"{path}"' for path in [*pages, options.root / "src"]),
            "FILTER": tool,
        },
    )
    (folder / "Doxyfile").write_text(config, encoding="utf-8")
    result = subprocess.run(
        [options.doxygen, folder / "Doxyfile"], capture_output=True, text=True, cwd=options.root
    )
    complaints = (result.stdout + result.stderr).replace(f"{options.root}/", "").strip()
    if result.returncode != 0 or complaints:
        raise SiteError(complaints or f"Doxygen failed with exit code {result.returncode}.")


def copy_mathjax(source: Path, target: Path) -> None:
    """Copies the part of MathJax that the pages load."""
    for name in MATHJAX:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, target / name)


def copy_pictures(sources: list[Path], site: Path) -> None:
    """Copies the drawn pictures from folders, and refuses a page with one that was not drawn."""
    (site / "pictures").mkdir()
    for file in (file for source in sources for file in source.glob("*.svg")):
        shutil.copy(file, site / "pictures")
    drawn = {file.name for file in (site / "pictures").iterdir()}
    for page in sorted(site.glob("*.html")):
        for part in page.read_text(encoding="utf-8").split('src="pictures/')[1:]:
            name = part.partition('"')[0]
            if name not in drawn:
                raise SiteError(f"{page.stem}: the picture {name} is not drawn by derivations/pictures.")


def put_in_place(new: Path, target: Path) -> None:
    """Exchanges the old site for the new one."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(new, target)


def absolute(path: str) -> Path:
    """Doxygen runs in a folder of its own, where a relative path would mean another file."""
    return Path(path).resolve()


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the site.")
    parser.add_argument("chapters", type=absolute, nargs="+", help="the chapters in the book's order")
    parser.add_argument("--root", type=absolute, required=True, help="the root of the project")
    parser.add_argument("--output", type=absolute, required=True, help="the folder that becomes the site")
    parser.add_argument("--pictures", type=absolute, required=True, help="where the SVG files are")
    parser.add_argument("--handgrad", type=absolute, required=True, help="the program that checks")
    parser.add_argument("--failing-check", type=absolute, required=True, help="a program whose check fails")
    parser.add_argument("--kill-matrix", type=absolute, required=True, help="of kill_matrix --json")
    parser.add_argument("--schema", type=absolute, required=True, help="of the report as JSON")
    parser.add_argument("--peers", type=absolute, required=True, help="the comparison that is kept")
    parser.add_argument("--peers-of-build", type=absolute, required=True, help="the one of ./run peers")
    parser.add_argument("--doxygen", required=True, help="the Doxygen program")
    parser.add_argument("--mathjax", type=absolute, required=True, help="the folder of MathJax 2")
    parser.add_argument("--theme", type=absolute, required=True, help="the folder of Doxygen Awesome")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(dir=options.output.parent, prefix="site-") as name:
            folder = Path(name)
            run_doxygen(options, folder)
            remove_sections(folder / "site")
            lead_to_the_book(folder / "site")
            copy_mathjax(options.mathjax, folder / "site" / "mathjax")
            copy_pictures([options.pictures, folder], folder / "site")
            put_in_place(folder / "site", options.output)
    except (SiteError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The site: {options.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
