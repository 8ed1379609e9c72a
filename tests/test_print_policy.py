"""The policy that is printed is exactly what collecting takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from aws_stub import Organization, Stub
from collecting import ACCOUNT, HOME, OTHER, a_world, collect, command, fill

#: IAM's name of a service, where it is not botocore's.
PREFIXES = {"resourcegroupstaggingapi": "tag"}

#: Anybody may ask who they are.
FREE = {"sts:GetCallerIdentity"}


class _Template(yaml.SafeLoader):
    """Reads a template and takes its functions for what is written after them."""


def _after_tag(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node)


_Template.add_multi_constructor("!", _after_tag)


def _printed(*words: str) -> str:
    done = command("print-policy", *words, environment={})
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _allowed(policy: dict[str, Any]) -> set[str]:
    assert all(each["Effect"] == "Allow" for each in policy["Statement"])
    return {action for each in policy["Statement"] for action in each["Action"]}


def _made(stub: Stub) -> set[str]:
    return {f"{PREFIXES.get(asked.service, asked.service)}:{asked.operation}" for asked in stub.asked} - FREE


def test_it_allows_what_is_called_in_an_account_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Stub(a_world()) as stub:
        collect(stub, tmp_path / "s", monkeypatch)
        for call in ("account:ListRegions", "resourcegroupstaggingapi:GetResources"):
            stub.deny(call)  # so that what is asked instead is asked
        collect(stub, tmp_path / "instead", monkeypatch)
        made = _made(stub)
        assert stub.mistakes == []

    assert _allowed(json.loads(_printed())) == made


def test_it_allows_what_is_called_in_an_organization_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_world()
    world.organization = Organization(ACCOUNT)
    world.organization.policy("p-guard", "SERVICE_CONTROL_POLICY", {"Statement": []}, ("r-root",))
    fill(world.account(OTHER).region(HOME))
    with Stub(world) as stub:
        collect(
            stub, tmp_path / "s", monkeypatch, organization=True, member_role="looks", include=("tag:none", ACCOUNT)
        )
        world.organization.tells_paths = False
        collect(stub, tmp_path / "t", monkeypatch, organization=True, member_role="looks")
        for call in ("account:ListRegions", "resourcegroupstaggingapi:GetResources"):
            stub.deny(call)
        collect(stub, tmp_path / "u", monkeypatch, organization=True, member_role="looks")
        made = _made(stub)
        assert stub.mistakes == []
    policy = json.loads(_printed("--org", "--org-role-name", "looks"))

    assert _allowed(policy) == made
    (entering,) = (each for each in policy["Statement"] if "sts:AssumeRole" in each["Action"])
    assert entering["Resource"] == "arn:aws:iam::*:role/looks"


def test_it_only_reads() -> None:
    verbs = {action.partition(":")[2] for action in _allowed(json.loads(_printed()))}

    assert all(verb.startswith(("Describe", "Get", "List")) for verb in verbs)
    assert not {"GetItem", "BatchGetItem", "GetRecords"} & verbs


@pytest.mark.parametrize("words", [(), ("--org",)])
def test_template_and_configuration_hold_the_same_policy(words: tuple[str, ...]) -> None:
    policy = json.loads(_printed(*words))
    template = yaml.load(_printed(*words, "--format", "cfn"), Loader=_Template)
    (resource,) = template["Resources"].values()
    held = resource["Properties"]["Policies"][0] if not words else resource["Properties"]

    assert _allowed(held["PolicyDocument"]) == _allowed(policy)
    configuration = _printed(*words, "--format", "terraform")
    assert {line.strip(' ",') for line in configuration.splitlines() if line.startswith('          "')} == _allowed(
        policy
    )


@pytest.mark.parametrize("words", [(), ("--org",)])
def test_the_template_is_clean(tmp_path: Path, words: tuple[str, ...]) -> None:
    lint = pytest.importorskip("cfnlint.api")
    text = _printed(*words, "--format", "cfn")
    (tmp_path / "role.yaml").write_text(text)

    assert lint.lint(text) == []
    who = "TrustedPrincipal=arn:aws:iam::111122223333:role/runner"
    done = command("check", str(tmp_path / "role.yaml"), "--strict", "--parameters", who, environment={})
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("words", [(), ("--org",)])
def test_the_configuration_is_clean(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "main.tf").write_text(_printed(*words, "--format", "terraform"))
    done = command("check", str(tmp_path / "main.tf"), "--format", "json", environment={})
    report = json.loads(done.stdout)

    assert (report["findings"], report["errors"]) == ([], [])


def test_a_name_that_no_role_can_have_is_refused() -> None:
    done = command("print-policy", "--org-role-name", 'x" }', environment={})

    assert done.returncode == 2
    assert "is no name of a role" in done.stderr
