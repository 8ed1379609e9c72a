"""AWS Backup's settings of Regions and of the organization, and the backup policies that count in an account.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRegionSettings.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html
"""

from __future__ import annotations

from recoverable.estate.backup import GlobalSettings, Plan, PlanRule, RegionSettings, Selection
from recoverable.read.backup_policy import Reach, read_policy_plans
from recoverable.read.data import Fields
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import datum, told
from recoverable.read.snapshot.policies import parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate import Subject
    from recoverable.read.snapshot.answers import Place

#: What AWS Backup calls the resource type.
_TABLES = "DynamoDB"

_CROSS_ACCOUNT = "isCrossAccountBackupEnabled"


def read_region_settings(place: Place) -> RegionSettings:
    """A Region's settings; what was not asked or not answered is not known, and not taken as the default."""
    arn = place.arn("backup", "region-settings")
    found = place.one_of("backup", "DescribeRegionSettings", arn)
    return RegionSettings(
        subject=subject(place, "region-settings", arn, place.region, found.origin),
        opted_in=told(found.body, "ResourceTypeOptInPreference", _TABLES).boolean(default=True),
        advanced=told(found.body, "ResourceTypeManagementPreference", _TABLES).boolean(default=True),
    )


def read_global_settings(place: Place) -> Iterator[GlobalSettings]:
    """The settings of the organization, where they could be asked for: in its own account alone."""
    if place.asked("backup", "DescribeGlobalSettings"):
        found = place.one_of("backup", "DescribeGlobalSettings", place.account)
        yield GlobalSettings(
            subject=subject(place, "global-settings", place.account, place.account, found.origin),
            cross_account=told(found.body, "GlobalSettings", _CROSS_ACCOUNT).boolean(default=False),
        )


def read_effective_policy(place: Place) -> tuple[tuple[Plan, ...], tuple[Selection, ...]]:
    """The plans and selections that backup policies of the organization come to in this account.

    Where there is no such policy AWS says so, and outside of an organization nobody asks.
    """
    plans: list[Plan] = []
    selections: list[Selection] = []
    for parameters, found in place.every("organizations", "DescribeEffectivePolicy"):
        if parameters.get("PolicyType") != "BACKUP_POLICY" or found.absent:
            continue
        if parameters.get("TargetId") not in (None, place.account):
            continue
        content = told(found.body, "EffectivePolicy", "PolicyContent")
        document = content.datum
        if document is None:
            document = datum(None, found.origin)
        elif isinstance(document.content, str):
            document = parsed(document.content, found)
        if isinstance(document.content, Fields) and document.fields().get("plans") is None:
            continue
        arn = f"arn:{place.partition}:organizations::{place.account}:effective-policy/backup_policy"
        owner = subject(place, "plan", arn, "effective backup policy", found.origin)
        reach = Reach(accounts=(place.account,))
        made, chosen = read_policy_plans(document, owner, arn, reach)
        plans += [plan._replace(subject=_placed(plan.subject), rules=tuple(map(_rule, plan.rules))) for plan in made]
        selections += [one._replace(subject=_placed(one.subject)) for one in chosen]
    return tuple(plans), tuple(selections)


def _rule(rule: PlanRule) -> PlanRule:
    copies = tuple(copy._replace(subject=_placed(copy.subject)) for copy in rule.copies)
    return rule._replace(subject=_placed(rule.subject), copies=copies)


def _placed(subject: Subject) -> Subject:
    """What stands in an answer has no text of its own."""
    return subject._replace(extent=None)
