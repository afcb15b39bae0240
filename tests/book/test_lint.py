"""The lint: a page that keeps every rule, and for each rule a page that breaks it."""

import unittest

from support import PageTest

from lint import findings
from page import read_page

LAYER = r"""
# Tanh

Builds on [linear](linear.md#forward).

## Forward

$y = \tanh(z)$, or

$$
\begin{aligned}
y &= \frac{a}{b} \\
  &= \left( c \right)
\end{aligned}
$$

| a | b |
|---|---|
| $\lvert z \rvert$ | `a \| b` |

## The picture

![A curve](pictures/tanh-curve.svg)

## dL/dz

## Worked example

```cpp test="a"
CHECK(true);
```

## In code

## Where it goes wrong

## Checked

## Exercises
"""


class Lint(PageTest):
    def setUp(self) -> None:
        super().setUp()
        self.write("src/layers/tanh.hpp", "struct Tanh {};\n")
        self.write("src/layers/linear.hpp", "struct Linear { int dweight, dbias; };\n")
        self.write("derivations/linear.md", "# Linear\n\n## Forward\n")

    def finds(self, expected: list[str], text: str, path: str = "derivations/tanh.md") -> None:
        """The page has these findings and no others; `expected` begins with the line."""
        page = read_page(self.write(path, text), self.root)
        self.assertEqual([f"{path}:{finding}" for finding in expected], findings(page, self.root))

    def changed(self, expected: list[str], old: str, new: str) -> None:
        """The good page, with `old` replaced, has these findings."""
        self.assertIn(old, LAYER)
        self.finds(expected, LAYER.replace(old, new))

    def test_good_page(self) -> None:
        self.finds([], LAYER)

    # Headings and sections

    def test_title(self) -> None:
        self.changed(["1: the first line must be the title of the page: # Title."], "# Tanh\n", "\n")
        self.changed(
            ["26: a page has one title; this heading needs another #."],
            "## dL/dz",
            "## dL/dz\n\n# Again",
        )

    def test_heading_that_is_not_plain(self) -> None:
        sentence = "a heading is plain text, without maths, code, links or {#id}."
        for heading in ["$z$", "`z`", "[z](linear.md)"]:
            self.changed([f"25: {sentence}"], "## dL/dz", f"## dL/dz\n### {heading}")
        self.changed(
            ["25: GitHub shows {#id}; a heading has its anchor without it.", f"25: {sentence}"],
            "## dL/dz",
            "## dL/dz\n### z {#z}",
        )

    def test_missing_section(self) -> None:
        self.changed(
            ['32: the section "## Where it goes wrong" is missing; it stands after "In code".'],
            "## Where it goes wrong",
            "",
        )

    def test_section_out_of_order(self) -> None:
        text = LAYER.replace("## In code\n", "").replace("## dL/dz", "## In code\n\n## dL/dz")
        self.finds(['24: the section "## In code" must stand after "Worked example".'], text)

    def test_sections_of_a_layer_with_parameters(self) -> None:
        self.finds(
            [
                '24: the section "## dL/dbias" is missing; it stands after "dL/dz".',
                '24: the section "## dL/dweight" is missing; it stands after "dL/dz".',
            ],
            LAYER,
            "derivations/linear.md",
        )

    # Formulas

    def test_dollar_without_partner(self) -> None:
        sentence = "this $ has no partner on its line; a dollar that is none is written \\$."
        self.changed([f"25: {sentence}", f"26: {sentence}"], "## dL/dz", "## dL/dz\n$a +\nb$")

    def test_display_that_is_not_alone(self) -> None:
        self.changed(["25: $$ must stand alone on its line."], "## dL/dz", "## dL/dz\n$$a$$")
        self.changed(
            ["25: $$ must stand at the beginning of its line."], "## dL/dz", "## dL/dz\n $$\na\n$$"
        )

    def test_display_without_end(self) -> None:
        self.finds(
            ["3: this $$ has no partner.", "5: there is a $ in the formula that the $$ in line 3 begins."],
            '# A\n\n$$\na\n$b$\n```cpp test="a"\nCHECK(true);\n```\n',
            "derivations/other.md",
        )

    def test_display_with_empty_line(self) -> None:
        self.changed(
            ["27: the formula that the $$ in line 25 begins has an empty line."],
            "## dL/dz",
            "## dL/dz\n$$\na\n\nb\n$$",
        )

    def test_unknown_control_sequence(self) -> None:
        self.changed(
            [r"7: \tahn is not a control sequence that formulas may use; control_sequences.txt lists them."],
            r"\tanh(z)$",
            r"\tahn(z)$",
        )
        self.changed(
            [r"11: \farc is not a control sequence that formulas may use; control_sequences.txt lists them."],
            r"\frac",
            r"\farc",
        )

    def test_unknown_environment(self) -> None:
        listed = "aligned, array, Bmatrix, bmatrix, cases, gathered, matrix, pmatrix, smallmatrix, split"
        rule = f"align is not an environment that formulas may use; it may be {listed}, Vmatrix, vmatrix."
        self.finds([f"10: {rule}", f"13: {rule}"], LAYER.replace("{aligned}", "{align}"))

    def test_environment_without_end(self) -> None:
        self.changed([r"10: \begin{aligned} is never ended."], "\\end{aligned}\n", "")
        self.changed([r"12: \end{aligned} ends nothing that was begun."], "\\begin{aligned}\n", "")

    def test_brace_without_partner(self) -> None:
        self.changed(["11: the formula has a { without its }."], r"\frac{a}{b}", r"\frac{a}{b")
        self.changed(["11: the formula has a } without its {."], r"\frac{a}{b}", r"\frac{a}b}")

    def test_fence_without_partner(self) -> None:
        self.changed([r"12: the formula has a \left without its \right."], r"\right)", ")")
        self.changed([r"12: the formula has a \right without its \left."], r"\left(", "(")

    def test_bar_in_a_table(self) -> None:
        self.changed(
            [r"18: | in a table's formula ends the cell; write \lvert and \rvert."],
            r"$\lvert z \rvert$",
            "$|z|$",
        )
        self.changed([r"18: | in a table's code ends the cell; write \|."], r"a \| b", "a | b")

    # Markup that not every program knows

    def breaks(self, sentence: str, line: str) -> None:
        self.changed([f"25: {sentence}"], "## dL/dz", f"## dL/dz\n{line}")

    def test_markup(self) -> None:
        self.breaks("Doxygen and pandoc do not know > [!NOTE]; write a paragraph.", "> [!NOTE]")
        self.breaks("Doxygen and pandoc do not know task lists; write a plain list.", "- [ ] this")
        self.breaks("Doxygen takes a word after @ for a command; write it as `code`.", "an @word")
        self.breaks(
            "Doxygen takes a word after \\ for a command; write it as `code` or $maths$.", r"a \word"
        )
        self.breaks("<details> is HTML that not every program shows; code is `code`.", "<details>")
        self.breaks("<double> is HTML that not every program shows; code is `code`.", "Dual<double>")

    def test_the_same_in_code_is_fine(self) -> None:
        self.changed([], "## dL/dz", r"## dL/dz" + "\n`@word`, `\\word`, `Dual<double>`, a < b, a@b.org")

    def test_language(self) -> None:
        languages = "console, cpp, json, math, python, sh, text"
        rule = f"is not a language of the book; it may be {languages}."
        self.breaks(f'"" {rule}', "```\na\n```")
        self.breaks(f'"c++" {rule}', "```c++\na\n```")

    # Links and pictures

    def test_links(self) -> None:
        self.breaks("the link to conv2d.md leads to no file.", "[a](conv2d.md)")
        self.breaks(
            "the link to linear.md#backward leads to a heading that derivations/linear.md does not have.",
            "[a](linear.md#backward)",
        )
        self.breaks(
            "the link to #forwards leads to a heading that derivations/tanh.md does not have.",
            "[a](#forwards)",
        )
        self.breaks(
            "the link to ../src/layers/tanh.hpp#L3 has an anchor; only pages have those.",
            "[a](../src/layers/tanh.hpp#L3)",
        )

    def test_pictures(self) -> None:
        self.breaks("the picture a.png must be called pictures/page-name.svg.", "![a](a.png)")
        self.breaks(
            "the picture pictures/tanh-curve.svg needs words for who cannot see it: "
            "![words](pictures/tanh-curve.svg).",
            "![](pictures/tanh-curve.svg)",
        )
        self.breaks(
            'the words for the picture pictures/tanh-curve.svg cannot contain ".',
            '![an "S"](pictures/tanh-curve.svg)',
        )

    # Executed blocks

    def test_what_the_tangler_refuses(self) -> None:
        self.finds(
            ['1: nothing on this page is executed; it needs a block ```cpp test="name".'],
            "# A\n",
            "derivations/other.md",
        )
        self.finds([], "# The book\n", "derivations/README.md")


if __name__ == "__main__":
    unittest.main()
