"""The main function of the test programs: what it returns for what it was asked to run.

    main_test.py PROGRAM SUITE      a test program, and a suite that it has and that passes
"""

import subprocess
import sys
import unittest

PROGRAM, SUITE = "", ""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


class Main(unittest.TestCase):
    def test_a_suite_that_passes(self) -> None:
        done = run(f"--test-suite={SUITE}")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_filter_that_selects_nothing_fails(self) -> None:
        for nothing in ("--test-suite=no such suite", "--test-case=no such case", "--test-case-exclude=*"):
            with self.subTest(nothing):
                done = run(nothing)
                self.assertEqual(
                    (done.returncode, done.stderr),
                    (2, "No test case was selected: a test that runs nothing proves nothing.\n"),
                )

    def test_questions_are_answered(self) -> None:
        done = run("--list-test-suites")
        self.assertEqual(done.returncode, 0)
        self.assertIn(SUITE, done.stdout)


if __name__ == "__main__":
    PROGRAM, SUITE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
