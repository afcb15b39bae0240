"""The whole report, from files to files, and every way in which it can fail."""

import copy
import io
import json
import math
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from support import ROOT

import fake_results
import report
import typeset
from checks import read_checks
from blocks import filled, links
from document import document
from errors import ReportError
from pages import read_book
from reading import Node
from results_reader import read_results, results_of
from search_figures import sheets
from sources import Sources
from wording import number

def fewer(results):
    """Two studies of three settings, the last of which diverges, are enough."""
    results["studies"] = results["studies"][:2]
    for study in results["studies"]:
        study["settings"] = study["settings"][-3:]
    results["leaderboard"] = results["leaderboard"][:2]
    return results


def fewest(results):
    """One study of two settings: each has figures to draw."""
    study = {**results["studies"][0], "settings": results["studies"][0]["settings"][-2:]}
    return {**results, "studies": [study], "leaderboard": results["leaderboard"][:1]}


RESULTS = fewer(fake_results.results())
FEWEST = fewest(RESULTS)
CHECKS = fake_results.check()
READ = results_of(Node("results.json", "", RESULTS))
AS_BYTES = pickle.dumps(RESULTS)


def changed(change):
    """A copy of RESULTS with the change."""
    data = pickle.loads(AS_BYTES)
    change(data)
    return data


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.results = self.folder / "results.json"
        self.checks = self.write("check.json", json.dumps(CHECKS))
        self.book = self.folder / "derivations"
        self.book.mkdir()
        self.write("derivations/README.md", "[a](conv2d.md) [b](max_pool2d.md) [c](tanh.md)")
        for name in ("conv2d", "max_pool2d", "tanh"):
            self.write(f"derivations/{name}.md", f"# {name}\n\n$$\ny = z\n$$\n")
        self.out = self.folder / "out"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def words(self, *options):
        """The command line of the report."""
        return list(map(str, [ROOT / "report" / "report.py", "--results", self.results, "--checks",
                              self.checks, "--book", self.book, "--out", self.out, *options]))

    def path_with(self, **scripts):
        """PATH with each of the tools replaced by a shell script."""
        tools = self.folder / "tools"
        tools.mkdir()
        for name, script in scripts.items():
            tool = tools / name.replace("_", "-")
            tool.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exit\n{script}\n')
            tool.chmod(0o755)
        return f"{tools}:{os.environ['PATH']}"

    def run_report(self, *options):
        return subprocess.run([sys.executable, *self.words(*options)],
                              capture_output=True, text=True)


class Document(Folder):
    def text(self, results=READ):
        return document(Sources(results, read_checks(self.checks), read_book(self.book),
                                sheets(results), self.folder, "1.2.3", "tools"))

    def changed(self, change):
        """The text for results that are changed."""
        return self.text(results_of(Node("results.json", "", changed(change))))

    def test_every_part_is_there(self):
        text = self.text()
        for heading in ("# Backpropagation", "## conv2d", "## Gradient checks", "# The spiral",
                        "## The best hyper-parameters", "### With only the two coordinates",
                        "### The smallest network", "### Learning rate", "## All attempts",
                        "## Method and reproduction"):
            self.assertIn(f"\n{heading} {{#", text)
        self.assertNotIn("{{", text)

    def test_every_setting_is_in_the_contact_sheet_with_its_link(self):
        sheet = self.text().split("{.grid #fig-attempts")[1].split(":::::\n")[0]
        settings = [s for study in RESULTS["studies"] for s in study["settings"]]
        settings += RESULTS["leaderboard"]
        self.assertEqual(sheet.count(":::: cell"), len(settings))
        for setting in settings:
            self.assertIn(f"]({setting['url']})", sheet)

    def test_every_attempt_of_the_search_has_its_link(self):
        pages = sheets(READ)
        lines = [line.split("\t") for page in pages for line in links(page).splitlines()]
        self.assertEqual({line[2] for line in lines}, {a["url"] for a in RESULTS["attempts"]})
        self.assertEqual(len(lines), len(RESULTS["attempts"]))
        self.assertEqual(self.text().count("{.sheet"), len(pages))

    def test_a_study_says_what_it_does_not_show(self):
        text = self.text()
        for part in ("**Finding.**", "**Performance.**", "**Convergence.**",
                     "**What the data do not show.**"):
            self.assertEqual(text.count(part), len(RESULTS["studies"]))

    def test_no_network_that_succeeds(self):
        text = self.changed(lambda data: data.update(smallest=None))
        self.assertIn("No network that was tried solves the spiral", text)
        self.assertNotIn("fig-smallest", text)

    def test_no_run_that_succeeds(self):
        def fail(data):
            for one in (data["best"], data["best_of_two_inputs"], *data["studies"][0]["settings"]):
                one.update(success_rate=0.0, success_interval=[0.0, 0.1],
                           epochs_to_target={"median": None, "censored": 32})
                for run in one["runs"]:
                    run["epochs_to_target"] = None

        text = self.changed(fail)
        self.assertIn("0 of 32 runs are at the target", text)
        self.assertIn("No run reaches the target", text)

    def test_everything_diverged(self):
        def diverge(data):
            for one in data["studies"][0]["settings"]:
                for loss in (one["test_loss"], one["train_loss"]):
                    loss.update(median=None, lower_quartile=None, upper_quartile=None,
                                interval=[None, None])
                for run in one["runs"]:
                    run.update(diverged=True, test_loss=None, train_loss=None,
                               epochs_to_target=None)
                one.update(success_rate=0.0, success_interval=[0.0, 0.1],
                           epochs_to_target={"median": None, "censored": 32})

        text = self.changed(diverge)
        self.assertIn("**Finding.** Every run of every setting diverged", text)
        self.assertNotIn("nan", text.lower().replace("dominant", ""))

    def test_the_search_says_what_it_tried(self):
        self.assertIn("It began with 60 configurations that differ in learning rate, activation, "
                      "hidden layers, hidden neurons, number of inputs, regularization, and batch "
                      "size.", self.text())

    def test_the_smallest_says_how_the_next_smaller_do(self):
        text = self.text()
        self.assertIn("The smallest that does has 5 hidden neurons and 25 weights", text)
        self.assertRegex(text, r"With fewer neurons, the most successes are those of "
                               r"\[4\]\([^)]*\), 9 of 32 runs \(interval 16 % to 45 %\)")

    def test_all_attempts_are_counted_once(self):
        shown = []

        def repeat(data):
            shown.extend(s for study in data["studies"] for s in study["settings"])
            shown.extend(data["leaderboard"])
            shown[0]["configuration"] = dict(shown[3]["configuration"])  # both studies have it

        text = self.changed(repeat)
        different = {json.dumps(s["configuration"], sort_keys=True) for s in shown}
        self.assertLess(len(different), len(shown))
        self.assertIn(f"has {len(shown)} pictures of {len(different)} different settings", text)
        both = different | {json.dumps(a["configuration"], sort_keys=True)
                            for a in RESULTS["attempts"]}
        self.assertIn(f"tried {len(both)} different settings", text)
        self.assertIn("35 ended with *coarse grid* (1 seed, 100 epochs), 5 ended with *second look* "
                      "(3 seeds, 200 epochs)", text)

    def test_the_winner_is_judged_by_fresh_seeds(self):
        chosen = number(RESULTS["leaderboard"][0]["test_loss"]["median"])
        text = self.text()
        self.assertIn("over 32 fresh seeds", text)
        self.assertIn("These seeds had no part in choosing the setting; with those that chose it "
                      f"the median was {chosen}", text)
        stale = self.changed(
            lambda data: data["best"]["runs"][0].update(seed=data["seeds"][0]))
        self.assertIn("over 32 seeds; [how it was found](#best)", stale)
        self.assertIn("expect a higher one of it with other seeds", stale)

    def test_a_summary_has_one_colon_a_line(self):
        summary = self.text().split("# Backpropagation")[0]
        bullets = [line for line in summary.splitlines() if "](#study" in line]
        self.assertEqual(len(bullets), len(RESULTS["studies"]))
        for line in bullets:
            self.assertEqual(line.count(": "), 1, line)

    def test_what_breaks_the_contract_is_told(self):
        text = self.text()
        self.assertIn("No layer broke a rule.", text)
        self.assertIn("30 positive and 25 negative entries", text)
        broken = copy.deepcopy(CHECKS)
        broken["checks"][4].update(passed=False, findings=[
            {"rule": "argument unchanged", "sentence": "backward changed its argument dy"}])
        broken["checks"][3]["kinks"]["outputs"] = 2
        self.write("check.json", json.dumps(broken))
        text = self.text()
        self.assertIn("Broken in 1 case: `tanh`: backward changed its argument dy.", text)
        self.assertIn("2 outputs stood on a kink", text)

    def test_a_wrong_entry_is_not_called_verified(self):
        self.assertIn("all are verified", self.text())
        wrong = copy.deepcopy(CHECKS)
        wrong["checks"][0]["passed"] = False
        wrong["checks"][0]["tensors"][0].update(verified=11, wrong=1)
        self.write("check.json", json.dumps(wrong))
        text = self.text()
        self.assertNotIn("all are verified", text)
        self.assertIn("433 are verified, 1 wrong, and 0 undecided", text)

    def test_the_check_names_what_it_compared_with(self):
        self.assertIn("compared with central differences, computed", self.text())
        named = copy.deepcopy(CHECKS)
        for check in named["checks"]:
            check["oracles"] = ["forward mode", "central differences"]
        self.write("check.json", json.dumps(named))
        self.assertIn("compared with forward mode and central differences, computed", self.text())

    def test_holes_and_values_must_match(self):
        with self.assertRaisesRegex(ReportError, "differ in epochs, nonsense, seeds, target"):
            filled("findings", nonsense="1")


class Reading(unittest.TestCase):
    def complaint(self, change):
        with self.assertRaises(ReportError) as caught:
            results_of(Node("results.json", "", changed(change)))
        return str(caught.exception).replace("results.json: ", "")

    def test_what_is_wrong_is_named(self):
        def of_median(data, value):
            data["studies"][0]["settings"][2]["test_loss"]["median"] = value

        cases = (
            (lambda data: data.pop("best"), "best is missing"),
            (lambda data: data["studies"][1].pop("name"), "studies[1].name is missing"),
            (lambda data: of_median(data, "low"), "studies[0].settings[2].test_loss.median is "
                                                  '"low", it must be a number'),
            (lambda data: data.update(epochs=True), "epochs is true, it must be a number"),
            (lambda data: data.update(leaderboard=[]),
             "leaderboard is empty, it must hold at least the winner"),
            (lambda data: data.update(attempts=[]),
             "attempts is empty, it must hold at least the winner"),
            (lambda data: data.pop("best_of_two_inputs"), "best_of_two_inputs is missing"),
            (lambda data: data["studies"][0]["settings"][1].pop("epochs"),
             "studies[0].settings[1].epochs is missing"),
            (lambda data: data["studies"][0]["settings"][1].update(epochs=100),
             "studies[0].settings[1].epochs is 100, it must be 400 as in the other settings of the "
             "study"),
            (lambda data: data["studies"][0]["settings"][1]["runs"].pop(),
             "studies[0].settings[1].runs has other seeds than the first setting beside it; they "
             "are compared seed by seed"),
            (lambda data: data["best"]["test_loss"].update(interval=[0.3, 0.1]),
             "best.test_loss.interval runs from 0.3 to 0.1, its lower end must come first"),
            (lambda data: data["best"]["test_loss"].update(interval=[0.3]),
             "best.test_loss.interval has 1 ends, it must have two"),
            (lambda data: data["best"]["test_loss"].update(lower_quartile=0.9),
             "best.test_loss has its quartiles and its median out of order; they must rise from "
             "lower_quartile over median to upper_quartile"),
            (lambda data: data["best"].update(success_rate=1.5),
             "best.success_rate is 1.5, it must lie from 0 to 1"),
            (lambda data: data["best"].update(success_interval=[0.1, 0.2]),
             "best.success_interval is 0.1 to 0.2, it must hold success_rate, which is 1"),
            (lambda data: data["best"]["runs"][3].update(test_loss=-0.1),
             "best.runs[3].test_loss is -0.1, a loss is never negative"),
            (lambda data: data["best"]["runs"][3].update(dead_weights=1.5),
             "best.runs[3].dead_weights is 1.5, it must be a whole number from 0 on"),
            (lambda data: data["best"]["curve"]["epoch"].reverse(),
             "best.curve.epoch must hold at least one epoch, each later than the one before"),
            (lambda data: data["studies"][0]["settings"][0]["boundaries"].reverse(),
             "studies[0].settings[0].boundaries has the epochs 400, 100, 40, 10; each must be later "
             "than the one before"),
            (lambda data: data["smallest"]["ladder"].reverse(),
             "smallest.ladder is out of order, it must rise by neurons, then weights"),
            (lambda data: data["best"]["weights"]["layers"].pop(),
             "best.weights has 4 inputs and 3 layers, the configuration says 4 and 4"),
            (lambda data: data["attempts"][3]["curve"]["test"].pop(),
             "attempts[3].curve.test has 20 numbers, it must have 21, one an epoch"),
            (lambda data: data["totals"].pop("samples"), "totals.samples is missing"),
            (lambda data: data.update(target_loss=0), "target_loss is 0, it must be greater than 0"),
            (lambda data: data["attempts"][3].update(stage=4),
             "attempts[3].stage is 4, it must be the place of one of the 4 stages in best.how"),
            (lambda data: data.update(studies=[]),
             "studies is empty, it must hold at least one study"),
            (lambda data: data["leaderboard"][1]["boundary"]["values"].pop(),
             "leaderboard[1].boundary.values must be 20 rows of 20 numbers"),
            (lambda data: data["best"]["curve"]["test"]["upper"].pop(),
             "best.curve.test.upper has 100 numbers, it must have 101, one an epoch"),
        )
        for change, expected in cases:
            self.assertEqual(self.complaint(change), expected)

    def test_lists_of_numbers(self):
        def read(values):
            return Node("results.json", "losses", values).numbers()

        self.assertEqual(read([1, 0.5]), [1, 0.5])
        self.assertEqual(read([1, None]), [1, None])
        self.assertEqual(read([1, math.inf, math.nan]), [1, None, None])
        for wrong, said in ([1, "2"], '[1] is "2"'), ([True], "[0] is true"):
            with self.assertRaisesRegex(ReportError, re.escape(f"losses{said}, it must be a num")):
                read(wrong)
        with self.assertRaisesRegex(ReportError, "losses is 1, it must be a list"):
            read(1)

    def test_weights_of_another_network(self):
        def turn(data):
            for layer in data["best"]["weights"]["layers"]:
                layer["bias"].reverse()

        self.assertRegex(self.complaint(turn), r"best\.weights answers -?[\d.]+ at x = -?[\d.]+, "
                         r"y = [\d.]+, where boundary has -?[\d.]+; they must be of one network")

    def test_intervals(self):
        shown = READ.best.test_loss.interval
        self.assertEqual(list(shown), RESULTS["best"]["test_loss"]["interval"])
        endless = changed(lambda data: data["best"]["test_loss"].update(interval=[shown[0], None]))
        self.assertEqual(results_of(Node("results.json", "", endless)).best.test_loss.interval,
                         (shown[0], math.inf))

    def test_null_is_a_run_that_blew_up(self):
        diverged = READ.studies[0].settings[-1]
        self.assertIsNone(diverged.test_loss.median)
        self.assertEqual(diverged.diverged, len(diverged.runs))


class Files(Folder):
    def test_a_file_says_what_its_object_says(self):
        self.write("results.json", json.dumps(RESULTS))
        self.assertEqual(read_results(self.results), READ)

    def test_another_version(self):
        self.write("results.json", json.dumps({**RESULTS, "version": 0}))
        with self.assertRaisesRegex(ReportError, "results.json: version is 0, this report reads "
                                    "version 2; write the file anew with handgrad sweep --out"):
            read_results(self.results)


# What tools leave that have done their work
GNUPLOT = """for script; do
    echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' > "${script%.gp}.svg"
done"""
LATEX = "touch handgrad.pdf; : > handgrad.log"


class Making(Folder):
    def setUp(self):
        super().setUp()
        self.write("results.json", json.dumps(FEWEST))

    def main(self, *options, **environment):
        """What main() returns and prints: a process of its own would read all sources first."""
        printed = io.StringIO()
        with (patch.object(sys, "argv", self.words(*options)),
              patch.dict(os.environ, environment), redirect_stderr(printed)):
            returned = report.main()
        return SimpleNamespace(returncode=returned, stderr=printed.getvalue())

    def with_tools(self, *options, **scripts):
        """Makes the report with each of the tools replaced by a shell script."""
        return self.main(*options, PATH=self.path_with(**scripts))

    def expect_sentence(self, done, *parts):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        for part in ("report: ", *parts):
            self.assertIn(part, done.stderr)
        if self.out.is_dir():
            self.assertEqual(list(self.out.iterdir()), [])


class Failing(Making):
    def test_files_that_cannot_be_read(self):
        self.results.unlink()
        self.expect_sentence(self.run_report(), "results.json: cannot be read",
                             "handgrad sweep --out")

    def test_files_that_are_not_json(self):
        self.write("check.json", "{")
        self.expect_sentence(self.main(), "check.json: is not JSON", "handgrad check --json")

    def test_a_key_that_is_missing(self):
        data = copy.deepcopy(FEWEST)
        del data["studies"][0]["settings"][1]["success_interval"]
        self.write("results.json", json.dumps(data))
        kept = self.folder / "kept"
        kept.mkdir()
        self.expect_sentence(self.main("--findings", kept),
                             "results.json: studies[0].settings[1].success_interval is missing")
        self.assertEqual(list(kept.iterdir()), [])

    def test_an_output_folder_that_is_a_file(self):
        self.out.write_text("")
        self.expect_sentence(self.main(), f"{self.out}: cannot be written to")

    def test_gnuplot_fails(self):
        self.expect_sentence(
            self.with_tools(gnuplot='echo "line 3: no such terminal" >&2; exit 1', pandoc=":",
                            pdflatex=":"),
            "gnuplot fails on", "no such terminal")

    def test_pandoc_fails(self):
        self.expect_sentence(
            self.with_tools(pandoc='echo "out of memory" >&2; exit 1', gnuplot=GNUPLOT,
                            pdflatex=":"),
            "pandoc fails to write handgrad.tex", "out of memory")


@unittest.skipUnless(shutil.which("pandoc"), "pandoc is not installed")
class Whole(Making):
    """The report but for its figures, which are drawn elsewhere, and the typesetting of the PDF,
    which takes longer than all the rest: `./run report` does that, of every figure there is."""

    def test_both_files_and_nothing_else(self):
        kept = self.folder / "kept"
        kept.mkdir()
        done = self.with_tools("--findings", kept, gnuplot=GNUPLOT, pdflatex=LATEX,
                               rsvg_convert=":")
        # There were no key figures, so both are new, and a gate that looks for warnings stops
        self.assertEqual(done.returncode, 0)
        self.assertEqual([line.split(" was not")[0] for line in done.stderr.splitlines()],
                         [f"report: warning: {kept / name}" for name in ("findings.json",
                                                                         "findings.md")])
        self.assertEqual(sorted(path.name for path in kept.iterdir()),
                         ["findings.json", "findings.md"])
        self.assertEqual(sorted(path.name for path in self.out.iterdir()),
                         ["handgrad.html", "handgrad.pdf"])
        html = (self.out / "handgrad.html").read_text(encoding="utf-8")
        self.assertIn("<math", html)
        self.assertNotIn('src="http', html)
        self.assertNotIn("<img src=\"/", html)
        self.assertEqual(html.count("<img"), html.count('alt="'))
        for attempt in RESULTS["attempts"]:
            self.assertIn(f'href="{attempt["url"].replace("&", "&amp;")}" title="', html)
        self.assertEqual(html.count(' aria-label="'), len(RESULTS["attempts"]) + 1)
        # The same results leave nothing to write
        before = {path: path.read_bytes() for path in kept.iterdir()}
        self.assertEqual(report.kept_up_to_date(kept, FEWEST), [])
        self.assertEqual({path: path.read_bytes() for path in kept.iterdir()}, before)


class Latex(Folder):
    def typeset(self, said):
        """What becomes of a PDF where LaTeX says something, and in which runs."""
        latex = f"""case $* in *-draftmode*) echo draft ;; *) echo full ;; esac >> runs
            cat > handgrad.log <<'END'\n{said}\nEND\n"""
        markdown = self.write("handgrad.md", "")
        with patch.dict(os.environ, PATH=self.path_with(pdflatex=latex)):
            told = typeset.write_pdf(markdown, self.folder / "handgrad.tex",
                                     self.folder / "handgrad.pdf")
        return told, (self.folder / "runs").read_text(encoding="utf-8").split()

    def test_content(self):
        self.assertEqual(self.typeset("Output written"), ([], ["draft", "full"]))

    def test_it_runs_while_something_moves_but_not_for_ever(self):
        _, runs = self.typeset("Label(s) may have changed. Rerun to get cross-references right.")
        self.assertEqual(runs, ["draft", "full", "full", "full"])

    def test_a_line_that_is_too_long(self):
        told, _ = self.typeset("Overfull \\hbox (12.5pt too wide) in paragraph at lines 1--2\n"
                               "[]\\T1/ppl/m/n/10 endless")
        self.assertEqual(told, ["a line of the PDF is 12.5 pt too wide: endless"])

    def test_a_reference_to_nothing(self):
        with self.assertRaisesRegex(ReportError, "the PDF refers to fig-a, fig-b, fig-c, which "
                                                 "nothing in it is called"):
            self.typeset("LaTeX Warning: Hyper reference `fig-a' on page 3 undefined on input\n"
                         "LaTeX Warning: Reference `fig-c' on page 4 undefined on input line 7.\n"
                         "pdfTeX warning (dest): name{fig-b} has been referenced but does not exist")


if __name__ == "__main__":
    unittest.main()
