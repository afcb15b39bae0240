"""Turns what `kill_matrix --json` prints into the page "What catches what" of the site."""

import html
from itertools import groupby
from typing import Any

Mutant = dict[str, Any]

HEAD = """# What catches what

A checker is believed because it was seen to catch mistakes. Each row below is a *mutant*: a layer whose backward pass is wrong on purpose, in one way. **{killed} of {count} are caught**, and {right}. Of {named} the checker also names the mistake.

A backward pass is not only wrong in its numbers. It may answer differently when it is called again, change what it was given, or add to what it should set; so the check has many probes, and each row shows which of them notice. The probes on the right are simpler checks that are in use elsewhere. They stand here for comparison and take no part in the check.

## The probes

{probes}

*Only this one* counts the mutants that no other probe of the same check notices. A probe that stands at 0 there is not idle: it says *why* something is wrong, where others say only that it is. `differences` judge another check, of a layer that is no class template over its numbers.
"""


def text(words: str) -> str:
    """Words in HTML; nothing in them is a command to Doxygen or to the filter of pages."""
    return "".join(f"&#{ord(letter)};" if letter in "[]()$`@\\*_~|" else letter
                   for letter in html.escape(words))


def table(rows: list[str], kind: str) -> str:
    """Rows in a box that scrolls by itself, given to Doxygen as they are."""
    return "\n".join(["\\htmlonly[block]", f'<div class="{kind}"><table>', *rows,
                      "</table></div>", "\\endhtmlonly"])


def probes_table(probes: list[dict[str, str]], mutants: list[Mutant]) -> str:
    """What each probe looks at, and how much it notices."""
    own = [i for i, probe in enumerate(probes) if i == 0 or probe["group"] == "contract"]
    rows = ["<thead><tr><th>probe</th><th>what it notices</th><th>notices</th><th></th>"
            "<th>only this one</th></tr></thead>"]
    places = enumerate(probes)
    for group, members in groupby(places, key=lambda place: place[1]["group"]):
        rows.append(f'<tbody><tr class="group"><th colspan="5">{text(group)}</th></tr>')
        for i, probe in members:
            seen = sum(mutant["noticed"][i] for mutant in mutants)
            alone = sum(mutant["noticed"][i] and sum(mutant["noticed"][j] for j in own) == 1
                        for mutant in mutants)
            share = 100 * seen / len(mutants)
            rows.append(
                f'<tr><td>{text(probe["name"])}</td><td>{text(probe["key"])}</td>'
                f'<td class="number">{seen}</td>'
                f'<td class="bar"><span style="width: {share:.0f}%"></span></td>'
                f'<td class="number">{alone if i in own else ""}</td></tr>'
            )
        rows.append("</tbody>")
    return table(rows, "probes")


def matrix(probes: list[dict[str, str]], mutants: list[Mutant]) -> str:
    """The mutants of one layer, one a row, by the setting in which they are checked."""
    groups = [(name, len(list(each))) for name, each in groupby(probes, key=lambda p: p["group"])]
    starts = [sum(size for _, size in groups[:place]) for place in range(len(groups))]
    heads = "".join(f'<th class="first" colspan="{size}">{text(name)}</th>' for name, size in groups)
    names = "".join(
        f'<th{" class=first" if i in starts else ""}><span>{text(probe["name"])}</span></th>'
        for i, probe in enumerate(probes)
    )
    rows = [f'<thead><tr class="groups"><th></th>{heads}</tr>',
            f'<tr class="names"><th>backward pass</th>{names}</tr></thead>']
    for setting, members in groupby(mutants, key=lambda mutant: mutant["setting"]):
        rows.append(f'<tbody><tr class="group"><th>{text(setting)}</th>'
                    f'<td colspan="{len(probes)}"></td></tr>')
        rows += [row(mutant, starts) for mutant in members]
        rows.append("</tbody>")
    return table(rows, "matrix")


def row(mutant: Mutant, starts: list[int]) -> str:
    """One mutant, with a mark for every probe that notices."""
    cells = "".join(
        f'<td{" class=first" if i in starts else ""}>{"●" if seen else ""}</td>'
        for i, seen in enumerate(mutant["noticed"])
    )
    name = text(mutant["name"])
    if not mutant["killed"]:
        name = f"<strong>{name}: not caught</strong>"
    return f"<tr><th>{name}</th>{cells}</tr>"


def page(document: dict[str, Any], right: int) -> str:
    """The page as Markdown; `right` is in how many configurations right layers were checked."""
    probes, mutants = document["probes"], document["mutants"]
    if not mutants:
        raise ValueError("kill_matrix: there are no mutants, there must be at least one")
    head = HEAD.format(
        count=len(mutants),
        killed=sum(mutant["killed"] for mutant in mutants),
        named=sum(bool(mutant["mistake"]) for mutant in mutants),
        right=f"the [right layers](checked.md) pass in all their {right} configurations",
        probes=probes_table(probes, mutants),
    )
    parts = [head.strip()]
    layers = [(name, list(each)) for name, each in groupby(mutants, key=lambda m: m["layer"])]
    links = ", ".join(f"[{name}](#{name})" for name, _ in layers)
    parts.append(f"## The mutants\n\nBy layer: {links}. A dot ● says that the probe notices.")
    for name, members in layers:
        caught = sum(mutant["killed"] for mutant in members)
        parts.append(f"### {name}\n\n{caught} of {len(members)} are caught.\n\n"
                     f"{matrix(probes, members)}")
    return "\n\n".join(parts) + "\n"
