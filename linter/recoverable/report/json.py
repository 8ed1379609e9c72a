"""The report for programs, as `docs/report.schema.json` describes it. What is not known is null."""

from __future__ import annotations

import json
from types import MappingProxyType

from recoverable.estate import Replica
from recoverable.report.characters import json_escaped
from recoverable.report.wording import arn, counts, title
from recoverable.source import Address, Call, Span
from recoverable.truth import Answer
from recoverable.value import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverable.check import Report
    from recoverable.recovery.access.blast_radius import BlastRadius
    from recoverable.recovery.backups.copies import Place
    from recoverable.recovery.backups.coverage import CoveredBy
    from recoverable.recovery.posture import Points, Posture
    from recoverable.report.options import Options
    from recoverable.rows import TableRow
    from recoverable.rule import Fault, Finding, Fix
    from recoverable.source import Origin
    from recoverable.truth import Fact, Truth
    from recoverable.value import Value

    Object = dict[str, object]

#: Changes when a program that reads the report has to change too; keys that are only added do not count.
SCHEMA = "recoverable/report/1"

_UNKNOWN = "unknown"


def render(report: Report, options: Options) -> str:
    """One JSON object."""
    document: Object = {
        "schema": SCHEMA,
        "tool": {"name": "recoverable", "version": options.version or None, "aws_data": options.aws_data or None},
        "summary": _summary(report),
        "findings": [_finding(finding) for finding in report.findings],
        "undetermined": [_finding(finding, open=True) for finding in report.undetermined],
        "accepted": [{**_finding(finding), "reason": finding.reason or None} for finding in report.accepted],
        "exempt": [{**_finding(finding), "reason": finding.reason or None} for finding in report.exempt],
        "errors": [fault_object(fault) for fault in report.faults],
        "notes": [fault_object(note) for note in report.notes],
        "history": _history(report),
        "tables": [table_object(row) for row in report.postures or report.tables],
    }
    return json_escaped(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _history(report: Report) -> Object | None:
    if report.history is None:
        return None
    from recoverable.report.changes import history_object  # noqa: PLC0415 (only where audits are kept)

    return history_object(report.history)


def _summary(report: Report) -> Object:
    count = counts(report)
    return {
        "files": count.files,
        "examined": len(report.examined),
        "tables": count.tables,
        "replicas": count.replicas,
        "principals": count.principals,
        "policies": count.policies,
        "rules": count.rules,
        "findings": sum(count.findings.values()),
        "by_severity": count.findings,
        "undetermined": count.undetermined,
        "accepted": count.accepted,
        "exempt": count.exempt,
        "errors": count.errors,
        "notes": count.notes,
        "estate": "complete" if report.estate_complete else "open",
    }


def _finding(finding: Finding, *, open: bool = False) -> Object:
    subject = finding.subject
    return {
        "rule": finding.rule.name,
        "severity": finding.severity.value,
        "message": title(finding, open=open),
        "subject": {
            "kind": subject.kind,
            "address": subject.address,
            "name": subject.name.known(),
            "region": subject.region.known(),
            "account": subject.account.known(),
            "construct": subject.construct or None,
        },
        "location": _location(finding.origin),
        "arn": arn(finding) or None,
        "facts": [_fact(fact) for fact in finding.facts],
        "scenario": finding.scenario or None,
        "fingerprint": finding.fingerprint,
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _location(origin: Origin | None) -> Object | None:
    match origin:
        case Span(path, line, column, end_line, end_column):
            return {"path": path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}
        case Address(path, _):
            return {"path": path, "line": None, "column": None, "end_line": None, "end_column": None}
    return None


def _source(origin: Origin | None) -> Object:
    """Where something was read, in any of the ways there are."""
    return {
        "location": _location(origin),
        "address": _address(origin),
        "operation": origin.operation if isinstance(origin, Call) else None,
    }


def _address(origin: Origin | None) -> str | None:
    match origin:
        case Address(_, address):
            return address
        case Call(_, _, _, resource):
            return resource
    return None


def _fact(fact: Fact) -> Object:
    return {"text": fact.text, **_source(fact.origin)}


def fault_object(fault: Fault) -> Object:
    return {"kind": fault.kind, "message": fault.message, **_source(fault.origin), "do": fault.do or None}


def _fix(fix: Fix) -> Object:
    return {
        "description": fix.description,
        "edits": [{"location": _location(edit.origin), "text": edit.text} for edit in fix.edits],
    }


def table_object(row: TableRow) -> Object:
    """A table or replica. What is not known is null or unknown, never an empty list."""
    table = row.table
    subject = table.subject
    return {
        "name": subject.name.known(),
        "address": subject.address,
        "kind": "replica" if isinstance(table, Replica) else "table",
        "region": subject.region.known(),
        "account": subject.account.known(),
        "class": row.table_class.name,
        "scenario": row.scenario or None,
        "location": _location(subject.origin),
        "pitr": {
            "answer": _answer(table.pitr),
            "window_days": table.pitr_window.known() if table.pitr.known() else None,
        },
        "deletion_protection": {"answer": _answer(table.deletion_protection)},
        "key": _key(row),
        **(_NO_POSTURE if row.posture is None else _posture(row.posture)),
        "restorers": None,
        "destroyers": None,
        "smallest_destroyers": None,
        "monthly_cost": None if row.cost is None else row.cost.monthly,
    }


def with_radii(tables: list[Object], report: Report) -> list[Object]:
    """The tables with who can restore and who can destroy them, where principals were read."""
    radii = {(each.subject.path, each.subject.address, each.subject.part): each for each in report.radii}
    found: list[Object] = []
    for row, table in zip(report.postures, tables, strict=True):
        subject = row.table.subject
        radius = radii.get((subject.path, subject.address, subject.part))
        found.append(table if radius is None else {**table, **_radius(radius)})
    return found


def _radius(radius: BlastRadius) -> Object:
    answers = ((radius.restorers, "yes"), (radius.may_restore, _UNKNOWN))
    return {
        "restorers": [{"principal": name, "answer": answer} for names, answer in answers for name in names],
        "destroyers": [
            {
                "principal": destroyer.title,
                "copies": [
                    {"copy": copy.name, "kind": copy.kind, "answer": answer.value, "by": list(ways)}
                    for copy, answer, ways in zip(radius.copies, destroyer.answers, destroyer.by, strict=True)
                ],
            }
            for destroyer in radius.destroyers
        ],
        "smallest_destroyers": {
            "size": radius.smallest.size,
            "perhaps": radius.perhaps.size,
            "exact": radius.smallest.exact and radius.perhaps.exact,
            "sets": [list(names) for names in (radius.smallest if radius.smallest.size else radius.perhaps).who],
            "survives": [copy.name for copy in radius.smallest.survives],
            "why_open": radius.open or None,
        },
    }


def _posture(found: Posture) -> Object:
    covering = found.coverage.by
    return {
        "coverage": {
            "answer": found.coverage.truth.answer.value,
            "by": [_covering(one) for one in covering],
            "why_not": [] if found.coverage.truth.answer is Answer.YES else _texts(found.coverage.truth.facts),
        },
        "restore_points": [_points(points) for points in found.points],
        "rpo_seconds": found.loss,
        "horizon_days": None if found.for_ever else found.back_days,
        "kept_for_ever": found.for_ever,
        "copies": [_copy(points, points.place) for points in found.points if points.place and points.kind != "backup"],
        "other_region": _reasoned(found.other_region),
        "other_account": _reasoned(found.other_account),
        "immutable": _reasoned(found.immutable),
        "restore_tested": _reasoned(found.tested),
    }


#: Where no recovery picture was worked out.
_NO_POSTURE: Mapping[str, object] = MappingProxyType(
    {
        "coverage": {"answer": _UNKNOWN, "by": [], "why_not": []},
        "restore_points": None,
        "rpo_seconds": None,
        "horizon_days": None,
        "kept_for_ever": None,
        "copies": None,
        "other_region": {"answer": _UNKNOWN, "why": []},
        "other_account": {"answer": _UNKNOWN, "why": []},
        "immutable": {"answer": _UNKNOWN, "why": []},
        "restore_tested": {"answer": _UNKNOWN, "why": []},
    }
)


def _covering(one: CoveredBy) -> Object:
    return {
        "answer": one.truth.answer.value,
        "plan": one.plan.subject.title() if one.plan else None,
        "rule": (one.rule.subject.name.known() or one.rule.subject.part) if one.rule else None,
        "selection": one.selection.subject.title() if one.selection else None,
        "declared": one.declared.by if one.declared else None,
        "why": one.truth.facts[0].text if one.truth.facts else None,
    }


def _points(points: Points) -> Object:
    place = points.place
    return {
        "kind": points.kind,
        "by": points.by,
        "answer": points.there.answer.value,
        "why_not": [] if points.sure() else _texts(points.there.facts),
        "every_seconds": points.between,
        "rpo_seconds": points.loss,
        "kept_days": points.kept_days,
        "kept_for_ever": points.for_ever,
        "cold_after_days": points.cold_after,
        "vault": place.name if place else None,
        "immutable": points.immutable.answer.value,
    }


def _copy(points: Points, place: Place) -> Object:
    return {
        "kind": points.kind,
        "by": points.by,
        "answer": points.there.answer.value,
        "vault": place.name,
        "region": place.region.known(),
        "account": place.account.known(),
        "other_region": place.other_region.answer.value,
        "other_account": place.other_account.answer.value,
        "immutable": points.immutable.answer.value,
        "kept_days": points.kept_days,
        "kept_for_ever": points.for_ever,
    }


def _reasoned(truth: Truth) -> Object:
    return {"answer": truth.answer.value, "why": _texts(truth.facts)}


def _texts(facts: Iterable[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.text for fact in facts))


def _answer(value: Value[bool]) -> str:
    state = value.state
    if not isinstance(state, Known):
        return _UNKNOWN
    return "yes" if state.value else "no"


def _key(row: TableRow) -> Object:
    """Whether a customer managed key is used, and its ARN if that is what was written."""
    state = row.table.key.state
    if not isinstance(state, Known):
        return {"answer": _UNKNOWN, "arn": None}
    if state.value is None:
        return {"answer": "no", "arn": None}
    written = state.value.literal()
    return {"answer": "yes", "arn": written if written and written.startswith("arn:") else None}
