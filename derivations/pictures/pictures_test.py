"""Draws the pictures and compares them with the committed ones, which GitHub shows."""

import argparse
import functools
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 15_000  # bytes: a committed file that every reader of the page loads

program: Path
committed: Path
names: list[str]


def draw(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def drawn_anew() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        result = draw(folder)
        assert (result.returncode, result.stderr) == (0, ""), result
        return contents(Path(folder))


@functools.cache
def drawn() -> dict[str, bytes]:
    return drawn_anew()


class Pictures(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_the_listed_pictures_are_drawn_and_nothing_else(self) -> None:
        self.assertEqual(sorted(drawn()), sorted(names))

    def test_two_runs_give_the_same_bytes(self) -> None:
        self.assertEqual(drawn(), drawn_anew())

    def test_each_is_a_small_svg_with_a_title_and_a_description(self) -> None:
        for name, text in drawn().items():
            with self.subTest(name):
                root = xml.fromstring(text)
                self.assertEqual(root.tag, SVG + "svg")
                labels = [root.find(SVG + tag) for tag in ("title", "desc")]
                self.assertEqual(
                    " ".join(label.attrib["id"] for label in labels),
                    root.attrib["aria-labelledby"],
                )
                for label in labels:
                    self.assertGreater(len(label.text), 10)
                self.assertLess(len(text), LARGEST)

    def test_marks_stay_on_the_page(self) -> None:
        for name, text in drawn().items():
            root = xml.fromstring(text)
            width, height = float(root.attrib["width"]), float(root.attrib["height"])
            for mark in root.iter(SVG + "rect"):
                x, y, w, h = (float(mark.attrib[key]) for key in ("x", "y", "width", "height"))
                self.assertTrue(0 <= x <= x + w <= width, f"{name}: {mark.attrib}")
                self.assertTrue(0 <= y <= y + h <= height, f"{name}: {mark.attrib}")

    def test_the_committed_pictures_are_up_to_date(self) -> None:
        there = {path.name: path.read_bytes() for path in committed.glob("*.svg")}
        stale = [name for name, text in drawn().items() if there.get(name) != text]
        stale += sorted(set(there) - set(names))
        self.assertEqual(stale, [], 'run "ninja update-pictures" and commit what it changes')

    def test_a_folder_that_is_not_there_is_refused(self) -> None:
        missing = self.folder / "missing"
        result = draw(str(missing))
        self.assertEqual(result.returncode, 2)
        self.assertEqual(
            result.stderr,
            f'pictures: the output folder "{missing}" is not a folder, '
            "it must be one that exists\n",
        )
        self.assertFalse(missing.exists())

    def test_a_folder_where_one_picture_cannot_be_written_is_left_as_it_was(self) -> None:
        for obstacle in (names[-1], names[-1] + ".draft"):
            with self.subTest(obstacle):
                folder = self.folder / ("with " + obstacle)
                (folder / obstacle).mkdir(parents=True)
                result = draw(str(folder))
                self.assertEqual(result.returncode, 2)
                self.assertEqual(
                    result.stderr,
                    f"pictures: cannot write {folder / obstacle}, "
                    "the output folder must be one with room that you may write to\n",
                )
                self.assertEqual([path.name for path in folder.iterdir()], [obstacle])

    def test_the_folder_must_be_named(self) -> None:
        for arguments in ([], ["a", "b"]):
            result = draw(*arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn("there must be one: the output folder", result.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="the program that draws")
    parser.add_argument("committed", type=Path, help="the folder of the committed pictures")
    parser.add_argument("names", nargs="+", help="the pictures that there shall be")
    options = parser.parse_args()
    program, committed, names = options.program.resolve(), options.committed, options.names
    unittest.main(argv=sys.argv[:1])
