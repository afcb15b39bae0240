"""What the report says of the gradient checks."""

from __future__ import annotations

import tables
from blocks import filled
from checks import Check
from wording import count, counted, escaped, listed


def layers_said(checks: list[Check]) -> str:
    return listed([f"`{layer}`" for layer in dict.fromkeys(check.layer for check in checks)])


def verdict_said(checks: list[Check]) -> str:
    """What the gradient check found, in one or two sentences."""
    total = sum(check.entries for check in checks)
    wrong = sum(t.wrong for check in checks for t in check.tensors)
    undecided = sum(t.undecided for check in checks for t in check.tensors)
    found = (f"{counted(total, 'entry').replace('entrys', 'entries')} of gradients were checked "
             f"in {counted(len(checks), 'configuration')}")
    if not wrong and not undecided:
        failed = sum(not check.passed for check in checks)
        if failed:
            return f"{found}; {counted(failed, 'configuration')} did not pass."
        return f"{found}: all are verified."
    verified = total - wrong - undecided
    return (f"{found}: {count(verified)} are verified, {count(wrong)} wrong, and "
            f"{count(undecided)} undecided.")


# How each source of a reference derivative works, by the name that the check gives it
REFERENCES = {
    "central differences": "Central differences evaluate the forward pass on both sides of an "
                           "entry's value at shrinking distances and extrapolate the quotients to "
                           "the distance 0.",
    "complex step": "The complex step moves an entry by a tiny imaginary number and reads the "
                    "derivative off the imaginary part, where nothing is subtracted.",
    "forward mode": "Forward mode computes in extended precision with dual numbers, which carry a "
                    "derivative through every operation of the forward pass.",
}


def checks_section(checks: list[Check]) -> str:
    caption = "Analytic gradients against their references, for every layer and configuration. A configuration that begins with … is that of the row above up to there."
    references = list(dict.fromkeys(name for check in checks for name in check.references))
    return filled("checks", references=listed(references),
                  how=" ".join(REFERENCES[name] for name in references if name in REFERENCES),
                  verdict=verdict_said(checks), tried=tried_said(checks),
                  contract=contract_said(checks),
                  table=tables.check_table("tab-checks", caption, checks))


def tried_said(checks: list[Check]) -> str:
    """How much the comparisons mean: 0 with 0 proves little."""
    total = sum(check.entries for check in checks)
    not_zero, positive, negative = (sum(getattr(check.coverage, part) for check in checks)
                                    for part in ("not_zero", "positive", "negative"))
    said = (f"The upstream gradients $dy$ have {count(positive)} positive and {count(negative)} "
            f"negative entries. Of the {count(total)} entries compared, {count(not_zero)} are not 0 "
            "by structure; the others are 0 because no output depends on them, and must come out "
            "as 0.")
    kinks = sum(check.kinks for check in checks)
    if kinks:
        said += (f" {counted(kinks, 'output')} stood on a kink, where there is no derivative: there "
                 "a subgradient was asked for.")
    return said


def contract_said(checks: list[Check]) -> str:
    broken = [f"`{check.layer}`: {escaped(sentence)}" for check in checks
              for sentence in check.findings]
    if not broken:
        return "No layer broke a rule."
    return f"Broken in {counted(len(broken), 'case')}: {'; '.join(broken)}."
