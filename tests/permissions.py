"""Questions about permissions for tests: who can do what to a table, out of a template or of bare policies."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from recoverable.estate import Estate
from recoverable.policy.layers import Attached, Layers
from recoverable.policy.request import caller
from recoverable.read.single_policy import single_policy
from recoverable.recovery.access.capabilities import can
from recoverable.recovery.access.lookup import principal_called, table_called
from recoverable.recovery.access.requirements import requirements
from recoverable.recovery.access.scenes import RoleChoice, Scene
from recoverable.recovery.access.standing import DEFAULT_ROLE, Narrowing, Standing, standing_with
from recoverable.recovery.access.targets import foreign, target_of
from recoverable.scan import Request, gather, prepare
from recoverable.text import Text
from recoverable.truth import Answer, Truth

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.recovery.access.capabilities import Verdict
    from recoverable.recovery.access.targets import Target

ACCOUNT, REGION = "123456789012", "us-east-1"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/WebSeries"
CAPABILITIES = requirements().capabilities


def estate(folder: Path, **texts: str) -> Estate:
    """The estate of templates by their names without ending; with one that is called `terraform`, of a main.tf."""
    (folder / ".git").mkdir(exist_ok=True)
    for name, text in texts.items():
        path = folder / ("main.tf" if name == "terraform" else f"{name}.yaml")
        path.write_text(dedent(text), encoding="utf-8")
    gathered = gather(prepare(str(folder)), [str(folder)], Request())
    assert gathered.faults == ()
    return gathered.estate


def ask(read: Estate, who: str, what: str, table: str, *, mode: str = "", strict: bool = False) -> Verdict:
    scene = Scene(read, strict=strict)
    item = table_called(table, [*read.tables.present(), *read.replicas.present()])
    assert item is not None
    principal = principal_called(who, read.principals.present())
    return can(scene.standing(principal), CAPABILITIES[what], target_of(item, read), scene, mode)


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def allow(
    actions: str | list[str], resources: str | list[str], condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "Effect": "Allow", "Action": actions, "Resource": resources, **({"Condition": condition} if condition else {}),
    }  # fmt: skip


def deny(
    actions: str | list[str], resources: str | list[str], condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {**allow(actions, resources, condition), "Effect": "Deny"}


def standing(document: dict[str, Any], name: str = "policy.json") -> Standing:
    return standing_with(single_policy(json.dumps(document, indent=1), name), name, Text((ACCOUNT,)))


def role(document: dict[str, Any], name: str = DEFAULT_ROLE) -> RoleChoice:
    """A role that AWS Backup takes on, with one policy."""
    own = caller(f"arn:aws:iam::{ACCOUNT}:role/{name}")
    attached = Attached(single_policy(json.dumps(document), "role.json"), "role.json")
    return RoleChoice(Standing("the role", own, Layers(identity=(attached,)), Narrowing()), Truth(Answer.YES))


class SceneWithRole(Scene):
    """A scene in which AWS Backup has one role to take on."""

    def __init__(self, choice: RoleChoice, *, strict: bool = False) -> None:
        super().__init__(Estate(), strict=strict)
        self._choice = choice

    def roles(self, target: Target) -> tuple[RoleChoice, ...]:  # noqa: ARG002
        return (self._choice,)


def ask_bare(
    document: dict[str, Any], what: str, *, mode: str = "", strict: bool = False, table: Target | None = None
) -> Verdict:
    """What a policy lets somebody do who has nothing else."""
    target = table or foreign("WebSeries", REGION, ACCOUNT)
    return can(standing(document), CAPABILITIES[what], target, Scene(Estate(), strict=strict), mode)


def answer(verdict: Verdict) -> str:
    return {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "depends"}[verdict.answer]
