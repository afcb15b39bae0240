"""Quotations: equal to the file, or a failure that shows the difference."""

import unittest

from support import PageTest

from page import read_page
from quotations import differences, fixed

SOURCE = """
    class Tanh {
        //! [backward]
        Tensor backward(dy) {
            return dy * (1 - y * y);
        }
        //! [backward]
    };
    """

PAGE = """
    # Tanh
    ```cpp from="src/tanh.hpp:backward"
    Tensor backward(dy) {
        return dy * (1 - y * y);
    }
    ```
    after
    """


class Quotations(PageTest):
    def read(self, page: str, source: str = SOURCE):
        self.write("src/tanh.hpp", source)
        return read_page(self.write("derivations/tanh.md", page), self.root)

    def test_equal(self) -> None:
        self.assertEqual([], differences(self.read(PAGE), self.root))

    def test_a_changed_file_is_shown_as_a_difference(self) -> None:
        page = self.read(PAGE, SOURCE.replace("1 - y * y", "1 + y * y"))
        self.assertEqual(
            [
                "derivations/tanh.md:2: this is not what src/tanh.hpp:backward says; "
                "derivations/book/quotations.py --fix rewrites the page.\n"
                "--- derivations/tanh.md:2\n"
                "+++ src/tanh.hpp:backward\n"
                "@@ -1,3 +1,3 @@\n"
                " Tensor backward(dy) {\n"
                "-    return dy * (1 - y * y);\n"
                "+    return dy * (1 + y * y);\n"
                " }"
            ],
            differences(page, self.root),
        )

    def test_fix_rewrites_the_quotation_and_nothing_else(self) -> None:
        page = self.read(PAGE, SOURCE.replace("return", "auto dz =\n               "))
        self.write("derivations/tanh.md", fixed(page, self.root))
        again = read_page(self.root / "derivations/tanh.md", self.root)
        self.assertEqual([], differences(again, self.root))
        self.assertEqual((page.lines[:3], page.lines[4:]), (again.lines[:3], again.lines[5:]))

    def refuses(self, message: str, page: str, source: str = SOURCE) -> None:
        self.assert_refused(
            f"derivations/tanh.md:2: {message}", differences, self.read(page, source), self.root
        )

    def test_no_such_file(self) -> None:
        self.refuses(
            "there is no file src/tnah.hpp to quote from.", PAGE.replace("tanh.hpp", "tnah.hpp")
        )

    def test_no_such_region(self) -> None:
        self.refuses(
            "the lines //! [forward] in src/tanh.hpp must be two, one above the region and one "
            "below; there are 0.",
            PAGE.replace(":backward", ":forward"),
        )

    def test_region_without_an_end(self) -> None:
        self.refuses(
            "the lines //! [backward] in src/tanh.hpp must be two, one above the region and one "
            "below; there are 1.",
            PAGE,
            SOURCE.replace("}\n        //! [backward]", "}"),
        )

    def test_no_region_named(self) -> None:
        self.refuses(
            'from="src/tanh.hpp" is not "file:region", such as "src/layers/conv2d.hpp:backward".',
            PAGE.replace(":backward", ""),
        )


if __name__ == "__main__":
    unittest.main()
