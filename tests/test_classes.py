"""What a table is for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estates import known, span, subject, table, tables, tags, unknown_value
from recoverable import Known, Table, Unknown, Value
from recoverable.recovery.classes import PRODUCTION, ClassRule, classify, words
from recoverable.text import Hole, joined
from recoverable.truth import Fact

REBUILDABLE = ClassRule("rebuildable", spared=True, reason="rebuilt nightly", addresses=("Scratch*",))


def test_a_table_is_for_production_unless_something_says_otherwise() -> None:
    assert classify(table()) == PRODUCTION


def test_a_table_with_terraforms_lock_key_is_a_lock_table() -> None:
    found = classify(table(partition_key="LockID"))

    assert (found.name, found.spared) == ("lock", True)
    assert found.reason is not None
    assert "LockID" in found.reason.text


@pytest.mark.parametrize("other", ["lockid", "LockId", "LOCKID", "LockID2", "id"])
def test_only_the_exact_key_makes_a_lock_table(other: str) -> None:
    assert classify(table(partition_key=other)) == PRODUCTION


@pytest.mark.parametrize(
    "address",
    [
        "UserSessions", "session_store", "CacheTable", "api-cache", "RateLimits", "RATE_LIMITER", "IdempotencyTable",
        "OAuthTokens", "aws_dynamodb_table.nonces", "HTTPCache", "Nested/ThrottleTable", "DistributedLocks",
    ],
)  # fmt: skip
def test_items_that_expire_in_a_table_whose_name_says_so_make_a_cache(address: str) -> None:
    found = classify(table(address, ttl=True))

    assert (found.name, found.spared) == ("cache", True)


@pytest.mark.parametrize("address", ["UserSessions", "api-cache"])
def test_a_name_alone_makes_no_cache(address: str) -> None:
    assert classify(table(address)) == PRODUCTION


@pytest.mark.parametrize(
    "address",
    ["Orders", "Clocks", "Blocks", "Cachet", "Obsession", "Tokenizer", "Rates", "SpeedLimits", "CacheNot/Orders"],
)
def test_expiry_alone_makes_no_cache(address: str) -> None:
    assert classify(table(address, ttl=True)) == PRODUCTION


def test_a_name_that_was_given_counts_beside_the_address() -> None:
    found = classify(table("Table", name="prod-session-store", ttl=True))

    assert found.name == "cache"
    assert found.reason is not None
    assert "prod-session-store" in found.reason.text


def test_a_name_that_the_service_makes_up_says_nothing() -> None:
    plain = table(ttl=True)
    made_up: Value[str] = Value("TableName", Unknown("CloudFormation makes a name up", plain.subject.origin))

    assert classify(plain._replace(subject=plain.subject._replace(name=made_up))) == PRODUCTION


@pytest.mark.parametrize(
    "changed",
    [
        {"ttl": unknown_value("Enabled"), "address": "UserSessions"},
        {"partition_key": unknown_value("AttributeName")},
        {"declared_class": unknown_value("class")},
        {"tags": tags(recoverable__class=unknown_value("tag"))},
        {"tags": tags(backup=unknown_value("tag"), backup_reason="scratch")},
        {"tags": tags(backup="none", backup_reason=unknown_value("tag"))},
    ],
)
def test_a_deciding_word_that_cannot_be_read_leaves_a_doubt(changed: dict[str, Any]) -> None:
    found = classify(table(**{"address": "Orders", **changed}))

    assert not found.spared
    assert found.doubt is not None
    assert "not known" in found.doubt.text


def test_a_declaration_that_cannot_be_read_may_be_production_and_forbids_sparing() -> None:
    found = classify(table(partition_key="LockID", declared_class=unknown_value("class")))

    assert not found.spared
    assert found.doubt is not None


ENVIRONMENT = Hole("parameter Environment has no default", "Environment")
STACK = Hole("AWS::StackName is known only when the stack is deployed", "AWS::StackName")


def with_name(*parts: str | Hole, address: str = "Table", ttl: bool = True) -> Table:
    """A table whose name is only known in parts."""
    plain = table(address, ttl=ttl, arn=joined("arn:aws:dynamodb:eu-west-1:111122223333:table/", *parts))
    return plain._replace(subject=plain.subject._replace(name=unknown_value("TableName", line=2)))


@pytest.mark.parametrize(
    ("written", "spared", "doubted"),
    [
        (with_name(ENVIRONMENT), False, True),
        (with_name(ENVIRONMENT, "-table"), False, True),
        (with_name(ENVIRONMENT, "-orders"), False, False),
        (with_name(ENVIRONMENT, "-sessions"), True, False),
        (with_name(STACK, "-table"), False, False),
        (with_name(ENVIRONMENT, ttl=False), False, False),
        (with_name(ENVIRONMENT, address="Orders"), False, False),
        (with_name(ENVIRONMENT, address="Sessions"), True, False),
    ],
)
def test_a_name_known_in_parts_speaks_by_its_words_and_leaves_a_doubt_without_any(
    written: Table, spared: bool, doubted: bool
) -> None:
    found = classify(written)

    assert found.spared is spared
    assert (found.doubt is not None) is doubted


def test_an_address_that_says_what_it_is_outweighs_the_name() -> None:
    assert classify(table("Orders", name="session-orders", ttl=True)) == PRODUCTION


def test_the_class_that_the_author_declared_counts_with_its_reason() -> None:
    because = Fact("rebuilt nightly from S3")
    declared = Value("Metadata.recoverable.class", Known("rebuildable", span(3), notes=(because,)))
    found = classify(table(declared_class=declared))

    assert (found.name, found.spared) == ("rebuildable", True)
    assert found.reason == Fact("Metadata.recoverable.class is rebuildable: rebuilt nightly from S3", span(3))


def test_a_declared_class_of_production_outweighs_what_the_table_looks_like() -> None:
    found = classify(table("UserSessions", ttl=True, partition_key="LockID", declared_class="production"))

    assert (found.name, found.spared) == ("production", False)


def test_a_class_of_ones_own_is_not_spared_unless_the_configuration_says_so() -> None:
    own = table(declared_class="gold")
    spare = ClassRule("gold", spared=True, reason="", addresses=("Other",))

    assert classify(own) == PRODUCTION._replace(name="gold", reason=classify(own).reason)
    assert classify(own, [spare]).spared


def test_a_class_tag_counts_with_the_reason_tag() -> None:
    found = classify(table(tags=tags(recoverable__class="cache", recoverable__reason="refilled on miss")))

    assert (found.name, found.spared) == ("cache", True)
    assert found.reason is not None
    assert "refilled on miss" in found.reason.text


@pytest.mark.parametrize("key", ["backup", "Backup", "backup_policy", "devx_backup_enabled", "BackupPlan"])
@pytest.mark.parametrize("value", ["none", "False", "no", "opt_out", "disabled"])
def test_a_tag_that_opts_out_of_backups_counts_with_a_reason(key: str, value: str) -> None:
    found = classify(table(tags=tags(**{key: value, "backup_opt_out_reason": "rebuilt nightly"})))

    assert (found.name, found.spared) == ("rebuildable", True)
    assert found.reason is not None
    assert "rebuilt nightly" in found.reason.text


@pytest.mark.parametrize(
    "written",
    [
        {"backup": "none"},
        {"backup": "none", "backup_reason": " "},
        {"backup": "none", "reason": "cheap"},
        {"backup": "daily", "backup_reason": "customers"},
        {"feature": "none", "backup_reason": "rebuilt nightly"},
    ],
)
def test_a_tag_that_opts_out_without_a_reason_does_not_count(written: dict[str, str]) -> None:
    assert classify(table(tags=tags(**written))) == PRODUCTION


def test_tags_that_may_come_from_elsewhere_raise_no_doubt() -> None:
    assert classify(table(tags=tags()._replace(open="the stack's own tags are not in the template"))) == PRODUCTION


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ({"addresses": ("Ord*",)}, True),
        ({"addresses": ("ord*",)}, False),
        ({"addresses": ("Stack/Orders/Resource",)}, True),
        ({"names": ("orders",)}, True),
        ({"names": ("x", "ord?rs")}, True),
        ({"paths": ("services/**",)}, True),
        ({"paths": ("other/**",)}, False),
        ({"tags": (("team", "shop*"),)}, True),
        ({"tags": (("team", "shop*"), ("tier", "1"))}, False),
        ({"addresses": ("Ord*",), "paths": ("other/**",)}, False),
        ({}, False),
    ],
)
def test_a_class_rule_means_the_tables_that_fit_all_its_criteria(rule: dict[str, Any], meant: bool) -> None:
    path = "services/template.yaml"
    plain = table(path=path, tags=tags(team="shopping"))
    plain = plain._replace(subject=plain.subject._replace(construct="Stack/Orders/Resource"))

    assert classify(plain, [ClassRule("scratch", spared=True, reason="r", **rule)]).spared is meant


def test_the_first_class_rule_that_fits_decides() -> None:
    gold = ClassRule("gold", spared=False, reason="money", addresses=("ScratchMoney",))

    assert classify(table("ScratchMoney"), [gold, REBUILDABLE]).name == "gold"
    assert classify(table("ScratchMoney"), [REBUILDABLE, gold]).name == "rebuildable"


def test_the_configuration_outweighs_the_table_itself() -> None:
    production = ClassRule("production", spared=False, reason="we need it", addresses=("UserSessions",))

    assert not classify(table("UserSessions", ttl=True), [production]).spared


def test_a_class_rule_about_a_name_that_cannot_be_read_leaves_a_doubt() -> None:
    rule = ClassRule("rebuildable", spared=True, reason="scratch", names=("tmp-*",))
    plain = table()
    hidden = plain._replace(subject=plain.subject._replace(name=unknown_value("TableName", line=2)))

    assert classify(hidden, [rule]).doubt is not None


def test_a_rule_that_may_keep_a_table_in_production_forbids_sparing_it() -> None:
    perhaps = ClassRule("production", spared=False, reason="", tags=(("tier", "1"),))
    locks = table(partition_key="LockID", tags=tags(tier=unknown_value("tag tier")))
    found = classify(locks, [perhaps])

    assert not found.spared
    assert found.doubt is not None


@given(tables(), st.sampled_from(["ttl", "partition_key", "declared_class"]))
def test_making_a_value_unknown_never_flips_the_class(plain: Table, field: str) -> None:
    before = classify(plain)
    hidden: dict[str, Any] = {field: unknown_value("hidden")}
    after = classify(plain._replace(**hidden))

    if after.doubt is None and before.doubt is None:
        assert after.spared is before.spared


@given(tables())
def test_a_spared_table_has_a_reason_and_no_doubt(plain: Table) -> None:
    found = classify(plain)

    if found.spared:
        assert found.reason is not None
        assert found.doubt is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("UserSessionsTable", ("user", "sessions", "table")),
        ("user-sessions_table", ("user", "sessions", "table")),
        ("HTTPCacheV2", ("http", "cache", "v2")),
        ("OAuthTokens", ("o", "auth", "tokens")),
        ('aws_dynamodb_table.t["a"]', ("aws", "dynamodb", "table", "t", "a")),
        ("", ()),
    ],
)
def test_names_are_split_into_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


def test_builders_give_what_was_asked_for() -> None:
    assert table(ttl=True).ttl == known("Enabled", True, line=8)
    assert subject().address == "Orders"
