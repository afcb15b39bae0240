"""What handgrad check writes for other programs: JSON that keeps its schema, and whole pictures."""

import copy
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from json_schema import errors

handgrad, failing_reports, schema_file = sys.argv[1:4]
del sys.argv[1:4]

SVG = "{http://www.w3.org/2000/svg}"


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


def setUpModule():
    """The failing reports, as JSON and in the files of a folder."""
    global failing, failing_files
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    failing_files = Path(folder.name)
    failing = json.loads(output(failing_reports, folder.name))


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(Path(schema_file).read_text(encoding="utf-8"))
        cls.right = json.loads(output(handgrad, "check", "--json"))
        cls.failing = failing

    def test_the_program_prints_the_schema(self):
        self.assertEqual(self.schema, json.loads(output(handgrad, "check", "--schema")))

    def test_right_reports_keep_it(self):
        self.assertEqual([], list(errors(self.right, self.schema)))
        self.assertTrue(all(check["passed"] for check in self.right["checks"]))

    def test_failing_reports_keep_it(self):
        self.assertEqual([], list(errors(self.failing, self.schema)))
        self.assertFalse(any(check["passed"] for check in self.failing["checks"]))

    def test_the_failing_reports_use_every_field(self):
        checks = self.failing["checks"]
        tensors = [tensor for check in checks for tensor in check["tensors"]]
        self.assertTrue(any(check["problem"] for check in checks))
        self.assertTrue(any(check["blame"] for check in checks))
        self.assertTrue(any(check["findings"] for check in checks))
        self.assertTrue(any(check["smallest_case"] for check in checks))
        self.assertTrue(any(check["kinks"]["outside"] for check in checks))
        self.assertTrue(any(tensor["problem"] for tensor in tensors))
        self.assertTrue(any(tensor["mistakes"] for tensor in tensors))
        self.assertTrue(any(tensor["worst"] is None for tensor in tensors))
        self.assertTrue(any(entry["analytic"] is None for tensor in tensors
                            for entry in tensor["failing"]))

    def test_every_field_has_words(self):
        for name, each in {"the whole": self.schema, **self.schema["$defs"]}.items():
            self.assertIn("description", each, name)
            for field, rule in each.get("properties", {}).items():
                self.assertTrue("description" in rule or "$ref" in rule, f"{name}: {field}")
            self.assertEqual(list(each.get("properties", {})), each.get("required", []), name)

    def refused(self, sentence: str, change):
        """A change of a report is found by the schema."""
        check = copy.deepcopy(next(check for check in self.failing["checks"]
                                   if any(tensor["mistakes"] for tensor in check["tensors"])))
        document = {"version": 1, "checks": [check]}
        change(document, check, next(t for t in check["tensors"] if t["mistakes"]))
        found = list(errors(document, self.schema))
        self.assertEqual(1, len(found), found)
        self.assertIn(sentence, found[0])

    def test_wrong_fields_are_found(self):
        self.refused("$.version is 2, it must be 1",
                     lambda document, check, tensor: document.update(version=2))
        self.refused("has no layer", lambda document, check, tensor: check.pop("layer"))
        self.refused("has a field colour, of which the schema does not know",
                     lambda document, check, tensor: check.update(colour="red"))
        self.refused("passed is 1, it must be of type boolean",
                     lambda document, check, tensor: tensor.update(passed=1))
        self.refused(".verified is -1, it must be at least 0",
                     lambda document, check, tensor: tensor.update(verified=-1))
        self.refused(".wrong is 1.5, it must be of type integer",
                     lambda document, check, tensor: tensor.update(wrong=1.5))
        self.refused(".failing[0].verdict is 'maybe', it must be one of",
                     lambda document, check, tensor: tensor["failing"][0].update(verdict="maybe"))
        self.refused(".worst.bound is '0', it must be of type number or null",
                     lambda document, check, tensor: tensor["worst"].update(bound="0"))
        self.refused(".section is 'conv2d', it must match",
                     lambda document, check, tensor: tensor["mistakes"][0].update(section="conv2d"))
        self.refused(".name is '', it must have at least 1 letters",
                     lambda document, check, tensor: tensor.update(name=""))
        self.refused(".shape[1] is None, it must be of type integer",
                     lambda document, check, tensor: tensor.update(shape=[1, None]))

    def test_a_rule_that_nobody_checks_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "a keyword that nobody checks: maximum"):
            list(errors(1, {"maximum": 0}))

    def test_mistakes_lead_to_sections_that_exist(self):
        book = Path(schema_file).parents[2] / "derivations"
        sections = {mistake["section"] for check in self.failing["checks"]
                    for tensor in check["tensors"] for mistake in tensor["mistakes"]}
        # A layer outside the book has no page in it
        layers = {"not_a_number", "wrong_shape"}
        for section in sections:
            page, _, anchor = section.partition("#")
            if page.removesuffix(".md") in layers:
                continue
            words = (book / page).read_text(encoding="utf-8").lower()
            self.assertIn(f"# {anchor.replace('-', ' ')}\n", words, section)


class HeatMap(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def check(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([handgrad, "check", *arguments], capture_output=True, text=True,
                              timeout=60)

    def refused(self, sentence: str, *arguments: str):
        done = self.check(*arguments)
        self.assertEqual((2, ""), (done.returncode, done.stdout))
        self.assertIn(sentence, done.stderr)
        self.assertEqual([], list(self.folder.iterdir()))

    def test_svg(self):
        file = self.folder / "map.svg"
        done = self.check("conv2d", "--shape", "2,3,8,8", "--heat-map", str(file))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("verified", done.stdout)
        tree = xml.parse(file).getroot()
        self.assertEqual(f"{SVG}svg", tree.tag)
        self.assertEqual("img", tree.get("role"))
        self.assertIn("dz (2, 3, 8, 8): verified", tree.find(f"{SVG}desc").text)

    def test_html_of_all_layers(self):
        file = self.folder / "all.html"
        self.assertEqual(0, self.check("--heat-map", str(file)).returncode)
        pictures = xml.parse(file).getroot().iter(f"{SVG}svg")
        self.assertGreater(len(list(pictures)), 10)

    def test_failing_reports_are_whole_pictures(self):
        files = sorted(failing_files.glob("*.svg"))
        self.assertGreater(len(files), 50)
        for file in files:
            words = (file.with_suffix(".txt")).read_text(encoding="utf-8", errors="replace")
            with self.subTest(words.splitlines()[0]):
                tree = xml.parse(file).getroot()
                width, height = float(tree.get("width")), float(tree.get("height"))
                for mark in tree.iter(f"{SVG}text"):
                    if mark.get("x"):
                        self.assertTrue(0 < float(mark.get("x")) < width)
                        self.assertTrue(0 < float(mark.get("y")) < height)
        xml.parse(failing_files / "all.html")

    def test_wrong_is_darker_than_verified_in_grey(self):
        file = self.folder / "map.svg"
        self.check("tanh", "--shape", "2,3", "--heat-map", str(file))
        swatches = [rect.get("fill") for rect in xml.parse(file).getroot().iter(f"{SVG}rect")
                    if rect.get("width") == "18"]
        self.assertEqual(10, len(swatches))

        def grey(colour: str) -> float:
            red, green, blue = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
            return 0.299 * red + 0.587 * green + 0.114 * blue

        verified, wrong = [*map(grey, swatches[:5])], [*map(grey, swatches[5:9])]
        self.assertEqual(sorted(verified, reverse=True), verified)
        self.assertEqual(sorted(wrong, reverse=True), wrong)
        self.assertGreater(min(verified) - max(wrong), 0.25)

    def test_bad_names(self):
        name = str(self.folder / "map")
        self.refused(f'--heat-map: "{name}.png" must end in .svg or .html', "tanh", "--heat-map",
                     f"{name}.png")
        self.refused("a picture of one configuration; name a layer", "--heat-map", f"{name}.svg")
        self.refused("a picture of one configuration", "tanh", "--heat-map", f"{name}.svg")
        self.refused("cannot be written: No such file or directory", "tanh", "--heat-map",
                     f"{name}/none/a.html")

    def test_nothing_is_left_of_a_check_that_is_refused(self):
        self.refused("--shape is \"a\"", "tanh", "--shape", "a", "--heat-map",
                     str(self.folder / "map.svg"))
        self.refused("has 2 axes", "conv2d", "--shape", "3,3", "--heat-map",
                     str(self.folder / "map.svg"))


class Colours(unittest.TestCase):
    def shown(self, *arguments: str, terminal: bool = False, **variables: str) -> str:
        """What is printed, to a pipe or to a terminal."""
        command = [handgrad, "check", "tanh", "--shape", "2,3", *arguments]
        environment = {**os.environ, "TERM": "xterm", **variables}
        if "NO_COLOR" not in variables:
            environment.pop("NO_COLOR", None)
        if not terminal:
            return subprocess.run(command, capture_output=True, text=True, env=environment).stdout
        main, other = pty.openpty()
        subprocess.run(command, stdout=other, env=environment, check=True)
        os.close(other)
        words = b""
        try:
            while part := os.read(main, 4096):
                words += part
        except OSError:  # the end of a terminal whose other side is closed
            pass
        os.close(main)
        return words.decode()

    def test_only_a_terminal_has_colours_by_itself(self):
        self.assertNotIn("\x1b", self.shown())
        self.assertIn("\x1b[32mverified\x1b[0m", self.shown(terminal=True))

    def test_who_wants_none_gets_none(self):
        self.assertNotIn("\x1b", self.shown(terminal=True, NO_COLOR="1"))
        self.assertIn("\x1b", self.shown(terminal=True, NO_COLOR=""))
        self.assertNotIn("\x1b", self.shown(terminal=True, TERM="dumb"))
        self.assertNotIn("\x1b", self.shown("--colour", "never", terminal=True))

    def test_who_asks_for_them_gets_them(self):
        self.assertIn("\x1b", self.shown("--colour", "always", NO_COLOR="1"))
        self.assertIn("\x1b", self.shown("--color=always"))

    def test_json_has_none(self):
        self.assertNotIn("\x1b", self.shown("--json", "--colour", "always"))

    def test_another_word(self):
        done = subprocess.run([handgrad, "check", "--colour", "blue"], capture_output=True, text=True)
        self.assertEqual((2, ""), (done.returncode, done.stdout))
        self.assertTrue(re.search(r'"blue" may be auto, always or never', done.stderr), done.stderr)


if __name__ == "__main__":
    unittest.main()
