"""The page of check results: what a person reads of what the checker printed."""

import copy
import unittest

from support import PageTest

from check_results import page

TENSOR = {
    "name": "dz",
    "shape": [2, 3],
    "passed": True,
    "verified": 6,
    "wrong": 0,
    "undecided": 0,
    "problem": "",
    "worst": {
        "index": [1, 2],
        "analytic": -0.25,
        "numeric": -0.2500000001,
        "error": 1e-10,
        "bound": 2e-9,
        "verdict": "verified",
    },
    "failing": [],
}
CHECK = {"layer": "tanh", "configuration": "z (2, 3)", "passed": True, "problem": "",
         "oracles": ["forward mode", "central differences"], "tensors": [TENSOR]}


def document(**changes):
    """The results of one check whose one tensor has the changes."""
    check = copy.deepcopy(CHECK)
    check["tensors"][0].update(changes)
    return {"version": 1, "checks": [check]}


class CheckResults(PageTest):
    def test_row(self) -> None:
        self.assertIn(
            "| z (2, 3) | dz (2, 3) | 6 | (1, 2) | −0.25 | −0.2500000001 | 1e−10 | 2e−09 | verified |",
            page(document()),
        )

    def test_oracles_are_named_once(self) -> None:
        self.assertIn("found by forward mode and central differences.", page(document()))

    def test_total(self) -> None:
        self.assertIn("6 verified, 0 wrong, 0 undecided.", page(document()))

    def test_wrong_and_undecided_entries_stand_out(self) -> None:
        text = page(document(verified=3, wrong=2, undecided=1))
        self.assertIn("| **2 wrong**, **1 undecided** |", text)
        self.assertIn("| 6 | (1, 2)", text)

    def test_number_that_is_not_finite(self) -> None:
        worst = {**TENSOR["worst"], "analytic": None}
        self.assertIn("| not finite | −0.2500000001 |", page(document(worst=worst)))

    def test_gradient_that_could_not_be_compared(self) -> None:
        text = page(document(worst=None, verified=0, problem="dz is (3), it must be (2, 3)"))
        self.assertIn("| 0 |  |  |  |  |  | **dz is (3), it must be (2, 3)** |", text)

    def test_layer_that_could_not_be_checked(self) -> None:
        check = {**CHECK, "problem": "tanh: z is empty", "tensors": []}
        text = page({"version": 1, "checks": [check]})
        self.assertIn("**tanh: z is empty**", text)

    def test_one_section_a_layer(self) -> None:
        relu = {**CHECK, "layer": "relu"}
        text = page({"version": 1, "checks": [CHECK, CHECK, relu]})
        self.assertEqual(1, text.count("## tanh"))
        self.assertEqual(1, text.count("## relu"))
        self.assertIn("[tanh](#tanh), [relu](#relu).", text)

    def test_no_results(self) -> None:
        with self.assertRaisesRegex(ValueError, "are of no layer, there must be at least one"):
            page({"version": 1, "checks": []})

    def test_another_version(self) -> None:
        with self.assertRaisesRegex(ValueError, "have version 2, it must be 1"):
            page({"version": 2, "checks": [CHECK]})


if __name__ == "__main__":
    unittest.main()
