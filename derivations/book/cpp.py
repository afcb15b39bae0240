"""What the page tools need to know of C++: which braces are code."""

import re

# What braces are not code in, and the braces; the first alternative that matches wins
TOKEN = re.compile(
    r'R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'  # string
    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'"  # character, but not the ' in 1'000
    r"|//[^\n]*|/\*.*?\*/"  # comment
    r"|(?P<brace>[{}])",
    re.DOTALL,
)


def brace_error(lines: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The line and the sentence for the first brace without a partner in numbered lines of C++."""
    text = "\n".join(line for _, line in lines)
    opened: list[int] = []
    for token in TOKEN.finditer(text):
        number = lines[text.count("\n", 0, token.start())][0]
        if token["brace"] == "{":
            opened.append(number)
        elif token["brace"] == "}" and not opened:
            return number, "this } closes nothing that the block opened."
        elif token["brace"] == "}":
            opened.pop()
    return (opened[-1], "this { is never closed in the block.") if opened else None
