"""The recovery picture of a table: what is there, how much is lost, how far back, where, and locked or not."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import protected
from protected import DAILY, VAULT, estate, of, only, table, template
from recoverable.estate.backup import RegionSettings
from recoverable.estate.subject import Subject
from recoverable.recovery.posture import posture
from recoverable.scenario import ALWAYS
from recoverable.truth import Answer, Truth
from recoverable.value import Entry, Known, Listing, Unknown, Value, Variant

if TYPE_CHECKING:
    from recoverable.recovery.posture import Posture

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
DAY = 86_400
WINDOWS = (8 * 60 + 7 * 24 * 60) * 60


def said(truth: Truth) -> str:
    return "; ".join(fact.text for fact in truth.facts)


def copy_to(arn: str, more: str = "") -> str:
    lifecycle = more or "Lifecycle: {DeleteAfterDays: 90}"
    return f"{DAILY}  CopyActions:\n    - DestinationBackupVaultArn: {arn}\n      {lifecycle}\n"


def test_a_daily_rule_loses_a_day_and_the_windows() -> None:
    found = only(of(), "backup")

    assert (found.there.answer, found.between, found.loss) == (YES, DAY, DAY + WINDOWS)
    assert [fact.text for fact in found.loss_facts] == [
        "ScheduleExpression is cron(0 5 ? * * *)",
        "StartWindowMinutes is not set, which means 480",
        "CompletionWindowMinutes is not set, which means 10080",
    ]


def test_windows_that_are_written_count_as_they_are() -> None:
    found = only(of(f"{DAILY}  StartWindowMinutes: 60\n  CompletionWindowMinutes: 120\n"), "backup")

    assert found.loss == DAY + 3 * 3600


def test_a_rule_without_a_schedule_has_awss_own() -> None:
    found = only(of("- {RuleName: plain, TargetBackupVault: main}\n"), "backup")

    assert (found.between, found.for_ever) == (DAY, True)


def test_a_window_that_is_not_known_leaves_the_loss_open_and_the_rest_as_it_is() -> None:
    found = of(f"{DAILY}  StartWindowMinutes: !Ref AWS::NotificationARNs\n")

    assert only(found, "backup").loss is None
    assert (found.loss, found.back_days, only(found, "backup").there.answer) == (None, 35, YES)


def test_point_in_time_recovery_loses_five_minutes() -> None:
    found = of(pitr="true")

    assert (found.loss, found.back_days) == (300, 35)


def test_a_table_without_anything_has_no_numbers() -> None:
    found = estate(template(selection=""))
    picture = posture(table(found), found)

    assert (picture.loss, picture.back_days, picture.for_ever) == (None, None, False)
    assert [picture.coverage.truth.answer, picture.immutable.answer, picture.other_region.answer] == [NO, NO, NO]


def test_the_best_of_several_rules_counts_for_each_number_by_itself() -> None:
    monthly = DAILY.replace("daily", "monthly").replace("0 5 ? * *", "0 5 1 * ?").replace("35", "2555")
    found = of(DAILY + monthly)

    assert (found.loss, found.back_days) == (DAY + WINDOWS, 2555)


def test_points_that_are_never_deleted_have_no_horizon() -> None:
    found = of(DAILY.replace("  Lifecycle: {DeleteAfterDays: 35}\n", ""))

    assert (found.for_ever, found.back_days) == (True, None)


def test_what_may_not_be_there_makes_no_number_better() -> None:
    rules = DAILY.replace("cron(0 5 ? * * *)", "rate(1 hour)")
    found = of(rules)

    assert only(found, "backup").there.answer is UNKNOWN
    assert (found.loss, found.back_days) == (None, None)


@pytest.mark.parametrize(
    ("schedule", "answer", "words"),
    [
        ("cron(0 5 ? * * *)", YES, ""),
        ("cron(0 25 ? * * *)", NO, "25 is out of range"),
        ("cron(0 5 31 2 ? *)", NO, "no year has such a day"),
        ("cron(0 5 * * ? 2020)", NO, "its last start was in 2020"),
        ("0 5 ? * * *", UNKNOWN, "without cron(...)"),
    ],
)
def test_a_rule_makes_points_only_if_its_schedule_starts(schedule: str, answer: Answer, words: str) -> None:
    found = only(of(DAILY.replace("cron(0 5 ? * * *)", schedule)), "backup")

    assert found.there.answer is answer
    assert words in said(found.there)


@pytest.mark.parametrize(("today", "answer"), [("", YES), ("2026-11-22", YES), ("2028-12-31", YES), ("2029-01-01", NO)])
def test_a_schedule_with_a_last_year_counts_until_then(today: str, answer: Answer) -> None:
    found = of(DAILY.replace("cron(0 5 ? * * *)", "cron(0 5 ? * * 2026-2028)"), today=today)

    assert only(found, "backup").there.answer is answer


@pytest.mark.parametrize(
    ("lock", "answer", "words"),
    [
        ("{MinRetentionDays: 7}", YES, ""),
        ("{MinRetentionDays: 35, MaxRetentionDays: 35}", YES, ""),
        ("{MinRetentionDays: 36}", NO, "kept for 35 days, and the vault's lock wants at least 36 days"),
        ("{MinRetentionDays: 1, MaxRetentionDays: 34}", NO, "wants at most 34 days"),
        ("{MinRetentionDays: !Ref AWS::NotificationARNs}", UNKNOWN, "MinRetentionDays is not known"),
    ],
)
def test_jobs_that_the_vaults_lock_refuses_make_no_points(lock: str, answer: Answer, words: str) -> None:
    found = only(of(rest=VAULT.replace("main}", f"main, LockConfiguration: {lock}}}")), "backup")

    assert found.there.answer is answer
    assert words in said(found.there)


def test_points_kept_for_ever_are_beyond_no_minimum() -> None:
    rules = DAILY.replace("  Lifecycle: {DeleteAfterDays: 35}\n", "")
    found = only(of(rules, VAULT.replace("main}", "main, LockConfiguration: {MinRetentionDays: 400}}")), "backup")

    assert found.there.answer is YES


def test_points_kept_for_ever_are_beyond_any_maximum() -> None:
    rules = DAILY.replace("  Lifecycle: {DeleteAfterDays: 35}\n", "")
    locked = VAULT.replace("main}", "main, LockConfiguration: {MinRetentionDays: 1, MaxRetentionDays: 400}}")
    found = only(of(rules, locked), "backup")

    assert found.there.answer is NO
    assert "kept for ever" in said(found.there)


def test_a_copy_that_the_lock_of_its_vault_refuses_is_not_there() -> None:
    locked = VAULT.replace("Vault:", "Other:", 1).replace("main}", "other, LockConfiguration: {MinRetentionDays: 100}}")
    found = of(copy_to("!GetAtt Other.BackupVaultArn"), VAULT + locked)

    assert (only(found, "backup").there.answer, only(found, "copy").there.answer) == (YES, NO)


@pytest.mark.parametrize(
    ("arn", "region", "account"),
    [
        ("arn:aws:backup:eu-central-1:111122223333:backup-vault:dr", YES, NO),
        ("arn:aws:backup:eu-west-1:999922223333:backup-vault:dr", NO, YES),
        ("arn:aws:backup:eu-central-1:999922223333:backup-vault:dr", YES, YES),
        ("arn:aws:backup:eu-west-1:111122223333:backup-vault:dr", NO, NO),
        ("!Sub 'arn:aws:backup:eu-central-1:${AWS::AccountId}:backup-vault:dr'", YES, NO),
        ("!Sub 'arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:dr'", NO, NO),
        ("!GetAtt Vault.BackupVaultArn", NO, NO),
        ("!Ref AWS::NotificationARNs", UNKNOWN, UNKNOWN),
        ("!ImportValue dr-vault", UNKNOWN, UNKNOWN),
    ],
)
def test_a_copy_survives_the_loss_of_what_it_is_not_in(arn: str, region: Answer, account: Answer) -> None:
    found = of(copy_to(arn))

    assert (found.other_region.answer, found.other_account.answer) == (region, account)


def test_where_the_tables_region_is_open_a_written_one_may_be_the_same() -> None:
    found = estate(template(copy_to("arn:aws:backup:eu-central-1:111122223333:backup-vault:dr")), deployed=False)

    assert posture(table(found), found).other_region.answer is UNKNOWN


def test_the_pseudo_parameter_means_the_same_region_even_if_nobody_knows_which() -> None:
    found = estate(
        template(copy_to("!Sub 'arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:dr'")), deployed=False
    )
    picture = posture(table(found), found)

    assert (picture.other_region.answer, picture.other_account.answer) == (NO, NO)


@pytest.mark.parametrize(("advanced", "answer"), [(True, YES), (False, NO), (None, UNKNOWN)])
def test_there_are_no_copies_without_the_advanced_features(advanced: bool | None, answer: Answer) -> None:
    found = estate(template(copy_to("arn:aws:backup:eu-central-1:111122223333:backup-vault:dr")))
    region = found.tables.present()[0].subject
    state: Known[bool] | Unknown = Unknown("the call was denied") if advanced is None else Known(advanced, None)
    here = RegionSettings(
        Subject("region-settings", "eu-west-1", region.name, "", region.origin, region.region, region.account),
        Value("opted in", Known(True, None)),
        Value("ResourceTypeManagementPreference.DynamoDB", state),
    )
    found = found._replace(region_settings=Listing((Entry((Variant(ALWAYS, here),)),)))

    assert posture(table(found), found).other_region.answer is answer


@pytest.mark.parametrize(
    ("lock", "today", "answer", "words"),
    [
        ("", "", NO, "no vault lock"),
        ("{MinRetentionDays: 7}", "", NO, "governance mode"),
        ("{MinRetentionDays: 7, ChangeableForDays: 3}", "", YES, "final 3 days after it is put on"),
        ("{MinRetentionDays: 7, ChangeableForDays: !Ref AWS::NotificationARNs}", "", UNKNOWN, "not known"),
        ("!Ref AWS::NotificationARNs", "", UNKNOWN, "not known"),
    ],
)
def test_only_a_lock_that_becomes_final_makes_backups_immutable(
    lock: str, today: str, answer: Answer, words: str
) -> None:
    rest = VAULT.replace("main}", f"main, LockConfiguration: {lock}}}") if lock else VAULT
    found = only(of(rest=rest, today=today), "backup")

    assert found.immutable.answer is answer
    assert words in said(found.immutable)


@pytest.mark.parametrize(("today", "answer"), [("2026-12-02", YES), ("2026-12-01", YES), ("2026-11-30", NO), ("", YES)])
def test_a_lock_with_a_date_is_final_from_then_on(today: str, answer: Answer) -> None:
    found = estate(template(rest=VAULT.replace("main}", "main, LockConfiguration: {MinRetentionDays: 7}}")))
    vault = found.vaults.present()[0]
    lock = vault.lock.known()
    assert lock is not None
    dated = lock._replace(final_on=Value("LockDate", Known("2026-12-01T05:00:00Z", None)))
    vault = vault._replace(lock=Value("lock", Known(dated, None)))
    found = found._replace(vaults=Listing((Entry((Variant(ALWAYS, vault),)),)))

    assert posture(table(found), found, today).immutable.answer is answer


def test_an_air_gapped_vault_is_immutable_and_no_copy_to_another_region() -> None:
    gapped = """\
    Gapped:
      Type: AWS::Backup::LogicallyAirGappedBackupVault
      Properties: {BackupVaultName: gapped, MinRetentionDays: 7, MaxRetentionDays: 60}
    """
    found = of(
        f"{DAILY}  TargetLogicallyAirGappedBackupVaultArn: !GetAtt Gapped.BackupVaultArn\n",
        VAULT + dedent(gapped),
    )

    assert only(found, "air-gapped").immutable.answer is YES
    assert (found.immutable.answer, found.other_region.answer) == (YES, NO)


def test_a_vault_that_was_not_read_may_be_locked() -> None:
    found = of(rest="")

    assert found.immutable.answer is UNKNOWN
    assert "main is not in what was read" in said(found.immutable)


def test_copies_that_may_be_more_leave_no_room_for_a_no() -> None:
    found = of(f"{DAILY}  CopyActions: !Ref AWS::NotificationARNs\n")

    assert found.other_region.answer is UNKNOWN


TESTED = """\
Tests:
  Type: AWS::Backup::RestoreTestingPlan
  Properties:
    RestoreTestingPlanName: tests
    ScheduleExpression: cron(0 5 ? * SUN *)
    RecoveryPointSelection: {Algorithm: LATEST_WITHIN_WINDOW, IncludeVaults: [VAULTS], RecoveryPointTypes: [TYPES]}
TestSelection:
  Type: AWS::Backup::RestoreTestingSelection
  Properties:
    RestoreTestingPlanName: !Ref Tests
    RestoreTestingSelectionName: tables
    ProtectedResourceType: DynamoDB
    ProtectedResourceArns: ['*']
    IamRoleArn: arn:aws:iam::111122223333:role/restore
"""


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (("", ""), YES),
        (("DynamoDB", "EBS"), NO),
        (("SNAPSHOT", "CONTINUOUS"), NO),
        (("'*'], Rec", "!GetAtt Vault.BackupVaultArn], Rec"), YES),
        (("'*'], Rec", "!GetAtt Plan.BackupPlanArn], Rec"), NO),
        (("'*'], Rec", "!Ref AWS::NotificationARNs], Rec"), UNKNOWN),
        (("'*'], Rec", "arn:aws:backup:eu-west-1:111122223333:backup-vault:other], Rec"), NO),
        (("'*'], Rec", "'*'], ExcludeVaults: [!GetAtt Vault.BackupVaultArn], Rec"), NO),
        (("Arns: ['*']", "Arns: [!GetAtt Orders.Arn]"), YES),
        (("Arns: ['*']", "Arns: ['arn:aws:dynamodb:eu-west-1:111122223333:table/other']"), NO),
        (("cron(0 5 ? * SUN *)", "cron(0 5 31 2 ? *)"), NO),
        (("cron(0 5 ? * SUN *)", "!Ref AWS::NotificationARNs"), UNKNOWN),
        (("!Ref Tests", "elsewhere"), UNKNOWN),
    ],
)
def test_a_restore_test_counts_if_it_takes_this_tables_backups(change: tuple[str, str], answer: Answer) -> None:
    tested = TESTED.replace("VAULTS", "'*'").replace("TYPES", "SNAPSHOT")
    found = of(rest=VAULT + (tested.replace(*change) if change[0] else tested))

    assert found.tested.answer is answer


def test_without_a_backup_there_is_nothing_to_test() -> None:
    found = estate(template(selection="", rest=VAULT + TESTED.replace("VAULTS", "'*'").replace("TYPES", "SNAPSHOT")))

    assert posture(table(found), found).tested.answer is NO


def test_what_covers_the_table_but_was_not_read_leaves_the_rest_open() -> None:
    text = template(selection=protected.SELECTION.replace("!Ref Plan", "!Ref AWS::NotificationARNs"))
    found = estate(text)
    picture = posture(table(found), found)

    assert {picture.other_region.answer, picture.other_account.answer, picture.immutable.answer} == {UNKNOWN}


EVERYTHING = """\
- RuleName: daily
  TargetBackupVault: main
  ScheduleExpression: cron(0 5 ? * * *)
  ScheduleExpressionTimezone: Europe/Berlin
  StartWindowMinutes: 60
  CompletionWindowMinutes: 120
  Lifecycle: {DeleteAfterDays: 200, MoveToColdStorageAfterDays: 30}
  CopyActions:
    - DestinationBackupVaultArn: arn:aws:backup:eu-central-1:999922223333:backup-vault:dr
      Lifecycle: {DeleteAfterDays: 400}
"""
LOCKED = VAULT.replace(
    "main}", "main, LockConfiguration: {MinRetentionDays: 7, MaxRetentionDays: 300, ChangeableForDays: 3}}"
)
NOBODY_KNOWS = "!Ref AWS::NotificationARNs"


def answers(found: Posture) -> list[Answer]:
    return [
        truth.answer
        for truth in (
            found.pitr, found.coverage.truth, found.other_region, found.other_account, found.immutable, found.tested,
            *(points.there for points in found.points), *(points.immutable for points in found.points),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "TargetBackupVault: main", "cron(0 5 ? * * *)", "Europe/Berlin", "StartWindowMinutes: 60",
        "CompletionWindowMinutes: 120", "DeleteAfterDays: 200", "MoveToColdStorageAfterDays: 30",
        "arn:aws:backup:eu-central-1:999922223333:backup-vault:dr", "DeleteAfterDays: 400", "MinRetentionDays: 7",
        "MaxRetentionDays: 300", "ChangeableForDays: 3", "PointInTimeRecoveryEnabled: true", "DynamoDB\n",
        "cron(0 5 ? * SUN *)", "SNAPSHOT", "BackupVaultName: main",
    ],
)  # fmt: skip
def test_what_becomes_unknown_makes_answers_unknown_and_numbers_no_better(written: str) -> None:
    tests = TESTED.replace("VAULTS", "'*'").replace("TYPES", "SNAPSHOT")
    text = template(EVERYTHING, LOCKED + tests, pitr="true")
    name, colon, value = written.partition(": ")
    assert written in text
    end = "\n" if written.endswith("\n") else ""
    changed = text.replace(written, f"{name}: {NOBODY_KNOWS}" if colon and value else f"{NOBODY_KNOWS}{end}")
    known, less = (posture(table(found), found) for found in (estate(text), estate(changed)))

    assert len(answers(known)) == len(answers(less))
    assert all(after in (before, UNKNOWN) for before, after in zip(answers(known), answers(less), strict=True))
    assert less.loss is None or (known.loss is not None and less.loss >= known.loss)
    assert less.back_days is None or (known.back_days is not None and less.back_days <= known.back_days)
