"""Resources of the provider awscc, and how they meet those of the provider aws; more examples are twins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backups import only, same, short
from configurations import addresses, read, table, tables
from recoverable.read.terraform_folders import marked

if TYPE_CHECKING:
    from recoverable.estate import Table

TABLE = """
resource "awscc_dynamodb_table" "orders" {
  table_name = "orders"
  key_schema = [{ attribute_name = "id", key_type = "HASH" }]
  %s
}
"""


def _table(more: str, rest: str = "") -> Table:
    return table(TABLE % more + rest)


def test_the_settings_of_a_table() -> None:
    found = _table("""
        deletion_protection_enabled          = true
        point_in_time_recovery_specification = { point_in_time_recovery_enabled = true, recovery_period_in_days = 7 }
        sse_specification                    = { sse_enabled = true, kms_master_key_id = "alias/orders" }
        stream_specification                 = { stream_view_type = "NEW_IMAGE" }
        time_to_live_specification           = { enabled = true, attribute_name = "until" }
        tags                                 = [{ key = "team", value = "shop" }]
        lifecycle {
          prevent_destroy = true
        }
    """)

    assert (found.subject.address, short(found.subject.name)) == ("awscc_dynamodb_table.orders", "orders")
    assert (short(found.pitr), short(found.pitr_window), short(found.deletion_protection)) == (True, 7, True)
    key = found.key.known()
    assert key is not None
    assert (key.shown(), short(found.partition_key), short(found.ttl)) == ("alias/orders", "id", True)
    assert (short(found.stream), [(key, short(value)) for key, value in found.tags.entries]) == (
        True,
        [("team", "shop")],
    )
    assert found.prevent_destroy is not None
    assert short(found.prevent_destroy) is True


def test_what_is_null_is_left_out_however_deep_it_stands() -> None:
    found = _table("point_in_time_recovery_specification = { point_in_time_recovery_enabled = null }")

    assert (short(found.pitr), short(found.deletion_protection)) == (False, False)


def test_a_global_table_is_its_first_replica_and_the_others() -> None:
    reading = read("""
        resource "awscc_dynamodb_global_table" "orders" {
          table_name = "orders"
          replicas = [for region in ["eu-west-1", "us-east-1"] : {
            region                               = region
            deletion_protection_enabled          = region == "eu-west-1"
            point_in_time_recovery_specification = { point_in_time_recovery_enabled = region == "us-east-1" }
          }]
        }
    """)
    first, second = only(reading.tables), only(reading.replicas)

    assert (short(first.subject.region), short(first.deletion_protection), short(first.pitr)) == (
        "eu-west-1",
        True,
        False,
    )
    assert (second.subject.part, short(second.deletion_protection), short(second.pitr)) == ("us-east-1", False, True)


def test_a_policy_beside_a_table_is_its_own() -> None:
    found = _table(
        "",
        """
        resource "aws_dynamodb_resource_policy" "orders" {
          resource_arn = awscc_dynamodb_table.orders.arn
          policy       = jsonencode({ Statement = [{ Effect = "Deny" }] })
        }
        """,
    )
    policy = found.policy.known()

    assert policy is not None
    assert len(policy.statements) == 1


def test_a_lock_of_the_one_provider_holds_a_vault_of_the_other() -> None:
    reading = read("""
        resource "awscc_backup_backup_vault" "main" {
          backup_vault_name = "main"
        }
        resource "aws_backup_vault_lock_configuration" "main" {
          backup_vault_name  = awscc_backup_backup_vault.main.backup_vault_name
          min_retention_days = 7
        }
    """)
    lock = only(reading.vaults).lock.known()

    assert lock is not None
    assert short(lock.min_days) == 7


def test_a_selection_of_the_one_provider_is_of_a_plan_of_the_other() -> None:
    reading = read("""
        resource "awscc_backup_backup_plan" "daily" {
          backup_plan = {
            backup_plan_name = "daily"
            backup_plan_rule = [{ rule_name = "nightly", target_backup_vault = "main" }]
          }
        }
        resource "aws_backup_selection" "all" {
          name         = "all"
          plan_id      = awscc_backup_backup_plan.daily.id
          iam_role_arn = "arn:aws:iam::111122223333:role/backup"
          resources    = ["*"]
        }
    """)

    assert same(only(reading.selections).plan, only(reading.plans).names)
    assert reading.backups_open == ""


def test_an_alias_means_a_key_of_the_other_provider() -> None:
    reading = read("""
        resource "awscc_kms_key" "k" {
          enabled = false
        }
        resource "aws_kms_alias" "a" {
          name          = "alias/orders"
          target_key_id = awscc_kms_key.k.key_id
        }
    """)
    key = only(reading.keys)

    assert short(key.enabled) is False
    assert "alias/orders" in [name.shown() for name in key.names]


@pytest.mark.parametrize("type_", ["aws_kms_external_key", "aws_kms_replica_external_key", "aws_kms_replica_key"])
def test_keys_of_every_kind_are_read(type_: str) -> None:
    reading = read(f'resource "{type_}" "k" {{\n  enabled = false\n}}\n')

    assert short(only(reading.keys).enabled) is False


def test_a_folder_with_a_table_of_cloud_control_is_looked_at() -> None:
    assert marked(TABLE.encode())


TAGGED = """
resource "aws_dynamodb_table" "orders" {
  name   = "orders"
  region = "eu-west-1"
  tags   = { team = "shop" }
  replica {
    region_name = "us-east-1"
  }
}
resource "aws_dynamodb_table" "carts" {
  name   = "carts"
  region = "eu-west-1"
}
resource "aws_dynamodb_tag" "backup" {
  resource_arn = %s
  key          = "backup"
  value        = "daily"
}
"""
OWN, FAR = "aws_dynamodb_table.orders.arn", '"arn:aws:dynamodb:us-east-1:111122223333:table/orders"'


@pytest.mark.parametrize(
    ("arn", "orders", "carts", "replica"),
    [
        (OWN, {"team", "backup"}, set(), set()),
        (FAR, {"team"}, set(), {"backup"}),
        ('replace(aws_dynamodb_table.orders.arn, "eu-west-1", "us-east-1")', {"team", "?"}, {"?"}, {"?"}),
    ],
)
def test_a_tag_of_its_own_is_one_of_the_table_or_replica_that_it_names(
    arn: str, orders: set[str], carts: set[str], replica: set[str]
) -> None:
    reading = read(TAGGED % arn)
    found = tables(reading)

    def keys(thing: object) -> set[str]:
        tags = getattr(thing, "tags")  # noqa: B009 (of tables and replicas)
        return {key for key, _ in tags.entries} | ({"?"} if tags.open else set())

    assert addresses(reading) == ["aws_dynamodb_table.orders", "aws_dynamodb_table.carts"]
    assert keys(found["aws_dynamodb_table.orders"]) == orders
    assert keys(found["aws_dynamodb_table.carts"]) == carts
    assert keys(only(reading.replicas)) == replica
