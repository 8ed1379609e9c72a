"""The exit code of a check: one rule for every format, taken from the same report that is printed."""

from __future__ import annotations

from recoverable.rule import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report

CLEAN = 0
FINDINGS = 1
INCOMPLETE = 2
NOTHING = 3


def exit_code(report: Report, fail_on: str, *, strict: bool = False, empty: bool = False) -> int:
    """0 to 3, as in the README. `empty`: something to examine was expected and there was nothing.

    With `strict`, what could not be determined counts like a finding of its rule's severity. A report that is not
    complete is 2 whatever it found: nobody should read "only findings" where something was not looked at.
    """
    if report.faults:
        return INCOMPLETE
    if empty:
        return NOTHING
    if fail_on == "never":
        return CLEAN
    least = Severity(fail_on).rank
    counted = (*report.findings, *report.undetermined) if strict else report.findings
    return FINDINGS if any(finding.severity.rank <= least for finding in counted) else CLEAN
