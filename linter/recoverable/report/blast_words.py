"""How reports say who can restore a table, and how few can destroy it with every copy."""

from __future__ import annotations

from recoverable.report.wording import number
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.recovery.access.blast_radius import BlastRadius, Smallest

#: So many names are listed of those there are.
_MOST = 5


def restored_by(radius: BlastRadius) -> str:
    """`restored by Ops and Admin`, `restored by nobody`."""
    if radius.restorers:
        return f"restored by {_listed(radius.restorers)}"
    if radius.may_restore:
        return f"restored perhaps by {_listed(radius.may_restore)}"
    return "restored by nobody"


def destroyed_by(radius: BlastRadius) -> str:
    """`smallest set that destroys every copy: 1 (Admin)`."""
    sure, perhaps = radius.smallest, radius.perhaps
    if sure.size is not None and sure.size == perhaps.size:
        return f"smallest set that destroys every copy: {_of(sure)}"
    if sure.size is not None:
        return f"smallest set that destroys every copy: {_of(sure)}, perhaps {_of(perhaps)}"
    survives = ", ".join(copy.name for copy in sure.survives)
    if perhaps.size is not None:
        return f"smallest set that destroys every copy: perhaps {_of(perhaps)}; surely nobody destroys {survives}"
    return f"no set of principals destroys every copy: nobody destroys {survives}"


def answer(radius: BlastRadius) -> Answer:
    """Whether one principal alone can destroy every copy."""
    if radius.smallest.size == 1:
        return Answer.YES
    return Answer.UNKNOWN if radius.perhaps.size == 1 else Answer.NO


def _of(found: Smallest) -> str:
    bound = "" if found.exact else "at most "
    if found.size == 1:
        return f"{bound}1 ({_listed(tuple(one for (one,) in found.who))})"
    return f"{bound}{found.size} ({' and '.join(found.who[0])})" if found.who else f"{bound}{found.size}"


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST])
    left = len(names) - _MOST
    return f"{shown} and {number(left, 'other')}" if left > 0 else shown
