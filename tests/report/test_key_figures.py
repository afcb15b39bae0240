"""The key figures that are kept with the source: made from their numbers, and from this engine."""

import copy
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import ROOT

import fake_results
import key_figures
from errors import ReportError
from results_reader import results_of
from reading import Node

KEPT = ROOT / "report"
AGAIN = "; ./run report writes it anew from the runs"
RESULTS = fake_results.results(20)
NUMBERS = key_figures.reduced(RESULTS)
# One study is enough to see a change in
FEW = {**NUMBERS, "studies": [one for one in NUMBERS["studies"] if one["name"] == "regularization"]}
FILES = {key_figures.NUMBERS: key_figures.written(FEW), key_figures.TEXT: key_figures.text(FEW)}


def complaint(folder):
    """What is wrong with the key figures in `folder`; empty where nothing is."""
    try:
        numbers = key_figures.read_numbers(folder / key_figures.NUMBERS)
        stale = key_figures.differences(folder, numbers)
    except ReportError as error:
        return str(error)
    for path, wanted in stale.items():
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, (is_there, should) in enumerate(zip(lines, wanted.splitlines()), 1):
            if is_there != should:
                return f"{path.name}:{number}: is\n  {is_there}\nand should be\n  {should}{AGAIN}"
        return f"{path.name}: is longer or shorter than it should be{AGAIN}"
    return ""


class Kept(unittest.TestCase):
    def test_the_text_is_what_the_numbers_say(self):
        self.assertEqual(complaint(KEPT), "")

    @unittest.skipUnless("HANDGRAD" in os.environ, "no program to run")
    def test_the_numbers_are_those_of_this_engine(self):
        """One run each of the best settings and of every study, over again."""
        numbers = key_figures.read_numbers(KEPT / key_figures.NUMBERS)
        settings = [numbers["best"], numbers["best_of_two_inputs"], numbers["smallest"]]
        settings += [study["settings"][1] for study in numbers["studies"]]
        for setting in settings:
            runs = setting["runs"]
            url = re.sub(r"seed=[^&]*", f"seed={runs['seed'][0]}", setting["url"])
            with tempfile.TemporaryDirectory() as folder:
                curve = Path(folder) / "curve.json"
                done = subprocess.run(
                    [os.environ["HANDGRAD"], "train", url, "--epochs", str(setting["epochs"]),
                     "--curve", curve], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                losses = json.loads(curve.read_text(encoding="utf-8"))
            for part in ("train_loss", "test_loss"):
                self.assertEqual(key_figures.rounded(losses[part][-1]), runs[part][0],
                                 f"{part} of {url}{AGAIN}")


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, content in FILES.items():
            key_figures.replace(self.folder / name, content)
        self.text = self.folder / key_figures.TEXT
        self.numbers = self.folder / key_figures.NUMBERS

    def edit(self, path, old, new):
        text = path.read_text(encoding="utf-8")
        self.assertTrue(old in text, f"{old} is not there to be changed")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


class Stale(Folder):
    def test_both_files_whole_and_nothing_else(self):
        self.assertEqual(key_figures.differences(self.folder / "none", FEW),
                         {self.folder / "none" / name: text for name, text in FILES.items()})
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         [key_figures.NUMBERS, key_figures.TEXT])
        self.assertEqual(complaint(self.folder), "")

    def test_a_digit_changed_by_hand(self):
        self.edit(self.text, "is 0.0005", "is 0.0004")
        self.assertRegex(complaint(self.folder), r"findings\.md:\d+: is\n")

    def test_a_word_changed_by_hand(self):
        self.edit(self.text, "do not show that regularization helps", "show that it helps")
        self.assertIn("show that it helps", complaint(self.folder))

    def test_a_number_changed_that_no_sentence_shows(self):
        numbers = copy.deepcopy(FEW)
        runs = numbers["studies"][0]["settings"][0]["runs"]
        runs["train_loss"][5] *= 1.000001
        self.numbers.write_text(key_figures.written(numbers), encoding="utf-8")
        self.assertIn("SHA-256", complaint(self.folder))

    def test_a_line_at_the_end(self):
        self.text.write_text(self.text.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        self.assertIn("findings.md: is longer or shorter", complaint(self.folder))

    def test_numbers_laid_out_otherwise(self):
        self.numbers.write_text(json.dumps(FEW), encoding="utf-8")
        self.assertIn("findings.json:1: is", complaint(self.folder))

    def test_files_that_are_broken(self):
        self.numbers.write_text("{", encoding="utf-8")
        self.assertIn("findings.json: is not JSON", complaint(self.folder))
        self.numbers.unlink()
        self.assertIn("findings.json: cannot be read", complaint(self.folder))
        numbers = copy.deepcopy(FEW)
        del numbers["studies"][0]["settings"][0]["runs"]
        self.numbers.write_text(key_figures.written(numbers), encoding="utf-8")
        self.assertIn("findings.json: lacks 'runs'; ./run report writes it", complaint(self.folder))
        del numbers["studies"]
        self.numbers.write_text(json.dumps(numbers), encoding="utf-8")
        self.assertIn("findings.json: lacks 'studies'", complaint(self.folder))

    def test_a_folder_that_cannot_be_written(self):
        with self.assertRaisesRegex(ReportError, "nowhere/findings.md: cannot be written"):
            key_figures.replace(self.folder / "nowhere" / "findings.md", "")


class Numbers(unittest.TestCase):
    def test_less_is_kept_and_the_same_is_said(self):
        self.assertLess(len(key_figures.written(NUMBERS)), len(json.dumps(RESULTS)) / 8)
        full = results_of(Node("results.json", "", RESULTS))
        kept = key_figures.results_from(NUMBERS)
        for whole, part in zip(full.studies, kept.studies):
            self.assertEqual(key_figures.finding_said(whole, full),
                             key_figures.finding_said(part, kept))
            self.assertEqual(key_figures.limits(whole), key_figures.limits(part))
        for whole, part in zip(full.best.success_interval, kept.best.success_interval):
            self.assertAlmostEqual(whole, part, 8)

    def test_what_is_written_is_read_again(self):
        self.assertEqual(json.loads(key_figures.written(NUMBERS)), NUMBERS)

    def test_every_study_and_the_winners_are_there(self):
        text = key_figures.text(NUMBERS)
        self.assertEqual(text.count("**What the data do not show.**"), len(RESULTS["studies"]))
        for key in ("best", "best_of_two_inputs", "smallest"):
            self.assertIn(f"]({RESULTS[key]['url']})", text)
        self.assertNotIn("::::", text)
        self.assertNotIn("](#", text)
        self.assertTrue(text.endswith(f"SHA-256 `{key_figures.digest(NUMBERS)}`.\n"))

    def test_no_network_that_succeeds(self):
        none = key_figures.reduced({**RESULTS, "smallest": None})
        self.assertIn("No network that was tried is at the target", key_figures.text(none))


if __name__ == "__main__":
    unittest.main()
