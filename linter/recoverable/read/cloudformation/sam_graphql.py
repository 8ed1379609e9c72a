"""The roles that SAM makes for the tables behind a GraphQL API.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-graphqlapi.html
"""

from __future__ import annotations

from recoverable.estate.principals import Grant
from recoverable.read.cloudformation.identity import pseudo_text
from recoverable.read.cloudformation.sam import Facts, made_policy
from recoverable.read.data import literal
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.policy.document import Policy
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Datum
    from recoverable.source import Span

GRAPHQL_API = "AWS::Serverless::GraphQLApi"


class SourceRole(NamedTuple):
    """The role for one table: its logical id, what it may do, whom it trusts, and where the table is named."""

    name: str
    grant: Grant
    trust: Policy
    origin: Span


def source_roles(evaluation: Evaluation, resource: Resource, facts: Facts) -> Iterator[SourceRole]:
    """The roles of all data sources that are tables and do not name a role of their own."""
    written = evaluation.properties(resource).fields().get("DataSources")
    tables = None if written is None else written.fields().get("DynamoDb")
    profile = facts.connector("AWS::AppSync::DataSource", "AWS::DynamoDB::Table")
    if tables is None or profile is None:
        return
    for key, source in tables.fields().items():
        fields = source.fields()
        if fields.get("ServiceRoleArn") is not None:
            continue
        listed = fields.get("Permissions")
        wanted = {literal(one) for one in listed.list()} if listed is not None else {"Read", "Write"}
        statements = [one for access, given in profile["access"].items() if access in wanted for one in given]
        policy = made_policy(statements, {"Destination.Arn": _arn(evaluation, resource, source)}, source.origin)
        if None in wanted:
            policy = policy._replace(open="the permissions of the data source are not known")
        name = f"{resource.logical_id}{key}DynamoDBDataSource"
        trust = [{"Effect": "Allow", "Principal": {"Service": "appsync.amazonaws.com"}, "Action": "sts:AssumeRole"}]
        grant = Grant(Text((f"{name}ToTableConnectorPolicy",)), "sam-connector", policy, source.origin)
        yield SourceRole(f"{name}Role", grant, made_policy(trust, {}, source.origin), source.origin)


def _arn(evaluation: Evaluation, resource: Resource, source: Datum) -> Text:
    fields = source.fields()
    written = fields.get("TableArn")
    if written is not None:
        return written.text()
    region, table = fields.get("Region"), fields.get("TableName")
    return joined(
        "arn:",
        pseudo_text(evaluation, "AWS::Partition", resource),
        ":dynamodb:",
        pseudo_text(evaluation, "AWS::Region", resource) if region is None else region.text(),
        ":",
        pseudo_text(evaluation, "AWS::AccountId", resource),
        ":table/",
        Hole("the data source names no table") if table is None else table.text(),
    )
