"""Backup policies of an organization: their plans and selections, and what several of them come to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backups import only, said_of, same, short, shown
from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.policies import parsed
from recoverable.read.policy_inheritance import effective
from recoverable.source import Span
from templates import Templates, read, why

POLICY: dict[str, Any] = {
    "plans": {
        "PII": {
            "regions": {"@@assign": ["us-east-1", "eu-north-1"]},
            "rules": {
                "Hourly": {
                    "schedule_expression": {"@@assign": "cron(0 5/1 ? * * *)"},
                    "start_backup_window_minutes": {"@@assign": "480"},
                    "complete_backup_window_minutes": {"@@assign": "10080"},
                    "lifecycle": {
                        "move_to_cold_storage_after_days": {"@@assign": "180"},
                        "delete_after_days": {"@@assign": "270"},
                    },
                    "target_backup_vault_name": {"@@assign": "FortKnox"},
                    "copy_actions": {
                        "arn:aws:backup:us-east-1:$account:backup-vault:second": {
                            "target_backup_vault_arn": {
                                "@@assign": "arn:aws:backup:us-east-1:$account:backup-vault:second"
                            },
                            "lifecycle": {"delete_after_days": {"@@assign": "120"}},
                        }
                    },
                }
            },
            "selections": {
                "tags": {
                    "datatype": {
                        "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
                        "tag_key": {"@@assign": "dataType"},
                        "tag_value": {"@@assign": ["PII", "RED"]},
                        "conditions": {
                            "string_not_equals": {
                                "off": {
                                    "condition_key": {"@@assign": "aws:ResourceTag/backup"},
                                    "condition_value": {"@@assign": "false"},
                                }
                            }
                        },
                    }
                },
                "resources": {
                    "tables": {
                        "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
                        "resource_types": {"@@assign": ["arn:aws:dynamodb:*:*:table/*"]},
                        "not_resource_types": {"@@assign": ["arn:aws:ec2:*:*:volume/*"]},
                    }
                },
            },
        }
    }
}


def policy(
    content: object = POLICY, targets: tuple[str, ...] = ("111122223333",), kind: str = "BACKUP_POLICY", rest: str = ""
) -> Templates:
    """A template with one policy; JSON is YAML."""
    settings = {"Name": "backups", "Type": kind, "TargetIds": list(targets), "Content": content}
    return read(
        f"Resources:\n  Org:\n    Type: AWS::Organizations::Policy\n    Properties: {json.dumps(settings)}\n{rest}"
    )


# --- plans ----------------------------------------------------------------------------------------------------------


def test_every_plan_of_a_policy_is_a_plan() -> None:
    found = only(policy().reading.plans)

    assert (found.owner, found.subject.title(), short(found.subject.name)) == ("organization", "Org plan PII", "PII")
    assert [one.subject.title() for one in found.rules] == ["Org rule PII Hourly"]


def test_a_plan_of_an_organization_is_in_no_account_and_region_of_its_own() -> None:
    found = only(policy().reading.plans)

    assert "Regions that its policy names" in why(found.subject.region)
    assert "accounts that its policy is attached to" in why(found.subject.account)


def test_the_rules_of_a_policy_are_read() -> None:
    found = only(policy().reading.plan_rules)

    assert (short(found.vault), short(found.schedule)) == ("FortKnox", "cron(0 5/1 ? * * *)")
    assert (short(found.start_window), short(found.completion_window)) == (480, 10080)
    assert (short(found.lifecycle.cold_after), short(found.lifecycle.delete_after)) == (180, 270)


def test_an_account_that_stands_open_in_a_policy_is_the_one_it_runs_in() -> None:
    found = only(policy().reading.copy_actions)

    assert short(found.destination) == "arn:aws:backup:us-east-1:${AWS::AccountId}:backup-vault:second"
    assert short(found.lifecycle.delete_after) == 120


def test_a_policy_as_json_text_is_read() -> None:
    found = policy(json.dumps(POLICY)).reading

    assert [one.subject.part for one in only(found.plans).rules] == ["PII Hourly"]
    assert len(found.selections) == 2


def test_a_policy_as_text_with_holes_is_read() -> None:
    text = json.dumps(POLICY).replace('"270"', '"${Days}"').replace("$account", "${!account}")
    content = {"Fn::Sub": text.replace("${!account}", "$account")}
    found = only(policy(content, rest="Parameters: {Days: {Type: String}}\n").reading.plan_rules)

    assert "parameter Days" in why(found.lifecycle.delete_after)
    assert short(found.vault) == "FortKnox"


@pytest.mark.parametrize("content", ["{plans", {"Ref": "Text"}, {"plans": {"Ref": "Text"}}])
def test_a_policy_that_cannot_be_read_is_a_plan_that_may_protect_anything(content: object) -> None:
    found = policy(content, rest="Parameters: {Text: {Type: String}}\n").reading
    the_plan, chosen = only(found.plans), only(found.selections)

    assert (the_plan.rules, the_plan.subject.title()) == ((), "Org")
    assert the_plan.open
    assert same(chosen.plan, the_plan.names)
    assert chosen.tags_open == chosen.resources_open == chosen.regions_open == the_plan.open


def test_selections_that_cannot_be_told_may_be_any() -> None:
    content = json.loads(json.dumps(POLICY))
    content["plans"]["PII"]["selections"] = {"Ref": "Text"}
    found = only(policy(content, rest="Parameters: {Text: {Type: String}}\n").reading.selections)

    assert "parameter Text" in found.tags_open
    assert found.regions == ("us-east-1", "eu-north-1")


def test_a_policy_without_plans_makes_none() -> None:
    found = policy({"plans": {}}).reading

    assert (found.plans, found.selections) == ((), ())


@pytest.mark.parametrize("kind", ["SERVICE_CONTROL_POLICY", "TAG_POLICY"])
def test_policies_of_other_types_are_left_alone(kind: str) -> None:
    assert policy(kind=kind).reading.plans == ()


# --- selections -----------------------------------------------------------------------------------------------------


def test_a_selection_by_tag_has_a_test_for_each_value() -> None:
    found = only(policy().reading.selections[:1])

    assert said_of(found.tags) == [("STRINGEQUALS", "dataType", "PII"), ("STRINGEQUALS", "dataType", "RED")]
    assert said_of(found.conditions) == [("StringNotEquals", "aws:ResourceTag/backup", "false")]
    assert short(found.role) == "arn:aws:iam::${AWS::AccountId}:role/Backup"


def test_a_selection_by_type_has_patterns() -> None:
    found = only(policy().reading.selections[1:])

    assert (shown(found.resources), shown(found.not_resources)) == (
        ["arn:aws:dynamodb:*:*:table/*"],
        ["arn:aws:ec2:*:*:volume/*"],
    )


def test_selections_of_one_name_stay_apart() -> None:
    content = json.loads(json.dumps(POLICY))
    chosen = content["plans"]["PII"]["selections"]
    chosen["resources"]["datatype"] = chosen["resources"].pop("tables")
    found = policy(content).reading.selections

    assert [only([one]).subject.part for one in found] == ["PII datatype", "PII datatype (2)"]


def test_a_selection_means_its_plan() -> None:
    found = policy().reading

    assert all(same(only([one]).plan, only(found.plans).names) for one in found.selections)


def test_a_policy_works_in_its_regions_and_the_accounts_that_it_names() -> None:
    found = only(policy().reading.selections[:1])

    assert (found.regions, found.regions_open) == (("us-east-1", "eu-north-1"), "")
    assert (found.accounts, found.accounts_open) == (("111122223333",), "")


@pytest.mark.parametrize("target", ["r-abcd", "ou-abcd-11111111"])
def test_the_accounts_of_a_root_or_unit_are_not_known(target: str) -> None:
    found = only(policy(targets=(target, "111122223333")).reading.selections[:1])

    assert found.accounts == ("111122223333",)
    assert f"attached to {target}" in found.accounts_open


def test_a_policy_that_nothing_attaches_may_be_attached_all_the_same() -> None:
    found = only(policy(targets=()).reading.selections[:1])

    assert found.accounts == ()
    assert "nothing in the template attaches it" in found.accounts_open


# --- a part of what counts ------------------------------------------------------------------------------------------

PART: dict[str, Any] = {
    "plans": {"PII": {"regions": {"@@append": ["eu-west-1"]}, "rules": {"Hourly": {"lifecycle": {}}}}}
}


def test_what_a_partial_rule_lacks_may_be_inherited() -> None:
    found = only(policy(PART).reading.plan_rules)

    for value in (found.vault, found.schedule, found.continuous, found.start_window):
        assert "further up" in why(value)
    assert "further up" in found.copies_open


def test_what_a_partial_plan_selects_may_be_inherited() -> None:
    part = {"plans": {"PII": {"rules": PART["plans"]["PII"]["rules"]}}}
    found = only(policy(part).reading.selections)

    assert "further up" in found.tags_open
    assert "further up" in found.resources_open
    assert "further up" in found.conditions_open
    assert (found.regions, "further up" in found.regions_open) == ((), True)


def test_a_whole_plan_selects_what_it_says() -> None:
    found = policy().reading.selections

    assert len(found) == 2
    assert {(one.tags_open, one.resources_open, one.regions_open) for one in map(only, zip(found))} == {("", "", "")}


@pytest.mark.parametrize("lost", ["tag_key", "tag_value"])
def test_a_selection_that_lacks_a_part_may_inherit_it(lost: str) -> None:
    content = json.loads(json.dumps(POLICY))
    del content["plans"]["PII"]["selections"]["tags"]["datatype"][lost]
    found = only(policy(content).reading.selections[:1])

    assert "further up" in found.tags_open


def test_a_selection_without_types_may_inherit_them() -> None:
    content = json.loads(json.dumps(POLICY))
    del content["plans"]["PII"]["selections"]["resources"]["tables"]["resource_types"]
    found = only(policy(content).reading.selections[1:])

    assert "further up" in found.resources_open


def test_a_policy_at_the_root_inherits_nothing() -> None:
    found = only(policy(PART, targets=("r-abcd",)).reading.plan_rules)

    assert (short(found.vault), short(found.continuous)) == (None, False)
    assert found.copies_open == ""


def test_regions_that_are_added_to_inherited_ones_may_be_more() -> None:
    content = json.loads(json.dumps(POLICY))
    content["plans"]["PII"]["regions"] = {"@@append": ["eu-west-1"]}
    found = only(policy(content).reading.selections[:1])

    assert found.regions == ("eu-west-1",)
    assert "further up" in found.regions_open


# --- several policies -----------------------------------------------------------------------------------------------


def merged(*policies: object, inherited: str = "") -> object:
    """What the policies come to, as plain data; `?` for what is open, `...` at the end of an open list."""
    data = [parsed(Datum(json.dumps(one), Span("p", 1, 1, 1, 2))) for one in policies]
    return plain(effective(data, inherited))


def plain(datum: Datum) -> object:
    match datum.content:
        case Fields() as fields:
            return {key: plain(value) for key, value in fields.items()}
        case Items() as items:
            return [plain(item) for item in items] + (["..."] if items.open else [])
        case Open():
            return "?"
        case content:
            return content


def test_a_child_overrides_a_value() -> None:
    assert merged({"a": {"@@assign": "1"}}, {"a": {"@@assign": "2"}}) == {"a": "2"}


def test_a_child_replaces_a_list() -> None:
    assert merged({"a": {"@@append": ["x", "y"]}}, {"a": {"@@assign": ["z"]}}) == {"a": ["z"]}


def test_a_child_adds_to_a_list_once() -> None:
    assert merged({"a": {"@@assign": ["x"]}}, {"a": {"@@append": ["y", "x"]}}) == {"a": ["x", "y"]}


def test_a_child_takes_from_a_list() -> None:
    assert merged({"a": {"@@assign": ["x", "y"]}}, {"a": {"@@remove": ["x", "z"]}}) == {"a": ["y"]}


def test_plans_of_parent_and_child_stand_together() -> None:
    parent = {"plans": {"A": {"r": {"@@assign": "1"}}}}
    child = {"plans": {"B": {"r": {"@@assign": "2"}}}}

    assert merged(parent, child) == {"plans": {"A": {"r": "1"}, "B": {"r": "2"}}}


def test_a_parent_forbids_a_change() -> None:
    parent = {"a": {"@@assign": "1", "@@operators_allowed_for_child_policies": ["@@none"]}}

    assert merged(parent, {"a": {"@@assign": "2"}}) == {"a": "1"}


def test_a_parent_that_allows_one_operator_forbids_the_others() -> None:
    parent = {"a": {"@@assign": ["x"], "@@operators_allowed_for_child_policies": ["@@append"]}}

    assert merged(parent, {"a": {"@@append": ["y"]}}) == {"a": ["x", "y"]}
    assert merged(parent, {"a": {"@@assign": ["y"]}}) == {"a": ["x"]}


def test_a_parent_forbids_further_plans() -> None:
    parent = {"plans": {"@@operators_allowed_for_child_policies": ["@@none"], "A": {"r": {"@@assign": "1"}}}}

    assert merged(parent, {"plans": {"B": {"r": {"@@assign": "2"}}}}) == {"plans": {"A": {"r": "1"}}}


def test_what_was_forbidden_cannot_be_allowed_again() -> None:
    parent = {"a": {"@@assign": "1", "@@operators_allowed_for_child_policies": ["@@none"]}}
    child = {"a": {"@@operators_allowed_for_child_policies": ["@@all"]}}

    assert merged(parent, child, {"a": {"@@assign": "3"}}) == {"a": "1"}


def test_a_change_below_a_limit_that_does_not_say_how_far_it_reaches_is_open() -> None:
    parent = {"plans": {"@@operators_allowed_for_child_policies": ["@@none"], "A": {"r": {"@@assign": "1"}}}}

    assert merged(parent, {"plans": {"A": {"r": {"@@assign": "2"}}}}) == {"plans": {"A": {"r": "?"}}}


def test_a_list_that_only_adds_is_open_where_there_is_more_above() -> None:
    assert merged({"a": {"@@append": ["x"]}}, inherited="a policy further up") == {"a": ["x", "..."]}
    assert merged({"a": {"@@append": ["x"]}}) == {"a": ["x"]}


def test_a_list_from_which_something_unknown_is_taken_is_open() -> None:
    content = json.loads(json.dumps(POLICY))
    content["plans"]["PII"]["regions"]["@@remove"] = [{"Ref": "Text"}]
    found = only(policy(content, rest="Parameters: {Text: {Type: String}}\n").reading.selections[:1])

    assert found.regions == ()
    assert "parameter Text" in found.regions_open


def test_an_effective_policy_stays_as_it_is() -> None:
    content = {"plans": {"A": {"regions": ["eu-west-1"], "rules": {"r": {"lifecycle": {"delete_after_days": "7"}}}}}}

    assert merged(content) == content


def test_a_policy_built_to_exhaust_us_is_cut_off() -> None:
    deep: object = {"@@assign": "1"}
    for _ in range(60):
        deep = {"a": deep}

    found = merged(deep)
    depth = 0
    while isinstance(found, dict):
        found, depth = found["a"], depth + 1
    assert (found, depth) == ("?", 31)


def test_a_value_in_one_policy_and_a_mapping_in_another_come_to_nothing_that_crashes() -> None:
    assert merged({"a": {"b": {"@@assign": "1"}}}, {"a": {"@@assign": "2"}}) == {"a": "2"}
    assert merged({"a": {"@@assign": "2"}}, {"a": {"b": {"@@assign": "1"}}}) == {"a": "2"}
