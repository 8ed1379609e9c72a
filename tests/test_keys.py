"""KMS keys as templates write them, and the names that mean them."""

from __future__ import annotations

import pytest

from templates import read, read_all, said


def keys(properties: str = "{}", rest: str = "", attributes: str = "") -> str:
    return f"""
Resources:
  Secret:
    Type: AWS::KMS::Key
    {attributes}
    Properties: {properties}
{rest}
"""


def test_a_key_is_enabled_and_deleted_with_its_stack_unless_it_says_otherwise() -> None:
    key = read(keys()).key()

    assert key.kept_on_delete is not None
    assert [said(key.enabled), said(key.kept_on_delete), said(key.deletion_date)] == [True, "Delete", None]


@pytest.mark.parametrize(("value", "wanted"), [("false", False), ("'true'", True), ("!Ref Gone", "?")])
def test_a_key_may_be_disabled(value: str, wanted: object) -> None:
    assert said(read(keys(f"{{Enabled: {value}}}")).key().enabled) == wanted


def test_a_key_may_be_kept() -> None:
    kept = read(keys(attributes="DeletionPolicy: Retain")).key().kept_on_delete

    assert kept is not None
    assert said(kept) == "Retain"


def test_a_replica_key_is_a_key() -> None:
    assert said(read("Resources: {Secret: {Type: AWS::KMS::ReplicaKey}}").key().enabled) is True


def test_a_key_is_known_by_what_refers_to_it() -> None:
    assert [name.shown() for name in read(keys()).key().names] == ["${Secret.Arn}", "${Secret.Ref}", "${Secret.KeyId}"]


@pytest.mark.parametrize(
    "target", ["!Ref Secret", "!GetAtt Secret.Arn", "!GetAtt Secret.KeyId", "!Sub '${Secret.Arn}'"]
)
def test_a_key_is_known_by_its_aliases(target: str) -> None:
    alias = f"  Alias: {{Type: AWS::KMS::Alias, Properties: {{AliasName: alias/orders, TargetKeyId: {target}}}}}"
    names = [name.shown() for name in read(keys(rest=alias)).key().names]

    assert names[3:] == ["${Alias.Ref}", "alias/orders", "${arn:aws:kms}:alias/orders"]


@pytest.mark.parametrize("target", ["!Ref Other", "!ImportValue x", "alias", "!Sub 'x${Secret}'"])
def test_an_alias_of_something_else_is_not_the_keys(target: str) -> None:
    alias = f"  Alias: {{Type: AWS::KMS::Alias, Properties: {{AliasName: alias/orders, TargetKeyId: {target}}}}}"

    assert len(read(keys(rest=alias)).key().names) == 3


def test_keys_of_one_name_in_two_templates_are_told_apart() -> None:
    reading = read_all({"a.yaml": keys(), "b.yaml": keys()}).reading
    names = [
        {name.stands_for() for name in variant.item.names}
        for entry in reading.keys
        for variant in entry.variants
        if variant.item is not None
    ]

    assert not names[0] & names[1]


def test_a_key_may_exist_in_some_scenarios_only() -> None:
    text = """
    Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    Resources: {Secret: {Type: AWS::KMS::Key, Condition: IsProd}}
    """

    assert [variant.item is None for variant in read(text).reading.keys[0].variants] == [True, False]


def test_a_key_that_is_never_made_is_no_key() -> None:
    text = "Conditions: {No: !Equals [a, b]}\nResources: {Secret: {Type: AWS::KMS::Key, Condition: No}}"

    assert read(text).reading.keys == ()
