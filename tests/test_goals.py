"""What is asked of a class of tables, held against what there is."""

from __future__ import annotations

import pytest

from protected import DAILY, VAULT, estate, of, table, template
from recoverable.recovery.backups.retention import fits_lock, is_too_short_for_cold
from recoverable.recovery.goals import (
    backed_up_often_enough,
    duration,
    kept_long_enough,
    loses_little_enough,
    restores_fast_enough,
)
from recoverable.recovery.objectives import Objectives
from recoverable.recovery.posture import posture
from recoverable.truth import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
HOUR = 3600

WEEKLY = DAILY.replace("daily", "weekly").replace("0 5 ? * * *", "0 5 ? * SUN *").replace("35", "365")


def test_a_plain_daily_rule_meets_the_defaults() -> None:
    found = of()

    assert backed_up_often_enough(found, Objectives()).answer is YES
    assert kept_long_enough(found, Objectives()).answer is YES
    assert loses_little_enough(found, Objectives()).answer is YES


def test_a_daily_rule_in_a_place_with_summer_time_meets_them_too() -> None:
    found = of(f"{DAILY}  ScheduleExpressionTimezone: Europe/Berlin\n")

    assert backed_up_often_enough(found, Objectives()).answer is YES


def test_a_weekly_rule_is_not_daily() -> None:
    found = backed_up_often_enough(of(WEEKLY), Objectives())

    assert found.answer is NO
    assert [fact.text for fact in found.facts] == [
        "no backup is made every 1 day",
        "plan nightly, rule weekly backs it up every 7 days",
    ]


def test_a_week_and_a_year_add_up() -> None:
    found = of(DAILY.replace("35", "7") + WEEKLY)

    assert backed_up_often_enough(found, Objectives()).answer is YES
    assert kept_long_enough(found, Objectives(retention_days=365)).answer is YES


def test_backups_that_are_kept_too_short_say_so() -> None:
    found = kept_long_enough(of(), Objectives(retention_days=36))

    assert found.answer is NO
    assert found.facts[1].text == "plan nightly, rule daily keeps its backups for 35 days"


def test_a_rule_that_makes_nothing_meets_nothing() -> None:
    found = of(DAILY.replace("cron(0 5 ? * * *)", "cron(0 25 ? * * *)"))

    assert backed_up_often_enough(found, Objectives()).answer is NO


def test_a_schedule_that_is_not_known_leaves_it_open() -> None:
    found = of(DAILY.replace("cron(0 5 ? * * *)", "!Ref AWS::NotificationARNs"))

    assert backed_up_often_enough(found, Objectives()).answer is UNKNOWN
    assert kept_long_enough(found, Objectives()).answer is UNKNOWN


def test_a_plan_that_was_not_read_leaves_it_open() -> None:
    text = template().replace("BackupPlanId: !Ref Plan", "BackupPlanId: elsewhere")
    found = estate(text)

    assert backed_up_often_enough(posture(table(found), found), Objectives()).answer is UNKNOWN


@pytest.mark.parametrize(
    ("pitr", "rpo", "answer"),
    [
        ("false", 24, NO),
        ("false", 199, NO),
        ("false", 200, YES),
        ("true", 1, YES),
        ("!Ref AWS::NotificationARNs", 1, UNKNOWN),
    ],
)
def test_what_may_be_lost_is_counted_with_the_windows(pitr: str, rpo: int, answer: Answer) -> None:
    assert loses_little_enough(of(pitr=pitr), Objectives(rpo=rpo * HOUR)).answer is answer


@pytest.mark.parametrize(("minutes", "answer"), [(None, YES), (19, NO), (20, YES), (240, YES)])
def test_no_restore_is_faster_than_twenty_minutes(minutes: int | None, answer: Answer) -> None:
    assert restores_fast_enough(Objectives(rto=None if minutes is None else minutes * 60)).answer is answer


@pytest.mark.parametrize(
    ("lifecycle", "answer"),
    [
        ("{DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30}", NO),
        ("{DeleteAfterDays: 119, MoveToColdStorageAfterDays: 30}", YES),
        ("{DeleteAfterDays: 31, MoveToColdStorageAfterDays: 30}", YES),
        ("{DeleteAfterDays: 20, MoveToColdStorageAfterDays: 30}", YES),
        ("{MoveToColdStorageAfterDays: 30}", NO),
        ("{DeleteAfterDays: -1, MoveToColdStorageAfterDays: 30}", NO),
        ("{DeleteAfterDays: 31}", NO),
        ("{DeleteAfterDays: 35, MoveToColdStorageAfterDays: !Ref AWS::NotificationARNs}", UNKNOWN),
        ("{DeleteAfterDays: !Ref AWS::NotificationARNs, MoveToColdStorageAfterDays: 30}", UNKNOWN),
    ],
)
def test_cold_storage_wants_ninety_days(lifecycle: str, answer: Answer) -> None:
    found = estate(template(DAILY.replace("{DeleteAfterDays: 35}", lifecycle)))
    rule = found.plan_rules.present()[0]

    assert is_too_short_for_cold(rule.lifecycle).answer is answer


def test_a_retention_that_is_not_known_is_never_too_short_for_a_minimum_of_one_day() -> None:
    locked = VAULT.replace("main}", "main, LockConfiguration: {MinRetentionDays: 1}}")
    found = estate(template(DAILY.replace("35", "!Ref AWS::NotificationARNs"), locked))

    assert fits_lock(found.plan_rules.present()[0].lifecycle, found.vaults.present()[0]).answer is YES


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (60, "1 minute"),
        (300, "5 minutes"),
        (86_400, "1 day"),
        (720_000, "8 days 8 hours"),
        (90_061, "1 day 1 hour"),
        (None, "a time that is not known"),
    ],
)
def test_times_are_said_in_the_largest_units(seconds: int | None, words: str) -> None:
    assert duration(seconds) == words
