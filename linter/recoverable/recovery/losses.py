"""What a planned change takes away from those who would have to get a table back.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
"""

from __future__ import annotations

from recoverable.estate.changes import DESTROY, REPLACE
from recoverable.recovery.backups.coverage import coverage, is_covered, opted_in
from recoverable.recovery.backups.selections import selects
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.backup import Selection, Vault
    from recoverable.estate.changes import (
        BackupPlanChange,
        KeyChange,
        ReplicaChange,
        SelectionChange,
        TableChange,
        VaultChange,
    )
    from recoverable.text import Text
    from recoverable.value import Value

    Change = TableChange | ReplicaChange | VaultChange | BackupPlanChange | SelectionChange | KeyChange

#: Days that DynamoDB keeps the system backup which it makes of a table with point-in-time recovery that is deleted.
SYSTEM_BACKUP_DAYS = 35

SAYS = {
    DESTROY: "the plan destroys it",
    REPLACE: "the plan destroys it and makes a new one",
    "forget": "the plan stops managing it, and leaves it where it is",
}


def meets(change: Change, *actions: str) -> Truth:
    """Whether one of these actions is planned, and what it comes from."""
    answer = change.action.holds(lambda action: action in actions)
    if answer.answer is not Answer.YES:
        return answer
    said = SAYS[change.action.known() or ""]
    first, *others = (*change.because, Fact(said, change.action.origin))
    if first.origin is None:
        return yes(said, change.action.origin).because(*change.because)
    return Truth(Answer.YES, (first, *others))


def with_remains(found: Truth, table: Table | Replica | None) -> Truth:
    """What stays of a table that is deleted, told beside the answer."""
    if found.answer is not Answer.YES or table is None:
        return found
    if table.pitr.known():
        found = found.because(
            Fact(
                "point-in-time recovery is on: of all the points in time that can be restored now, "
                f"only the last one stays, for {SYSTEM_BACKUP_DAYS} days",
                table.pitr.origin,
            )
        )
    elif table.pitr.known() is False:
        found = found.because(Fact("point-in-time recovery is off: DynamoDB keeps nothing of it", table.pitr.origin))
    if table.deletion_protection.known():
        said = "deletion protection is on: the run fails at it, as long as it stays on"
        found = found.because(Fact(said, table.deletion_protection.origin))
    return found


def stays(change: Change) -> Truth:
    """Whether a thing is there before and after, and is the same one."""
    if isinstance(change.action.state, Unknown):
        return change.action.holds(lambda _: True)
    if change.before is None or change.after is None or change.action.known() == REPLACE:
        return no("it is new, or goes as a whole")
    return Truth(Answer.YES)


def switched_off(before: Value[bool], after: Value[bool]) -> Truth:
    """Whether what is on before is off after; told at what is off."""
    return every((after.equals(False), before.equals(True)))


def destroyed_with_backups(change: TableChange, estate: Estate) -> Truth:
    """Whether a plan that deletes a table deletes a vault, too, in which backups of the table are."""
    deleted = meets(change, DESTROY, REPLACE)
    earlier = estate.before
    if deleted.answer is Answer.NO or change.before is None or earlier is None:
        return deleted if deleted.answer is Answer.NO else no("there was no table before")
    vaults = [each for each in estate.vault_changes.present() if each.before is not None]
    answers = []
    for by in coverage(change.before, earlier).by:
        if by.rule is None:
            why = unknown("which vault its backups are in is not known")
            answers += [every((meets(each, DESTROY, REPLACE), by.truth, why)) for each in vaults if not by.declared]
            continue
        into = [by.rule.vault.known(), *(copy.destination.known() for copy in by.rule.copies)]
        for each in vaults:
            lies = some([_is_called(text, each) for text in into if text is not None])
            gone = meets(each, DESTROY, REPLACE)
            if Answer.NO not in (lies.answer, gone.answer):
                title = each.subject.title()
                said = Fact(f"its backups are in {title}, which the plan destroys as well", each.action.origin)
                known = Truth(Answer.YES) if gone.answer is Answer.YES else gone
                answers.append(every((known, lies, by.truth)).pointing(said))
    found = some(answers)
    if found.answer is Answer.NO:
        return no("no vault with backups of it is destroyed")
    return every((deleted, found))


def _is_called(text: Text, change: VaultChange) -> Truth:
    """Whether a text means a vault as it was."""
    names = change.before.names if change.before is not None else ()
    identity = text.identity()
    if identity is not None and identity in [name.identity() for name in names]:
        return Truth(Answer.YES)
    open_ = text if identity is None else next((name for name in names if name.identity() is None), None)
    if open_ is not None:
        return unknown(f"whether they go into {change.subject.title()} is not known: {open_.why_open()}")
    return Truth(Answer.NO)


def narrowed(change: SelectionChange, estate: Estate) -> Truth:
    """Whether a table that a selection selects before the plan is in no backup after it."""
    earlier = estate.before
    before = change.before
    if before is None or earlier is None or change.action.known() == "keep":
        return no("it is as it was")
    later = {_identity(item): item for item in _tables(estate)}
    answers = []
    for table in _tables(earlier):
        after = later.get(_identity(table))
        if after is None:
            continue
        chosen = _chosen(before, table, earlier)
        if chosen.answer is Answer.NO:
            continue
        left = no("it is still selected")
        if change.after is None or _chosen(change.after, after, estate).answer is not Answer.YES:
            left = ~is_covered(after, estate)
        title = after.subject.title()
        if chosen.answer is left.answer is Answer.YES:
            said = f"{title} was selected, and no backup plan selects it any more"
            answers.append(yes(said, change.subject.origin))
        elif left.answer is not Answer.NO:
            told = chosen if chosen.answer is Answer.UNKNOWN else left
            why = f"whether {title} loses its backups is not known"
            answers.append(unknown(why, change.subject.origin).because(*told.facts))
    found = some(answers)
    return found.because(*change.because) if found.answer is Answer.YES else found


def _chosen(selection: Selection, item: Table | Replica, estate: Estate) -> Truth:
    return selects(selection, item, opted_in=opted_in(selection, estate), others=None)


def _tables(estate: Estate) -> list[Table | Replica]:
    return [*estate.tables.present(), *estate.replicas.present()]


def _identity(item: Table | Replica) -> tuple[str, str]:
    return item.subject.address, item.subject.part


def used_by(change: KeyChange, estate: Estate) -> tuple[Fact, ...]:
    """The tables and vaults that a key encrypts before the plan."""
    earlier, key = estate.before, change.before
    if earlier is None or key is None:
        return ()
    names = {name.identity() for name in key.names} - {None}
    facts = []
    items: list[Table | Replica | Vault] = [*_tables(earlier), *earlier.vaults.present()]
    for item in items:
        found = item.key.known()
        if found is not None and found.identity() in names:
            facts.append(Fact(f"{item.subject.title()} is encrypted with it", item.key.origin))
    return tuple(facts)
