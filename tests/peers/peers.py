"""Compares handgrad with PyTorch's gradcheck: what each lets through, false alarms, and time."""

import argparse
import platform
import statistics
import sys
import warnings
from pathlib import Path

import bridge
import gradcheck
from table import Result, Times, markdown

SIZES = dict(N=4, C_in=8, size=16, C_out=8)
RUNS = 5


def judge(library: bridge.Library) -> list[Result]:
    results = []
    subjects = library.subjects()
    for subject in subjects:
        print(f"\rlayer {len(results) + 1} of {len(subjects)}", end="", file=sys.stderr, flush=True)
        verdict = library.check(subject)
        passed = (gradcheck.passes(library, subject, fast=False),
                  gradcheck.passes(library, subject, fast=True), verdict.passed)
        results.append(Result(subject.layer, subject.setting, subject.name, subject.right,
                              verdict.kinks, passed))
    print(file=sys.stderr)
    return results


def compare_times(library: bridge.Library) -> Times:
    print("timing", file=sys.stderr)
    N, C_in, size, C_out = SIZES.values()
    handgrad = statistics.median(library.seconds(*SIZES.values()) for _ in range(RUNS))
    return Times(f"conv2d, N = {N}, C_in = {C_in}, {size} × {size} → C_out = {C_out}, 3 × 3",
                 gradcheck.seconds(**SIZES), handgrad, RUNS)


def made_with() -> str:
    """The versions of what took part."""
    return (f"PyTorch {gradcheck.version()} on Python {platform.python_version()}, "
            f"an {platform.machine()} processor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path, help="libpeers.so")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="writes FILE, too")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", module="torch")
    library = bridge.Library(arguments.library)
    page = markdown(judge(library), compare_times(library), gradcheck.tolerance(), made_with())
    if arguments.markdown:
        arguments.markdown.write_text(page, encoding="utf-8")
    print(page, end="")


if __name__ == "__main__":
    main()
