"""Plans that back up nothing, whatever tables there are.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupPlanInput.html
"""

from __future__ import annotations

from recoverable.recovery.backups.plan_scope import selections_of
from recoverable.truth import Answer, Truth, no, unknown, yes
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import Plan, Selection


def has_no_rules(plan: Plan) -> Truth:
    """Whether a plan has no rule, and so no schedule and no vault."""
    origin = plan.subject.origin
    if plan.rules:
        return no(f"it has {len(plan.rules)} rules", origin)
    if plan.open:
        return unknown(f"whether it has rules is not known: {plan.open}", origin)
    return yes("it has no rule, which would say when to back up, and into which vault", origin)


def has_no_selection(plan: Plan, estate: Estate) -> Truth:
    """Whether no selection belongs to a plan, so that it has nothing to back up."""
    names = {name.identity() for name in plan.names}
    origin = plan.subject.origin

    def belongs(selection: Selection) -> Truth:
        mine = selection.plan.identity() in names
        return (yes if mine else no)(f"{selection.subject.title()} belongs to it", selection.subject.origin)

    sure, maybe = selections_of(plan, estate)
    run = estate.selections.run
    found = Listing(sure, estate.selections.incomplete, run).any(belongs, "no selection belongs to it")
    if found.answer is Answer.NO:
        strays = [
            selection for selection in Listing(maybe, "", run).present() if selection.plan.identity() not in names
        ]
        if strays:
            said = f"whether a selection belongs to it is not known: {strays[0].subject.title()} may be one"
            return unknown(f"{said}: {strays[0].plan.why_open()}", origin)
        return yes("no selection belongs to it, so that it has nothing to back up", origin)
    return ~found if found.answer is Answer.YES else found.pointing(*unknown("it may have a selection", origin).facts)
