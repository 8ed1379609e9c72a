"""What an account does not tell turns answers into unknown, those that need it and no others, and flips none."""

from __future__ import annotations

import copy
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from accounts import answer, judged, plan, region, snapshot, stored, table
from recoverable import config, document, trial
from recoverable.pack import builtin, load
from recoverable.read.snapshot import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.check import Report
    from recoverable.config import Settings
    from recoverable.read.snapshot.envelope import Envelope
    from recoverable.rule import Finding
    from recoverable.trial import Trial

#: Of the values of the whole account one in so many is tried, always the same ones: all take half a minute.
#: Whoever changes the reader tries all, with RECOVERABLE_ALL=1 in the environment.
ONE_IN = 1 if os.environ.get("RECOVERABLE_ALL") else 12

SHOP = stored(Path(__file__).parents[1] / "fixtures" / "snapshots" / "shop")

#: Keys that AWS leaves out where nothing is set: without one of them that is what is known.
OPTIONAL = {
    "SSEDescription", "Replicas", "RestoreSummary", "StreamSpecification", "StreamEnabled", "SourceTableArn",
    "LockDate", "MinRetentionDays", "MaxRetentionDays", "VaultType", "EncryptionKeyType", "Lifecycle",
    "DeleteAfterDays",
    "MoveToColdStorageAfterDays", "CopyActions", "ScheduleExpression", "ScheduleExpressionTimezone", "Status",
    "StartWindowMinutes", "CompletionWindowMinutes", "EnableContinuousBackup", "Resources", "NotResources",
    "ListOfTags",
    "Conditions", "TargetLogicallyAirGappedBackupVaultArn", "LastRestoreTime", "CompletionDate", "ValidationStatus",
    "EventPattern", "ExcludeVaults", "SelectionWindowDays", "ProtectedResourceArns", "ProtectedResourceConditions",
    "RecoveryPeriodInDays", "DeletionDate",
}  # fmt: skip


class Judgement(NamedTuple):
    """What is said of things, by rule and what they are; and in which places a rule is open about something."""

    answers: dict[tuple[str, str, str], str]
    open: set[tuple[str, str, str]]


def judgement(report: Report) -> Judgement:
    assert not [fault for fault in report.faults if fault.kind in ("reader-crashed", "rule-crashed")]
    answers: dict[tuple[str, str, str], str] = {}
    for word, results in (("yes", report.findings), ("unknown", report.undetermined), ("spared", report.exempt)):
        for one in results:
            answers[one.rule.name, one.subject.kind, one.subject.title()] = word
    return Judgement(answers, {_place(one) for one in report.undetermined})


def _place(one: Finding) -> tuple[str, str, str]:
    subject = one.subject
    return one.rule.name, subject.account.known() or "", subject.region.known() or ""


def flips(before: Report, after: Report) -> list[str]:
    """Where an answer came that was not there before, or one went and nothing there is unknown instead."""
    was, now = judgement(before), judgement(after)
    places = {(one.rule.name, one.subject.kind, one.subject.title()): _place(one) for one in before.findings}
    found = []
    for thing in sorted(was.answers.keys() | now.answers.keys()):
        old, new = was.answers.get(thing, "no"), now.answers.get(thing, "no")
        if new in (old, "unknown") or "spared" in (old, new):
            continue
        if old == "yes" and places[thing] in now.open:
            continue
        if old == "unknown" and new == "no":
            continue
        found.append(f"{thing} was {old}, is {new}")
    return found


def with_answer(envelope: Envelope, place: tuple[str, str], number: int, changed: object) -> Envelope:
    content = dict(envelope.files[place])
    content["answers"] = [changed if at == number else one for at, one in enumerate(content["answers"])]
    return envelope._replace(files={**envelope.files, place: content})


def denials(envelope: Envelope) -> Iterator[tuple[str, Envelope]]:
    """The snapshot with each answer denied in its turn."""
    for place, content in envelope.files.items():
        for number, one in enumerate(content["answers"]):
            denied = {**one, "status": "denied", "result": None, "complete": False, "error": None}
            yield f"{place} {one['call']} {one['parameters']}", with_answer(envelope, place, number, denied)


def spoiled(envelope: Envelope) -> Iterator[tuple[str, Envelope]]:
    """The snapshot with each value null, or left out, or a word that nobody knows, in its turn."""
    for place, content in envelope.files.items():
        for number, one in enumerate(content["answers"]):
            for path in paths(one["result"]):
                if path[-1] == "RuleName":
                    continue  # what a thing is called by
                for how in ("null", "missing", "word"):
                    if how == "missing" and (not isinstance(path[-1], str) or path[-1] in OPTIONAL):
                        continue
                    result = copy.deepcopy(one["result"])
                    if not spoil(result, path, how):
                        continue
                    said = f"{place} {one['call']} {one['parameters']} {path} {how}"
                    yield said, with_answer(envelope, place, number, {**one, "result": result})


def paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield (*path, key)
                yield from paths(inner, (*path, key))
        case list():
            for at, inner in enumerate(value):
                yield (*path, at)
                yield from paths(inner, (*path, at))


def spoil(result: Any, path: tuple[Any, ...], how: str) -> bool:  # noqa: ANN401
    owner = result
    for step in path[:-1]:
        owner = owner[step]
    last = path[-1]
    if how == "missing":
        del owner[last]
    elif how == "null":
        owner[last] = None
    elif isinstance(owner[last], str) and owner[last].isupper() and owner[last].isalpha():
        owner[last] = "SOMETHING_NEW"
    else:
        return False
    return True


EXAMPLES = tuple(
    one
    for one in trial.trials(load(builtin()))
    if one.example is not None and any(short.is_short(file.name) for file in one.example.files)
)


def read(one: Trial) -> tuple[Envelope, Settings]:
    assert one.example is not None
    text = next((file.text for file in one.example.files if file.name == document.SETTINGS), None)
    answers = {file.name: file.text for file in one.example.files if short.is_short(file.name)}
    return short.envelope(answers), config.Settings() if text is None else config.parse(text)


@pytest.mark.parametrize("one", EXAMPLES, ids=trial.Trial.name)
def test_nothing_that_aws_does_not_tell_flips_an_example(one: Trial) -> None:
    envelope, settings = read(one)
    only = (one.rule.name,)
    before = judged(envelope, settings=settings, only=only)

    assert [
        f"{said}: {flip}"
        for said, changed in (*denials(envelope), *spoiled(envelope))
        for flip in flips(before, judged(changed, settings=settings, only=only))
    ] == []


def test_a_call_that_is_denied_flips_nothing_in_a_whole_account() -> None:
    before = judged(SHOP)

    assert [f"{said}: {flip}" for said, changed in denials(SHOP) for flip in flips(before, judged(changed))] == []


def test_a_value_that_is_missing_or_unknown_flips_nothing_in_a_whole_account() -> None:
    before = judged(SHOP)

    assert [
        f"{said}: {flip}"
        for said, changed in islice(spoiled(SHOP), 0, None, ONE_IN)
        for flip in flips(before, judged(changed))
    ] == []


#: The rules of which some answer is unknown if nothing but this call is denied.
NEEDED = {
    "dynamodb:DescribeContinuousBackups": {"pitr-disabled", "pitr-window-short"},
    "dynamodb:GetResourcePolicy": {"table-policy-open", "table-shared-with-unknown-account"},
    "backup:GetBackupVaultNotifications": {"backup-failures-unnoticed"},
    "backup:ListCopyJobs": {"backup-jobs-failing"},
    "backup:ListBackupJobs": {"backup-jobs-failing"},
    "backup:ListRestoreJobs": {"restore-test-stale"},
    "dynamodb:ListBackups": {"native-backup-unmanaged"},
}


@pytest.mark.parametrize("call", NEEDED)
def test_a_call_that_is_denied_leaves_open_the_rules_that_need_it_and_no_others(call: str) -> None:
    orders = {"Resources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]}
    answers = region({"orders": table("orders")}, {"daily": plan("daily", orders)})
    meant = tuple(call.split(":"))
    whole = judged(snapshot({"eu-west-1": answers}))
    denied = [
        answer(call, status="denied", **one["parameters"]) if (one["service"], one["call"]) == meant else one
        for one in answers
    ]

    report = judged(snapshot({"eu-west-1": denied}))

    opened = {finding.rule.name for finding in report.undetermined} - {one.rule.name for one in whole.undetermined}
    assert opened == NEEDED[call]
    assert [fault.kind for fault in report.faults] == ["denied"]
