"""ASFF and OCSF: what hubs of findings take, judged by AWS's own service model and by somebody else's OCSF models."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

from recoverable.check import Report
from recoverable.cli.main import run
from recoverable.report import asff, render
from recoverable.rule import Severity
from report_samples import PROTECTION, SAMPLES, account, known, mixed, options
from snapshots import blessed

TAKEN = "2026-11-22T10:00:00Z"

#: Characters that Security Hub takes at most; its service model leaves them to the documentation.
#: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
LIMITS = {"Title": 256, "Description": 1024, "Id": 512, "GeneratorId": 512}


def written(name: str, report: Report) -> list[dict[str, Any]]:
    document: list[dict[str, Any]] = json.loads(render(name, report._replace(taken=TAKEN), options()))
    return document


def everything() -> Report:
    """An account with a finding, one that is open, and one that was accepted."""
    report = account()
    orders = report.findings[0]
    return report._replace(
        undetermined=(orders._replace(rule=PROTECTION, headline="Deletion protection is off"),),
        accepted=(orders._replace(reason="rebuilt nightly " * 60, fingerprint="0" * 32),),
    )


def refused(findings: list[dict[str, Any]]) -> str:
    """What AWS's own model of BatchImportFindings says against them, nothing if it takes them."""
    model = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings")
    report = ParamValidator().validate({"Findings": findings}, model.input_shape)
    return str(report.generate_report())


@pytest.mark.parametrize("format_", ["asff", "ocsf"])
def test_the_documents_read_as_expected(format_: str) -> None:
    text = render(format_, everything()._replace(taken=TAKEN), options())

    assert text == blessed(f"reports/account.{format_}.json", text)


def test_security_hub_takes_every_finding() -> None:
    findings = written("asff", everything())

    assert len(findings) == 3
    assert refused(findings) == ""
    assert all(len(each[key]) <= most for each in findings for key, most in LIMITS.items())
    assert len(findings[2]["Note"]["Text"]) <= 512


def test_the_model_of_security_hub_refuses_what_is_wrong() -> None:
    broken = written("asff", everything())
    del broken[0]["Title"]
    broken[1]["Unheard"] = 1

    assert "Title" in refused(broken)
    assert "Unheard" in refused(broken)


def test_open_results_fail_nothing_and_accepted_ones_are_suppressed() -> None:
    failed, open_, accepted = written("asff", everything())

    assert (failed["Compliance"]["Status"], failed["Severity"]["Label"]) == ("FAILED", "HIGH")
    assert (open_["Compliance"]["Status"], open_["Severity"]["Label"]) == ("WARNING", "INFORMATIONAL")
    assert (accepted["Workflow"]["Status"], failed["Workflow"]["Status"]) == ("SUPPRESSED", "NEW")


def test_the_worst_rules_are_critical_while_they_are_high() -> None:
    report = account()
    found = report.findings[0]._replace(rule=PROTECTION._replace(critical=True))
    findings = (found, found._replace(severity=Severity.MEDIUM))

    assert [each["Severity"]["Label"] for each in written("asff", report._replace(findings=findings))] == [
        "CRITICAL",
        "MEDIUM",
    ]
    assert [each["severity_id"] for each in written("ocsf", report._replace(findings=findings))] == [5, 3]


def test_results_without_an_account_are_left_out_of_asff_and_counted() -> None:
    report = mixed()

    assert written("asff", report) == []
    assert asff.unplaced(report) == len(report.findings) + len(report.undetermined) + len(report.accepted)


@pytest.mark.parametrize("name", SAMPLES)
def test_ocsf_is_taken_by_models_of_it(name: str) -> None:
    report = SAMPLES[name]()

    events = written("ocsf", report)

    assert len(events) == len(report.findings) + len(report.undetermined) + len(report.accepted)
    for event in events:
        model = ComplianceFinding.model_validate(event)
        assert model.type_uid.value == model.class_uid * 100 + model.activity_id.value


def test_the_identity_of_a_finding_does_not_depend_on_time() -> None:
    later = json.loads(render("asff", account()._replace(taken="2027-01-01T00:00:00Z"), options()))

    assert [each["Id"] for each in later] == [each["Id"] for each in written("asff", account())]


def test_a_govcloud_account_has_its_own_partition() -> None:
    found = account().findings[0]
    moved = found._replace(subject=found.subject._replace(region=known("us-gov-west-1")))

    (written_,) = written("asff", account()._replace(findings=(moved,)))

    assert written_["ProductArn"].startswith("arn:aws-us-gov:securityhub:us-gov-west-1:")


def test_files_without_an_account_say_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764237600")
    options_ = ["--format", "asff", "--only", "pitr-disabled"]
    run(["check", "fixtures/demo/shop", *options_])
    assert b"left out, as Security Hub takes none without account and Region" in capsysbinary.readouterr().err

    run(["check", "fixtures/demo/shop", *options_, "--parameters", "AWS::AccountId=111122223333",
         "--parameters", "AWS::Region=eu-west-1"])  # fmt: skip

    findings = json.loads(capsysbinary.readouterr().out)
    assert {each["CreatedAt"] for each in findings} == {"2025-11-27T10:00:00Z"}
    assert refused(findings) == ""
