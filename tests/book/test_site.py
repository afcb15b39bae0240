"""The site: its navigation, the order of the book, and that nothing half-made is left behind."""

import json
import unittest

from support import PageTest

from navigation import lead_to_the_book, remove_sections
from order import BookError, order
from site_builder import SiteError, copy_pictures


class Navigation(PageTest):
    def setUp(self) -> None:
        super().setUp()
        self.write(
            "navtreedata.js",
            """
            /* licence */
            var NAVTREE =
            [ [ "handgrad", "index.html", [
              [ "Doors", "index.html#mainpage-doors", null ],
              [ "Book", "book.html", "book" ],
              [ "Tanh", "class.html", [ [ "forward", "class.html#a1", null ] ] ]
            ] ] ];
            var AFTER = 'kept';
            """,
        )
        self.write(
            "book.js",
            """
            var book =
            [
              [ "Order", "book.html#book-order", null ],
              [ "Tanh", "tanh.html", [ [ "dL/dz", "tanh.html#tanh-dldz", null ] ] ]
            ];
            """,
        )
        ways = {
            "index.html": [],
            "index.html#mainpage-doors": [0],
            "book.html": [1],
            "tanh.html": [1, 1],
            "tanh.html#tanh-dldz": [1, 1, 0],
            "class.html#a1": [2, 0],
        }
        self.write("navtreeindex0.js", f"var NAVTREEINDEX0 =\n{json.dumps(ways)};\n")
        remove_sections(self.root)

    def text(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def test_sections_are_gone_and_members_stay(self) -> None:
        self.assertNotIn("Doors", self.text("navtreedata.js"))
        self.assertIn('["forward", "class.html#a1", null]', self.text("navtreedata.js"))
        self.assertEqual('var book =\n[["Tanh", "tanh.html", null]];\n', self.text("book.js"))

    def test_the_rest_of_the_file_stays(self) -> None:
        self.assertIn("/* licence */", self.text("navtreedata.js"))
        self.assertIn("var AFTER = 'kept';", self.text("navtreedata.js"))

    def test_ways_lead_to_the_same_places_and_sections_to_their_page(self) -> None:
        text = self.text("navtreeindex0.js")
        self.assertEqual(
            {
                "index.html": [],
                "index.html#mainpage-doors": [],
                "book.html": [0],
                "tanh.html": [0, 0],
                "tanh.html#tanh-dldz": [0, 0],
                "class.html#a1": [1, 0],
            },
            json.loads(text.partition("=\n")[2].removesuffix(";\n")),
        )


class Menu(PageTest):
    def test_the_book_is_in_the_menu(self) -> None:
        menu = self.write("menudata.js", '{text:"The book",url:"pages.html"}\n')
        self.write("pages.html", "")
        lead_to_the_book(self.root)
        self.assertEqual('{text:"The book",url:"book.html"}\n', menu.read_text(encoding="utf-8"))
        self.assertFalse((self.root / "pages.html").exists())


class Order(PageTest):
    def test_links_give_the_order(self) -> None:
        readme = self.write("README.md", "1. [B](b.md)\n2. [A](a.md#x)\n\nsee [B](b.md), [C](../c.md)\n")
        for name in ["a.md", "b.md"]:
            self.write(name, "# A\n")
        self.assertEqual(["b.md", "a.md"], order(readme))

    def test_a_page_that_is_linked_and_not_there(self) -> None:
        readme = self.write("README.md", "# Book\n[B](b.md)\n")
        with self.assertRaisesRegex(BookError, r"README\.md names b\.md, and there is no such page\."):
            order(readme)

    def test_a_page_that_is_there_and_not_linked(self) -> None:
        readme = self.write("README.md", "# Book\n")
        self.write("b.md", "# B\n")
        with self.assertRaisesRegex(BookError, r"README\.md does not link to b\.md, so it has no place"):
            order(readme)


class Pictures(PageTest):
    def test_a_picture_that_is_not_drawn(self) -> None:
        self.write("drawn/tanh-curve.svg", "<svg/>")
        self.write("site/tanh.html", '<img src="pictures/tanh-curve.svg"/><img src="pictures/tanh-x.svg"/>')
        with self.assertRaisesRegex(SiteError, r"tanh: the picture tanh-x\.svg is not drawn"):
            copy_pictures([self.root / "drawn"], self.root / "site")

    def test_only_pictures_are_copied(self) -> None:
        self.write("drawn/tanh-curve.svg", "<svg/>")
        self.write("drawn/program.o", "")
        (self.root / "site").mkdir()
        copy_pictures([self.root / "drawn"], self.root / "site")
        copied = [file.name for file in (self.root / "site" / "pictures").iterdir()]
        self.assertEqual(["tanh-curve.svg"], copied)


if __name__ == "__main__":
    unittest.main()
