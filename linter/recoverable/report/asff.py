"""The report in the AWS Security Finding Format, for `aws securityhub batch-import-findings`.

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
"""

from __future__ import annotations

import json

from recoverable.report.characters import json_escaped
from recoverable.report.hub_words import Told, advice, cut, partition, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.report.options import Options

    Object = dict[str, object]

SCHEMA_VERSION = "2018-10-08"

#: https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Severity
_LABELS = {"critical": "CRITICAL", "high": "HIGH", "medium": "MEDIUM", "low": "LOW", "info": "INFORMATIONAL"}

#: What Security Hub calls the kinds of things that findings are about; it takes `Other` for the rest.
#: https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources-attributes.html
_TYPES = {
    "table": "AwsDynamoDbTable",
    "replica": "AwsDynamoDbTable",
    "plan": "AwsBackupBackupPlan",
    "plan-rule": "AwsBackupBackupPlan",
    "copy-action": "AwsBackupBackupPlan",
    "vault": "AwsBackupBackupVault",
    "recovery-point": "AwsBackupRecoveryPoint",
    "key": "AwsKmsKey",
    "role": "AwsIamRole",
    "user": "AwsIamUser",
    "group": "AwsIamGroup",
}

# Characters that the API takes at most.
_TITLE, _DESCRIPTION, _ADVICE, _IDENTIFIER, _NOTE = 256, 1024, 512, 512, 512


def render(report: Report, options: Options) -> str:
    """A JSON list of findings: each must name an account and a Region, and `unplaced` counts those that cannot."""
    written = [_finding(each, report.taken or options.now, options) for each in told(report) if _placed(each)]
    return json_escaped(json.dumps(written, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def unplaced(report: Report) -> int:
    """How many results are left out because their account or Region is not known, as in most files."""
    return sum(not _placed(each) for each in told(report))


def _placed(each: Told) -> bool:
    subject = each.finding.subject
    return bool(subject.account.known() and subject.region.known())


def _finding(each: Told, when: str, options: Options) -> Object:
    finding = each.finding
    account, region = finding.subject.account.known() or "", finding.subject.region.known() or ""
    aws = partition(region)
    name = f"recoverable/{finding.rule.name}"
    kinds = ["Software and Configuration Checks/AWS Security Best Practices/Recoverability"]
    severity = {
        "Label": _LABELS[each.severity()],
        "Original": "undetermined" if each.open else finding.severity.value,
    }
    do, link = advice(finding, options)
    written: Object = {
        "SchemaVersion": SCHEMA_VERSION,
        "Id": cut(f"recoverable/{region}/{account}/{finding.rule.name}/{finding.fingerprint}", _IDENTIFIER),
        "ProductArn": f"arn:{aws}:securityhub:{region}:{account}:product/{account}/default",
        "ProductName": "recoverable",
        "GeneratorId": name,
        "AwsAccountId": account,
        "Region": region,
        "Types": kinds,
        "CreatedAt": when,
        "UpdatedAt": when,
        "Severity": severity,
        "Title": cut(each.title(), _TITLE),
        "Description": cut(each.description(), _DESCRIPTION),
        "ProductFields": {"recoverable/Rule": finding.rule.name, "recoverable/Fingerprint": finding.fingerprint},
        "Resources": [
            {
                "Type": _TYPES.get(finding.subject.kind, "Other"),
                "Id": cut(each.resource(), _IDENTIFIER),
                "Partition": aws,
                "Region": region,
            }
        ],
        "Compliance": {"Status": "WARNING" if each.open else "FAILED"},
        "Workflow": {"Status": "SUPPRESSED" if each.accepted else "NEW"},
        "RecordState": "ACTIVE",
        "FindingProviderFields": {"Severity": severity, "Types": kinds},
    }
    if do:
        recommendation = {"Text": cut(do, _ADVICE)} | ({"Url": link} if link else {})
        written["Remediation"] = {"Recommendation": recommendation}
    if each.accepted:
        reason = f"Accepted: {finding.reason}" if finding.reason else "Accepted"
        written["Note"] = {"Text": cut(reason, _NOTE), "UpdatedBy": "recoverable", "UpdatedAt": when}
    return written
