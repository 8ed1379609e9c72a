"""The report as SARIF 2.1.0, in the way that GitHub code scanning takes it.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
GitHub: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json

from recoverable.report.characters import json_escaped, printable
from recoverable.report.line_hash import line_hashes
from recoverable.report.sarif_places import ROOT, artifact, location, region
from recoverable.report.sarif_rules import LEVELS, descriptors
from recoverable.report.wording import counts, deciding, estate_statement, number, raised, sentence, title
from recoverable.source import Call, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.report.options import Options
    from recoverable.rule import Fault, Finding, Fix
    from recoverable.truth import Fact

    Object = dict[str, object]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

#: GitHub keeps this many results of a run, and not always the worst.
MOST_RESULTS = 5000

#: GitHub shows this many locations of a result.
MOST_RELATED = 100

#: Our own fingerprint. The number changes if what is hashed ever does.
FINGERPRINT = "recoverable/v1"

#: Faults of these kinds are about how the run was set up, not about what was read.
_SETTING_UP = ("config", "rule-pack", "accept", "parameter", "option")


def render(report: Report, options: Options) -> str:
    """One log with one run. The same report gives the same bytes: no times, no machine, no absolute paths."""
    log: Object = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, options)]}
    return json_escaped(json.dumps(log, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def left_out(report: Report, options: Options) -> int:
    """How many results there are beyond those that fit."""
    accepted = len(report.accepted) if options.sarif_include_accepted else 0
    return max(0, len(report.findings) + len(report.undetermined) + accepted - MOST_RESULTS)


def _run(report: Report, options: Options) -> Object:
    rules, index = descriptors(report, options)
    driver: Object = {"name": "recoverable"}
    if options.version:
        driver["version"] = driver["semanticVersion"] = options.version
    driver["rules"] = rules
    if options.aws_data:
        driver["properties"] = {"awsData": options.aws_data}
    run: Object = {"tool": {"driver": driver}, "invocations": [_invocation(report, options)]}
    if options.sarif_category:
        # GitHub takes what stands before the last slash as the category, and the rest as the name of one upload.
        run["automationDetails"] = {"id": options.sarif_category.rstrip("/") + "/"}
    run["originalUriBaseIds"] = {ROOT: {"description": {"text": "The root of the repository."}}}
    run["columnKind"] = "unicodeCodePoints"
    run["results"] = _results(report, options, index)
    return run


def _results(report: Report, options: Options, index: dict[str, int]) -> list[Object]:
    hashes: dict[str, list[str]] = {}
    results: list[Object] = []
    accepted = report.accepted if options.sarif_include_accepted else ()
    for kind, findings in (("fail", report.findings), ("open", report.undetermined), ("accepted", accepted)):
        for finding in findings[: MOST_RESULTS - len(results)]:
            result = _result(finding, index[finding.rule.name], open=kind == "open")
            if kind == "accepted":
                result["suppressions"] = [
                    {"kind": "external", "status": "accepted", "justification": finding.reason or "accepted"}
                ]
            if options.sarif_line_hash:
                _add_line_hash(result, finding, report, hashes)
            results.append(result)
    return results


def _result(finding: Finding, rule_index: int, *, open: bool) -> Object:
    here, elsewhere = deciding(finding)
    related = [fact for fact in elsewhere if not isinstance(fact.origin, Call)][:MOST_RELATED]
    result: Object = {
        "ruleId": finding.rule.name,
        "ruleIndex": rule_index,
        "kind": "open" if open else "fail",
        "level": "none" if open else LEVELS[finding.severity.value],
        "message": {"text": _message(finding, here, elsewhere, related, open=open)},
        "locations": [location(finding.origin, finding.subject)],
    }
    if related:
        result["relatedLocations"] = [_related(at, fact) for at, fact in enumerate(related, 1)]
    result["partialFingerprints"] = {FINGERPRINT: finding.fingerprint}
    if finding.fix:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _message(finding: Finding, here: list[Fact], elsewhere: list[Fact], related: list[Fact], *, open: bool) -> str:
    """What is wrong with what, and why. GitHub shows only those related places that the message links to."""
    said = [_literal(f"{title(finding, open=open)}.")]
    said += [_literal(sentence(fact.text)) for fact in here]
    numbers = {id(fact): at for at, fact in enumerate(related, 1)}
    for fact in elsewhere:
        text = printable(fact.text).rstrip(". ")
        if id(fact) in numbers:
            said.append(f"[{_bracketed(raised(text))}]({numbers[id(fact)]}).")
        elif isinstance(fact.origin, Call):
            said.append(_literal(sentence(f"{text} ({fact.origin.start()})")))
    if len(elsewhere) - len(related) > sum(isinstance(fact.origin, Call) for fact in elsewhere):
        said.append(f"{number(len(elsewhere) - len(related), 'more fact')} in the JSON report.")
    return " ".join(said)


def _literal(text: str) -> str:
    """Text that makes no link."""
    text = printable(text)
    return _bracketed(text) if "](" in text else text


def _bracketed(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _related(at: int, fact: Fact) -> Object:
    assert fact.origin is not None
    return {"id": at, **location(fact.origin), "message": {"text": printable(fact.text)}}


def _fix(fix: Fix) -> Object:
    changes: dict[str, list[Object]] = {}
    for edit in fix.edits:
        if isinstance(edit.origin, Span):
            replacement: Object = {"deletedRegion": region(edit.origin), "insertedContent": {"text": edit.text}}
            changes.setdefault(edit.origin.path, []).append(replacement)
    return {
        "description": {"text": sentence(fix.description)},
        "artifactChanges": [
            {"artifactLocation": artifact(path), "replacements": replacements} for path, replacements in changes.items()
        ],
    }


def _add_line_hash(result: Object, finding: Finding, report: Report, hashes: dict[str, list[str]]) -> None:
    origin = finding.origin
    if not isinstance(origin, Span) or report.sources is None or origin.path not in report.sources:
        return
    if origin.path not in hashes:
        hashes[origin.path] = line_hashes(report.sources[origin.path])
    lines = hashes[origin.path]
    if origin.line <= len(lines):
        prints = result["partialFingerprints"]
        assert isinstance(prints, dict)
        prints["primaryLocationLineHash"] = lines[origin.line - 1]


def _invocation(report: Report, options: Options) -> Object:
    """How the run went, and what kept it from knowing more."""
    setting_up = [_notification(fault, "error") for fault in report.faults if fault.kind.startswith(_SETTING_UP)]
    running = [_notification(fault, "error") for fault in report.faults if not fault.kind.startswith(_SETTING_UP)]
    running += [_notification(note, "note") for note in report.notes]
    cut = left_out(report, options)
    if cut:
        said = (
            f"{number(cut, 'result')} left out: GitHub keeps {MOST_RESULTS:,} of a run, and these are the worst "
            f"{MOST_RESULTS:,}. The text and JSON reports have all."
        )
        running.append({"descriptor": {"id": "results-left-out"}, "level": "warning", "message": {"text": said}})
    said = f"{counts(report).line()}. {estate_statement(report)}"
    running.append({"descriptor": {"id": "summary"}, "level": "note", "message": {"text": said}})
    invocation: Object = {"executionSuccessful": not report.faults}
    if options.exit_code is not None:
        invocation["exitCode"] = options.exit_code
    if setting_up:
        invocation["toolConfigurationNotifications"] = setting_up
    invocation["toolExecutionNotifications"] = running
    return invocation


def _notification(fault: Fault, level: str) -> Object:
    said = " ".join(filter(None, (sentence(fault.message), sentence(fault.do))))
    return {
        "descriptor": {"id": fault.kind},
        "level": level,
        "message": {"text": _literal(said)},
        "locations": [location(fault.origin)],
    }
