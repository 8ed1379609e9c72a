"""Held against policyuniverse, where that is right: ARNs, principals of statements, stars in actions.

It takes brackets for wildcards, knows no `?`, and has the actions of November 2023, so that none of that is compared.
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)  # it leaves the file with its data open
    from policyuniverse.arn import ARN  # type: ignore[import-untyped,unused-ignore]
    from policyuniverse.expander_minimizer import (  # type: ignore[import-untyped,unused-ignore]
        _expand_wildcard_action,
        all_permissions,
    )
    from policyuniverse.statement import Statement  # type: ignore[import-untyped,unused-ignore]

from decision_cases import FOLDER
from recoverable.policy.patterns import fits_action
from recoverable.policy.request import field
from recoverable.read.json_nodes import read_json
from recoverable.read.policies import policy_at
from recoverable.source import Span
from recoverable.text import joined
from recoverable.truth import Answer

CASES = [
    json.loads(line)
    for name in ("handwritten.jsonl", "further.jsonl", "random.jsonl")
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
]

PATTERNS = ["backup:*", "dynamodb:*Backup", "dynamodb:Delete*", "backup:*Vault*Policy", "kms:*Key", "*:Delete*Backup*"]


def test_arns_have_the_same_parts() -> None:
    written = {case["request"][key] for case in CASES for key in ("principal", "resource")}
    different = []
    for each in sorted(written):
        theirs = ARN(each)
        if theirs.error or theirs.service or not each.startswith("arn:"):
            continue
        parts = [(field(joined(each), at) or joined("none")).literal() for at in (1, 2, 3, 4)]
        own = [theirs.partition, theirs.tech, theirs.region or "", theirs.account_number or ""]
        if parts != own:
            different.append((each, parts, own))

    assert len(written) > 60
    assert different == []


def test_statements_name_the_same_principals() -> None:
    statements: list[dict[str, Any]] = [
        statement
        for case in CASES
        if "resourcePolicy" in case
        for listed in [case["resourcePolicy"]["Statement"]]
        for statement in (listed if isinstance(listed, list) else [listed])
        if "Principal" in statement
    ]
    different = []
    for statement in statements:
        read = policy_at(read_json(json.dumps({"Statement": [statement]}), "p"), Span("p", 1, 1, 1, 1))
        mine = {principal.name.literal() for principal in read.statements[0].principals}
        if mine != Statement(dict(statement)).principals:
            different.append(statement)

    assert len(statements) > 400
    assert different == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_stars_mean_the_same_actions(pattern: str) -> None:
    mine = {name for name in all_permissions if fits_action(joined(pattern), joined(name)) is Answer.YES}

    assert mine == set(_expand_wildcard_action(pattern.lower()))
    assert mine
