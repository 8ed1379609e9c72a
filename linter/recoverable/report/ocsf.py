"""The report as events of the Open Cybersecurity Schema Framework: Compliance Findings (class 2003).

https://schema.ocsf.io/1.5.0/classes/compliance_finding
"""

from __future__ import annotations

import json

from recoverable.report.characters import json_escaped
from recoverable.report.hub_words import Told, advice, partition, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.report.options import Options

    Object = dict[str, object]

SCHEMA_VERSION = "1.5.0"

_CATEGORY, _CLASS, _CREATE = 2, 2003, 1
_AWS_ACCOUNT = 10

_SEVERITIES = {
    "critical": (5, "Critical"),
    "high": (4, "High"),
    "medium": (3, "Medium"),
    "low": (2, "Low"),
    "info": (1, "Informational"),
}


def render(report: Report, options: Options) -> str:
    """A JSON list of events, one for each finding, accepted or not, and for each result that is undetermined."""
    written = [_event(each, report.taken or options.now, options) for each in told(report)]
    return json_escaped(json.dumps(written, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _event(each: Told, when: str, options: Options) -> Object:
    finding = each.finding
    severity, caption = _SEVERITIES[each.severity()]
    time = _milliseconds(when)
    do, link = advice(finding, options)
    account, region = finding.subject.account.known(), finding.subject.region.known()
    product: Object = {"name": "recoverable", "vendor_name": "recoverable"}
    if options.version:
        product["version"] = options.version
    event: Object = {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": time,
        "severity_id": severity,
        "severity": caption,
        "status_id": 3 if each.accepted else 1,
        "status": "Suppressed" if each.accepted else "New",
        "message": each.description(),
        "metadata": {
            "version": SCHEMA_VERSION,
            "product": product,
            "event_code": finding.rule.name,
            "profiles": ["cloud"] if account else [],
        },
        "finding_info": {
            "uid": finding.fingerprint,
            "title": each.title(),
            "desc": each.description(),
            "created_time": time,
            "types": ["Recoverability"],
        },
        "compliance": {
            "control": finding.rule.name,
            "standards": ["recoverable"],
            "status_id": 2 if each.open else 3,
            "status": "Warning" if each.open else "Fail",
        },
        "resources": [_resource(each, region)],
    }
    if account:
        event["cloud"] = {
            "provider": "AWS",
            "account": {"uid": account, "name": account, "type_id": _AWS_ACCOUNT, "type": "AWS Account"},
        } | ({"region": region} if region else {})
    if do:
        event["remediation"] = {"desc": do} | ({"references": [link]} if link else {})
    if each.accepted:
        event["comment"] = finding.reason or "accepted"
    return event


def _resource(each: Told, region: str | None) -> Object:
    subject = each.finding.subject
    resource: Object = {"uid": each.resource(), "name": subject.name.known() or subject.title(), "type": subject.kind}
    if region and subject.account.known():
        resource |= {"region": region, "cloud_partition": partition(region)}
    if subject.path:
        resource["data"] = {"path": subject.path, "location": each.finding.origin.start()}
    return resource


def _milliseconds(when: str) -> int:
    """A time in ISO 8601 as OCSF counts it, since 1970; 0 for one that is not known."""
    from datetime import datetime  # noqa: PLC0415 (only hubs ask for times)

    return round(datetime.fromisoformat(when).timestamp() * 1000) if when else 0
