"""The tangler: what it makes of a page, and what it refuses."""

import unittest
from pathlib import Path

from support import PageTest, called, page_of

from tangle import main, tangled


def origins(program: str) -> dict[str, int]:
    """The page's line of every line of a tangled program, as the compiler counts them."""
    result: dict[str, int] = {}
    number = 0
    for line in program.splitlines():
        if line.startswith("#line "):
            number = int(line.split()[1])
        else:
            result.setdefault(line, number)
            number += 1
    return result


class Tangled(PageTest):
    def test_case_begins_on_the_line_of_its_fence(self) -> None:
        program = tangled(page_of("""
            # Conv2d
            text
            ```cpp test="by hand"
            int a = 1;
            CHECK(a == 1);
            ```
            """, "derivations/conv2d.md"))
        self.assertIn('TEST_SUITE("conv2d") {', program)
        self.assertIn('#line 3 "derivations/conv2d.md"\nTEST_CASE("by hand") {\nint a', program)
        self.assertEqual(5, origins(program)["CHECK(a == 1);"])

    def test_blocks_of_one_name_share_one_case(self) -> None:
        program = tangled(page_of("""
            ```cpp test="one"
            int a = 1;
            ```
            ```cpp test="two"
            CHECK(true);
            ```
            ```cpp test="one"
            CHECK(a == 1);
            ```
            """))
        self.assertEqual(2, program.count("TEST_CASE"))
        self.assertIn('int a = 1;\n#line 8 "derivations/p.md"\nCHECK(a == 1);\n}', program)

    def test_includes_move_above_the_namespaces_and_keep_their_line(self) -> None:
        program = tangled(page_of("""
            ```cpp test="one"
            #include <numeric>
            CHECK(true);
            ```
            """))
        self.assertLess(program.index("<numeric>"), program.index("using namespace"))
        self.assertEqual(1, program.count("<numeric>"))
        self.assertEqual(2, origins(program)["#include <numeric>"])
        self.assertEqual(3, origins(program)["CHECK(true);"])

    def test_scope_stands_before_every_test(self) -> None:
        program = tangled(page_of("""
            ```cpp test="one"
            CHECK(Wrong{}.answer == 42);
            ```
            ```cpp scope="page"
            struct Wrong {
                int answer = 42;
            };
            ```
            """))
        self.assertLess(program.index("struct Wrong"), program.index("TEST_CASE"))
        self.assertEqual(5, origins(program)["struct Wrong {"])
        self.assertEqual(2, origins(program)["CHECK(Wrong{}.answer == 42);"])

    def test_what_a_test_prints_is_compared(self) -> None:
        program = tangled(page_of(r"""
            ```cpp test="one"
            std::cout << "a \"b\"\n";
            ```
            ```text output="one"
            a "b"
            ```
            """))
        self.assertIn('#line 4 "derivations/p.md"\nCHECK(printed.text() == ', program)
        self.assertIn(r'std::string("a \"b\"\n"));', program)

    def test_an_indented_block_loses_its_indentation(self) -> None:
        program = tangled(page_of("""
            - item

              ```cpp test="one"
              CHECK(true);
              ```
            """))
        self.assertIn("\nCHECK(true);\n", program)

    def test_fences_inside_a_longer_fence_are_text(self) -> None:
        program = tangled(page_of("""
            ````text
            ```cpp
            ````
            ```cpp test="one"
            CHECK(true);
            ```
            """))
        self.assertEqual(1, program.count("TEST_CASE"))


class Refused(PageTest):
    def refuses(self, message: str, text: str) -> None:
        self.assert_refused(f"derivations/p.md:{message}", lambda: tangled(page_of(text)))

    def test_page_without_an_executed_block(self) -> None:
        self.refuses(
            '1: nothing on this page is executed; it needs a block ```cpp test="name".',
            """
            # Title
            ```text
            a sketch
            ```
            """,
        )

    def test_bare_block(self) -> None:
        self.refuses(
            '2: a cpp block says what it is with exactly one of test="name", scope="page" and '
            'from="file:region"; a sketch is a text block.',
            """
            # Title
            ```cpp
            int a;
            ```
            """,
        )

    def test_two_intents(self) -> None:
        self.refuses(
            '1: a cpp block says what it is with exactly one of test="name", scope="page" and '
            'from="file:region"; a sketch is a text block.',
            """
            ```cpp test="a" from="b:c"
            ```
            """,
        )

    def test_unclosed_fence(self) -> None:
        self.refuses(
            "3: this block is never closed; it needs a line with ``` after it.",
            """
            text

            ```cpp test="a"
            CHECK(true);
            """,
        )

    def test_brace_without_end(self) -> None:
        self.refuses(
            "2: this { is never closed in the block.",
            """
            ```cpp test="a"
            if (true) {
            CHECK(true);
            ```
            """,
        )

    def test_brace_without_beginning(self) -> None:
        self.refuses(
            "6: this } closes nothing that the block opened.",
            """
            ```cpp test="a"
            CHECK('{' == "{"[0]); // {
            CHECK(1'000 == 1'000); /* { */
            ```
            ```cpp test="a"
            }
            ```
            """,
        )

    def test_scope_closes_its_own_braces(self) -> None:
        self.refuses(
            "2: this { is never closed in the block.",
            """
            ```cpp scope="page"
            struct A {
            ```
            ```cpp test="a"
            CHECK(true);
            ```
            """,
        )

    def test_unknown_attribute(self) -> None:
        self.refuses(
            "1: a cpp block has no attribute tset; it may have from, scope, test.",
            """
            ```cpp tset="a"
            ```
            """,
        )

    def test_attribute_of_another_language(self) -> None:
        self.refuses(
            "1: a python block has no attribute test; it may have none.",
            """
            ```python test="a"
            ```
            """,
        )

    def test_word_that_is_no_attribute(self) -> None:
        self.refuses(
            '1: "runs" is not an attribute; attributes are written name="value".',
            """
            ```cpp test="a" runs
            ```
            """,
        )

    def test_attribute_twice(self) -> None:
        self.refuses(
            "1: the attribute test stands here twice.",
            """
            ```cpp test="a" test="b"
            ```
            """,
        )

    def test_empty_name(self) -> None:
        self.refuses(
            '1: test="" is empty; it needs a value.',
            """
            ```cpp test=""
            CHECK(true);
            ```
            """,
        )

    def test_empty_block(self) -> None:
        self.refuses(
            '1: the block of the test "a" is empty.',
            """
            ```cpp test="a"

            ```
            """,
        )

    def test_test_that_checks_nothing(self) -> None:
        self.refuses(
            '1: the test "a" checks nothing; it needs a CHECK or an output block.',
            """
            ```cpp test="a"
            int a = 1; // CHECK it
            ```
            """,
        )

    def test_unknown_scope(self) -> None:
        self.refuses(
            '1: scope="book" is unknown; it may be "page".',
            """
            ```cpp scope="book"
            ```
            """,
        )

    def test_output_of_no_test(self) -> None:
        self.refuses(
            '1: there is no test "a" above that prints this.',
            """
            ```text output="a"
            3
            ```
            """,
        )

    def test_two_outputs(self) -> None:
        self.refuses(
            '7: the test "a" has its output in line 4 already.',
            """
            ```cpp test="a"
            std::cout << 3;
            ```
            ```text output="a"
            3
            ```
            ```text output="a"
            3
            ```
            """,
        )

    def test_test_that_goes_on_after_its_output(self) -> None:
        self.refuses(
            '7: the test "a" goes on after its output in line 4; the output comes last.',
            """
            ```cpp test="a"
            std::cout << 3;
            ```
            ```text output="a"
            3
            ```
            ```cpp test="a"
            std::cout << 4;
            ```
            """,
        )


class CommandLine(PageTest):
    def tangle(self, page: Path) -> tuple[int, str]:
        return called(main, page, self.root / "out.cpp", "--root", self.root)

    def test_an_error_is_one_line_and_leaves_no_file(self) -> None:
        code, errors = self.tangle(self.write("derivations/p.md", "```cpp\n```\n"))
        self.assertEqual(1, code)
        self.assertRegex(errors, r"\Aderivations/p\.md:1: a cpp block .*\n\Z")
        self.assertFalse((self.root / "out.cpp").exists())

    def test_a_page_that_is_not_there(self) -> None:
        code, errors = self.tangle(self.root / "derivations/p.md")
        self.assertEqual((1, "derivations/p.md:1: there is no such page.\n"), (code, errors))


if __name__ == "__main__":
    unittest.main()
