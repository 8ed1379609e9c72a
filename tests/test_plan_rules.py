"""What stands behind the rules about plans: whom a plan is for, how long copies are kept, who lets copies in."""

from __future__ import annotations

import json

import pytest

from backups import only, plans, resource, rule
from recoverable.estate import Estate
from recoverable.policy.document import Policy
from recoverable.policy.sharing import lets_account_in
from recoverable.recovery.backups.advanced import features_off, features_unmanaged
from recoverable.recovery.backups.copy_targets import into_same_vault, stays_in_account, stays_in_region
from recoverable.recovery.backups.lifecycles import outside_lock, warm_for_long
from recoverable.recovery.backups.plan_scope import is_for_tables, is_for_tables_alone
from recoverable.recovery.backups.retention import lifecycle_of_copy
from recoverable.recovery.backups.schedule import timetable
from recoverable.recovery.backups.vault_use import copies_into
from recoverable.recovery.backups.vaults_meant import may_mean
from recoverable.recovery.backups.windows import out_of_range
from recoverable.recovery.objectives import Objectives
from recoverable.truth import Answer
from recoverable.value import Known, Listing, Unknown, Value
from templates import Templates, read

SELECTION = """
  Selected:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: all
        {what}
"""

RULE = "- RuleName: nightly\n  TargetBackupVault: main\n"


def estate_of(templates: Templates) -> Estate:
    reading = templates.reading
    return Estate(
        tables=Listing(reading.tables),
        keys=Listing(reading.keys),
        plans=Listing(reading.plans),
        plan_rules=Listing(reading.plan_rules),
        selections=Listing(reading.selections),
        vaults=Listing(reading.vaults),
        region_settings=Listing(reading.region_settings),
    )


def for_tables(what: str) -> tuple[str, str]:
    """Whether a plan with this selection is for tables, and for tables alone."""
    estate = estate_of(plans(RULE, SELECTION.format(what=what)))
    one = only(estate.plans.entries)
    return is_for_tables(one, estate).answer.value, is_for_tables_alone(one, estate).answer.value


@pytest.mark.parametrize(
    ("what", "tables", "alone"),
    [
        ("Resources: ['*']", "yes", "no"),
        ("Resources: ['arn:*']", "yes", "no"),
        ("Resources: ['arn:aws:dynamodb:*:*:table/*']", "yes", "yes"),
        ("Resources: ['arn:aws:dynamodb:eu-west-1:111122223333:table/orders']", "yes", "yes"),
        ("Resources: [!Sub 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/o']", "yes", "yes"),
        ("Resources: [!Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Nobody}']", "yes", "yes"),
        ("Resources: ['arn:aws:ec2:*:*:volume/*']", "no", "no"),
        ("Resources: ['arn:aws:dynamodb:*:*:table/*', 'arn:aws:ec2:*:*:volume/*']", "yes", "no"),
        ("Resources: ['arn:aws:dynamodb:eu-west-1:111122223333:stream/orders']", "no", "no"),
        ("Resources: [!Ref Given]", "unknown", "unknown"),
        ("Resources: [!Ref Given, '*']", "yes", "no"),
        ("Resources: [!Ref Given, 'arn:aws:ec2:*:*:volume/*']", "unknown", "no"),
        ("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: a, ConditionValue: b}]", "yes", "no"),
        ("Resources: !Ref Given", "unknown", "unknown"),
        ("IamRoleArn: arn:aws:iam::111122223333:role/backup", "yes", "no"),
    ],
)
def test_a_plan_is_for_what_its_selections_can_mean(what: str, tables: str, alone: str) -> None:
    parameters = "Parameters:\n  Given: {Type: String}\n  Nobody: {Type: String}\n"
    estate = estate_of(plans(RULE, SELECTION.format(what=what) + parameters))
    one = only(estate.plans.entries)

    assert is_for_tables(one, estate).answer.value == tables
    assert is_for_tables_alone(one, estate).answer.value == alone


def test_a_plan_that_nothing_is_selected_for_may_be_for_tables() -> None:
    estate = estate_of(plans(RULE))
    one = only(estate.plans.entries)

    assert is_for_tables(one, estate).answer is Answer.YES
    assert is_for_tables_alone(one, estate).answer is Answer.NO


def test_a_selection_of_a_plan_that_is_not_known_may_be_of_any_plan() -> None:
    rest = SELECTION.format(what="Resources: ['arn:aws:ec2:*:*:volume/*']").replace("!Ref Plan", "!Ref Given")
    estate = estate_of(plans(RULE, rest + "Parameters:\n  Given: {Type: String}\n"))

    assert is_for_tables(only(estate.plans.entries), estate).answer is Answer.UNKNOWN


def test_a_selection_of_another_plan_says_nothing() -> None:
    assert for_tables("Resources: ['arn:aws:ec2:*:*:volume/*']") == ("no", "no")
    rest = SELECTION.format(what="Resources: ['arn:aws:ec2:*:*:volume/*']").replace("!Ref Plan", "!Ref Other")
    other = "  Other:\n    Type: AWS::Backup::BackupPlan\n    Properties: {BackupPlan: {BackupPlanName: other}}\n"
    estate = estate_of(plans(RULE, rest + other))

    assert is_for_tables(estate.plans.present()[0], estate).answer is Answer.YES


@pytest.mark.parametrize(
    ("copy", "kept", "cold"),
    [
        ("", 35, None),
        ("Lifecycle: {DeleteAfterDays: 90}", 90, None),
        ("Lifecycle: {DeleteAfterDays: -1}", 35, None),
        ("Lifecycle: {MoveToColdStorageAfterDays: 5}", 35, 5),
        ("Lifecycle: {DeleteAfterDays: 365, MoveToColdStorageAfterDays: 5}", 365, 5),
    ],
)
def test_a_copy_keeps_the_retention_of_its_original_unless_it_says_another(
    copy: str, kept: int, cold: int | None
) -> None:
    one = rule(
        "TargetBackupVault: main\nLifecycle: {DeleteAfterDays: 35}\n"
        f"CopyActions:\n  - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:111122223333:backup-vault:far\n"
        f"    {copy}"
    )
    found = lifecycle_of_copy(one.copies[0].lifecycle, one.lifecycle)

    assert (found.delete_after.known(), found.cold_after.known()) == (kept, cold)


def test_a_copy_of_which_the_retention_is_not_known_keeps_it_open() -> None:
    one = rule(
        "TargetBackupVault: main\nLifecycle: {DeleteAfterDays: 35}\n"
        "CopyActions:\n  - DestinationBackupVaultArn: x\n    Lifecycle: {DeleteAfterDays: !Ref Days}",
        "Parameters:\n  Days: {Type: Number}\n",
    )

    assert isinstance(lifecycle_of_copy(one.copies[0].lifecycle, one.lifecycle).delete_after.state, Unknown)


@pytest.mark.parametrize(
    ("windows", "answer"),
    [
        ("StartWindowMinutes: 59", "yes"),
        ("StartWindowMinutes: 60", "no"),
        ("StartWindowMinutes: 52560000\nCompletionWindowMinutes: 52560000", "no"),
        ("StartWindowMinutes: 52560001", "yes"),
        ("StartWindowMinutes: -1", "yes"),
        ("StartWindowMinutes: 60\nCompletionWindowMinutes: 60", "no"),
        ("StartWindowMinutes: 60\nCompletionWindowMinutes: 59", "unknown"),
        ("CompletionWindowMinutes: 479", "unknown"),
        ("StartWindowMinutes: 30\nCompletionWindowMinutes: !Ref Given", "yes"),
        ("StartWindowMinutes: 60\nCompletionWindowMinutes: !Ref Given", "unknown"),
    ],
)
def test_windows_have_an_hour_at_least_and_a_hundred_years_at_most(windows: str, answer: str) -> None:
    one = rule(f"TargetBackupVault: main\n{windows}", "Parameters:\n  Given: {Type: Number}\n")

    assert out_of_range(one).answer.value == answer


def test_a_schedule_that_is_still_to_end_fires() -> None:
    one = rule("ScheduleExpression: cron(0 5 ? * * 2026)\nTargetBackupVault: main")

    assert timetable(one.schedule, one.timezone).never_fires(2026).answer is Answer.NO
    assert timetable(one.schedule, one.timezone).never_fires(2027).answer is Answer.YES


ORGANIZATION = """
Resources:
  Policy:
    Type: AWS::Organizations::Policy
    Properties:
      Name: backup
      Type: BACKUP_POLICY
      TargetIds: [r-abcd]
      Content:
        plans:
          nightly:
            regions: {"@@assign": [eu-west-1]}
            rules:
              Every_night:
                schedule_expression: {"@@assign": "cron(0 5 ? * * *)"}
                target_backup_vault_name: {"@@assign": main}
                lifecycle: {delete_after_days: {"@@assign": "35"}}
                copy_actions:
                  COPY: {target_backup_vault_arn: {"@@assign": COPY}}
            selections:
              tags:
                daily:
                  iam_role_arn: {"@@assign": "arn:aws:iam::$account:role/backup"}
                  tag_key: {"@@assign": backup}
                  tag_value: {"@@assign": [daily]}
"""


@pytest.mark.parametrize(
    ("target", "region", "account", "same"),
    [
        ("arn:aws:backup:$region:$account:backup-vault:main", "no", "no", "yes"),
        ("arn:aws:backup:$region:$account:backup-vault:other", "yes", "yes", "no"),
        ("arn:aws:backup:$region:444455556666:backup-vault:safe", "yes", "unknown", "no"),
        ("arn:aws:backup:us-east-1:$account:backup-vault:far", "unknown", "yes", "no"),
    ],
)
def test_the_copies_of_an_organizations_plan_are_asked_where_they_go(
    target: str, region: str, account: str, same: str
) -> None:
    estate = estate_of(read(ORGANIZATION.replace("COPY", target)))
    one = only(estate.plans.entries)

    assert stays_in_region(one, estate).answer.value == region
    assert stays_in_account(one, estate).answer.value == account
    assert into_same_vault(one.rules[0], estate).answer.value == same


def test_a_plan_without_rules_is_another_rules_matter() -> None:
    estate = estate_of(resource("Backup::BackupPlan", "BackupPlan: {BackupPlanRule: []}"))

    assert stays_in_region(only(estate.plans.entries), estate).answer is Answer.NO


def test_a_plan_that_may_have_more_rules_may_copy() -> None:
    estate = estate_of(
        resource(
            "Backup::BackupPlan", "BackupPlan: {BackupPlanRule: !Ref Given}", "Parameters: {Given: {Type: String}}"
        )
    )

    assert stays_in_region(only(estate.plans.entries), estate).answer is Answer.UNKNOWN


VAULT = """
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: main
      LockConfiguration: {MinRetentionDays: 7, MaxRetentionDays: 35}
"""


@pytest.mark.parametrize(
    ("days", "answer"),
    [("6", "yes"), ("7", "no"), ("35", "no"), ("36", "yes"), ("-1", "yes"), ("!Ref Days", "unknown")],
)
def test_the_bounds_of_a_lock_are_both_allowed(days: str, answer: str) -> None:
    text = f"{RULE}  Lifecycle: {{DeleteAfterDays: {days}}}\n"
    estate = estate_of(plans(text, VAULT + "Parameters:\n  Days: {Type: Number}\n"))

    assert outside_lock(only(estate.plan_rules.entries), estate).answer.value == answer


def test_where_not_all_vaults_were_read_some_lock_may_refuse() -> None:
    estate = estate_of(plans(RULE))
    open_ = estate._replace(vaults=Listing((), "there may be more elsewhere"))

    assert outside_lock(only(estate.plan_rules.entries), open_).answer is Answer.UNKNOWN


@pytest.mark.parametrize(("days", "answer"), [(119, "no"), (120, "yes")])
def test_cold_storage_is_missed_from_where_it_fits_behind_the_objective(days: int, answer: str) -> None:
    estate = estate_of(plans(f"{RULE}  Lifecycle: {{DeleteAfterDays: {days}}}\n"))

    assert warm_for_long(only(estate.plan_rules.entries), estate, Objectives()).answer.value == answer


def test_what_warm_storage_costs_is_told_as_an_estimate() -> None:
    estate = estate_of(plans(f"{RULE}  Lifecycle: {{DeleteAfterDays: 365}}\n"))
    facts = warm_for_long(only(estate.plan_rules.entries), estate, Objectives()).facts

    assert "an estimate: 365 full backups cost about $36.50 per GB of table and month" in facts[-1].text


def policy_of(*statements: dict[str, object]) -> Policy:
    text = json.dumps({"Statement": statements})
    one = only(
        resource("Backup::BackupVault", f"BackupVaultName: main\nAccessPolicy: {text}").reading.vaults
    ).policy.known()
    assert one is not None
    return one


def account(number: str = "111122223333") -> Value[str]:
    return Value("AccountId", Known(number, None))


COPY = "backup:CopyIntoBackupVault"
ALLOW: dict[str, object] = {"Effect": "Allow", "Action": COPY, "Resource": "*"}
ROOT = {"AWS": "arn:aws:iam::111122223333:root"}


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"Principal": ROOT}, "yes"),
        ({"Principal": {"AWS": "111122223333"}}, "yes"),
        ({"Principal": {"AWS": ["arn:aws:iam::111122223333:role/backup"]}}, "yes"),
        ({"Principal": "*"}, "yes"),
        ({"Principal": {"AWS": "*"}, "Action": "backup:*"}, "yes"),
        ({"Principal": {"AWS": "arn:aws:iam::999988887777:root"}}, "no"),
        ({"Principal": {"Service": "backup.amazonaws.com"}}, "no"),
        ({"Principal": ROOT, "Action": "backup:StartRestoreJob"}, "no"),
        ({"Principal": ROOT, "Effect": "Deny"}, "no"),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, "yes"),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}, "yes"),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "999988887777"}}}, "no"),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "unknown"),
        ({"NotPrincipal": ROOT}, "unknown"),
    ],
)
def test_a_policy_lets_an_account_in_or_not(more: dict[str, object], answer: str) -> None:
    assert lets_account_in(policy_of({**ALLOW, **more}), account(), COPY).answer.value == answer


def test_whether_an_account_that_is_not_known_is_let_in_is_not_known() -> None:
    anyone: Value[str] = Value("AccountId", Unknown("nobody says"))

    assert lets_account_in(policy_of({**ALLOW, "Principal": ROOT}), anyone, COPY).answer is Answer.UNKNOWN


CALL = """
  Settings:
    Type: Custom::AWS
    Properties:
      Create: CREATE
"""


def settings(call: str) -> Estate:
    copy = "  CopyActions: [{DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:far'}]\n"
    return estate_of(plans(RULE + copy, CALL.replace("CREATE", call) + "Parameters:\n  Given: {Type: String}\n"))


@pytest.mark.parametrize(
    ("call", "off", "unmanaged"),
    [
        ('{"service":"Backup","action":"updateRegionSettings","parameters":{"ResourceTypeManagementPreference":'
         '{"DynamoDB":false}}}', "yes", "no"),
        ('{"service":"@aws-sdk/client-backup","action":"UpdateRegionSettingsCommand","parameters":'
         '{"ResourceTypeManagementPreference":{"DynamoDB":true}}}', "no", "no"),
        ('{"service":"Backup","action":"updateRegionSettings","parameters":{}}', "no", "yes"),
        ('{"service":"Backup","action":"updateGlobalSettings"}', "no", "yes"),
        ('{"service":"S3","action":"putObject"}', "no", "yes"),
        ("no JSON", "no", "yes"),
    ],
)  # fmt: skip
def test_a_call_of_cdks_sets_the_regions_features(call: str, off: str, unmanaged: str) -> None:
    estate = settings(f"'{call}'")

    assert features_off(only(estate.plan_rules.entries), estate).answer.value == off
    assert features_unmanaged(only(estate.plans.entries), estate).answer.value == unmanaged


def test_a_call_that_is_not_known_may_set_anything() -> None:
    estate = settings("!Ref Given")

    assert features_off(only(estate.plan_rules.entries), estate).answer is Answer.UNKNOWN


def test_settings_of_another_region_say_nothing() -> None:
    call = (
        '{"service":"Backup","action":"updateRegionSettings","region":"us-east-1","parameters":'
        '{"ResourceTypeManagementPreference":{"DynamoDB":false}}}'
    )
    copy = "  CopyActions: [{DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:far'}]\n"
    given = {"AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333"}
    estate = estate_of(plans(RULE + copy, CALL.replace("CREATE", f"'{call}'"), **given))

    assert features_off(only(estate.plan_rules.entries), estate).answer is Answer.NO
    assert features_unmanaged(only(estate.plans.entries), estate).answer is Answer.YES


def test_a_key_shows_its_policy() -> None:
    text = "KeyPolicy:\n  Statement: [{Effect: Allow, Principal: '*', Action: 'kms:*', Resource: '*'}]"
    key = only(resource("KMS::Key", text).reading.keys)

    assert key.policy is not None
    assert lets_account_in(key.policy.known() or policy_of(), account()).answer is Answer.YES


def test_a_key_without_a_policy_keeps_to_its_account() -> None:
    key = only(resource("KMS::Key", "Enabled: true").reading.keys)

    assert key.policy is not None
    assert key.policy.equals(None).answer is Answer.YES


VAULTS = """
  Named:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: main}
  Other:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: other}
  Open:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: !Ref Given}
  Either:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: !If [First, main, other]}
Parameters:
  Given: {Type: String}
  Which: {Type: String, AllowedValues: [a, b]}
Conditions:
  First: !Equals [!Ref Which, a]
"""


@pytest.mark.parametrize(
    "target",
    [
        "!GetAtt Named.BackupVaultArn",
        "!GetAtt Open.BackupVaultArn",
        "!GetAtt Plan.BackupPlanArn",
        "!Ref Given",
        "!Ref Nobody",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:main",
        "!Sub arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:other",
        "!Sub arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:${Named}",
        "!Sub arn:aws:backup:eu-west-1:111122223333:backup-vault:m${Nobody}",
        "!Sub ${Nobody}:backup-vault:main",
        "nonsense",
    ],
)
def test_no_vault_that_is_meant_is_left_out(target: str) -> None:
    copy = f"  CopyActions: [{{DestinationBackupVaultArn: {target}}}]\n".replace("[{", "\n    - ").replace("}]", "")
    text = VAULTS.replace("Parameters:\n", "Parameters:\n  Nobody: {Type: String}\n")
    estate = estate_of(plans(RULE + copy, text))
    (action,) = only(estate.plan_rules.entries).copies
    given = may_mean(action.destination, estate).entries
    meant = [
        entry
        for entry in estate.vaults.entries
        if any(one is not None and copies_into(action, one).answer is not Answer.NO for _, one in entry.variants)
    ]

    assert [entry for entry in meant if entry not in given] == []
