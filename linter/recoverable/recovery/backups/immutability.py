"""Whether what lies in a vault can be deleted before its time, by anybody.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
"""

from __future__ import annotations

from recoverable.truth import Fact, Truth, no, unknown, yes
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Vault

#: The shortest time, in days, between putting a lock on and its being final.
LEAST_GRACE = 3


def is_immutable(vault: Vault, today: str = "") -> Truth:
    """Whether nobody, AWS and the account's root user included, can delete the vault's recovery points early.

    A lock with a grace time is final once that is over, which templates bring about by themselves: the fact says when.
    `today` (ISO text) decides about a lock of which the date is known; without it such a lock counts as final.
    """
    name = vault.subject.title()
    if vault.air_gapped:
        return yes(f"{name} is logically air-gapped, and so locked in compliance mode", vault.subject.origin)
    state = vault.lock.state
    if isinstance(state, Unknown):
        return unknown(f"whether {name} is locked is not known: {state.reason}", state.origin)
    lock = state.value
    if lock is None:
        return no(f"{name} has no vault lock", vault.subject.origin)
    grace = lock.changeable_for
    final_on = lock.final_on.known()
    if final_on is not None:
        if today and final_on[:10] > today:
            return no(f"the lock of {name} is not final before {final_on[:10]}", lock.origin)
        return yes(f"the lock of {name} is final since {final_on[:10]}", lock.origin)
    if isinstance(grace.state, Unknown):
        return unknown(f"whether the lock of {name} becomes final is not known: {grace.state.reason}", grace.origin)
    if grace.state.value is None:
        fact = Fact("ChangeableForDays is not set (governance mode)", grace.origin)
        return no(f"the lock of {name} can be taken off by whoever IAM lets", lock.origin).because(fact)
    days = grace.state.value
    return yes(f"the lock of {name} becomes final {days} days after it is put on (compliance mode)", lock.origin)
