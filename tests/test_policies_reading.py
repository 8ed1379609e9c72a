"""Policy documents as templates hold them: mappings, JSON texts, and what cannot be read of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from recoverable.read.nodes import MalformedError
from recoverable.read.single_policy import single_policy
from recoverable.text import Hole
from templates import read, said, table

if TYPE_CHECKING:
    from recoverable.policy.document import Policy


def policy(document: str, rest: str = "") -> Policy:
    lines = document.strip().replace("\n", "\n    ")
    found = said(read(table(f"ResourcePolicy:\n  PolicyDocument:\n    {lines}", rest)).table().policy)
    assert found is not None
    return found  # type: ignore[return-value]


FULL = """
Version: 2012-10-17
Statement:
  - Sid: Backups
    Effect: Allow
    Principal: {AWS: [arn:aws:iam::111122223333:root, !Ref Role], Service: backup.amazonaws.com}
    Action: [dynamodb:StartAwsBackupJob, dynamodb:*]
    Resource: '*'
    Condition: {StringEquals: {aws:PrincipalOrgID: [o-1, o-2]}, Bool: {aws:SecureTransport: true}}
"""


def test_every_element_of_a_statement_is_read() -> None:
    document = policy(FULL, "Parameters: {Role: {Type: String}}")
    statement = document.statements[0]

    assert (document.version, document.open, statement.sid, statement.unread) == ("2012-10-17", "", "Backups", "")
    assert said(statement.effect) == "Allow"
    assert [(each.type, each.name.shown()) for each in statement.principals] == [
        ("AWS", "arn:aws:iam::111122223333:root"),
        ("AWS", "${Role}"),
        ("Service", "backup.amazonaws.com"),
    ]
    assert [each.shown() for each in statement.actions] == ["dynamodb:StartAwsBackupJob", "dynamodb:*"]
    assert [each.shown() for each in statement.resources] == ["*"]
    assert [(each.operator, each.key, [value.shown() for value in each.values]) for each in statement.conditions] == [
        ("StringEquals", "aws:PrincipalOrgID", ["o-1", "o-2"]),
        ("Bool", "aws:SecureTransport", ["true"]),
    ]


def test_elements_have_their_places() -> None:
    statement = policy(FULL, "Parameters: {Role: {Type: String}}").statements[0]

    assert statement.origin is not None
    assert statement.principals[0].origin is not None
    assert (statement.origin.start(), statement.principals[0].origin.start()) == ("app.yaml:13:15", "app.yaml:15:33")


@pytest.mark.parametrize("star", ["'*'", "{AWS: '*'}", "['*']"])
def test_everyone_is_read_in_each_spelling(star: str) -> None:
    principal = policy(f"Statement: {{Effect: Allow, Principal: {star}, Action: '*'}}").statements[0].principals[0]

    assert principal.name.literal() == "*"


def test_negated_elements_are_told_apart() -> None:
    statement = policy("Statement: [{Effect: Deny, NotPrincipal: {AWS: a}, NotAction: b, NotResource: c}]").statements[
        0
    ]

    assert (statement.not_principal, statement.not_action, statement.not_resource) == (True, True, True)
    assert [statement.principals[0].name.shown(), statement.actions[0].shown(), statement.resources[0].shown()] == [
        "a", "b", "c",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        """'{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["dynamodb:*"]}]}'""",
        """!Sub '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["dynamodb:*"]}]}'""",
        """!Join ['', ['{"Statement": [{"Effect": "Allow", "Principal": "*", ', '"Action": ["dynamodb:*"]}]}']]""",
        """{'Fn::ToJsonString': {Statement: [{Effect: Allow, Principal: '*', Action: ['dynamodb:*']}]}}""",
    ],
)
def test_a_policy_may_be_json_in_a_text(text: str) -> None:
    statement = policy(text).statements[0]

    assert (said(statement.effect), [each.shown() for each in statement.actions]) == ("Allow", ["dynamodb:*"])


def test_holes_in_a_json_text_stay_holes() -> None:
    text = (
        """!Sub '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::${AWS::AccountId}:root"}}]}'"""
    )

    assert policy(text).statements[0].principals[0].name.shown() == "arn:aws:iam::${AWS::AccountId}:root"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("'not json'", "its text is not JSON"),
        ("'{'", "its text is not JSON"),
        ("'" + "[" * 500 + "'", "its text is not JSON"),
        ("{Version: x}", "it has no Statement"),
        ("[a]", "a policy document is a mapping or JSON text"),
        ("5", "a policy document is a mapping or JSON text"),
        ("!Ref Gone", "Gone is neither a parameter nor a resource of the template"),
        ("!Ref Role", "it comes from parameter Role, which has no default"),
        ("{Statement: !Ref Role}", "it comes from parameter Role, which has no default"),
        ("{'Fn::Transform': {Name: Mine}}", "Fn::Transform is worked out only when the stack is deployed"),
    ],
)
def test_what_cannot_be_read_leaves_the_policy_open(document: str, reason: str) -> None:
    assert policy(document, "Parameters: {Role: {Type: String}}").open.startswith(reason)


@pytest.mark.parametrize(
    "statement",
    [
        "{Effect: Allow, Principal: !Ref Role}",
        "{Effect: Allow, Principal: {AWS: !Ref Roles}}",
        "{Effect: Allow, Action: !Ref Roles}",
        "{Effect: Allow, Resource: !Split [',', !Ref Role]}",
        "{Effect: Allow, Condition: !Ref Role}",
        "{Effect: Allow, Condition: {StringEquals: !Ref Role}}",
        "{Effect: Allow, Condition: {StringEquals: {k: !Ref Roles}}}",
        "!Ref Role",
        "{'Fn::Transform': {Name: Mine}, Effect: Allow}",
    ],
)
def test_a_part_that_is_not_known_is_said_of_its_statement(statement: str) -> None:
    rest = "Parameters: {Role: {Type: String}, Roles: {Type: CommaDelimitedList}}"

    assert policy(f"{{Statement: [{statement}]}}", rest).statements[0].unread


@pytest.mark.parametrize(
    "mark", ["\ue000", "\ue0000\ue001", "\ue000²\ue001", "\ue00099999999999999999999\ue001", "\ue001"]
)
def test_private_characters_in_a_text_do_no_harm(mark: str) -> None:
    document = policy(f"""!Sub '{{"Statement": [{{"Sid": "{mark}", "Effect": "${{Gone}}"}}]}}'""")

    assert said(document.statements[0].effect) == "?"


def test_a_condition_decides_which_statements_there_are() -> None:
    rest = (
        "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\nConditions: {IsProd: !Equals [!Ref Env, prod]}"
    )
    statements = "[!If [IsProd, {Effect: Deny}, !Ref AWS::NoValue], {Effect: Allow}]"
    text = f"ResourcePolicy: {{PolicyDocument: {{Statement: {statements}}}}}"
    counts = [
        len(variant.item.policy.state.value.statements)  # type: ignore[union-attr]
        for variant in read(table(text, rest)).table_entry().variants
        if variant.item is not None
    ]

    assert counts == [1, 2]


@pytest.mark.parametrize(
    ("part", "opened"),
    [
        ("Principal: {AWS: !Ref Roles}", "principals_open"),
        ("Action: !Ref Roles", "actions_open"),
        ("NotAction: !Ref Roles", "actions_open"),
        ("Condition: {StringEquals: {k: !Ref Roles}}", "conditions_open"),
        ("Resource: !Ref Roles", ""),
    ],
)
def test_what_is_not_known_of_one_part_leaves_the_others_told(part: str, opened: str) -> None:
    rest = "Parameters: {Roles: {Type: CommaDelimitedList}}"
    statement = policy(f"{{Statement: {{Effect: Allow, {part}}}}}", rest).statements[0]
    open_ = [name for name in ("principals_open", "actions_open", "conditions_open") if getattr(statement, name)]

    assert open_ == [opened] * bool(opened)


def test_each_action_has_its_place() -> None:
    statement = policy("Statement:\n  Action:\n    - backup:A\n    - backup:B").statements[0]
    lines = [getattr(origin, "line", 0) for origin in statement.action_origins]

    assert len(lines) == 2
    assert lines[1] == lines[0] + 1


@pytest.mark.parametrize("variable", ["${aws:PrincipalArn}", "${aws:username}", "${s3:prefix}", "${aws:userid}"])
def test_a_policy_variable_is_text(variable: str) -> None:
    statement = policy(f"Statement: {{Condition: {{StringLike: {{k: '{variable}'}}}}}}").statements[0]

    assert statement.conditions[0].values[0].literal() == variable


def test_actions_and_resources_have_their_places() -> None:
    statement = policy("Statement:\n  - Effect: Allow\n    Action: [a:B, a:C]\n    Resource:\n      - '*'").statements[
        0
    ]

    assert [origin.start() for origin in statement.action_origins] == ["app.yaml:13:24", "app.yaml:13:29"]
    assert [origin.start() for origin in statement.resource_origins] == ["app.yaml:15:19"]


def test_a_version_that_cannot_be_told_is_not_a_version_that_is_not_written() -> None:
    given = policy("Version: !Ref Version\nStatement: []", "Parameters: {Version: {Type: String}}")
    absent = policy("Statement: []")

    assert (given.version, bool(given.version_open)) == ("", True)
    assert (absent.version, absent.version_open) == ("", "")


@pytest.mark.parametrize("tag", ["|", "|-", "!Sub |", ">"])
def test_a_statement_in_a_block_of_yaml_is_found_at_its_own_line(tag: str) -> None:
    text = (
        "Resources:\n  Safe:\n    Type: AWS::Backup::BackupVault\n    Properties:\n      BackupVaultName: safe\n"
        f"      AccessPolicy: {tag}\n"
        '        {\n          "Statement": [\n            {"Effect": "Deny", "Principal": "*",\n'
        '             "Action": "backup:DeleteRecoveryPoint", "Resource": "${AWS::Region}"}\n          ]\n        }\n'
    )
    vault = read(text).reading.vaults[0].variants[0].item

    assert vault is not None
    policy = vault.policy.known()
    assert policy is not None
    (statement,) = policy.statements
    assert statement.origin is not None
    assert [each.start() for each in (statement.origin, *statement.action_origins)] == ["app.yaml:9:1", "app.yaml:10:1"]


@pytest.mark.parametrize(
    "written",
    [
        '"{\\"Statement\\": [\n          {\\"Effect\\": \\"Deny\\", \\"Action\\": \\"a:b\\"}]}"',
        '\'{"Statement": [\n          {"Effect": "Deny", "Action": "a:b"}\n\n          ]}\'',
        '"{\\"Statement\\": [\\n{\\"Effect\\": \\"Deny\\",\\n\\"Action\\": \\"a:b\\"}]}"',
    ],
)
def test_a_statement_in_any_other_text_is_found_where_the_text_begins(written: str) -> None:
    text = (
        "Resources:\n  Safe:\n    Type: AWS::Backup::BackupVault\n    Properties:\n      BackupVaultName: safe\n"
        f"      AccessPolicy: {written}\n"
    )
    vault = read(text).reading.vaults[0].variants[0].item

    assert vault is not None
    policy = vault.policy.known()
    assert policy is not None
    assert [statement.origin and statement.origin.start() for statement in policy.statements] == ["app.yaml:6:21"]


STATEMENT = {"Effect": "Allow", "Action": "dynamodb:DeleteTable", "Resource": "*"}


@pytest.mark.parametrize(
    "answer",
    [
        {"PolicyVersion": {"VersionId": "v1", "Document": {"Statement": [STATEMENT]}}},
        {"RoleName": "ops", "PolicyName": "p", "PolicyDocument": {"Statement": [STATEMENT]}},
        {"UserName": "ada", "PolicyDocument": json.dumps({"Statement": [STATEMENT]})},
    ],
)
def test_a_policy_that_is_asked_about_may_be_an_answer_of_the_command_line(answer: dict[str, object]) -> None:
    [statement] = single_policy(json.dumps(answer), "answer.json").statements

    assert [each.shown() for each in statement.actions] == ["dynamodb:DeleteTable"]


@pytest.mark.parametrize(
    "answer",
    [
        {"Role": {"AssumeRolePolicyDocument": {"Statement": [{**STATEMENT, "Action": "sts:AssumeRole"}]}}},
        {"BackupVaultArn": "arn", "Policy": json.dumps({"Statement": [STATEMENT]})},
        {"Resources": {}},
        [STATEMENT],
    ],
)
def test_what_nobody_may_have_is_no_policy_to_ask_about(answer: object) -> None:
    with pytest.raises(MalformedError, match="no IAM policy"):
        single_policy(json.dumps(answer), "answer.json")


def test_what_is_put_into_a_policy_file_before_its_use_is_left_open() -> None:
    resource = "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${aws:username}/backup/*"
    [statement] = single_policy(json.dumps({"Statement": [{**STATEMENT, "Resource": resource}]}), "p.json").statements

    [written] = statement.resources
    assert written.shown() == resource
    assert [part.stands_for for part in written.parts if isinstance(part, Hole)] == ["AWS::Region", "AWS::AccountId"]
