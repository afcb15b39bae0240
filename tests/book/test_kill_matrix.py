"""The page of the kill matrix: what a person reads of which probe noticed which mutant."""

import copy
import unittest

from support import PageTest

from kill_matrix import page, text

DOCUMENT = {
    "probes": [
        {"group": "entries", "name": "forward mode", "key": "outside its bound"},
        {"group": "diagnosis", "name": "named", "key": "in the catalogue"},
        {"group": "contract", "name": "twice", "key": "same answer twice"},
        {"group": "simpler checks", "name": "one-hot", "key": "dy = 1"},
    ],
    "mutants": [
        {"layer": "tanh", "setting": "3 × 4", "name": "dy squared", "killed": True,
         "mistake": "dy squared", "noticed": [True, True, False, False]},
        {"layer": "tanh", "setting": "3 × 4", "name": "y changes", "killed": True,
         "mistake": "", "noticed": [True, False, True, True]},
        {"layer": "relu", "setting": "3 × 4", "name": "|z| < 1 [a](b)", "killed": True,
         "mistake": "", "noticed": [False, False, True, False]},
    ],
}


def document(**changes):
    """The results, of which the last mutant has the changes."""
    result = copy.deepcopy(DOCUMENT)
    result["mutants"][-1].update(changes)
    return result


class KillMatrix(PageTest):
    def test_counts_stand_first(self) -> None:
        made = page(document(), 68)
        self.assertIn("**3 of 3 are caught**", made)
        self.assertIn("pass in all their 68 configurations", made)
        self.assertIn("Of 1 the checker also names the mistake", made)
        self.assertIn("### tanh\n\n2 of 2 are caught.", made)
        self.assertIn("[tanh](#tanh), [relu](#relu)", made)

    def test_a_mutant_that_survives_stands_out(self) -> None:
        made = page(document(killed=False, noticed=[False] * 4), 68)
        self.assertIn("**2 of 3 are caught**", made)
        self.assertIn("### relu\n\n0 of 1 are caught.", made)
        self.assertIn(": not caught</strong>", made)

    def test_a_dot_for_every_probe_that_notices(self) -> None:
        made = page(document(), 68)
        self.assertEqual(6, made.count("<td>●</td>") + made.count("<td class=first>●</td>"))
        self.assertIn("<tr><th>dy squared</th><td class=first>●</td><td class=first>●</td>"
                      "<td class=first></td><td class=first></td></tr>", made)

    def test_what_each_probe_notices_and_what_no_other_does(self) -> None:
        made = page(document(), 68)
        # forward mode: two of three, and alone where the contract holds; simpler checks are no part
        self.assertRegex(made, r'forward mode</td>.*<td class="number">2</td><td class="bar">'
                               r'<span style="width: 67%"></span></td><td class="number">1</td>')
        self.assertRegex(made, r'twice</td>.*<td class="number">2</td>.*<td class="number">1</td>')
        self.assertRegex(made, r'one&#45;hot|one-hot</td>.*<td class="number"></td>')

    def test_names_are_no_markup(self) -> None:
        self.assertNotIn("[a](b)", page(document(), 68))
        self.assertEqual("&#124;z&#124; &lt; 1 &#91;0&#93; &#36;", text("|z| < 1 [0] $"))

    def test_no_mutants(self) -> None:
        with self.assertRaisesRegex(ValueError, "no mutants, there must be at least one"):
            page({**DOCUMENT, "mutants": []}, 68)


if __name__ == "__main__":
    unittest.main()
