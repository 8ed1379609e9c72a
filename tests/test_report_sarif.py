"""SARIF that GitHub code scanning takes as it is: one test for each thing that went wrong for other tools."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from recoverable.check import Report
from recoverable.report import render
from recoverable.report.line_hash import line_hashes
from recoverable.report.options import RuleHelp
from recoverable.report.sarif import MOST_RESULTS, left_out
from recoverable.report.sarif_places import uri
from recoverable.rule import Fault, Severity
from recoverable.source import Address, Span
from recoverable.truth import Fact
from report_samples import FACT, ORDERS, PITR, PROTECTION, SAMPLES, account, finding, hostile, mixed, options, subject
from snapshots import blessed


@cache
def validator() -> Draft4Validator:
    path = Path(__file__).parent / "data/sarif-schema-2.1.0.json"
    return Draft4Validator(json.loads(path.read_text(encoding="utf-8")))


def run(report: Report, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (options are of several types)
    log = json.loads(render("sarif", report, options(**changes)))
    validator().validate(log)
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def rules(report: Report, **changes: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    return {rule["id"]: rule for rule in run(report, **changes)["tool"]["driver"]["rules"]}


def notifications(report: Report) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = run(report)["invocations"][0]["toolExecutionNotifications"]
    return told


@pytest.mark.parametrize("name", SAMPLES)
def test_the_log_reads_as_expected(name: str) -> None:
    written = render("sarif", SAMPLES[name](), options())

    assert written == blessed(f"reports/{name}.sarif", written)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("more", [False, True])
def test_a_log_fits_the_schema_of_the_standard(name: str, more: bool) -> None:
    settings = {"sarif_include_accepted": more, "sarif_line_hash": more, "sarif_category": "orders" if more else ""}

    assert run(SAMPLES[name](), **settings)["columnKind"] == "unicodeCodePoints"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render("sarif", mixed(), options()) == render("sarif", mixed(), options())


def test_undetermined_results_are_open_and_have_no_level() -> None:
    results = run(mixed())["results"]

    assert [(result["kind"], result["level"]) for result in results] == [
        ("fail", "error"),
        ("fail", "error"),
        ("fail", "warning"),
        ("fail", "warning"),
        ("open", "none"),
    ]


def test_a_message_names_the_subject_what_is_wrong_and_when() -> None:
    assert run(mixed())["results"][0]["message"]["text"] == (
        "Orders: point-in-time recovery is off, when IsProd is false. PointInTimeRecoveryEnabled is false."
    )


# 3.1


def test_accepted_results_are_left_out() -> None:
    texts = [result["message"]["text"] for result in run(mixed())["results"]]

    assert not [text for text in texts if text.startswith("Sessions: point-in-time")]


def test_accepted_results_are_suppressed_with_their_reason_when_asked_for() -> None:
    last = run(mixed(), sarif_include_accepted=True)["results"][-1]

    assert last["message"]["text"].startswith("Sessions: point-in-time")
    assert last["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "rebuilt nightly from S3"}
    ]


def test_exempt_results_are_left_out_always() -> None:
    assert "Locks" not in json.dumps(run(mixed(), sarif_include_accepted=True)["results"])


# 3.2, 3.3, 3.5


def test_addresses_are_relative_to_the_root_of_the_repository() -> None:
    log = run(mixed())
    artifacts = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in log["results"]]

    assert artifacts[0] == {"uri": "services/orders/template.yaml", "uriBaseId": "%SRCROOT%"}
    assert list(log["originalUriBaseIds"]) == ["%SRCROOT%"]
    assert "uri" not in log["originalUriBaseIds"]["%SRCROOT%"]


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("a b/50%.yaml", "a%20b/50%25.yaml"),
        ("täbles.json", "t%C3%A4bles.json"),
        ("c:/x.yaml", "c%3A/x.yaml"),
        ("./x.yaml", "x.yaml"),
        ("a#b?c[d].yaml", "a%23b%3Fc%5Bd%5D.yaml"),
        ("latin-\udce4.yaml", "latin-%E4.yaml"),
    ],
)
def test_addresses_are_percent_encoded(path: str, written: str) -> None:
    assert uri(path) == written


def test_a_place_without_lines_is_the_file_and_the_resource_in_it() -> None:
    found = finding(facts=(Fact("it is off", Address("plan.json", "aws_dynamodb_table.orders")),))
    location = run(Report(findings=(found,)))["results"][0]["locations"][0]

    assert location["physicalLocation"]["region"] == {"startLine": 1}
    assert {"fullyQualifiedName": "aws_dynamodb_table.orders", "kind": "resource"} in location["logicalLocations"]


# 3.6


def test_fingerprints_are_our_own_and_hold_no_line() -> None:
    moved = finding(facts=(Fact("PointInTimeRecoveryEnabled is false", Span(ORDERS, 999, 1, 999, 2)),))
    before, after = (run(Report(findings=(found,)))["results"][0] for found in (finding(), moved))

    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert list(before["partialFingerprints"]) == ["recoverable/v1"]


def test_the_fingerprint_of_github_is_added_on_request_for_the_line_of_the_finding() -> None:
    report = mixed()
    assert report.sources is not None
    prints = [result["partialFingerprints"] for result in run(report, sarif_line_hash=True)["results"]]

    assert prints[0]["primaryLocationLineHash"] == line_hashes(report.sources[ORDERS])[12 - 1]
    assert all(len(entry) == 2 for entry in prints)


def test_no_line_is_hashed_that_is_not_at_hand() -> None:
    report = Report(findings=(finding(),), sources={ORDERS: "one line"})

    assert list(run(report, sarif_line_hash=True)["results"][0]["partialFingerprints"]) == ["recoverable/v1"]


# 3.7


@pytest.mark.parametrize("given", ["orders", "orders/"])
def test_a_category_is_written_so_that_github_takes_all_of_it(given: str) -> None:
    assert run(mixed(), sarif_category=given)["automationDetails"] == {"id": "orders/"}


def test_without_a_category_the_upload_chooses_one() -> None:
    assert "automationDetails" not in run(mixed())


# 3.8


def test_the_worst_results_are_kept_when_there_are_too_many() -> None:
    report = Report(findings=(finding(),) * 4990 + (finding(PROTECTION),) * 20, undetermined=(finding(),) * 5)
    results = json.loads(render("sarif", report, options()))["runs"][0]["results"]

    assert len(results) == MOST_RESULTS
    assert {result["ruleId"] for result in results[4990:]} == {PROTECTION.name}
    assert left_out(report, options()) == 15


def test_it_says_how_many_results_were_left_out() -> None:
    log = json.loads(render("sarif", Report(findings=(finding(),) * 5001), options()))
    told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]

    assert [(entry["descriptor"]["id"], entry["level"]) for entry in told] == [
        ("results-left-out", "warning"),
        ("summary", "note"),
    ]
    assert told[0]["message"]["text"].startswith("1 result left out: GitHub keeps 5,000 of a run")


def test_related_places_are_no_more_than_github_shows() -> None:
    facts = tuple(Fact(f"fact {line}", Span(ORDERS, line, 1, line, 2)) for line in range(1, 131))
    result = run(Report(findings=(finding(facts=facts),)))["results"][0]

    assert len(result["relatedLocations"]) == 100
    assert result["message"]["text"].endswith("[Fact 101](100). 29 more facts in the JSON report.")


# 3.9


def test_a_rule_shows_its_document() -> None:
    rule = rules(mixed())["pitr-disabled"]

    assert rule["shortDescription"]["text"] == "Point-in-time recovery is off."
    assert rule["fullDescription"]["text"].startswith("Without it the table can only go back to its last backup")
    assert rule["help"]["markdown"].startswith("# Point-in-time recovery is off\n\nWithout it")
    assert "\n\nSet `PointInTimeRecoveryEnabled` to true, as\nAWS describes." in rule["help"]["text"]
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")


def test_a_rule_without_a_document_still_has_all_that_github_asks_for() -> None:
    rule = rules(mixed())["pitr-window-short"]

    assert (
        rule["shortDescription"]["text"]
        and rule["fullDescription"]["text"]
        and rule["help"]["text"]
        and rule["help"]["markdown"]
    )
    assert "helpUri" not in rule


def test_descriptions_are_no_longer_than_github_takes() -> None:
    long = RuleHelp("word " * 400, "reason " * 400, "# x", "do")
    rule = rules(mixed(), help_of=lambda _: long)["pitr-disabled"]

    assert len(rule["shortDescription"]["text"]) <= 1024
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert rule["fullDescription"]["text"].endswith("reason …")


@pytest.mark.parametrize(
    ("severity", "score", "level"),
    [
        (Severity.HIGH, "8.0", "error"),
        (Severity.MEDIUM, "5.5", "warning"),
        (Severity.LOW, "3.0", "note"),
        (Severity.INFO, None, "note"),
    ],
)
def test_severities_are_those_of_github(severity: Severity, score: str | None, level: str) -> None:
    rule = rules(Report(rules=(PITR._replace(severity=severity),)))["pitr-disabled"]

    assert rule["properties"].get("security-severity") == score
    assert rule["defaultConfiguration"] == {"level": level}
    assert ("security" in rule["properties"]["tags"]) is (score is not None)


@pytest.mark.parametrize(("severity", "score"), [(Severity.HIGH, "9.5"), (Severity.MEDIUM, "5.5")])
def test_a_critical_rule_is_critical_to_github_unless_settings_lower_it(severity: Severity, score: str) -> None:
    critical = PITR._replace(severity=severity, critical=True)

    assert rules(Report(rules=(critical,)))["pitr-disabled"]["properties"]["security-severity"] == score


def test_tags_are_few_and_name_the_group() -> None:
    assert rules(mixed())["pitr-disabled"]["properties"]["tags"] == ["aws", "backup", "dynamodb", "security", "tables"]


# 3.10


def test_a_rule_has_the_severity_that_the_settings_gave_its_findings() -> None:
    changed = rules(Report(findings=(finding(severity=Severity.LOW),), rules=(PITR,)))["pitr-disabled"]

    assert changed["defaultConfiguration"] == {"level": "note"}
    assert changed["properties"]["security-severity"] == "3.0"


def test_a_rule_has_the_worst_severity_of_its_findings() -> None:
    found = [finding(severity=severity) for severity in (Severity.LOW, Severity.MEDIUM, Severity.LOW)]

    assert rules(Report(findings=tuple(found)))["pitr-disabled"]["properties"]["security-severity"] == "5.5"


def test_every_rule_that_was_asked_is_listed_by_name() -> None:
    report = mixed()
    index = [rule["id"] for rule in run(report)["tool"]["driver"]["rules"]]

    assert index == sorted(rule.name for rule in report.rules)


def test_results_point_to_their_rule() -> None:
    log = run(mixed())
    listed = log["tool"]["driver"]["rules"]

    assert all(listed[result["ruleIndex"]]["id"] == result["ruleId"] for result in log["results"])


# 3.13


def test_a_result_is_at_the_property_from_its_first_character_to_one_past_the_last() -> None:
    region = run(mixed())["results"][0]["locations"][0]["physicalLocation"]["region"]

    assert region == {"startLine": 12, "startColumn": 37, "endLine": 12, "endColumn": 62}


def test_every_further_fact_is_a_place_that_the_message_links_to() -> None:
    result = run(mixed())["results"][1]
    (related,) = result["relatedLocations"]

    assert "Replicas do not inherit it. [The table's own point-in-time recovery is on](1)." in result["message"]["text"]
    assert (related["id"], related["message"]["text"]) == (1, "the table's own point-in-time recovery is on")
    assert related["physicalLocation"]["region"]["startLine"] == 7


def test_a_result_names_its_resource_and_its_cdk_construct() -> None:
    names = run(mixed())["results"][0]["locations"][0]["logicalLocations"]

    assert [name["fullyQualifiedName"] for name in names] == ["Orders", "Shop/Orders/Resource"]


def test_no_text_of_the_input_makes_a_link() -> None:
    for result in run(hostile())["results"]:
        assert "[y](" not in result["message"]["text"]
        assert "\\[y\\](javascript:z)" in result["message"]["text"]


# 3.18


def test_what_an_account_says_has_names_instead_of_files() -> None:
    result = run(account())["results"][0]

    assert [list(location) for location in result["locations"]] == [["logicalLocations"]]
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].endswith("table/Orders")


# The run itself


def test_a_fix_is_a_replacement_of_the_text() -> None:
    (fix,) = run(mixed())["results"][2]["fixes"]

    assert fix["description"]["text"] == "Set DeletionProtectionEnabled to true."
    assert fix["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 10, "startColumn": 34, "endLine": 10, "endColumn": 39},
            "insertedContent": {"text": "true"},
        }
    ]


def test_a_run_that_could_not_read_everything_was_no_success() -> None:
    invocation = run(mixed())["invocations"][0]

    assert invocation["executionSuccessful"] is False
    assert [told["descriptor"]["id"] for told in invocation["toolConfigurationNotifications"]] == ["config"]
    assert [told["descriptor"]["id"] for told in invocation["toolExecutionNotifications"]] == [
        "unparsable",
        "rule-crashed",
        "skipped",
        "summary",
    ]


def test_a_notification_says_where_and_what_to_do() -> None:
    told = notifications(mixed())[0]

    assert told["message"]["text"] == "The list is never closed. Close it with ]."
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "broken.yaml"


def test_a_broken_rule_pack_is_a_matter_of_configuration() -> None:
    fault = Fault("rule-pack", "no rule in it", Span("rules/x.py", 1, 1, 1, 1))

    assert "toolConfigurationNotifications" in run(Report(faults=(fault,)))["invocations"][0]


def test_a_run_that_found_something_was_a_success_all_the_same() -> None:
    assert run(Report(findings=(finding(),)))["invocations"][0]["executionSuccessful"] is True


def test_the_exit_code_is_told_where_it_is_known() -> None:
    assert run(Report(), exit_code=3)["invocations"][0]["exitCode"] == 3
    assert "exitCode" not in run(Report())["invocations"][0]


def test_the_summary_says_what_the_answers_rest_on() -> None:
    assert notifications(Report())[-1]["message"]["text"].endswith("What was scanned is taken as all there is.")


def test_nothing_in_the_log_tells_the_machine_or_the_time() -> None:
    written = render("sarif", mixed(), options())

    assert not [
        key for key in ("TimeUtc", "machine", "account", "workingDirectory", "file:", "commandLine") if key in written
    ]


def test_a_rule_of_facts_alone_has_no_security_severity() -> None:
    found = finding(FACT, subject("Orders"))

    assert run(Report(findings=(found,)))["results"][0]["level"] == "note"
