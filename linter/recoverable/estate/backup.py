"""AWS Backup: plans with their rules and copies, selections, vaults with their locks, restore testing, settings.

Properties and limits: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Reference.html
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject
    from recoverable.policy.document import Policy
    from recoverable.source import Origin
    from recoverable.text import Text
    from recoverable.value import Value

#: What AWS Backup does where a rule does not say; windows in minutes.
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
DEFAULT_SCHEDULE = "cron(0 5 ? * * *)"
DEFAULT_TIMEZONE = "UTC"
DEFAULT_START_WINDOW = 8 * 60
DEFAULT_COMPLETION_WINDOW = 7 * 24 * 60


class Written(NamedTuple):
    """A text of a list, such as an ARN or a pattern, and where it stands."""

    text: Text
    origin: Origin


class Lifecycle(NamedTuple):
    """How long recovery points are kept, in days from their making. None: never deleted, or never moved to the cold."""

    delete_after: Value[int | None]
    cold_after: Value[int | None]


class CopyAction(NamedTuple):
    """A copy of every recovery point of a plan rule, into the vault with the ARN `destination`."""

    subject: Subject
    destination: Value[Text | None]
    lifecycle: Lifecycle


class PlanRule(NamedTuple):
    """One rule of a plan: when, into which vault, for how long, with which copies.

    `vault` is a vault's name; `air_gapped_vault` the ARN of a logically air-gapped vault that gets the points, too.
    Windows are in minutes. `schedule` is an AWS cron or rate expression; left out it is `cron(0 5 ? * * *)` in UTC.
    `plan` is the title of its plan. `copies_open` says why there may be more copies than these.
    """

    subject: Subject
    plan: str
    vault: Value[Text | None]
    air_gapped_vault: Value[Text | None]
    schedule: Value[str]
    timezone: Value[str]
    start_window: Value[int]
    completion_window: Value[int]
    continuous: Value[bool]
    lifecycle: Lifecycle
    copies: tuple[CopyAction, ...]
    copies_open: str = ""


class Plan(NamedTuple):
    """A backup plan. `names` are all texts that mean it (what `Ref` and `GetAtt` give, its id); compare `identity()`.

    `owner` is `account`, or `organization` for the plan of a BACKUP_POLICY. That runs in each account and Region of its
    selections: `$account` and `$region` in it are holes that stand for `AWS::AccountId` and `AWS::Region`.
    `open` says why it may have more rules.
    """

    subject: Subject
    names: tuple[Text, ...]
    rules: tuple[PlanRule, ...]
    owner: str = "account"
    open: str = ""


class TagTest(NamedTuple):
    """A test of one tag. `operator` and `key` stand as written; the key with or without `aws:ResourceTag/`.

    AWS takes `StringEquals`, `StringLike`, `StringNotEquals` and `StringNotLike` in conditions, and `STRINGEQUALS`
    alone in the tags of a selection (ListOfTags): https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Condition.html
    """

    operator: Value[str]
    key: Text
    value: Text
    origin: Origin


class Selection(NamedTuple):
    """What a plan protects.

    A resource is selected if it matches one of `resources`, or one of `tags` (ListOfTags); `conditions` must all hold;
    `not_resources` are left out. In an organization's selection `tags` are its tag key with each of its values, and
    AWS documents that `conditions` narrow them. The `..._open` fields say why a list may hold more than was read.
    `plan` means the plan (see `Plan.names`), `role` the role that AWS Backup takes on.
    `accounts` and `regions` say where it works; None: where the plan is. `..._open` say why these may be more.
    `since` is when it was made (ISO text), empty where that is not known.
    """

    subject: Subject
    plan: Text
    role: Value[Text | None]
    resources: tuple[Written, ...] = ()
    not_resources: tuple[Written, ...] = ()
    tags: tuple[TagTest, ...] = ()
    conditions: tuple[TagTest, ...] = ()
    resources_open: str = ""
    not_resources_open: str = ""
    tags_open: str = ""
    conditions_open: str = ""
    accounts: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    accounts_open: str = ""
    regions_open: str = ""
    since: str = ""


class Lock(NamedTuple):
    """A vault lock. `changeable_for` are the days until it becomes final (compliance mode), at least 3; None: never,
    whoever may can take the lock off again (governance mode). Retention bounds are in days, None: no bound.
    `final_on` is the date it becomes or became final where that is known (accounts), as ISO text; `days_left` how long
    it could still be changed when AWS was asked, None where it could not, or nobody asked. An air-gapped vault's lock
    is final from the start: `changeable_for` is 0."""

    min_days: Value[int | None]
    max_days: Value[int | None]
    changeable_for: Value[int | None]
    final_on: Value[str | None]
    origin: Origin
    days_left: int | None = None


class Vault(NamedTuple):
    """A backup vault. `lock` is None where there is none; an air-gapped vault is always locked in compliance mode.

    `names` are all texts that mean it; compare `identity()`.
    `key` is the customer managed key, None for the AWS managed or AWS owned one. `events` are the vault events that
    are sent to a topic, None where none are. `destroyed_with_contents`: deleting the vault deletes what it holds
    (Terraform's `force_destroy`).
    """

    subject: Subject
    arn: Text
    names: tuple[Text, ...]
    air_gapped: bool
    lock: Value[Lock | None]
    key: Value[Text | None]
    policy: Value[Policy | None]
    events: Value[tuple[str, ...] | None]
    kept_on_delete: Value[str] | None
    destroyed_with_contents: Value[bool]


class RestoreTestPlan(NamedTuple):
    """A restore testing plan: which recovery points of which vaults are tried, and when.

    `vaults` and `not_vaults` are ARNs or `*`; `point_types` are `SNAPSHOT` and `CONTINUOUS`; `window_days` is how old
    a point may be. The `..._open` fields say why a list may hold more than was read.
    """

    subject: Subject
    names: tuple[Text, ...]
    schedule: Value[str]
    timezone: Value[str]
    algorithm: Value[str]
    vaults: tuple[Written, ...]
    not_vaults: tuple[Written, ...]
    point_types: Value[tuple[str, ...]]
    window_days: Value[int]
    vaults_open: str = ""
    not_vaults_open: str = ""


class RestoreTestSelection(NamedTuple):
    """What a restore testing plan restores: a resource type (`DynamoDB`), by ARN (`*` for all) or by conditions.

    `overrides` are restore parameters of its own. The `..._open` fields say why a list may hold more than was read.
    """

    subject: Subject
    plan: Text
    resource_type: Value[str]
    role: Value[Text | None]
    resources: tuple[Written, ...]
    conditions: tuple[TagTest, ...]
    overrides: tuple[tuple[str, Value[str]], ...]
    resources_open: str = ""
    conditions_open: str = ""
    overrides_open: str = ""


class RegionSettings(NamedTuple):
    """A Region's settings for DynamoDB: `opted_in` to tag-based plans, `advanced` features managed by AWS Backup."""

    subject: Subject
    opted_in: Value[bool]
    advanced: Value[bool]


class GlobalSettings(NamedTuple):
    """The organization's AWS Backup settings: whether copies to other accounts are allowed."""

    subject: Subject
    cross_account: Value[bool]


class AuditFramework(NamedTuple):
    """A Backup Audit Manager framework with its controls by name, or (kind `report-plan`) a report plan.

    `template` is what a report plan reports (`RESTORE_JOB_REPORT`), None for a framework. `open` says why there may be
    more controls than these.
    """

    subject: Subject
    controls: tuple[Written, ...]
    template: Value[str | None]
    open: str = ""
