"""What single services do differently from IAM's general logic, as data."""

from __future__ import annotations

from recoverable.typed import NamedTuple


class Service(NamedTuple):
    """`rcp`: resource control policies bear on it. `must_allow`: an identity policy alone is never enough, since the
    policy of the resource has to let the account decide. `across_accounts`: the only actions that other accounts can
    be let in to; None where there is no such limit. `no_wildcards`: the kinds of resource policy that take no wildcards
    in actions. `no_policy`: no resource of it has a policy that counts."""

    rcp: bool = False
    must_allow: bool = False
    across_accounts: frozenset[str] | None = None
    perhaps_across: frozenset[str] = frozenset()
    no_wildcards: frozenset[str] = frozenset()


_ORDINARY = Service()

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

#: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
#: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
_SERVICES = {
    "backup": Service(
        across_accounts=frozenset(("backup:copyintobackupvault",)), no_wildcards=frozenset(("vault",))
    ),
    "cognito-idp": Service(rcp=True),
    "dynamodb": Service(rcp=True, across_accounts=_TABLES, perhaps_across=_OF_POLICIES),
    "kms": Service(rcp=True, must_allow=True),
    "logs": Service(rcp=True),
    "s3": Service(rcp=True),
    "secretsmanager": Service(rcp=True),
    "sqs": Service(rcp=True),
    "sts": Service(rcp=True, must_allow=True),
}  # fmt: skip


def service(name: str) -> Service:
    """What is particular to a service, by the prefix of its actions."""
    return _SERVICES.get(name.lower(), _ORDINARY)
