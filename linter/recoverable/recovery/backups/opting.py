"""Whether AWS Backup is switched on for DynamoDB where plans rely on it.

Assignment by tags heeds the setting; tables that a selection names are backed up all the same.
https://docs.aws.amazon.com/aws-backup/latest/devguide/service-opt-in.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable.recovery.backups.places import same
from recoverable.truth import Answer, Truth, every, no, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import RegionSettings, Selection


def opted_out(settings: RegionSettings, estate: Estate) -> Truth:
    """Whether the service is off in a Region in which a plan selects by tags."""
    off = settings.opted_in.equals(False)
    if off.answer is Answer.NO:
        return off
    relied = estate.selections.any(lambda one: _by_tags_here(one, settings), "no plan there selects by tags")
    return every((off, relied))


def _by_tags_here(selection: Selection, settings: RegionSettings) -> Truth:
    title, origin = selection.subject.title(), selection.subject.origin
    region = settings.subject.region
    if selection.regions is not None:
        there = region.known()
        here = Answer.YES if there in selection.regions else Answer.UNKNOWN if selection.regions_open else Answer.NO
    else:
        here = same(selection.subject.region, region)
    if here is not Answer.NO and selection.accounts is None:
        account = same(selection.subject.account, settings.subject.account)
        here = account if account is not Answer.YES else here
    if here is Answer.NO:
        return no(f"{title} works elsewhere", origin)
    if selection.tags:
        found = yes(f"{title} selects by tags, and so selects no table", origin)
    elif selection.tags_open:
        found = unknown(f"whether {title} selects by tags is not known: {selection.tags_open}", origin)
    else:
        found = no(f"{title} selects by name", origin)
    if here is Answer.UNKNOWN and found.answer is not Answer.NO:
        return unknown(f"whether {title} works in that Region is not known", origin)
    return found
