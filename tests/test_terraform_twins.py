"""What is wrong in a template is wrong in the same thing said in Terraform, and what is right is right."""

from __future__ import annotations

from textwrap import dedent

import pytest

from recoverable import pack, trial
from recoverable.document import examples, parse
from recoverable.trial import Trial
from terraform_twins import AWS, CLOUD_CONTROL, Dialect, marked, twins
from twin_writing import NoTwinError

PACK = pack.load(pack.builtin())

#: Rules about stacks and about templates' own ways to say something.
OF_TEMPLATES = ("table-deleted-with-stack", "vault-deleted-with-stack", "acceptance-")


def in_both_languages(dialect: Dialect) -> list[Trial]:
    found = []
    for one in trial.trials(PACK):
        if one.example is not None and not one.rule.name.startswith(OF_TEMPLATES):
            try:
                next(twins(one.example, dialect))
            except NoTwinError:
                continue
            found.append(one)
    return found


TRIALS = in_both_languages(AWS)
OF_CLOUD_CONTROL = in_both_languages(CLOUD_CONTROL)


@pytest.mark.parametrize("one", TRIALS, ids=Trial.name)
def test_an_example_says_the_same_in_terraform(one: Trial) -> None:
    assert one.example is not None

    results = [trial.run(one._replace(example=twin), PACK.rules) for twin in twins(one.example)]

    assert () in [result.problems for result in results]


@pytest.mark.parametrize("one", OF_CLOUD_CONTROL, ids=Trial.name)
def test_an_example_says_the_same_with_the_provider_made_of_cloudformation(one: Trial) -> None:
    assert one.example is not None

    results = [trial.run(one._replace(example=twin), PACK.rules) for twin in twins(one.example, CLOUD_CONTROL)]

    assert () in [result.problems for result in results]


@pytest.mark.parametrize("found", [TRIALS, OF_CLOUD_CONTROL], ids=["aws", "awscc"])
def test_most_examples_can_be_said_in_terraform(found: list[Trial]) -> None:
    assert len(found) > 300
    assert len({one.rule.name for one in found}) > 45


def test_a_twin_is_the_same_thing_with_its_mark() -> None:
    document = """\
        # Headline

        ## Flagged

        ```yaml
        Parameters:
          Days:
            Type: Number
        Resources:
          Backups:
            Type: AWS::Backup::BackupVault
            Properties:
              BackupVaultName: backups
              LockConfiguration:
                MinRetentionDays: !Ref Days # <- here
              AccessPolicy:
                Statement:
                  - Effect: Deny
                    Resource: !Sub arn:aws:backup:${AWS::Region}:111122223333:*
        ```
        """
    (example,), _ = examples(parse(dedent(document)))

    assert [dict(marked(twin)) for twin in twins(example)] == [
        {
            "main.tf": dedent("""\
            data "aws_region" "current" {}

            variable "days" {
              type = number
            }

            resource "aws_backup_vault" "backups" {
              name = "backups"
            }

            resource "aws_backup_vault_lock_configuration" "backups" {
              backup_vault_name = aws_backup_vault.backups.name
              min_retention_days = var.days # <- here
            }

            resource "aws_backup_vault_policy" "backups" {
              backup_vault_name = aws_backup_vault.backups.name
              policy = jsonencode({
                Statement = [
                  {
                    Effect = "Deny"
                    Resource = "arn:aws:backup:${data.aws_region.current.name}:111122223333:*"
                  },
                ]
              })
            }""")
        }
    ]
