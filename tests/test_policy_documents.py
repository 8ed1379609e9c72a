"""Policies as rules see them: each document and each statement once, whoever holds it."""

from __future__ import annotations

import pytest

from policies_seen import documents, guardrails, held_by_somebody, judged, may_delete_tables, statements
from recoverable import Estate, PolicyStatement, Principal, Severity, Table, Truth, rule, yes
from recoverable.report.wording import counts
from recoverable.source import Span
from recoverable.truth import Answer

ROLE = """\
Resources:
  Ops:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: tables
          PolicyDocument:
            Statement:
              - Sid: Wipe
                Effect: Allow
                Action:
                  - dynamodb:PutItem
                  - dynamodb:DeleteTable
                Resource: "*"
              - Effect: Deny
                Action: dynamodb:DeleteBackup
                Resource: "*"
"""

MANAGED = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Wipe:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: dynamodb:DeleteTable
          Resource: "*"
  One:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Wipe]
  Two:
    Type: AWS::IAM::Role
    Condition: IsProd
    Properties:
      ManagedPolicyArns: [!Ref Wipe]
"""


def test_inline_and_trust_policies_are_documents_of_their_role() -> None:
    assert documents({"app.yaml": ROLE}) == {
        "Ops policy trust": "trust: Ops",
        "Ops policy tables": "identity: Ops",
    }


def test_statements_are_called_by_their_sid_or_number() -> None:
    assert statements({"app.yaml": ROLE}) == {
        "Ops statement trust/#1": "Allow sts:AssumeRole",
        "Ops statement tables/Wipe": "Allow dynamodb:PutItem, dynamodb:DeleteTable",
        "Ops statement tables/#2": "Deny dynamodb:DeleteBackup",
    }


def test_a_finding_about_a_statement_points_at_the_action() -> None:
    (finding,) = judged(may_delete_tables, {"app.yaml": ROLE}).findings

    assert isinstance(finding.origin, Span)
    assert (finding.origin.line, finding.subject.title()) == (15, "Ops statement tables/Wipe")


def test_a_policy_that_hangs_on_many_is_one_finding() -> None:
    report = judged(may_delete_tables, {"app.yaml": MANAGED})

    assert [finding.subject.address for finding in report.findings] == ["Wipe"]


def test_those_who_hold_a_policy_are_known() -> None:
    assert documents({"app.yaml": MANAGED})["Wipe"] == "identity: One, Two sometimes"


def test_who_holds_a_policy_depends_on_the_scenario() -> None:
    text = MANAGED.replace("ManagedPolicyArns: [!Ref Wipe]", "Path: /", 1)

    (finding,) = judged(held_by_somebody, {"app.yaml": text}).findings

    assert (finding.scenario, finding.facts[0].text) == ("when IsProd is true", "held by Two")


def test_a_statement_that_is_there_in_one_scenario_is_found_in_that_alone() -> None:
    text = MANAGED.replace("Action: dynamodb:DeleteTable", "Action: !If [IsProd, dynamodb:DeleteTable, dynamodb:Scan]")

    (finding,) = judged(may_delete_tables, {"app.yaml": text}).findings

    assert finding.scenario == "when IsProd is true"


def test_a_managed_policy_that_hangs_on_nobody_is_still_there() -> None:
    assert documents({"app.yaml": MANAGED.replace("!Ref Wipe", "arn:aws:iam::aws:policy/X")})["Wipe"] == (
        "unattached: nobody"
    )


def test_a_policy_that_is_a_boundary_alone_is_told_from_one_that_grants() -> None:
    text = MANAGED.replace("ManagedPolicyArns: [!Ref Wipe]", "PermissionsBoundary: !Ref Wipe")

    assert documents({"app.yaml": text})["Wipe"] == "boundary: One, Two sometimes"


def test_a_policy_on_a_role_that_was_not_read_may_hang_on_it_all_the_same() -> None:
    text = """\
    Resources:
      Wipe:
        Type: AWS::IAM::Policy
        Properties:
          PolicyName: wipe
          Roles: [somebody-elses]
          PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
    """
    assert documents({"app.yaml": text}) == {"Wipe": "identity: nobody and perhaps others"}


def test_a_user_has_the_inline_policy_of_its_group_which_stays_one_document() -> None:
    text = """\
    Resources:
      Admins:
        Type: AWS::IAM::Group
        Properties:
          Policies:
            - PolicyName: all
              PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
      Anna:
        Type: AWS::IAM::User
        Properties: {Groups: [!Ref Admins]}
    """
    assert documents({"app.yaml": text}) == {"Admins policy all": "identity: Admins, Anna through Admins"}


def test_policies_of_tables_vaults_keys_and_streams_are_documents_too() -> None:
    grant = '{Statement: [{Effect: Allow, Principal: "*", Action: "*", Resource: "*"}]}'
    text = f"""\
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          ResourcePolicy: {{PolicyDocument: {grant}}}
          StreamSpecification: {{StreamViewType: KEYS_ONLY, ResourcePolicy: {{PolicyDocument: {grant}}}}}
      Secret: {{Type: AWS::KMS::Key, Properties: {{KeyPolicy: {grant}}}}}
      Safe: {{Type: AWS::Backup::BackupVault, Properties: {{BackupVaultName: safe, AccessPolicy: {grant}}}}}
    """
    assert documents({"app.yaml": text}) == {
        "Orders": "table: nobody",
        "Orders policy stream": "stream: nobody",
        "Secret": "key: nobody",
        "Safe": "vault: nobody",
    }


def test_policies_that_sam_makes_are_documents_of_the_role_that_it_makes() -> None:
    text = """\
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Work:
        Type: AWS::Serverless::Function
        Properties:
          Policies:
            - DynamoDBReadPolicy: {TableName: orders}
            - Statement: [{Sid: Own, Effect: Allow, Action: "dynamodb:*", Resource: "*"}]
    """
    found = documents({"app.yaml": text})

    assert found == {
        "WorkRole policy trust": "trust: WorkRole",
        "WorkRole policy DynamoDBReadPolicy": "identity: WorkRole",
        "WorkRole policy WorkRolePolicy1": "identity: WorkRole",
    }


def test_control_policies_of_an_organization_are_guardrails() -> None:
    text = """\
    Resources:
      Keep:
        Type: AWS::Organizations::Policy
        Properties:
          Name: keep
          Type: SERVICE_CONTROL_POLICY
          TargetIds: [ou-ab12-11111111, "111122223333"]
          Content: {Statement: [{Effect: Deny, Action: "backup:Delete*", Resource: "*"}]}
      Ours:
        Type: AWS::Organizations::Policy
        Properties:
          Name: ours
          Type: RESOURCE_CONTROL_POLICY
          TargetIds: !Ref Nobody
          Content: '{"Statement": []}'
      Tags:
        Type: AWS::Organizations::Policy
        Properties: {Name: tags, Type: TAG_POLICY, Content: {tags: {}}}
    """
    assert guardrails({"app.yaml": text}) == {
        "Keep": "scp with 1 on ou-ab12-11111111, 111122223333",
        "Ours": "rcp with 0 on nothing and perhaps more",
    }
    assert statements({"app.yaml": text}) == {"Keep statement #1": "Deny backup:Delete*"}


def test_a_policy_that_cannot_be_read_has_a_statement_that_says_so() -> None:
    text = ROLE.replace("Resources:", "Parameters: {P: {Type: String}}\nResources:", 1)
    start = text.index("            Statement:\n              - Sid")
    report = judged(may_delete_tables, {"app.yaml": text[:start] + "            !Ref P\n"})

    assert report.findings == ()
    assert [one.subject.title() for one in report.undetermined] == ["Ops statement tables/further statements"]


def test_a_comment_in_a_statement_accepts_what_is_said_of_it_alone() -> None:
    accepted = ROLE.replace("- Sid: Wipe", "- Sid: Wipe # recoverable: accept[may-delete-tables] it cleans up")
    twice = accepted + "              - {Sid: More, Effect: Allow, Action: dynamodb:DeleteTable, Resource: a}\n"

    report = judged(may_delete_tables, {"app.yaml": twice})

    assert [one.subject.title() for one in report.accepted] == ["Ops statement tables/Wipe"]
    assert [one.subject.title() for one in report.findings] == ["Ops statement tables/More"]


def test_metadata_of_a_role_accepts_what_is_said_of_its_statements() -> None:
    remark = "    Metadata: {recoverable: {accept: [{rule: may-delete-tables, reason: it cleans up}]}}\n    Properties:"

    report = judged(may_delete_tables, {"app.yaml": ROLE.replace("    Properties:", remark, 1)})

    assert (len(report.accepted), len(report.findings)) == (1, 0)


NESTED = 'Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.com/t"}}\n'
MODULE = 'module "inner" {\n  source = "example/inner/aws"\n}\nresource "aws_dynamodb_table" "orders" {}\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.yaml": NESTED}, "nested stack Inner was not read"),
        ({"main.tf": MODULE}, "module.inner was not read"),
        ({"app.yaml": ROLE}, ""),
    ],
)
def test_what_was_not_read_may_have_principals_of_its_own(files: dict[str, str], expected: str) -> None:
    said: list[str] = []

    @rule(Severity.LOW)
    def seen(_thing: Table | Principal, estate: Estate) -> Truth:
        said.append(estate.principals.incomplete)
        return Truth(Answer.NO)

    orders = "Resources: {Orders: {Type: AWS::DynamoDB::Table}}"
    judged(seen, {"orders.yaml": orders, **files})

    assert set(said) == {expected}


def test_a_mistake_of_ours_in_reading_principals_is_told_and_the_tables_are_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("recoverable.read.cloudformation.principals.read_principals", stumble)

    @rule(Severity.LOW)
    def seen(thing: Table | Principal | PolicyStatement) -> Truth:
        return yes("there it is", thing.subject.origin)

    report = judged(
        seen, {"app.yaml": "Resources: {Orders: {Type: AWS::DynamoDB::Table}, Ops: {Type: AWS::IAM::Role}}"}
    )

    assert [finding.subject.address for finding in report.findings] == ["Orders"]
    assert [fault.message.partition(": ")[0] for fault in report.faults] == [
        "recoverable stumbled over what rules about PolicyStatement look at",
        "recoverable stumbled over what rules about Principal look at",
    ]


def test_a_report_counts_principals_and_policies_if_a_rule_asked_for_them() -> None:
    @rule(Severity.LOW)
    def about_tables(_: Table) -> Truth:
        return Truth(Answer.NO)

    asked, other = judged(may_delete_tables, {"app.yaml": ROLE}), judged(about_tables, {"app.yaml": ROLE})

    assert [(report.principals, report.policies) for report in (asked, other)] == [(1, 2), (0, 0)]
    assert counts(asked).line().startswith("1 file, 0 tables, 1 principal, 2 policies, 1 rule: ")
