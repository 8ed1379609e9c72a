"""Writes `fixtures/terraform/modules/planned.json`: what Terraform plans for calls of popular modules.

    python scripts/module_plans.py NAME=FOLDER ...

NAME and FOLDER are those of `module_summaries.py`, and the provider aws is found as `terraform_plans.py` does it. What
needs further providers, or a newer version of the provider aws, is taken out of the copies first: resources of the
providers null and random, arguments that came with version 6, and validations.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "linter"), str(ROOT / "scripts")]

from terraform_plans import PLAN, PROVIDER, plugins, run_terraform  # noqa: E402

from module_calls import PLANNED, calls, source_of  # noqa: E402
from planned_facts import of_plan  # noqa: E402
from recoverable.read.terraform.summaries import registry_name  # noqa: E402

#: Blocks and arguments that are taken out.
BLOCKS = (
    r'resource "(?:null_resource|random_\w+)"',
    r'dynamic "(?:warm_throughput|global_table_witness|on_demand_throughput|scan_action|scan_setting)"',
    'module "dynamodb_autoscaler"',
    'data "aws_backup_vault" "existing"',
    'provider_meta "aws"',
    "validation",
    "precondition",
)
LINES = (
    r"^ *region += var\.region$",
    r"^ *(?:deletion_protection_enabled|consistency_mode) += (?:lookup|try)\(replica.*$",
    r"^ *encryption_key_arn += var\.vault_kms_key_arn$",
    r"^ *target_logically_air_gapped\w+ += .*$",
    r'^ *version *= "0\.25\.0".*$',
)
WORDS = {
    r"random_string\.\w+\[0\]\.result": '"suffix"',
    r'version\s*=\s*">= (?:[6-9]|5\.\d{3})[^"]*"': 'version = ">= 5"',
    r"null_resource\.\w+\[\*\]\.triggers\.name": "[]",
    r"data\.aws_region\.current\[0\]\.region": "data.aws_region.current[0].name",
    r"data\.aws_backup_vault\.existing\[\*\]\.\w+": "[local.vault_name]",
    r"cold_storage_after == null \? \{\} : \{": "cold_storage_after == null ? null : {",
    r"data\.aws_iam_role\.existing\[\*\]\.arn": '["arn:aws:iam::111122223333:role/existing"]',
}


def main() -> None:
    folders = {name: Path(folder) for name, _, folder in (word.partition("=") for word in sys.argv[1:])}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        text = PROVIDER
        for name, place in folders.items():
            _copy(place, folder / _local(name))
        for call in calls().values():
            module, _, below = registry_name(source_of(call)).partition("//")
            place = f"./{_local(module)}/{below}".rstrip("/")
            text += re.sub(r"(?m)^  version +=.*\n", "", call).replace(f'"{source_of(call)}"', f'"{place}"')
        (folder / "main.tf").write_text(text)
        run_terraform(folder, "init", "-backend=false", "-input=false", f"-plugin-dir={plugins()}")
        run_terraform(folder, *PLAN)
        shown = json.loads(run_terraform(folder, "show", "-json", "plan").stdout)
    facts = of_plan(shown, calls())
    PLANNED.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(map(len, facts.values()))} resources of {len(facts)} calls")


def _local(name: str) -> str:
    return name.replace("/", "_")


def _copy(place: Path, target: Path) -> None:
    shutil.copytree(place, target, ignore=shutil.ignore_patterns("examples", "test", ".git*"))
    for path in target.rglob("*.tf"):
        text = path.read_text(encoding="utf-8")
        text = re.sub("|".join(LINES), "", text, flags=re.MULTILINE)
        for block in BLOCKS:
            text = re.sub(rf"(?ms)^( *){block}.*?^\1\}}\n", "", text)
        for pattern, word in WORDS.items():
            text = re.sub(pattern, word, text)
        text = text.replace('"cloudposse/label/null"', '"../cloudposse_label_null"')
        text = re.sub(r"(?ms)^    (?:null|random) = \{.*?^    \}\n", "", text)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
