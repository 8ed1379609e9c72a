"""Every call that is made to AWS: what it is needed for, which permission it takes, how often it may be made.

`rate` is in requests a second, for one account in one Region, kept under what AWS documents (`limit`, None where no
number is published). Sources are the API references of DynamoDB, AWS Backup and the others, and
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-control-plane.html,
https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html.
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

#: Where a call is asked: once for the account, with --org only, once in a Region that has something for it, or for each item.
ACCOUNT, ORGANIZATION, REGION, ITEM = "account", "organization", "region", "item"

#: Account-wide answers stand in `global.json`.
GLOBAL = "global"


class Pages(NamedTuple):
    """How the pages of a list are asked for: the greatest size of a page, and the token's name in and out."""

    lists: tuple[str, ...]
    token_in: str = "NextToken"
    token_out: str = "NextToken"
    size: str = "MaxResults"
    most: int = 1000


class Call(NamedTuple):
    """One operation of botocore's `service`.

    `permission` is the IAM action, empty where none is needed. `asked` says in words when it is asked, and `needed` what
    for: names of rules, or words of the posture. `kept` says which entries of a long list are kept, empty for all.
    """

    service: str
    operation: str
    scope: str
    asked: str
    needed: str
    rate: float
    limit: float | None = None
    permission: str = ""
    pages: Pages | None = None
    kept: str = ""

    def name(self) -> str:
        return f"{self.service}:{self.operation}"


def _dynamodb(operation: str, scope: str, asked: str, needed: str, rate: float, limit: float | None = None,
              pages: Pages | None = None, kept: str = "") -> Call:  # fmt: skip
    return Call("dynamodb", operation, scope, asked, needed, rate, limit, f"dynamodb:{operation}", pages, kept)


def _backup(operation: str, scope: str, asked: str, needed: str, pages: Pages | None = None, kept: str = "") -> Call:
    # AWS has a number for each of these in https://docs.aws.amazon.com/general/latest/gr/bk.html, which we could not read.
    return Call("backup", operation, scope, asked, needed, 4.5, None, f"backup:{operation}", pages, kept)


def _organizations(operation: str, scope: str, asked: str, needed: str, pages: Pages | None = None,
                   kept: str = "") -> Call:  # fmt: skip
    return Call("organizations", operation, scope, asked, needed, 3, None, f"organizations:{operation}", pages, kept)


_DYNAMODB = (
    _dynamodb(
        "ListTables", REGION, "in every Region", "every rule about tables", 20, 2500,
        Pages(("TableNames",), "ExclusiveStartTableName", "LastEvaluatedTableName", "Limit", 100),
    ),
    _dynamodb(
        "DescribeTable", ITEM, "for each table",
        "deletion-protection-disabled, table-key-*, replica-pitr-disabled, restored-table-incomplete", 20, 2500,
    ),
    _dynamodb(
        "DescribeContinuousBackups", ITEM, "for each table",
        "pitr-disabled, replica-pitr-disabled, pitr-window-short, rpo-above-objective", 9, 10,
    ),
    _dynamodb(
        "DescribeTimeToLive", ITEM, "for each table", "which tables are caches, restored-table-incomplete", 9, 10,
    ),
    _dynamodb(
        "GetResourcePolicy", ITEM, "for each table",
        "table-policy-open, table-shared-with-unknown-account, who can destroy and restore", 9,
    ),
    _dynamodb(
        "ListTagsOfResource", ITEM, "for each table, where the tagging API did not answer", "selections by tag", 9, 10,
        Pages(("Tags",), size=""),
    ),
    _dynamodb(
        "ListBackups", REGION, "in a Region with tables, for backups that users made",
        "native-backup-unmanaged, custom-backup-script, restore points", 4.5, 5,
        Pages(("BackupSummaries",), "ExclusiveStartBackupArn", "LastEvaluatedBackupArn", "Limit", 100),
        "of each table the newest and the oldest, and every one that is not AVAILABLE",
    ),
)  # fmt: skip

_AROUND_TABLES = (
    Call(
        "resourcegroupstaggingapi", "GetResources", REGION, "in a Region with tables", "selections by tag, classes", 13, 15,
        "tag:GetResources",
        Pages(("ResourceTagMappingList",), "PaginationToken", "PaginationToken", "ResourcesPerPage", 100),
    ),
    Call(
        "application-autoscaling", "DescribeScalableTargets", REGION, "in a Region with tables",
        "restored-table-incomplete", 5, None, "application-autoscaling:DescribeScalableTargets",
        Pages(("ScalableTargets",), most=50),
    ),
    Call(
        "kms", "DescribeKey", ITEM, "for each key that a table or vault is encrypted with",
        "table-key-unusable, *-key-not-customer-managed", 20, 2000, "kms:DescribeKey",
    ),
    Call(
        "kms", "GetKeyPolicy", ITEM, "for each of these that is the customer's own and of this account",
        "key-grant-missing, copy-key-not-shareable, who can restore", 20, 1000, "kms:GetKeyPolicy",
    ),
    Call(
        "kms", "ListAliases", REGION, "in a Region with such a key", "which key a policy means", 20, 500, "kms:ListAliases",
        Pages(("Aliases",), "Marker", "NextMarker", "Limit", 100), "those of keys that are asked for",
    ),
    Call(
        "events", "ListRules", REGION, "in a Region with tables or plans", "custom-backup-script, backup-failures-unnoticed", 10,
        None, "events:ListRules", Pages(("Rules",), size="Limit", most=100),
    ),
    Call(
        "events", "ListTargetsByRule", ITEM, "for each rule with a schedule", "custom-backup-script", 10, None,
        "events:ListTargetsByRule", Pages(("Targets",), size="Limit", most=100),
    ),
    Call(
        "scheduler", "ListSchedules", REGION, "in a Region with tables", "custom-backup-script", 10, 50,
        "scheduler:ListSchedules", Pages(("Schedules",), most=100),
    ),
    Call(
        "scheduler", "GetSchedule", ITEM, "for each schedule that calls DynamoDB or AWS Backup itself", "custom-backup-script",
        10, 50, "scheduler:GetSchedule",
    ),
    Call(
        "cloudwatch", "DescribeAlarms", REGION, "in a Region with plans", "backup-failures-unnoticed", 8, 9,
        "cloudwatch:DescribeAlarms", Pages(("MetricAlarms", "CompositeAlarms"), size="MaxRecords", most=100),
        "metric alarms of AWS/Backup",
    ),
)  # fmt: skip

_POINTS = (
    "of each table the newest of every plan rule and of those without one, the oldest, and every one that is neither "
    "COMPLETED nor AVAILABLE"
)

_BACKUP = (
    _backup("ListBackupVaults", REGION, "in every Region", "every rule about vaults", Pages(("BackupVaultList",))),
    _backup("ListBackupPlans", REGION, "in every Region", "every rule about plans", Pages(("BackupPlansList",))),
    _backup("GetBackupPlan", ITEM, "for each plan", "every rule about plans"),
    _backup("ListBackupSelections", ITEM, "for each plan", "coverage", Pages(("BackupSelectionsList",))),
    _backup("GetBackupSelection", ITEM, "for each selection", "coverage"),
    _backup("DescribeRegionSettings", REGION, "in a Region with plans or tables", "service-opted-out, advanced-features-off"),
    _backup("GetBackupVaultAccessPolicy", ITEM, "for each vault", "vault-policy-*, vault-deletion-not-denied"),
    _backup("GetBackupVaultNotifications", ITEM, "for each vault", "backup-failures-unnoticed"),
    _backup(
        "ListProtectedResources", REGION, "in a Region with tables and vaults", "covered-but-never-backed-up",
        Pages(("Results",)), "DynamoDB tables",
    ),
    _backup(
        "ListRecoveryPointsByBackupVault", ITEM, "for each vault, for DynamoDB",
        "recovery-points-expired, covered-but-never-backed-up, what copies there really are", Pages(("RecoveryPoints",)), _POINTS,
    ),
    _backup(
        "ListBackupJobs", REGION, "in a Region with vaults, for DynamoDB and 30 days, in each state that is a failure",
        "backup-jobs-failing", Pages(("BackupJobs",)),
    ),
    _backup(
        "ListCopyJobs", REGION, "in a Region with vaults, for DynamoDB and 30 days, in each state that is a failure",
        "backup-jobs-failing", Pages(("CopyJobs",)),
    ),
    _backup(
        "ListRestoreJobs", REGION, "in a Region with vaults, for DynamoDB and 366 days",
        "restore-test-stale, restore-slower-than-objective", Pages(("RestoreJobs",)),
    ),
    _backup(
        "ListRestoreTestingPlans", REGION, "in a Region with vaults", "restore-untested, restore-test-*",
        Pages(("RestoreTestingPlans",)),
    ),
    _backup("GetRestoreTestingPlan", ITEM, "for each of these", "restore-test-*"),
    _backup(
        "ListRestoreTestingSelections", ITEM, "for each of these", "restore-test-*", Pages(("RestoreTestingSelections",))
    ),
    _backup("GetRestoreTestingSelection", ITEM, "for each of its selections", "restore-test-selects-nothing"),
    _backup("ListLegalHolds", REGION, "in a Region with vaults", "what nobody can delete", Pages(("LegalHolds",))),
    _backup("ListFrameworks", REGION, "in a Region with plans", "what is audited already", Pages(("Frameworks",))),
    _backup("DescribeFramework", ITEM, "for each framework", "what is audited already"),
    _backup("DescribeGlobalSettings", ACCOUNT, "once, in an account of an organization", "copy-target-refuses"),
)  # fmt: skip

_ACCOUNT = (
    Call("sts", "GetCallerIdentity", ACCOUNT, "once", "which account this is", 10),
    Call(
        "account", "ListRegions", ACCOUNT, "once, unless every Region was named", "which Regions there are", 4, 5,
        "account:ListRegions", Pages(("Regions",), most=50),
    ),
    Call(
        "ec2", "DescribeRegions", ACCOUNT, "once, where account:ListRegions did not answer", "which Regions there are", 4,
        None, "ec2:DescribeRegions",
    ),
    Call(
        "iam", "GetAccountAuthorizationDetails", ACCOUNT, "once", "every rule about permissions", 2, None,
        "iam:GetAccountAuthorizationDetails",
        Pages(
            ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"), "Marker", "Marker", "MaxItems", 1000
        ),
        "of policies of AWS those that are attached or bound; of all policies the version in force",
    ),
    _organizations("DescribeOrganization", ACCOUNT, "once", "whether guardrails are above the account"),
    _organizations(
        "DescribeEffectivePolicy", ACCOUNT, "once, in an account of an organization, for backup policies", "coverage"
    ),
)  # fmt: skip

_ORGANIZATION = (
    _organizations(
        "ListAccounts", ORGANIZATION, "with --org", "which accounts there are",
        Pages(("Accounts",), most=20),
    ),
    _organizations(
        "ListParents", ORGANIZATION, "for each account and unit whose place ListAccounts does not tell", "which guardrails hold",
        Pages(("Parents",), most=20),
    ),
    _organizations(
        "ListTagsForResource", ORGANIZATION, "for each account, when accounts are chosen by tag", "which accounts are meant",
        Pages(("Tags",), size=""),
    ),
    _organizations(
        "ListRoots", ORGANIZATION, "with --org", "which guardrails are switched on",
        Pages(("Roots",), most=20),
    ),
    _organizations(
        "ListPolicies", ORGANIZATION, "with --org, for service and for resource control policies", "who can, and who cannot",
        Pages(("Policies",), most=20),
    ),
    _organizations("DescribePolicy", ORGANIZATION, "for each of these policies of the organization's own", "who can, and who cannot"),
    _organizations(
        "ListTargetsForPolicy", ORGANIZATION, "for each of these policies of the organization's own", "who can, and who cannot", Pages(("Targets",), most=20)
    ),
)  # fmt: skip

CALLS = (*_DYNAMODB, *_AROUND_TABLES, *_BACKUP, *_ACCOUNT, *_ORGANIZATION)

BY_NAME = {call.name(): call for call in CALLS}
