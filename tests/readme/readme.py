"""The README's example, as a program, and what it prints.

readme.py extract README.md example.cpp   writes the one cpp block to a file
readme.py compare README.md program       fails unless the program prints the text block
"""

import difflib
import re
import subprocess
import sys
from pathlib import Path


def block(readme: str, language: str) -> tuple[int, str]:
    """The line where the one block of that language starts, and what is in it."""
    found = list(re.finditer(rf"^```{language}\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL))
    if len(found) != 1:
        sys.exit(f"README.md has {len(found)} {language} blocks, it must have one.")
    return readme.count("\n", 0, found[0].start(1)) + 1, found[0].group(1)


def main() -> None:
    task, readme, other = sys.argv[1:]
    text = Path(readme).read_text(encoding="utf-8")
    if task == "extract":
        line, code = block(text, "cpp")
        Path(other).write_text(f'#line {line} "README.md"\n{code}', encoding="utf-8")
        return
    _, expected = block(text, "text")
    printed = subprocess.run([other], capture_output=True, text=True, check=True).stdout
    if printed.strip() != expected.strip():
        sys.stdout.writelines(
            difflib.unified_diff(expected.strip().splitlines(True), printed.strip().splitlines(True),
                                 "README.md", "printed"))
        sys.exit("\nThe README's example prints something else than the README says.")


if __name__ == "__main__":
    main()
