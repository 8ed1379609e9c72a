"""Writes `fixtures/terraform/plans.jsonl`: modules, and what Terraform plans for them.

    python scripts/terraform_plans.py [NUMBER [SEED]]
    python scripts/terraform_plans.py --compare [NUMBER [SEED]]

Needs a `terraform` on the path and the provider aws in a folder (RECOVERABLE_TF_PLUGINS, as of `terraform providers
mirror`); nothing is downloaded, and AWS is not asked. `tests/made_configurations.py` makes the modules; those that
Terraform refuses are left out. With `--compare` nothing is written, and where we differ from Terraform is shown.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "linter")]

from made_configurations import ModuleMaker  # noqa: E402
from planned_facts import compared, of_plan, of_reading  # noqa: E402

TARGET = ROOT / "fixtures" / "terraform" / "plans.jsonl"
SEED = 2026
MOST_REFUSALS = 60

PLAN = ("plan", "-input=false", "-refresh=false", "-lock=false", "-out=plan")
PROVIDER = """\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    maker = ModuleMaker(numbers[1] if len(numbers) > 1 else SEED)
    modules = {f"m{number:03}": maker.next(f"n{number}") for number in range(numbers[0] if numbers else 120)}
    told = planned(modules)
    if "--compare" not in sys.argv:
        version = json.loads(subprocess.check_output(["terraform", "version", "-json"]))["terraform_version"]
        lines = [json.dumps({"terraform": version})]
        lines += [json.dumps({"files": modules[name], "planned": facts}) for name, facts in told.items()]
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    count = unknown = 0
    for name, facts in told.items():
        result = compared(facts, of_reading(modules[name]))
        count, unknown = count + result.values, unknown + result.unknown
        for difference in result.differences:
            print(f"{name}: {difference}")
    print(f"{len(told)} of {len(modules)} modules, {count} values, {unknown} not known to us")


def planned(modules: dict[str, dict[str, str]]) -> dict[str, dict[str, Any]]:
    """What Terraform plans for each module; those that it refuses are not among them."""
    modules = dict(modules)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for _ in range(MOST_REFUSALS):
            _lay(folder, modules)
            run_terraform(folder, "init", "-backend=false", "-input=false", f"-plugin-dir={plugins()}")
            done = run_terraform(
                folder, "plan", "-input=false", "-refresh=false", "-lock=false", "-out=plan", check=False
            )
            if done.returncode == 0:
                break
            text = done.stderr
            refused = set(re.findall(r"\bon (m\d+)[/\\]", text)) | set(re.findall(r"module\.(m\d+)\.", text))
            if not refused & modules.keys():
                raise SystemExit(text)
            for reason in sorted(set(_reasons(text))):
                print(f"refused: {reason}")
            for name in refused & modules.keys():
                del modules[name]
        shown = run_terraform(folder, "show", "-json", "plan").stdout
    return of_plan(json.loads(shown), modules)


def _lay(folder: Path, modules: dict[str, dict[str, str]]) -> None:
    calls = "".join(f'module "{name}" {{\n  source = "./{name}"\n}}\n' for name in modules)
    (folder / "main.tf").write_text(PROVIDER + calls)
    for name, files in modules.items():
        for path, text in files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text)


def plugins() -> str:
    return os.environ.get("RECOVERABLE_TF_PLUGINS", "terraform.d/plugins")


def _reasons(text: str) -> list[str]:
    """What Terraform says is wrong, and the lines in which it is."""
    errors = text.split("Error: ")[1:]
    return [" ".join(re.sub(r"(?m)^.*\bon m\d+.*$|^\s*with .*$", "", each).split())[:200] for each in errors]


def run_terraform(folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    plain = ["-no-color"] if words[0] != "show" else []
    command = ["terraform", f"-chdir={folder}", words[0], *words[1:], *plain]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if check and done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done


if __name__ == "__main__":
    main()
