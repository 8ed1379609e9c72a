"""Whether restoring a table is tried: by a restore testing plan that takes DynamoDB backups out of its vaults.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable.arn import match
from recoverable.estate.backup import Selection
from recoverable.recovery.answers import once
from recoverable.recovery.backups.places import apart, home, near
from recoverable.recovery.backups.schedule import timetable
from recoverable.recovery.backups.selections import is_a_resource, named
from recoverable.recovery.backups.tag_tests import holds
from recoverable.text import Text
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.backup import RestoreTestPlan, RestoreTestSelection, Vault, Written
    from recoverable.value import Listing

#: How restore testing calls DynamoDB: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html
RESOURCE_TYPE = "DynamoDB"

_EVERYTHING = Text(("*",))


def is_tested(item: Table | Replica, vaults: Sequence[Vault | None], estate: Estate) -> Truth:
    """Whether some restore test tries the table's backups. `vaults` are those they lie in, None for one not read."""
    if not estate.restore_test_selections.entries and not estate.restore_test_selections.incomplete:
        return no("there is no restore testing in what was read")
    if not vaults:
        return no("there is no backup that a restore test could try")
    return _tests_near(item, vaults, estate).any(
        lambda selection: tries(selection, item, vaults, estate), "no restore test selects it"
    )


def _tests_near(item: Table | Replica, vaults: Sequence[Vault | None], estate: Estate) -> Listing[RestoreTestSelection]:
    """The restore tests that are where the table is, or where its backups lie."""
    places = {home(one): one for one in (item.subject, *(vault.subject for vault in vaults if vault is not None))}
    found = [near(estate.restore_test_selections, one, estate) for one in places.values()]
    if len(found) == 1:
        return found[0]
    entries = {id(entry): entry for listing in found for entry in listing.entries}
    return found[0]._replace(entries=list(entries.values()))


def plans_of(selection: RestoreTestSelection, estate: Estate) -> list[RestoreTestPlan]:
    """The restore testing plans that a selection belongs to, in the estate's run."""
    identity = selection.plan.identity()
    found = []
    for entry in near(estate.restore_test_plans, selection.subject, estate).entries:
        named = [name for _, plan in entry.variants if plan is not None for name in plan.names]
        if identity is not None and any(name.identity() == identity for name in named):
            plan = estate.restore_test_plans.settle(entry)
            if plan is not None and not apart(plan.subject, selection.subject):
                found.append(plan)
    return found


def tries(
    selection: RestoreTestSelection, item: Table | Replica, vaults: Sequence[Vault | None], estate: Estate
) -> Truth:
    """Whether a selection has the table's backups restored."""
    chosen = every(
        (
            selection.resource_type.equals(RESOURCE_TYPE),
            _named(selection, item),
            *(holds(test, item) for test in selection.conditions),
            *((unknown(selection.conditions_open, selection.subject.origin),) if selection.conditions_open else ()),
        )
    )
    if chosen.answer is Answer.NO:
        return chosen
    plans = plans_of(selection, estate)
    if not plans:
        said = f"the plan {selection.plan.shown()} of {selection.subject.title()} is not in what was read"
        return every((chosen, unknown(said, selection.subject.origin)))
    return every((chosen, some([_takes(plan, item, vaults, estate) for plan in plans])))


def _takes(plan: RestoreTestPlan, item: Table | Replica, vaults: Sequence[Vault | None], estate: Estate) -> Truth:
    """Whether a plan takes backups (not continuous ones, of which DynamoDB has none) out of one of the vaults."""
    when = once(estate, "restore test times", plan, lambda: timetable(plan.schedule, plan.timezone))
    return every(
        (
            plan.point_types.holds(lambda types: "SNAPSHOT" in types),
            ~when.is_invalid(),
            ~when.never_fires(),
            some([_in_vault(plan, item, vault) for vault in vaults]),
        )
    )


def _in_vault(plan: RestoreTestPlan, item: Table | Replica, vault: Vault | None) -> Truth:
    origin = plan.subject.origin
    if vault is None:
        if apart(plan.subject, item.subject):
            return no(f"{plan.subject.title()} works elsewhere", origin)
        if any(entry.text == _EVERYTHING for entry in plan.vaults) and not (plan.not_vaults or plan.not_vaults_open):
            return yes(f"{plan.subject.title()} takes from all vaults", origin)
        return unknown(f"whether {plan.subject.title()} takes from a vault that was not read is not known", origin)
    name = vault.subject.title()
    if apart(plan.subject, vault.subject):
        # A plan knows the vaults of its own Region and account alone.
        return no(f"{plan.subject.title()} works in another Region or account than {name}", origin)
    taken = _any(plan.vaults, plan.vaults_open, vault, f"{plan.subject.title()} takes from {name}", plan)
    left = _any(plan.not_vaults, plan.not_vaults_open, vault, f"{plan.subject.title()} leaves {name} out", plan)
    return every((taken, ~left))


def _any(entries: tuple[Written, ...], open_: str, vault: Vault, said: str, plan: RestoreTestPlan) -> Truth:
    names = {name.identity() for name in vault.names} - {None}
    answers = []
    for entry in entries:
        if entry.text.identity() in names:
            fits = Answer.YES
        elif entry.text.stands_for() and is_a_resource(entry.text.holes()[0]):
            fits = Answer.NO
        else:
            fits = match(entry.text, vault.arn)
        fact = Fact(f"whether {said} is not known" if fits is Answer.UNKNOWN else said, entry.origin)
        answers.append(Truth(fits, (fact,)))
    found = some(answers)
    if found.answer is Answer.NO:
        why = f"whether {said} is not known: {open_}"
        return unknown(why, plan.subject.origin) if open_ else no(f"it is not so that {said}", plan.subject.origin)
    return found


def _named(selection: RestoreTestSelection, item: Table | Replica) -> Truth:
    """Whether the selection names the table; one that has conditions alone is about everything they fit."""
    origin = selection.subject.origin
    title = selection.subject.title()
    if not selection.resources and not selection.resources_open:
        if selection.conditions:
            return yes(f"restore test {title} selects by conditions", origin)
        return unknown(f"what restore test {title} selects is not known: it names nothing", origin)
    as_selection = Selection(
        selection.subject, selection.plan, selection.role, selection.resources, resources_open=selection.resources_open
    )
    found = named(as_selection, item)
    return no(f"restore test {title} does not name it", origin) if found.answer is Answer.NO else found
