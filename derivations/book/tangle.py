"""Turns a page of the book into a doctest program whose line numbers are the page's.

    ```cpp test="name"      is executed; blocks of one name are the body of one test case
    ```cpp scope="page"     classes and functions that the tests of the page use
    ```text output="name"   what that test prints, to the letter
    ```cpp from="src/layers/conv2d.hpp:backward"   a quotation, see quotations.py

A compile error or a failing CHECK names the line of the page: derivations/conv2d.md:57.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cpp import brace_error
from page import Block, Page, PageError, read_page

INCLUDE = re.compile(r"^\s*#\s*include\b")
CHECK = re.compile(r"\b(CHECK|REQUIRE)\w*\(")
ATTRIBUTES = {"cpp": {"test", "scope", "from"}, "text": {"output"}}


@dataclass
class Test:
    """A test case: the blocks that share its name, and what it must print, if the page says."""

    name: str
    blocks: list[Block]
    output: Block | None = None


@dataclass
class Program:
    """What a page executes."""

    scope: list[Block] = field(default_factory=list)
    tests: dict[str, Test] = field(default_factory=dict)


def read_program(page: Page) -> Program:
    """Collects the executed blocks of a page and refuses what cannot be meant."""
    program = Program()
    for block in page.blocks:
        check_attributes(page, block)
        if "test" in block.attributes:
            add_test_block(page, program, block)
        elif "scope" in block.attributes:
            program.scope.append(block)
        elif "output" in block.attributes:
            add_output(page, program, block)
    check_braces(page, program)
    check_tests(page, program)
    return program


def check_attributes(page: Page, block: Block) -> None:
    """Refuses unknown attributes and C++ that nothing would execute or compare."""
    allowed = ATTRIBUTES.get(block.language, set())
    for name, value in block.attributes.items():
        if name not in allowed:
            raise PageError(page.path, block.line, unknown_attribute(block.language, name, allowed))
        if not value.strip():
            raise PageError(page.path, block.line, f'{name}="" is empty; it needs a value.')
    if block.language == "cpp" and len(block.attributes) != 1:
        raise PageError(
            page.path,
            block.line,
            'a cpp block says what it is with exactly one of test="name", scope="page" and '
            'from="file:region"; a sketch is a text block.',
        )
    if block.attributes.get("scope", "page") != "page":
        raise PageError(
            page.path, block.line, f'scope="{block.attributes["scope"]}" is unknown; it may be "page".'
        )


def unknown_attribute(language: str, name: str, allowed: set[str]) -> str:
    """The sentence about an attribute that a language does not have."""
    rule = f"it may have {', '.join(sorted(allowed))}" if allowed else "it may have none"
    return f"a {language or 'plain'} block has no attribute {name}; {rule}."


def add_test_block(page: Page, program: Program, block: Block) -> None:
    """Adds a block to the test of its name."""
    name = block.attributes["test"]
    if not any(line.strip() for line in block.code):
        raise PageError(page.path, block.line, f'the block of the test "{name}" is empty.')
    test = program.tests.setdefault(name, Test(name, []))
    if test.output:
        raise PageError(
            page.path,
            block.line,
            f'the test "{name}" goes on after its output in line {test.output.line}; '
            "the output comes last.",
        )
    test.blocks.append(block)


def add_output(page: Page, program: Program, block: Block) -> None:
    """Gives a test the text that it must print."""
    name = block.attributes["output"]
    test = program.tests.get(name)
    if test is None:
        raise PageError(page.path, block.line, f'there is no test "{name}" above that prints this.')
    if test.output:
        raise PageError(
            page.path, block.line, f'the test "{name}" has its output in line {test.output.line} already.'
        )
    test.output = block


def check_braces(page: Page, program: Program) -> None:
    """Refuses a test whose braces would open or close something of its neighbours."""
    bodies = [test.blocks for test in program.tests.values()]
    bodies += [[block] for block in program.scope]
    for blocks in bodies:
        numbered = [
            (number, text)
            for block in blocks
            for number, text in enumerate(block.code, block.line + 1)
        ]
        error = brace_error(numbered)
        if error:
            raise PageError(page.path, *error)


def check_tests(page: Page, program: Program) -> None:
    """Refuses a test that nothing could make fail."""
    for test in program.tests.values():
        lines = (line for block in test.blocks for line in block.code)
        if not test.output and not any(CHECK.search(line) for line in lines):
            raise PageError(
                page.path,
                test.blocks[0].line,
                f'the test "{test.name}" checks nothing; it needs a CHECK or an output block.',
            )


def tangled(page: Page) -> str:
    """The C++ of a page: includes, then what its tests share, then its test cases."""
    program = read_program(page)
    if not program.tests:
        raise PageError(
            page.path, 1, 'nothing on this page is executed; it needs a block ```cpp test="name".'
        )
    executed = program.scope + [b for test in program.tests.values() for b in test.blocks]
    out = [f"// Made by derivations/book/tangle.py from {page.path}, which is what to change."]
    out += ['#include "handgrad.hpp"', '#include "testing.hpp"']
    if any(test.output for test in program.tests.values()):
        out += ['#include "printed.hpp"']
    for block in executed:
        out += included(page, block)
    out += ["using namespace handgrad;", "using namespace handgrad::testing;"]
    out += [f"TEST_SUITE({quoted(page.name)}) {{"]
    for block in program.scope:
        out += [at(page, block.line), "namespace {", *code(block), "} // namespace"]
    for test in program.tests.values():
        out += test_case(page, test)
    out += ["} // TEST_SUITE", ""]
    return "\n".join(out)


def included(page: Page, block: Block) -> list[str]:
    """The #include lines of a block, which belong above every namespace."""
    out: list[str] = []
    for number, text in enumerate(block.code, block.line + 1):
        if INCLUDE.match(text):
            out += [at(page, number), text]
    return out


def code(block: Block) -> list[str]:
    """The lines of a block, with blanks where its #include lines were."""
    return ["" if INCLUDE.match(line) else line for line in block.code]


def test_case(page: Page, test: Test) -> list[str]:
    """A test case that begins on the line of its first fence."""
    first, *more = test.blocks
    capture = "handgrad::testing::Printed printed;" if test.output else ""
    out = [at(page, first.line), f"TEST_CASE({quoted(test.name)}) {{ {capture}".rstrip(), *code(first)]
    for block in more:
        out += [at(page, block.line + 1), *code(block)]
    if test.output:
        out += [at(page, test.output.line), comparison(test.output)]
    return out + ["}"]


def comparison(output: Block) -> str:
    """The check that a test printed what the page shows."""
    text = "".join(line.rstrip() + "\n" for line in output.code)
    return f"CHECK(printed.text() == std::string({quoted(text)}));"


def at(page: Page, line: int) -> str:
    """Makes the compiler call the next line `line` of the page."""
    return f"#line {line} {quoted(page.path)}"


def quoted(text: str) -> str:
    """A C++ string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Turns a page of the book into a doctest program.")
    parser.add_argument("page", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--root", type=Path, required=True, help="the root of the project")
    arguments = parser.parse_args(words)
    try:
        program = tangled(read_page(arguments.page, arguments.root))
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    arguments.output.write_text(program, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
