"""Statements of a role in a template, and what rules about permissions say of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from recoverable import pack
from recoverable.config import Settings
from recoverable.scan import Documents, Request, Setup, examine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.check import Report

PACK = pack.load(pack.builtin())
PERMISSIONS = tuple(rule for rule in PACK.rules if rule.group == "permissions")

LAMBDA = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}


def statement(action: object, resource: object = "*", effect: str = "Allow", **more: object) -> dict[str, object]:
    """A statement; `NotAction` and `NotResource` among `more` take the place of their positive elements."""
    made: dict[str, object] = {"Effect": effect, "Action": action, "Resource": resource, **more}
    for name in ("Action", "Resource"):
        if f"Not{name}" in more:
            del made[name]
    return made


def deny(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return statement(action, resource, "Deny", **more)


def role(*statements: dict[str, object], trust: object = LAMBDA, **properties: object) -> dict[str, object]:
    """A role with an inline policy of these statements."""
    policy = {"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    own = {"AssumeRolePolicyDocument": trust, **({"Policies": [policy]} if statements else {}), **properties}
    return {"Type": "AWS::IAM::Role", "Properties": own}


def managed(*statements: dict[str, object], **properties: object) -> dict[str, object]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document, **properties}}


def report(resources: dict[str, Any], *, settings: Settings | None = None, rules: Iterable[str] = ()) -> Report:
    """The report of all rules about permissions, or of those named, on a template of these resources."""
    chosen = tuple(rule for rule in PERMISSIONS if not rules or rule.name in rules)
    template = json.dumps({"Parameters": {"Unknown": {"Type": "String"}}, "Resources": resources}, indent=1).encode()
    setup = Setup("", settings or Settings(), PACK._replace(rules=chosen))
    made = examine([("app.json", template)], setup, Request(only=tuple(rules)), Documents())
    assert made.faults == ()
    return made


def said(*statements: dict[str, object], **resources: Any) -> dict[str, str]:  # noqa: ANN401 (JSON)
    """What rules say of a role with these statements: `wrong`, `unknown` or `exempt` by the rule's name."""
    made = report({"Ops": role(*statements), **resources})
    return {
        finding.rule.name: verdict
        for verdict, found in (("exempt", made.exempt), ("unknown", made.undetermined), ("wrong", made.findings))
        for finding in found
    }
