"""What the policies, locks and uses of vaults come to, beyond what the documents of the rules show."""

from __future__ import annotations

import pytest

from backups import vault
from recoverable import pack
from recoverable.estate import Estate
from recoverable.read import cloudformation
from recoverable.read.alerts import tells_of_failed_backups
from recoverable.read.document import read_document
from recoverable.recovery.backups.denials import DELETING, LIFTING, UNLOCKING, denied, firmly_denied, unlocking_denied
from recoverable.recovery.backups.locks import becomes_final, contradictory
from recoverable.recovery.backups.vault_policies import (
    denial_has_holes,
    lets_others_copy_in,
    void_grant,
    wildcard_action,
)
from recoverable.recovery.backups.vault_use import crosses_accounts, holdings, holds_copies_only, writes_into
from recoverable.truth import Answer, Truth
from recoverable.value import Known, Listing, Value
from templates import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject
    from recoverable.estate.backup import Vault
    from recoverable.policy.document import Policy

OWN = "111122223333"

PACK = pack.load(pack.builtin())


def with_policy(statement: str, **given: str) -> tuple[Policy, Vault]:
    found = vault(f"AccessPolicy:\n  Statement:\n    - {statement}", "Parameters:\n  Name: {Type: String}\n", **given)
    policy = found.policy.known()
    assert policy is not None
    return policy, found


def judged(name: str, found: Vault) -> Answer:
    rule = PACK.named(name)
    assert rule is not None
    truth = rule.judge(found)
    assert isinstance(truth, Truth)
    return truth.answer


def deny(rest: str, principal: str = "Principal: '*'", resource: str = "Resource: '*'", **given: str) -> Truth:
    policy, found = with_policy(f"{{Effect: Deny, {principal}, {rest}, {resource}}}", **given)
    return denied(policy, found, "backup:DeleteRecoveryPoint")


def exempting(condition: str) -> Answer:
    policy, found = with_policy(
        f"{{Effect: Deny, Principal: '*', Action: [{', '.join((*DELETING, LIFTING))}], Resource: '*', "
        f"Condition: {{{condition}}}}}"
    )
    return denial_has_holes(policy, found).answer


# --- whom and what a denial is about --------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["backup:DeleteRecoveryPoint", "BACKUP:deleterecoverypoint", "backup:Delete*"])
def test_a_denial_names_its_actions_in_any_case(action: str) -> None:
    assert deny(f"Action: '{action}'").answer is Answer.YES


@pytest.mark.parametrize("action", ["backup:DeleteBackupVault", "backup:Put*", "dynamodb:DeleteBackup"])
def test_a_denial_of_something_else_denies_no_deletion(action: str) -> None:
    assert deny(f"Action: '{action}'").answer is Answer.NO


def test_a_denial_of_all_but_a_few_actions_denies_deletion() -> None:
    assert deny("NotAction: backup:ListRecoveryPointsByBackupVault").answer is Answer.YES


def test_what_is_taken_out_of_a_denial_is_not_denied() -> None:
    assert deny("NotAction: backup:DeleteRecoveryPoint").answer is Answer.NO


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        ("Principal: {AWS: !Ref 'AWS::AccountId'}", Answer.YES),
        (f"Principal: {{AWS: 'arn:aws:iam::{OWN}:root'}}", Answer.UNKNOWN),
        (f"Principal: {{AWS: '{OWN}'}}", Answer.UNKNOWN),
        (f"Principal: {{AWS: 'arn:aws:iam::{OWN}:role/root'}}", Answer.NO),
        ("Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/developer'}", Answer.NO),
        ("Principal: {Service: backup.amazonaws.com}", Answer.NO),
        (f"NotPrincipal: {{AWS: 'arn:aws:iam::{OWN}:role/guardian'}}", Answer.YES),
        ("Principal: {AWS: !Ref Name}", Answer.UNKNOWN),
    ],
)
def test_everyone_is_everyone_in_the_account_of_the_vault(principal: str, answer: Answer) -> None:
    assert deny("Action: backup:DeleteRecoveryPoint", principal).answer is answer


def test_a_known_account_settles_whether_its_root_is_everyone() -> None:
    principal = f"Principal: {{AWS: 'arn:aws:iam::{OWN}:root'}}"
    own = {"AWS__AccountId": OWN}
    other = {"AWS__AccountId": "444455556666"}
    answers = [deny("Action: backup:DeleteRecoveryPoint", principal, **given).answer for given in (own, other)]

    assert answers == [Answer.YES, Answer.NO]


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("'*'", Answer.YES),
        ("arn:aws:backup:*:*:recovery-point:*", Answer.YES),
        ("arn:aws:ec2:*::snapshot/*", Answer.NO),
        ("arn:aws:backup:*:*:backup-vault:main", Answer.UNKNOWN),
        ("!GetAtt Vault.BackupVaultArn", Answer.UNKNOWN),
        ("arn:aws:backup:*:*:backup-vault:other", Answer.NO),
    ],
)
def test_recovery_points_have_other_arns_than_their_vault(pattern: str, answer: Answer) -> None:
    assert deny("Action: backup:DeleteRecoveryPoint", resource=f"Resource: {pattern}").answer is answer


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("!GetAtt Vault.BackupVaultArn", Answer.YES),
        ("arn:aws:backup:*:*:backup-vault:main", Answer.YES),
        ("arn:aws:backup:*:*:backup-vault:other", Answer.NO),
        ("arn:aws:backup:*:*:recovery-point:*", Answer.NO),
    ],
)
def test_the_policy_itself_is_denied_for_the_vault(pattern: str, answer: Answer) -> None:
    policy, found = with_policy(f"{{Effect: Deny, Principal: '*', Action: '{LIFTING}', Resource: {pattern}}}")

    assert denied(policy, found, LIFTING).answer is answer


def test_what_a_denial_leaves_out_by_resource_is_not_known() -> None:
    resource = "NotResource: 'arn:aws:ec2:*::snapshot/*'"

    assert deny("Action: backup:DeleteRecoveryPoint", resource=resource).answer is Answer.UNKNOWN


# --- who is exempt --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        "ArnNotEquals: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/guardian'}",
        "ArnNotLike: {aws:PrincipalArn: 'arn:aws:iam::*:role/guardian'}",
        "StringNotEquals: {aws:PrincipalArn: !Ref Name}",
        "StringNotEqualsIfExists: {aws:userId: 'AROAEXAMPLEEXAMPLEEXA:guardian'}",
        "StringNotLike: {aws:userId: ['AROAEXAMPLEEXAMPLEEXA:*', '111122223333']}",
        "Bool: {aws:PrincipalIsAWSService: 'false'}",
        "StringNotEquals: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/*'}",
    ],
)
def test_single_roles_and_users_may_be_exempt(condition: str) -> None:
    assert exempting(condition) is not Answer.YES


@pytest.mark.parametrize(
    "condition",
    [
        "StringNotLike: {aws:PrincipalArn: '*'}",
        "ArnNotEquals: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/*guardian'}",
        "ArnNotLike: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*'}",
        "ArnNotLike: {aws:PrincipalArn: 'arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_*'}",
        "StringNotLike: {aws:userId: 'AROA*'}",
        "StringNotEquals: {aws:PrincipalArn: '${aws:PrincipalArn}'}",
        "StringNotEquals: {aws:PrincipalAccount: !Ref 'AWS::AccountId'}",
        "StringNotLike: {aws:PrincipalOrgPaths: 'o-1/*'}",
        "StringEquals: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/developer'}",
        "Bool: {aws:PrincipalIsAWSService: 'true'}",
        "DateLessThan: {aws:CurrentTime: '2026-01-01T00:00:00Z'}",
        "StringNotEquals: {aws:RequestedRegion: eu-west-1}",
    ],
)
def test_wide_exemptions_and_conditions_are_holes(condition: str) -> None:
    assert exempting(condition) is Answer.YES


@pytest.mark.parametrize(
    "condition",
    [
        "StringNotEquals: {aws:PrincipalAccount: '111122223333'}",
        "ArnNotLike: {aws:PrincipalArn: !Sub 'arn:aws:iam::111122223333:role/${Name}'}",
    ],
)
def test_an_exemption_that_is_not_known_may_be_a_hole(condition: str) -> None:
    assert exempting(condition) is Answer.UNKNOWN


def test_a_lock_is_kept_on_by_a_policy_that_cannot_be_taken_away() -> None:
    actions = [", ".join(UNLOCKING), ", ".join(UNLOCKING[:-1])]
    answers = [
        unlocking_denied(with_policy(f"{{Effect: Deny, Principal: '*', Action: [{each}], Resource: '*'}}")[1]).answer
        for each in actions
    ]

    assert answers == [Answer.YES, Answer.NO]


def test_the_fact_of_a_hole_stands_at_its_condition() -> None:
    policy, found = with_policy(
        "Effect: Deny\n      Principal: '*'\n      Action: backup:DeleteRecoveryPoint\n      Resource: '*'\n"
        "      Condition:\n        StringNotLike:\n          aws:userId: '*'"
    )
    truth = firmly_denied(policy, found, "backup:DeleteRecoveryPoint")

    assert [(fact.text, getattr(fact.origin, "line", 0)) for fact in truth.facts] == [
        ("StringNotLike on aws:userId exempts *, which is everyone", 15)
    ]


# --- what a policy allows -------------------------------------------------------------------------------------------


def test_a_condition_that_is_not_known_leaves_the_actions_known() -> None:
    policy, found = with_policy(
        "{Effect: Allow, Principal: '*', Action: backup:CopyIntoBackupVault, Resource: '*', "
        "Condition: {StringEquals: {aws:PrincipalOrgID: !Ref Name}}}"
    )
    answers = [wildcard_action(policy).answer, void_grant(policy, found).answer]

    assert answers == [Answer.NO, Answer.NO]


def test_a_service_is_no_other_account() -> None:
    policy, found = with_policy(
        "{Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: backup:StartCopyJob, Resource: '*'}"
    )

    assert void_grant(policy, found).answer is Answer.NO


def test_all_but_some_actions_are_more_than_copies() -> None:
    policy, found = with_policy(
        f"{{Effect: Allow, Principal: {{AWS: ['{OWN}', '444455556666']}}, NotAction: backup:CopyIntoBackupVault}}"
    )

    assert void_grant(policy, found).answer is Answer.YES


@pytest.mark.parametrize(
    "statement",
    [
        # Open to everyone, which is told as that.
        "Principal: '*', Condition: {StringEqualsIfExists: {aws:PrincipalOrgID: o-1}}",
        # A condition narrows whom the principals name.
        "Principal: {AWS: !Ref 'AWS::AccountId'}, Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}",
    ],
)
def test_a_grant_that_is_for_no_other_account_is_not_void(statement: str) -> None:
    policy, found = with_policy(f"{{Effect: Allow, Action: backup:StartRestoreJob, Resource: '*', {statement}}}")

    assert void_grant(policy, found).answer is Answer.NO


def test_only_an_allowed_copy_lets_others_copy_in() -> None:
    both = f"Principal: {{AWS: ['{OWN}', '444455556666']}}, Resource: '*'"
    answers = [
        lets_others_copy_in(*with_policy(f"{{Effect: {effect}, Action: {action}, {both}}}")).answer
        for effect, action in (
            ("Allow", "backup:CopyIntoBackupVault"),
            ("Deny", "backup:CopyIntoBackupVault"),
            ("Allow", "backup:StartRestoreJob"),
        )
    ]

    assert answers == [Answer.YES, Answer.NO, Answer.NO]


# --- locks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lock", "answer"),
    [
        ("MinRetentionDays: 1, MaxRetentionDays: 36500, ChangeableForDays: 36500", Answer.NO),
        ("MinRetentionDays: 1, ChangeableForDays: 36501", Answer.YES),
        ("MinRetentionDays: 1, ChangeableForDays: 2", Answer.YES),
        ("MinRetentionDays: 36501", Answer.YES),
        ("MinRetentionDays: 1, MaxRetentionDays: 0", Answer.YES),
        ("MinRetentionDays: 1, MaxRetentionDays: !Ref Name", Answer.UNKNOWN),
        ("MinRetentionDays: 9, MaxRetentionDays: 8, ChangeableForDays: !Ref Name", Answer.YES),
    ],
)
def test_the_bounds_of_a_lock_are_those_of_the_api(lock: str, answer: Answer) -> None:
    found = vault(f"LockConfiguration: {{{lock}}}", "Parameters:\n  Name: {Type: Number}\n").lock.known()

    assert found is not None
    assert contradictory(found, air_gapped=False).answer is answer


def test_a_lock_that_has_been_put_on_is_not_asked_about_again() -> None:
    found = vault("LockConfiguration: {MinRetentionDays: 7, ChangeableForDays: 3}")
    lock = found.lock.known()
    assert lock is not None
    lock = lock._replace(final_on=Value("LockDate", Known("2025-06-01", lock.origin)))

    assert becomes_final(found, lock, Estate()).answer is Answer.NO


def test_a_lock_with_a_date_cannot_be_taken_off() -> None:
    found = vault("LockConfiguration: {MinRetentionDays: 7}")
    lock = found.lock.known()
    assert lock is not None
    lock = lock._replace(final_on=Value("LockDate", Known("2025-06-01", lock.origin)))
    locked = found._replace(lock=Value("LockConfiguration", Known(lock, lock.origin)))

    assert judged("vault-lock-removable", locked) is Answer.NO


# --- the end of a vault ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("emptied", "answer"), [(True, Answer.YES), (False, Answer.NO)])
def test_a_vault_that_is_destroyed_with_its_contents_is_lost(emptied: bool, answer: Answer) -> None:
    found = vault()
    kept = Value("DeletionPolicy", Known("Retain", found.subject.origin))
    gone = Value("force_destroy", Known(emptied, found.subject.origin))
    answers = {
        judged("vault-force-destroy", found._replace(kept_on_delete=each, destroyed_with_contents=gone))
        for each in (kept, None)
    }

    assert answers == {answer}


# --- what writes into a vault ---------------------------------------------------------------------------------------

PLAN = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties: {{BackupVaultName: main}}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: plan
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: {target}
            Lifecycle: {{DeleteAfterDays: 35}}
            CopyActions:
              - DestinationBackupVaultArn: {copy}
Parameters:
  Name: {{Type: String}}
"""


def planned(target: str = "elsewhere", copy: str = "arn:aws:backup:eu-west-1:1:backup-vault:x") -> tuple[Vault, Estate]:
    reading = read(PLAN.format(target=target, copy=copy)).reading
    estate = Estate(
        vaults=Listing(reading.vaults),
        plan_rules=Listing(reading.plan_rules),
        copy_actions=Listing(reading.copy_actions),
    )
    return estate.vaults.present()[0], estate


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("main", Answer.YES),
        ("!Ref Vault", Answer.YES),
        ("Main", Answer.NO),
        ("!Ref Name", Answer.UNKNOWN),
        ("!Sub other-${Name}", Answer.NO),
        ("!Ref Plan", Answer.NO),
    ],
)
def test_a_rule_writes_into_the_vault_that_it_names(target: str, answer: Answer) -> None:
    found, estate = planned(target)

    assert writes_into(estate.plan_rules.present()[0], found).answer is answer


def test_a_name_means_a_vault_in_its_own_region() -> None:
    found, estate = planned("main")
    rule = estate.plan_rules.present()[0]

    def moved(subject: Subject, region: str) -> Subject:
        return subject._replace(region=Value("Region", Known(region, subject.origin)))

    here = found._replace(subject=moved(found.subject, "eu-central-1"))
    regions = ("eu-central-1", "eu-west-1")
    answers = [writes_into(rule._replace(subject=moved(rule.subject, each)), here).answer for each in regions]

    assert answers == [Answer.YES, Answer.NO]


@pytest.mark.parametrize(("target", "answer"), [("elsewhere", Answer.YES), ("main", Answer.NO)])
def test_a_vault_that_gets_backups_holds_more_than_copies(target: str, answer: Answer) -> None:
    assert holds_copies_only(*planned(target, "!GetAtt Vault.BackupVaultArn")).answer is answer


def test_what_a_vault_holds_is_told_with_its_time() -> None:
    found, estate = planned("main", "!GetAtt Vault.BackupVaultArn")

    assert [fact.text for fact in holdings(found, estate)] == [
        "it will hold the backups of Plan rule daily for 35 days",
        "it will hold the copies of Plan rule daily copy 1 for ever",
    ]


@pytest.mark.parametrize(
    ("target", "copy", "answer"),
    [
        ("main", "!Sub 'arn:aws:backup:eu-west-1:${AWS::AccountId}:backup-vault:x'", Answer.NO),
        ("main", "arn:aws:backup:eu-west-1:444455556666:backup-vault:x", Answer.UNKNOWN),
        ("elsewhere", "arn:aws:backup:eu-west-1:444455556666:backup-vault:x", Answer.NO),
    ],
)
def test_accounts_are_crossed_by_copies_out_of_the_vault(target: str, copy: str, answer: Answer) -> None:
    assert crosses_accounts(*planned(target, copy)).answer is answer


# --- who is told of failed backups ----------------------------------------------------------------------------------


def told(kind: str, properties: str) -> Answer:
    text = (
        f"Parameters:\n  Name: {{Type: String}}\nResources:\n  Thing:\n    Type: AWS::{kind}\n"
        f"    Properties: {{{properties}}}\n"
    )
    documents = {"app.yaml": ("cloudformation", read_document(text, "app.yaml"))}
    reading = cloudformation.read(documents, lambda _: None, lambda _: {}, frozenset((f"AWS::{kind}",)))
    return Listing(reading.resources).any(tells_of_failed_backups, "nothing").answer


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("{source: [aws.backup]}", Answer.YES),
        ("{source: [aws.ec2, aws.backup], detail: {state: [EXPIRED, FAILED]}}", Answer.YES),
        ('\'{"source": ["aws.backup"], "detail-type": ["Backup Job State Change"]}\'', Answer.YES),
        ("{source: [aws.ec2]}", Answer.NO),
        ("{detail-type: [Backup Job State Change]}", Answer.YES),
        ("{detail-type: [Restore Job State Change], source: [aws.backup]}", Answer.NO),
        ("{detail: {state: [COMPLETED]}, source: [aws.backup]}", Answer.NO),
        ("{source: [{prefix: aws.}]}", Answer.UNKNOWN),
        ("{source: !Ref Name}", Answer.UNKNOWN),
        ("!Ref Name", Answer.UNKNOWN),
    ],
)
def test_an_event_rule_waits_for_what_its_pattern_lets_through(pattern: str, answer: Answer) -> None:
    assert told("Events::Rule", f"EventPattern: {pattern}") is answer


def test_a_rule_that_is_switched_off_or_runs_by_the_clock_waits_for_nothing() -> None:
    off = told("Events::Rule", "State: DISABLED, EventPattern: {source: [aws.backup]}")
    clock = told("Events::Rule", "ScheduleExpression: rate(1 day)")

    assert (off, clock) == (Answer.NO, Answer.NO)


@pytest.mark.parametrize(
    ("alarm", "answer"),
    [
        ("Namespace: AWS/Backup, MetricName: NumberOfBackupJobsAborted", Answer.YES),
        ("Namespace: AWS/Backup, MetricName: NumberOfBackupJobsCompleted", Answer.NO),
        ("Namespace: AWS/EC2, MetricName: NumberOfBackupJobsFailed", Answer.NO),
        ("Namespace: AWS/Backup, MetricName: !Ref Name", Answer.UNKNOWN),
    ],
)
def test_an_alarm_counts_if_it_counts_failed_backups(alarm: str, answer: Answer) -> None:
    assert told("CloudWatch::Alarm", alarm) is answer


def test_a_notification_counts_if_it_is_about_backup_jobs() -> None:
    kinds = ("Backup Job State Change", "Restore Job State Change")
    answers = [told("Notifications::EventRule", f"Source: aws.backup, EventType: {kind}") for kind in kinds]

    assert answers == [Answer.YES, Answer.NO]
