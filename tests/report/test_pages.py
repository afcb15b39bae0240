"""Pages of the book as chapters of one document."""

import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401  (finds the report's modules)

from characters import expect_typesettable, table
from errors import ReportError
from pages import chapter, read_book, slug

TANH = """# Tanh

Builds on [the chain rule](chain_rule.md) and [its end](chain_rule.md#the-end), see
[below](#dldz), [the code](../src/tanh.hpp), and [the web](https://example.org/a.md).
Not links: `[a](b.md)` and $[0](1)$.

## dL/dz

$$
y
=
z
$$

```cpp test="one"
// [no link](nowhere.md)
# no heading
```

```cpp from="src/layers/tanh.hpp:forward"
y = tanh(z);
```

![A curve](pictures/tanh.svg)

## dL/dz
"""


class Pages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "derivations"
        (self.folder / "pictures").mkdir(parents=True)
        (self.folder / "pictures" / "tanh.svg").write_text("<svg/>")
        self.write("README.md", "1. [b](chain_rule.md)\n2. [a](tanh.md)\n")
        self.write("chain_rule.md", "# The chain rule\n\n## The end\n")
        self.write("tanh.md", TANH)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def chapter(self, place=1):
        book = read_book(self.folder)
        return chapter(book.pages[place], book)

    def complaint(self):
        with self.assertRaises(ReportError) as caught:
            self.chapter()
        return str(caught.exception)

    def test_order_of_the_readme(self):
        self.assertEqual([page.name for page in read_book(self.folder).pages],
                         ["chain_rule", "tanh"])

    def test_headings_move_down_and_carry_the_page(self):
        text = self.chapter()
        self.assertIn("## Tanh {#tanh}", text)
        self.assertIn("### dL/dz {#tanh-dldz}", text)
        self.assertIn("### dL/dz {#tanh-dldz-1}", text)

    def test_links(self):
        text = self.chapter()
        self.assertIn("[the chain rule](#chain_rule)", text)
        self.assertIn("[its end](#chain_rule-the-end)", text)
        self.assertIn("[below](#tanh-dldz)", text)
        self.assertIn(" the code, and", text)
        self.assertIn("[the web](https://example.org/a.md)", text)
        self.assertIn("`[a](b.md)` and $[0](1)$", text)

    def test_fences_keep_language_and_source(self):
        text = self.chapter()
        self.assertIn("```cpp\n// [no link](nowhere.md)\n# no heading\n```", text)
        self.assertIn('```{.cpp from="src/layers/tanh.hpp"}\ny = tanh(z);\n```', text)
        self.assertNotIn("test=", text)

    def test_a_formula_is_one_line(self):
        self.assertIn("\n$$ y = z $$\n", self.chapter())

    def test_pictures_are_found(self):
        self.assertIn(f"![A curve]({(self.folder / 'pictures' / 'tanh.svg').resolve()})",
                      self.chapter())

    def test_errors_name_page_and_line(self):
        self.write("tanh.md", "# Tanh\n\n[x](relu.md)\n")
        self.assertEqual(self.complaint(), "derivations/tanh.md:3: links to relu.md, which is no "
                                           "heading of the book")
        self.write("tanh.md", "# Tanh\n\n[x](chain_rule.md#start)\n")
        self.assertIn("derivations/tanh.md:3: links to chain_rule.md#start", self.complaint())
        self.write("tanh.md", "# Tanh\n\n![x](pictures/relu.svg)\n")
        self.assertIn("derivations/tanh.md:3: there is no picture pictures/relu.svg",
                      self.complaint())
        self.write("tanh.md", "# Tanh\n\n```cpp\n")
        self.assertIn("derivations/tanh.md:3: this block is never closed", self.complaint())

    def test_a_folder_without_a_book(self):
        (self.folder / "README.md").unlink()
        with self.assertRaisesRegex(ReportError, "README.md: there is no such file"):
            read_book(self.folder)

    def test_slugs_are_github_s(self):
        self.assertEqual(slug("Where it goes wrong"), "where-it-goes-wrong")
        self.assertEqual(slug("dL/dz, by `hand`"), "dldz-by-hand")


class Characters(unittest.TestCase):
    def test_a_character_without_latex_is_named(self):
        expect_typesettable("naïve ∂ → ≤ – “x” ─┐", "a.md")
        with self.assertRaisesRegex(ReportError, r"a\.md:2: the character 漢 \(U\+6F22\)"):
            expect_typesettable("fine\n漢", "a.md")

    def test_one_character_a_key(self):
        self.assertEqual([c for c in table() if len(c) != 1], [])


if __name__ == "__main__":
    unittest.main()
