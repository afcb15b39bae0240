"""Runs programs that must print the same, and says which do not.

Each is given as path:flags, flags being what the processor must have, as /proc/cpuinfo names it,
with + between; a program that this processor cannot run is left out, and named.
"""

import subprocess
import sys
from pathlib import Path


def processor_flags() -> set[str]:
    """What this processor can do."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return set(line.split(":", 1)[1].split())
    return set()


def main(programs: list[str]) -> int:
    flags = processor_flags()
    outputs: dict[str, str] = {}
    for program in programs:
        path, needed = program.rsplit(":", 1)
        missing = set(filter(None, needed.split("+"))) - flags
        if missing:
            print(f"{path}: left out, this processor has no {', '.join(sorted(missing))}")
            continue
        run = subprocess.run([path], capture_output=True, text=True, check=True)
        print(f"{path}: {run.stderr.strip()}, {len(run.stdout.splitlines())} runs")
        outputs[path] = run.stdout

    first, *others = outputs
    if not others:
        print("nothing was compared: this processor runs only one of the programs")
        return 1
    different = 0
    for path in others:
        for expected, found in zip(outputs[first].splitlines(), outputs[path].splitlines(),
                                   strict=True):
            if found != expected:
                print(f"{path} differs from {first}:\n  {found}\n  {expected}")
                different += 1
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
