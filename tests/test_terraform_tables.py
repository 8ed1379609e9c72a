"""What the arguments and blocks of Terraform's tables mean."""

from __future__ import annotations

from configurations import addresses, read, replica, table, tables
from recoverable.source import Span
from recoverable.truth import Answer
from recoverable.value import Known

ORDERS = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n'


def test_what_is_left_out_is_off_and_points_to_the_resource() -> None:
    orders = table(ORDERS + "}")

    for value in (orders.pitr, orders.deletion_protection, orders.ttl, orders.stream):
        assert value.state == Known(value=False, origin=Span("main.tf", 1, 1, 1, 39), defaulted=True)


def test_a_block_without_the_argument_points_to_the_block() -> None:
    orders = table(ORDERS + "  point_in_time_recovery {\n    enabled = true\n  }\n}")

    assert orders.pitr.known() is True
    assert orders.pitr_window.known() == 35
    assert orders.pitr_window.origin == Span("main.tf", 3, 3, 3, 25)


def test_what_is_null_counts_as_left_out() -> None:
    orders = table(ORDERS + "  deletion_protection_enabled = null\n}")

    assert isinstance(orders.deletion_protection.state, Known)
    assert orders.deletion_protection.state.defaulted


def test_a_key_counts_only_while_encryption_is_on() -> None:
    block = (
        '  server_side_encryption {{\n    enabled = {0}\n    kms_key_arn = "arn:aws:kms:eu-west-1:1:key/k"\n  }}\n}}'
    )
    on, off = (table(ORDERS + block.format(word)) for word in ("true", "false"))

    assert on.key.known() is not None
    assert off.key.known() is None


def test_the_arn_has_the_region_and_account_of_the_provider() -> None:
    orders = table("""
        provider "aws" {
          region = "eu-west-1"
          allowed_account_ids = ["111122223333"]
        }
        resource "aws_dynamodb_table" "orders" {
          name = "orders"
        }
    """)

    assert orders.arn.shown() == "arn:${AWS::Partition}:dynamodb:eu-west-1:111122223333:table/orders"


def test_a_replica_block_is_a_replica_in_its_region() -> None:
    copy = replica(
        ORDERS + '  replica {\n    region_name = "us-east-1"\n    point_in_time_recovery = true\n  }\n'
        '  tags = { a = "b" }\n}'
    )

    assert copy.subject.title() == "aws_dynamodb_table.orders in us-east-1"
    assert copy.pitr.known() is True
    assert copy.tags.entries == ()


def test_a_replica_has_the_tables_tags_where_they_are_propagated() -> None:
    copy = replica(
        ORDERS + '  replica {\n    region_name = "us-east-1"\n    propagate_tags = true\n  }\n  tags = { a = "b" }\n}'
    )

    assert [key for key, _ in copy.tags.entries] == ["a"]


def test_a_replica_resource_belongs_to_the_table_whose_arn_it_names() -> None:
    copy = replica(
        ORDERS
        + """}
        provider "aws" {
          alias  = "far"
          region = "us-west-2"
        }
        resource "aws_dynamodb_table_replica" "far" {
          provider               = aws.far
          global_table_arn       = aws_dynamodb_table.orders.arn
          point_in_time_recovery = true
        }
        """
    )

    assert copy.table.subject.address == "aws_dynamodb_table.orders"
    assert copy.subject.region.known() == "us-west-2"
    assert copy.arn.shown().endswith(":us-west-2:${AWS::AccountId}:table/orders")


def test_a_replica_whose_table_is_elsewhere_is_kept_and_its_table_unknown() -> None:
    copy = replica("""
        resource "aws_dynamodb_table_replica" "far" {
          global_table_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
        }
    """)

    assert copy.table.subject.name.known() == "orders"
    assert copy.table.pitr.equals(False).answer is Answer.UNKNOWN


def test_default_tags_of_the_provider_are_on_the_table_and_its_own_win() -> None:
    orders = table("""
        provider "aws" {
          default_tags {
            tags = { team = "shop", stage = "dev" }
          }
        }
        resource "aws_dynamodb_table" "orders" {
          name = "orders"
          tags = { stage = "prod" }
        }
    """)

    assert {key: value.known() for key, value in orders.tags.entries} == {"team": "shop", "stage": "prod"}
    assert orders.tags.open == ""


def test_a_resource_policy_is_its_tables_and_no_others() -> None:
    reading = read(
        ORDERS
        + """}
        resource "aws_dynamodb_table" "carts" {
          name = "carts"
        }
        data "aws_iam_policy_document" "readers" {
          statement {
            actions   = ["dynamodb:GetItem"]
            resources = ["*"]
            principals {
              type        = "AWS"
              identifiers = ["111122223333"]
            }
          }
        }
        resource "aws_dynamodb_resource_policy" "orders" {
          resource_arn = aws_dynamodb_table.orders.arn
          policy       = data.aws_iam_policy_document.readers.json
        }
        """
    )
    policies = {address: each.policy for address, each in tables(reading).items()}

    policy = policies["aws_dynamodb_table.orders"].known()
    assert policies["aws_dynamodb_table.carts"].known() is None
    assert policy is not None
    (statement,) = policy.statements
    assert [principal.name.literal() for principal in statement.principals] == ["111122223333"]
    assert statement.effect.known() == "Allow"


def test_a_policy_of_who_knows_which_table_leaves_it_open() -> None:
    orders = table(
        ORDERS
        + """}
        variable "arn" {}
        resource "aws_dynamodb_resource_policy" "some" {
          resource_arn = var.arn
          policy       = "{}"
        }
        """
    )

    assert orders.policy.holds(lambda policy: policy is None).answer is Answer.UNKNOWN


def test_restore_arguments_name_the_source() -> None:
    by_name = table(ORDERS + '  restore_source_name = "old"\n}')
    by_arn = table(ORDERS + '  restore_source_table_arn = "arn:aws:dynamodb:eu-west-1:1:table/old"\n}')

    assert by_name.restored_from.known() == by_arn.restored_from.known() == "old"


def test_a_scaling_target_that_names_the_table_scales_it() -> None:
    orders = table(
        ORDERS
        + """}
        resource "aws_appautoscaling_target" "reads" {
          resource_id = "table/${aws_dynamodb_table.orders.name}"
        }
        """
    )

    assert orders.autoscaled.known() is True


def test_prevent_destroy_is_read_from_the_lifecycle() -> None:
    orders = table(ORDERS + "  lifecycle {\n    prevent_destroy = true\n  }\n}")

    assert orders.prevent_destroy is not None
    assert orders.prevent_destroy.known() is True


def test_json_says_the_same_as_hcl() -> None:
    orders = table({
        "main.tf.json": """
            {
              "variable": {"pitr": {"default": true}},
              "resource": {
                "aws_dynamodb_table": {
                  "orders": {
                    "name": "orders-${var.pitr}",
                    "point_in_time_recovery": {"enabled": "${var.pitr}"},
                    "replica": [{"region_name": "eu-west-1"}]
                  }
                }
              }
            }
        """
    })  # fmt: skip

    assert orders.subject.name.known() == "orders-true"
    assert orders.pitr.known() is True
    assert isinstance(orders.pitr.origin, Span)
    assert orders.pitr.origin.line == 8


def test_a_key_is_found_by_its_alias() -> None:
    reading = read("""
        resource "aws_kms_key" "tables" {
          is_enabled = false
        }
        resource "aws_kms_alias" "tables" {
          name          = "alias/tables"
          target_key_id = aws_kms_key.tables.key_id
        }
    """)
    (entry,) = reading.keys
    key = entry.variants[0].item

    assert key is not None
    assert key.enabled.known() is False
    assert "alias/tables" in [name.literal() for name in key.names]


def test_a_broken_block_is_told_and_the_others_are_read() -> None:
    reading = read(
        'resource "aws_dynamodb_table" "broken" {\n  name = = "x"\n  tags = {\n}\n\n'
        'resource "aws_dynamodb_table" "sound" {\n  name = "sound"\n}\n'
    )

    assert "aws_dynamodb_table.sound" in addresses(reading)
    assert [fault.kind for fault in reading.faults] == ["unparsable"]


def test_an_overriding_document_takes_the_place_of_the_statement_of_its_sid() -> None:
    def document(name: str, effect: str, more: str = "") -> str:
        return (
            f'data "aws_iam_policy_document" "{name}" {{\n  {more}\n  statement {{\n    sid = "Read"\n'
            f'    effect = "{effect}"\n    actions = ["dynamodb:GetItem"]\n    resources = ["*"]\n  }}\n}}\n'
        )

    other = "override_policy_documents = [data.aws_iam_policy_document.other.json]"
    orders = table(
        f"{ORDERS}}}\n{document('other', 'Deny')}{document('own', 'Allow', other)}"
        'resource "aws_dynamodb_resource_policy" "orders" {\n  resource_arn = aws_dynamodb_table.orders.arn\n'
        "  policy = data.aws_iam_policy_document.own.json\n}\n"
    )
    policy = orders.policy.known()

    assert policy is not None
    assert [statement.effect.known() for statement in policy.statements] == ["Deny"]
