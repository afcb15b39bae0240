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
from navigation import lead_to_the_book, remove_sections

# What MathJax needs to set TeX as SVG; the whole of it is ten times as large
MATHJAX = ["MathJax.js", "extensions", "jax/element/mml", "jax/input/TeX"]
MATHJAX += ["jax/output/SVG/autoload", "jax/output/SVG/config.js", "jax/output/SVG/jax.js"]
MATHJAX += ["jax/output/SVG/fonts/TeX"]


class SiteError(Exception):
    """One sentence about why there is no site."""


def check_page(handgrad: Path, folder: Path) -> Path:
    """Runs the gradient check and writes its results as a page."""
    # A gradient that is wrong is a result to show: the exit code 1 says so, 2 is an error
    result = subprocess.run([handgrad, "check", "--json"], capture_output=True, text=True)
    if result.returncode not in (0, 1):
        raise SiteError(f"handgrad check --json failed: {result.stderr.strip()}")
    file = folder / "checked.md"
    file.write_text(check_results.page(json.loads(result.stdout)), encoding="utf-8")
    return file


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
    pages = [home, book / "README.md", *options.chapters, check_page(options.handgrad, folder)]
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


def copy_pictures(source: Path, site: Path) -> None:
    """Copies the drawn pictures, and refuses a page with one that was not drawn."""
    shutil.copytree(source, site / "pictures", ignore=lambda folder, names: [
        name for name in names if not name.endswith(".svg")
    ])
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
            copy_pictures(options.pictures, folder / "site")
            put_in_place(folder / "site", options.output)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The site: {options.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
