"""The README's meson.build takes handgrad as a subproject, and gets the library alone.

subproject_test.py README.md meson
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from readme import block

README, MESON = sys.argv[1:]


def configured(folder: Path) -> Path:
    """The README's project in `folder`, after `meson setup`."""
    root = Path(README).resolve().parent
    _, text = block(Path(README).read_text(encoding="utf-8"), "meson")
    (folder / "meson.build").write_text(text, encoding="utf-8")
    (folder / "mine.cpp").write_text("int main() {}\n", encoding="utf-8")
    (folder / "subprojects").mkdir()
    (folder / "subprojects/handgrad").symlink_to(root)
    # The folder's handgrad, whatever is installed
    subprocess.run([MESON, "setup", "--force-fallback-for=handgrad", folder / "build", folder],
                   check=True)
    return folder / "build"


def introspect(build: Path, what: str) -> list[dict]:
    """What Meson knows about the tests or targets of a build folder."""
    return json.loads((build / f"meson-info/intro-{what}.json").read_text(encoding="utf-8"))


class Subproject(unittest.TestCase):
    def test_library_alone(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            build = configured(Path(folder))
            built = {target["name"] for target in introspect(build, "targets")
                     if target["build_by_default"]}
            self.assertEqual(built, {"mine", "handgrad", "handgrad_oracles"})
            self.assertEqual(introspect(build, "tests"), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
