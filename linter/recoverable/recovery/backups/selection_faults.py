"""What is wrong with a backup selection itself, whatever tables there are.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable.arn import is_documented
from recoverable.recovery.backups.coverage import index_of, opted_in
from recoverable.recovery.backups.plan_scope import names_tables, names_tables_alone
from recoverable.recovery.backups.selections import has_star, rejected, selects
from recoverable.recovery.backups.tag_tests import PREFIX
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.backup import Selection, TagTest, Written


#: How many reasons and names a fact shows.
MOST_REASONS = 3


def invalid(selection: Selection) -> Truth:
    """Whether AWS Backup refuses the selection."""
    missing = selection.role.holds(lambda role: role is None)
    if missing.answer is Answer.YES:
        missing = yes("AWS Backup refuses a selection without IamRoleArn", missing.facts[0].origin)
    empty = not (selection.resources or selection.tags or selection.conditions or selection.not_resources)
    found = some((rejected(selection), missing))
    if not empty or found.answer is Answer.YES:
        return found
    opened = selection.resources_open or selection.tags_open
    said = (
        f"whether the selection holds anything is not known: {opened}"
        if opened
        else "the selection is empty: by its documentation it means every resource, but the API asks for Resources or "
        "ListOfTags"
    )
    return some((found, unknown(said, selection.subject.origin)))


def selects_nothing(selection: Selection, estate: Estate) -> Truth:
    """Whether a selection that names tables selects none of those that were read, in whatever Region.

    One that AWS Backup refuses, or that a condition key without its prefix keeps empty, has that for a cause. What
    selects by tags or by a pattern for everything may be about other resources, which are not read.
    """
    named = _names_tables(selection, estate)
    if named.answer is Answer.NO:
        return named
    index, heeded = index_of(estate), opted_in(selection, estate)

    def chosen(item: Table | Replica) -> Truth:
        subject = selection.subject._replace(region=item.subject.region)
        return selects(selection._replace(subject=subject, regions=None, regions_open=""), item, opted_in=heeded)

    near = Listing(index.near(selection, anywhere=True), estate.tables.incomplete, estate.tables.run)
    found = ~near.any(chosen, "it selects no table that was read")
    if found.answer is Answer.NO:
        return found
    if not estate.tables.entries:
        said = "whether it selects a table is not known: none was read; check the templates with the tables, too"
        found = unknown(said, selection.subject.origin)
    found = Truth(found.answer, found.facts[:MOST_REASONS])
    whole = every((found, named, ~invalid(selection), ~keys_without_prefix(selection)))
    if whole.answer is Answer.NO:
        return whole
    return Truth(whole.answer, found.facts if whole.answer is Answer.YES else whole.facts).pointing(_asked(selection))


def _names_tables(selection: Selection, estate: Estate) -> Truth:
    """Whether an entry of Resources names tables and nothing else, so that the selection is meant for some."""
    sure = some([names_tables_alone(entry) for entry in selection.resources])
    if sure.answer is not Answer.NO:
        return sure
    opened = selection.resources_open or selection.tags_open
    if opened:
        return unknown(f"what it selects is not known: {opened}", selection.subject.origin)
    wide = selection.tags or any(names_tables(entry).answer is not Answer.NO for entry in selection.resources)
    if wide and estate.tables.entries:
        return unknown("it may select other resources, which are not read", selection.subject.origin)
    return no("it names no table", selection.subject.origin)


def _asked(selection: Selection) -> Fact:
    """What the selection asks for, in words, and where that begins."""
    names = [entry.text.shown() for entry in selection.resources]
    names += [f"tag {test.key.shown()} = {test.value.shown()}" for test in selection.tags]
    origins = [entry.origin for entry in selection.resources] + [test.origin for test in selection.tags]
    if not names:
        return Fact("what it asks for is not known", selection.subject.origin)
    shown = ", ".join(names[:MOST_REASONS]) + (f" and {len(names) - MOST_REASONS} more" if names[MOST_REASONS:] else "")
    return Fact(f"it asks for {shown}", origins[0])


def tags_do_not_narrow(selection: Selection) -> Truth:
    """Whether a pattern selects tables, and tags stand beside it that take none of them away.

    Resources and ListOfTags are a union: what fits either is selected.
    https://repost.aws/knowledge-center/backup-assign-resources
    """
    origin = selection.subject.origin
    if not selection.tags and not selection.tags_open:
        return no("it asks for no tags", origin)
    wide = [_is_wide(entry) for entry in selection.resources]
    if selection.resources_open:
        wide.append(unknown(f"Resources may hold more: {selection.resources_open}", origin))
    found = some(wide)
    if found.answer is Answer.NO:
        return no("no pattern stands beside its tags", origin)
    if not selection.tags:
        return every((found, unknown(f"whether it asks for tags is not known: {selection.tags_open}", origin)))
    tag = selection.tags[0]
    said = f"it selects what has the tag {tag.key.shown()}, and also all that Resources fits, with the tag or without"
    return found.pointing(Fact(said, tag.origin))


def _is_wide(entry: Written) -> Truth:
    """Whether an entry of Resources is a pattern that fits tables."""
    shown = entry.text.shown()
    star = has_star(entry.text)
    if star is None:
        pattern = unknown(f"whether {shown} is a pattern is not known: {entry.text.why_open()}", entry.origin)
    else:
        pattern = (yes if star else no)(f"Resources has {shown}", entry.origin)
    return every((pattern, names_tables(entry)))


def keys_without_prefix(selection: Selection) -> Truth:
    """Whether one of the Conditions has a key that is no tag's, as `aws:ResourceTag/` does not stand before it.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Conditions.html
    """
    found = [_lacks_prefix(test) for test in selection.conditions]
    if selection.conditions_open:
        said = f"Conditions may hold more: {selection.conditions_open}"
        found.append(unknown(said, selection.subject.origin))
    return some(found)


def _lacks_prefix(test: TagTest) -> Truth:
    first = test.key.parts[0] if test.key.parts else ""
    shown = test.key.shown()
    if not isinstance(first, str):
        return unknown(f"which key a condition has is not known: {test.key.why_open()}", test.origin)
    if first.startswith(PREFIX):
        return no(f"{shown} is the key of a tag", test.origin)
    if len(test.key.parts) > 1 and PREFIX.startswith(first):
        return unknown(f"how {shown} begins is not known: {test.key.why_open()}", test.origin)
    if first.lower().startswith(PREFIX.lower()):
        return unknown(f"{shown} has {PREFIX} in other letters, and whether case counts is not documented", test.origin)
    return yes(f"the condition key {shown or 'nothing'} means no tag: it lacks {PREFIX} in front", test.origin)


def pattern_in_the_middle(selection: Selection) -> Truth:
    """Whether an entry for tables has a star where AWS documents none: it takes prefixes, and `*` for a whole Region or
    account."""
    found = [_is_undocumented(entry) for entry in (*selection.resources, *selection.not_resources)]
    opened = selection.resources_open or selection.not_resources_open
    if opened:
        found.append(unknown(f"what it names is not known: {opened}", selection.subject.origin))
    return some(found)


def _is_undocumented(entry: Written) -> Truth:
    about = names_tables(entry)
    shown = entry.text.shown()
    if about.answer is Answer.NO:
        return about
    if not is_documented(entry.text):
        said = f"{shown} has a star that is not at its end, and no whole Region or account"
        return every((yes(said, entry.origin), about))
    if any(not (hole.stands_for or hole.type) for hole in entry.text.holes()):
        return unknown(f"whether {shown} has a star in the middle is not known: {entry.text.why_open()}", entry.origin)
    return no(f"{shown} has no star in the middle", entry.origin)
