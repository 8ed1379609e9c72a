"""AWS Backup's resources in Terraform: plans, selections, vaults, and what covers a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backups import line, only, same, short, shown
from configurations import read
from recoverable import Estate, Listing
from recoverable.estate.model import Memo
from recoverable.recovery.backups.coverage import coverage, is_covered
from recoverable.recovery.backups.vault_use import copies_into, writes_into
from recoverable.scenario import Run, explore
from recoverable.truth import Answer

if TYPE_CHECKING:
    from recoverable.estate.backup import PlanRule, Vault
    from recoverable.read.reading import Reading

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

TABLE = """
resource "aws_dynamodb_table" "orders" {
  name = "orders"
  tags = { backup = "daily" }
}
"""
PLAN = """
resource "aws_backup_plan" "daily" {
  name = "daily-plan"
  rule {
    rule_name         = "nightly"
    target_vault_name = "main"
  }
}
"""
ACCOUNT = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
"""
VAULT = 'resource "aws_backup_vault" "main" {\n  name = "main"\n}\n'
FAR = 'provider "aws" {\n  alias  = "far"\n  region = "us-west-2"\n}\n'


def _selection(body: str, head: str = "") -> str:
    return f"""
resource "aws_backup_selection" "chosen" {{
  {head}
  name         = "chosen"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  {body}
}}
"""


def _estate(files: dict[str, str] | str) -> Estate:
    reading = read(files)
    return Estate(
        tables=Listing(reading.tables),
        replicas=Listing(reading.replicas),
        plans=Listing(reading.plans, reading.backups_open),
        plan_rules=Listing(reading.plan_rules, reading.backups_open),
        copy_actions=Listing(reading.copy_actions, reading.backups_open),
        selections=Listing(reading.selections, reading.backups_open),
        vaults=Listing(reading.vaults, reading.backups_open),
        memo=Memo(),
    )


def _covered(files: dict[str, str] | str) -> Answer:
    """Whether the only table is covered."""
    estate = _estate(files).in_run(Run())
    (table,) = estate.tables.present()
    return is_covered(table, estate).answer


def _rule(body: str, rest: str = "") -> PlanRule:
    return only(_rules(body, rest).plan_rules)


def _rules(body: str, rest: str = "") -> Reading:
    return read(
        f'resource "aws_backup_plan" "daily" {{\n  name = "daily-plan"\n  rule {{\n'
        f'    rule_name = "nightly"\n{body}\n  }}\n}}\n{rest}'
    )


def _vault(rest: str = "", body: str = "") -> Vault:
    return only(read(f'resource "aws_backup_vault" "main" {{\n  name = "main"\n  {body}\n}}\n{rest}').vaults)


# --- plans ----------------------------------------------------------------------------------------------------------


def test_a_bare_rule_has_the_providers_defaults() -> None:
    rule = _rule('target_vault_name = "main"')

    assert short(rule.vault) == "main"
    assert short(rule.schedule) == "cron(0 5 ? * * *)"
    assert short(rule.timezone) == "Etc/UTC"
    assert (short(rule.start_window), short(rule.completion_window)) == (60, 180)
    assert (short(rule.continuous), short(rule.air_gapped_vault)) == (False, None)
    assert (short(rule.lifecycle.delete_after), short(rule.lifecycle.cold_after)) == (None, None)


def test_a_rule_says_when_and_for_how_long() -> None:
    rule = _rule("""
        target_vault_name        = "main"
        schedule                 = "cron(0 2 * * ? *)"
        enable_continuous_backup = true
        start_window             = 120
        lifecycle {
          delete_after       = 120
          cold_storage_after = 30
        }
    """)

    assert short(rule.schedule) == "cron(0 2 * * ? *)"
    assert (short(rule.continuous), short(rule.start_window)) == (True, 120)
    assert (short(rule.lifecycle.delete_after), short(rule.lifecycle.cold_after)) == (120, 30)
    assert line(rule.lifecycle.delete_after) == 11


def test_zero_days_count_as_left_out() -> None:
    rule = _rule("lifecycle {\n  delete_after = 0\n  cold_storage_after = 0\n}")

    assert (short(rule.lifecycle.delete_after), short(rule.lifecycle.cold_after)) == (None, None)


def test_every_rule_and_copy_has_an_entry_of_its_own() -> None:
    copy = 'copy_action {\n destination_vault_arn = "arn:aws:backup:us-west-2:1:backup-vault:far"\n}\n'
    reading = _rules(copy * 2)
    subjects = [entry.variants[0].item.subject.part for entry in reading.copy_actions if entry.variants[0].item]

    assert subjects == ["nightly copy 1", "nightly copy 2"]
    assert len(only(reading.plans).rules) == 1


def test_rules_that_cannot_be_told_leave_the_plan_open() -> None:
    reading = read("""
        variable "rules" {}
        resource "aws_backup_plan" "daily" {
          name = "daily-plan"
          dynamic "rule" {
            for_each = var.rules
            content {
              rule_name = rule.value.name
            }
          }
        }
    """)

    assert only(reading.plans).rules == ()
    assert "var.rules" in only(reading.plans).open


def test_dynamic_rules_are_written_out() -> None:
    reading = read("""
        variable "rules" {
          default = [{ name = "a", keep = 7 }, { name = "b", keep = 0 }]
        }
        resource "aws_backup_plan" "daily" {
          name = "daily-plan"
          dynamic "rule" {
            for_each = var.rules
            content {
              rule_name = rule.value.name
              dynamic "lifecycle" {
                for_each = rule.value.keep > 0 ? [rule.value.keep] : []
                content {
                  delete_after = lifecycle.value
                }
              }
            }
          }
        }
    """)
    rules = only(reading.plans).rules

    assert [(rule.subject.part, short(rule.lifecycle.delete_after)) for rule in rules] == [("a", 7), ("b", None)]


# --- coverage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("resources = [aws_dynamodb_table.orders.arn]", YES),
        ('resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]', YES),
        ('resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/others"]', NO),
        ('resources = ["arn:aws:dynamodb:*:*:table/ord*"]', YES),
        ('resources = ["arn:aws:dynamodb:*:*:table/${aws_dynamodb_table.orders.name}"]', YES),
        ('resources = ["arn:aws:dynamodb:${data.aws_region.here.name}:*:table/*"]', YES),
        ('resources = ["*"]', YES),
        ('resources = ["arn:aws:rds:*:*:db:*"]', NO),
        ("resources = [aws_db_instance.sql.arn]", NO),
        ("resources = [aws_backup_vault.other.arn]", NO),
        ("resources = [data.aws_dynamodb_table.some.arn]", UNKNOWN),
        ("resources = var.arns", UNKNOWN),
        ('resources = ["*"]\nnot_resources = [aws_dynamodb_table.orders.arn]', NO),
        ('resources = ["*"]\nnot_resources = ["arn:aws:dynamodb:*:*:table/*"]', NO),
        ('resources = ["*"]\nnot_resources = ["arn:aws:s3:::*"]', YES),
        ('selection_tag {\ntype = "STRINGEQUALS"\nkey = "backup"\nvalue = "daily"\n}', YES),
        ('selection_tag {\ntype = "STRINGEQUALS"\nkey = "backup"\nvalue = "weekly"\n}', NO),
        ('resources = ["*"]\ncondition {\nstring_equals {\nkey = "aws:ResourceTag/backup"\nvalue = "daily"\n}\n}', YES),
        ('resources = ["*"]\ncondition {\nstring_like {\nkey = "aws:ResourceTag/backup"\nvalue = "week*"\n}\n}', NO),
        (
            'resources = ["*"]\ncondition {\nstring_not_equals {\nkey = "aws:ResourceTag/backup"\nvalue = "daily"\n}}',
            NO,
        ),
        (
            'resources = ["*"]\ncondition {\nstring_not_like {\nkey = "aws:ResourceTag/backup"\nvalue = "week*"\n}\n}',
            YES,
        ),
    ],
)
def test_a_selection_covers_what_it_means(body: str, answer: Answer) -> None:
    others = """
        variable "arns" {}
        data "aws_region" "here" {}
        data "aws_dynamodb_table" "some" {
          name = "some"
        }
        resource "aws_db_instance" "sql" {}
        resource "aws_backup_vault" "other" {
          name = "other"
        }
    """

    assert _covered(ACCOUNT + TABLE + PLAN + _selection(body) + others) is answer


def test_a_plan_without_a_selection_covers_nothing() -> None:
    assert _covered(TABLE + PLAN) is NO


def test_the_fact_points_at_the_entry_and_the_rule() -> None:
    estate = _estate(TABLE + PLAN + _selection("resources = [aws_dynamodb_table.orders.arn]")).in_run(Run())
    (table,) = estate.tables.present()
    facts = coverage(table, estate).truth.facts

    assert facts[0].text.startswith("covered by plan daily-plan, rule nightly, because Resources names it")
    assert [getattr(fact.origin, "line", 0) for fact in facts[:2]] == [20, 9]


def test_tags_of_the_provider_select_a_table() -> None:
    table = 'provider "aws" {\n  default_tags {\n    tags = { tier = "gold" }\n  }\n}\n' + TABLE
    chosen = _selection('selection_tag {\ntype = "STRINGEQUALS"\nkey = "tier"\nvalue = "gold"\n}')

    assert _covered(table + PLAN + chosen) is YES


def test_tables_of_a_module_are_covered_by_their_output() -> None:
    main = 'module "t" {\n  source = "./t"\n}\n' + PLAN + _selection("resources = [module.t.arn]")
    module = TABLE + 'output "arn" {\n  value = aws_dynamodb_table.orders.arn\n}\n'

    assert _covered({"main.tf": main, "t/main.tf": module}) is YES


def test_a_plan_in_a_module_covers_what_it_is_given() -> None:
    module = 'variable "arns" {}\n' + PLAN + _selection("resources = var.arns")
    main = 'module "b" {\n  source = "./b"\n  arns   = [aws_dynamodb_table.orders.arn]\n}\n' + TABLE

    assert _covered({"main.tf": main, "b/main.tf": module}) is YES


def test_tables_made_for_each_key_are_covered_one_by_one() -> None:
    table = 'resource "aws_dynamodb_table" "t" {\n  for_each = toset(["a", "b"])\n  name = each.key\n}\n'
    chosen = _selection('resources = [aws_dynamodb_table.t["a"].arn]')
    estate = _estate(table + PLAN + chosen).in_run(Run())

    assert [is_covered(each, estate).answer for each in estate.tables.present()] == [YES, NO]


def test_plans_made_for_each_key_are_told_apart() -> None:
    plan = PLAN.replace('name = "daily-plan"', 'for_each = toset(["a", "b"])\n  name = each.key')
    chosen = _selection('resources = ["*"]').replace("aws_backup_plan.daily.id", 'aws_backup_plan.daily["b"].id')
    estate = _estate(TABLE + plan + chosen).in_run(Run())
    (table,) = estate.tables.present()

    found = [one.plan.subject.address for one in coverage(table, estate).by if one.plan is not None]

    assert found == ['aws_backup_plan.daily["b"]']


def test_a_selection_that_may_not_be_made_covers_where_it_is() -> None:
    chosen = _selection('resources = ["*"]', "count = var.on ? 1 : 0")
    estate = _estate('variable "on" {}\n' + TABLE + PLAN + chosen)
    (entry,) = estate.tables.entries
    table = entry.variants[0].item
    assert table is not None

    assert {answer for _, answer in explore(lambda run: is_covered(table, estate.in_run(run)).answer)} == {YES, NO}


def test_a_selection_of_a_plan_that_is_looked_up_leaves_it_open() -> None:
    chosen = _selection('resources = ["*"]').replace("aws_backup_plan.daily", "data.aws_backup_plan.other")
    other = 'data "aws_backup_plan" "other" {\n  plan_id = "p"\n}\n'

    assert _covered(TABLE + chosen + other) is UNKNOWN


@pytest.mark.parametrize(
    "more",
    [
        'module "safe" {\n  source = "acme/backup/aws"\n}',
        'module "backup" {\n  source = "git::https://example.com/safety.git"\n}',
        'data "aws_backup_plan" "other" {\n  plan_id = "p"\n}',
    ],
)
def test_what_cannot_be_read_may_back_up_the_table(more: str) -> None:
    assert _covered(TABLE + more) is UNKNOWN


@pytest.mark.parametrize(
    "more",
    [
        'module "net" {\n  source = "terraform-aws-modules/vpc/aws"\n}',
        'resource "aws_organizations_policy" "p" {\n  content = "{}"\n}',
        VAULT,
    ],
)
def test_what_makes_no_backups_leaves_nothing_open(more: str) -> None:
    assert _covered(TABLE + more) is NO


POLICY = """
resource "aws_organizations_policy" "p" {
  name = "all"
  type = "BACKUP_POLICY"
  content = jsonencode({
    plans = {
      everything = {
        regions = { "@@assign" = ["eu-west-1"] }
        rules = { nightly = {
          schedule_expression      = { "@@assign" = "cron(0 2 ? * * *)" }
          target_backup_vault_name = { "@@assign" = "main" }
        } }
        selections = { tags = { chosen = {
          iam_role_arn = { "@@assign" = "arn:aws:iam::$account:role/backup" }
          tag_key      = { "@@assign" = "backup" }
          tag_value    = { "@@assign" = ["daily"] }
        } } }
      }
    }
  })
}
"""


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ('"111122223333"', YES),
        ('"444455556666"', NO),
        ("aws_organizations_organization.o.roots[0].id", UNKNOWN),
        ('"ou-1"', UNKNOWN),
    ],
)
def test_a_backup_policy_covers_tables_of_accounts_that_it_is_attached_to(target: str, answer: Answer) -> None:
    attached = f"""
        resource "aws_organizations_organization" "o" {{}}
        resource "aws_organizations_policy_attachment" "a" {{
          policy_id = aws_organizations_policy.p.id
          target_id = {target}
        }}
    """

    assert _covered(ACCOUNT + TABLE + POLICY + attached) is answer


def test_a_backup_policy_that_nothing_attaches_may_cover_all_the_same() -> None:
    assert _covered(ACCOUNT + TABLE + POLICY) is UNKNOWN


# --- vaults ---------------------------------------------------------------------------------------------------------


def test_a_bare_vault_has_no_protection() -> None:
    found = _vault()

    assert (short(found.lock), short(found.key), short(found.policy), short(found.events)) == (None, None, None, None)
    assert (short(found.destroyed_with_contents), found.kept_on_delete, found.air_gapped) == (False, None, False)


def test_a_vault_may_be_destroyed_with_its_contents() -> None:
    assert short(_vault(body="force_destroy = true").destroyed_with_contents) is True


@pytest.mark.parametrize(
    "reference", ["aws_backup_vault.main.name", "aws_backup_vault.main.id", '"main"', '"${aws_backup_vault.main.name}"']
)
def test_a_rule_means_the_vault_however_it_names_it(reference: str) -> None:
    reading = _rules(f"target_vault_name = {reference}", VAULT)

    assert same(only(reading.plan_rules).vault.known(), only(reading.vaults).names)
    assert writes_into(only(reading.plan_rules), only(reading.vaults)).answer is YES


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        ("aws_backup_vault.main.arn", YES),
        ('"arn:aws:backup:eu-west-1:111122223333:backup-vault:main"', YES),
        ('"arn:aws:backup:eu-west-1:111122223333:backup-vault:${aws_backup_vault.main.name}"', YES),
        ('"arn:aws:backup:us-west-2:111122223333:backup-vault:main"', NO),
        ("data.aws_backup_vault.other.arn", NO),
    ],
)
def test_a_copy_means_the_vault_by_its_arn(reference: str, answer: Answer) -> None:
    other = 'data "aws_backup_vault" "other" {\n  name = "other"\n}\n'
    reading = _rules(f"copy_action {{\n destination_vault_arn = {reference}\n}}", ACCOUNT + VAULT + other)

    assert copies_into(only(reading.copy_actions), only(reading.vaults)).answer is answer


def test_vaults_of_one_name_in_two_regions_are_told_apart() -> None:
    far = VAULT.replace('"main" {', '"far" {\n  provider = aws.far', 1)
    lock = (
        'resource "aws_backup_vault_lock_configuration" "l" {\n  provider = aws.far\n  backup_vault_name = "main"\n}\n'
    )
    vaults = [entry.variants[0].item for entry in read(ACCOUNT + FAR + VAULT + far + lock).vaults]

    assert {vault.subject.address: short(vault.lock) is None for vault in vaults if vault} == {
        "aws_backup_vault.main": True,
        "aws_backup_vault.far": False,
    }


def test_a_lock_is_its_vaults() -> None:
    found = _vault("""
        resource "aws_backup_vault_lock_configuration" "lock" {
          backup_vault_name   = aws_backup_vault.main.name
          min_retention_days  = 7
          changeable_for_days = 3
        }
    """)
    lock = found.lock.known()

    assert lock is not None
    assert (short(lock.min_days), short(lock.max_days), short(lock.changeable_for)) == (7, None, 3)
    assert short(lock.final_on) == "?"
    assert line(found.lock) == 6


def test_a_lock_without_days_to_change_it_never_becomes_final() -> None:
    lock = _vault('resource "aws_backup_vault_lock_configuration" "l" {\n  backup_vault_name = "main"\n}').lock.known()

    assert lock is not None
    assert (short(lock.changeable_for), short(lock.final_on)) == (None, None)


@pytest.mark.parametrize(
    ("name", "lock"),
    [('"other"', None), ("aws_backup_vault.other.name", None), ("var.name", "?"), ('"${var.name}-vault"', "?")],
)
def test_a_lock_of_another_vault_is_not_this_ones(name: str, lock: object) -> None:
    rest = f"""
        variable "name" {{}}
        resource "aws_backup_vault_lock_configuration" "lock" {{
          backup_vault_name = {name}
        }}
        resource "aws_backup_vault" "other" {{
          name = "other"
        }}
    """
    vaults = read(VAULT + rest).vaults
    main = vaults[0].variants[0].item

    assert main is not None
    assert short(main.lock) == lock


def test_a_vault_named_by_a_variable_has_its_lock() -> None:
    reading = read("""
        variable "name" {}
        resource "aws_backup_vault" "main" {
          name = var.name
        }
        resource "aws_backup_vault_lock_configuration" "lock" {
          backup_vault_name = aws_backup_vault.main.name
        }
    """)

    assert only(reading.vaults).lock.known() is not None


def test_a_lock_that_may_not_be_made_splits_the_vault() -> None:
    rest = 'variable "on" {}\nresource "aws_backup_vault_lock_configuration" "l" {\n  count = var.on ? 1 : 0\n'
    (entry,) = read(VAULT + rest + '  backup_vault_name = "main"\n}\n').vaults

    assert {variant.item is not None and variant.item.lock.known() is None for variant in entry.variants} == {
        True,
        False,
    }


def test_a_policy_denies_for_the_vault_that_it_names() -> None:
    found = _vault("""
        data "aws_iam_policy_document" "p" {
          statement {
            effect    = "Deny"
            actions   = ["backup:DeleteRecoveryPoint"]
            resources = [aws_backup_vault.main.arn]
            principals {
              type        = "*"
              identifiers = ["*"]
            }
          }
        }
        resource "aws_backup_vault_policy" "p" {
          backup_vault_name = aws_backup_vault.main.name
          policy            = data.aws_iam_policy_document.p.json
        }
    """)
    policy = found.policy.known()

    assert policy is not None
    (statement,) = policy.statements
    assert [action.literal() for action in statement.actions] == ["backup:DeleteRecoveryPoint"]
    assert same(statement.resources[0], found.names)


def test_a_policy_may_be_written_as_json() -> None:
    found = _vault("""
        resource "aws_backup_vault_policy" "p" {
          backup_vault_name = "main"
          policy = jsonencode({
            Statement = [{ Effect = "Deny", Principal = "*", Action = "backup:*", Resource = "*" }]
          })
        }
    """)
    policy = found.policy.known()

    assert policy is not None
    assert [short(statement.effect) for statement in policy.statements] == ["Deny"]


def test_events_are_those_of_its_notifications() -> None:
    found = _vault("""
        resource "aws_backup_vault_notifications" "n" {
          backup_vault_name   = aws_backup_vault.main.id
          sns_topic_arn       = "arn:aws:sns:eu-west-1:1:t"
          backup_vault_events = ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"]
        }
    """)

    assert short(found.events) == ("BACKUP_JOB_FAILED", "COPY_JOB_FAILED")


def test_an_air_gapped_vault_is_locked_for_good() -> None:
    found = only(
        read("""
            resource "aws_backup_logically_air_gapped_vault" "gap" {
              name               = "gap"
              min_retention_days = 7
              max_retention_days = 90
            }
        """).vaults
    )
    lock = found.lock.known()

    assert found.air_gapped
    assert lock is not None
    assert (short(lock.min_days), short(lock.max_days), short(lock.changeable_for)) == (7, 90, 0)


@pytest.mark.parametrize(
    ("key", "shown_as"), [('"alias/aws/backup"', None), ("aws_kms_key.k.arn", "${aws_kms_key.k.Arn}")]
)
def test_a_vault_has_its_key(key: str, shown_as: str | None) -> None:
    assert short(_vault('resource "aws_kms_key" "k" {}', f"kms_key_arn = {key}").key) == shown_as


# --- restore testing, settings, audits ------------------------------------------------------------------------------


def test_a_restore_testing_plan_tries_points_of_vaults() -> None:
    found = only(
        read("""
            resource "aws_backup_restore_testing_plan" "try" {
              name                = "try"
              schedule_expression = "cron(0 12 ? * * *)"
              recovery_point_selection {
                algorithm            = "LATEST_WITHIN_WINDOW"
                include_vaults       = ["*"]
                exclude_vaults       = ["arn:aws:backup:eu-west-1:1:backup-vault:x"]
                recovery_point_types = ["SNAPSHOT"]
              }
            }
        """).restore_test_plans
    )

    assert (short(found.schedule), short(found.timezone)) == ("cron(0 12 ? * * *)", "UTC")
    assert (short(found.algorithm), short(found.point_types)) == ("LATEST_WITHIN_WINDOW", ("SNAPSHOT",))
    assert (shown(found.vaults), len(found.not_vaults), short(found.window_days)) == (["*"], 1, 30)


def test_a_restore_testing_selection_is_its_plans() -> None:
    reading = read("""
        resource "aws_backup_restore_testing_plan" "try" {
          name = "try"
        }
        resource "aws_backup_restore_testing_selection" "tables" {
          name                      = "tables"
          restore_testing_plan_name = aws_backup_restore_testing_plan.try.name
          protected_resource_type   = "DynamoDB"
          iam_role_arn              = "arn:aws:iam::1:role/r"
          protected_resource_arns   = ["*"]
          protected_resource_conditions {
            string_equals {
              key   = "aws:ResourceTag/backup"
              value = "daily"
            }
          }
          restore_metadata_overrides = { encryptionType = "KMS" }
        }
    """)
    found = only(reading.restore_test_selections)

    assert same(found.plan, only(reading.restore_test_plans).names)
    assert (short(found.resource_type), shown(found.resources)) == ("DynamoDB", ["*"])
    assert [short(test.operator) for test in found.conditions] == ["StringEquals"]
    assert [(key, short(value)) for key, value in found.overrides] == [("encryptionType", "KMS")]


def test_restore_testing_may_be_written_with_the_provider_made_of_cloudformation() -> None:
    reading = read("""
        resource "awscc_backup_restore_testing_plan" "try" {
          restore_testing_plan_name = "try"
          recovery_point_selection = {
            algorithm      = "RANDOM_WITHIN_WINDOW"
            include_vaults = ["*"]
          }
        }
        resource "awscc_backup_restore_testing_selection" "tables" {
          restore_testing_plan_name      = awscc_backup_restore_testing_plan.try.restore_testing_plan_name
          restore_testing_selection_name = "tables"
          protected_resource_type        = "DynamoDB"
          protected_resource_conditions = {
            string_equals = [{ key = "aws:ResourceTag/backup", value = "daily" }]
          }
        }
    """)
    plan, found = only(reading.restore_test_plans), only(reading.restore_test_selections)

    assert (short(plan.algorithm), shown(plan.vaults)) == ("RANDOM_WITHIN_WINDOW", ["*"])
    assert (short(found.subject.name), same(found.plan, plan.names)) == ("tables", True)
    assert [test.value.shown() for test in found.conditions] == ["daily"]
    assert reading.backups_open == ""


def test_settings_of_the_region_and_the_organization() -> None:
    reading = read("""
        resource "aws_backup_region_settings" "r" {
          resource_type_opt_in_preference     = { DynamoDB = false, S3 = true }
          resource_type_management_preference = { DynamoDB = true }
        }
        resource "aws_backup_global_settings" "g" {
          global_settings = { isCrossAccountBackupEnabled = "true" }
        }
    """)
    region = only(reading.region_settings)

    assert (short(region.opted_in), short(region.advanced)) == (False, True)
    assert short(only(reading.global_settings).cross_account) is True


def test_frameworks_and_report_plans_are_audits() -> None:
    reading = read("""
        resource "aws_backup_framework" "f" {
          name = "f"
          control {
            name = "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED"
          }
        }
        resource "aws_backup_report_plan" "r" {
          name = "r"
          report_setting {
            report_template = "RESTORE_JOB_REPORT"
          }
        }
    """)
    framework, report = (entry.variants[0].item for entry in reading.frameworks)

    assert framework is not None
    assert shown(framework.controls) == ["BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED"]
    assert report is not None
    assert short(report.template) == "RESTORE_JOB_REPORT"
