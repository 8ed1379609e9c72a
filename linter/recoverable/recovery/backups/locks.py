"""What is wrong with the lock of a vault, and what it means once it is final.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateLogicallyAirGappedBackupVault.html
"""

from __future__ import annotations

from recoverable.recovery.backups.immutability import LEAST_GRACE
from recoverable.recovery.backups.vault_use import holdings
from recoverable.truth import Answer, Fact, Truth, some, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import Lock, Vault
    from recoverable.value import Value

#: Days that AWS Backup takes, for retention and for the time in which a lock can still be changed.
LEAST_RETENTION, LONGEST = 1, 36500

#: The shortest retention, in days, that a logically air-gapped vault may ask for.
LEAST_AIR_GAPPED = 7


def contradictory(lock: Lock, *, air_gapped: bool) -> Truth:
    """Whether a lock cannot be put on, or takes no recovery point."""
    least = LEAST_AIR_GAPPED if air_gapped else LEAST_RETENTION
    grace = Truth(Answer.NO) if air_gapped else _outside(lock.changeable_for, LEAST_GRACE)
    return some((
        _crossed(lock.min_days, lock.max_days),
        _outside(lock.min_days, least),
        _outside(lock.max_days, LEAST_RETENTION),
        grace,
    ))  # fmt: skip


def becomes_final(vault: Vault, lock: Lock, estate: Estate) -> Truth:
    """Whether the lock will be final and is not yet, with what it will hold then.

    A grace that AWS Backup does not take is no lock at all, and is told as a contradiction. A lock of which the date is
    known has been put on already: it is told while that can still be undone.
    """
    date = lock.final_on.known()
    if date is not None and lock.days_left is not None:
        told = Fact(f"for {lock.days_left} days more it can be changed or taken off; then nobody can, AWS included")
        return yes(f"it becomes final on {date[:10]}", lock.final_on.origin).because(
            told, *_effects(vault, lock, estate)
        )
    if date is not None:
        return ~lock.final_on.holds(lambda date: date is not None)
    final = lock.changeable_for.holds(lambda days: days is not None and LEAST_GRACE <= days <= LONGEST)
    if final.answer is not Answer.YES:
        return final
    days = lock.changeable_for.known()
    told = Fact(f"{days} days after it was put on, nobody can change it or take it off, AWS included")
    return final.because(told, *_effects(vault, lock, estate))


def _effects(vault: Vault, lock: Lock, estate: Estate) -> tuple[Fact, ...]:
    """What holds once the lock is final."""
    longest = lock.max_days.known()
    facts = list(holdings(vault, estate))
    if not facts:
        facts.append(Fact("no plan that writes into it was read; what others put in is held, too"))
    if longest is not None:
        facts.append(Fact(f"the longest time that it holds anything is {longest} days", lock.max_days.origin))
    elif lock.max_days.equals(None).answer is Answer.YES:
        said = f"{lock.max_days.name} is not set: what is put in to be kept for ever can never be deleted"
        facts.append(Fact(said, lock.max_days.origin))
    return tuple(facts)


def _outside(value: Value[int | None], least: int) -> Truth:
    def is_outside(days: int | None) -> bool:
        return days is not None and not least <= days <= LONGEST

    found = value.holds(is_outside)
    return found.because(Fact(f"AWS Backup takes {least} to {LONGEST} days")) if found.answer is Answer.YES else found


def _crossed(shortest: Value[int | None], longest: Value[int | None]) -> Truth:
    """Whether the shortest retention is longer than the longest, so that no recovery point fits.

    A bound that is not known is found to be so where it is compared with what AWS Backup takes.
    """
    low, high = shortest.known(), longest.known()
    if low is None or high is None or low <= high:
        return Truth(Answer.NO)
    return yes(f"{shortest.name} is {low} and {longest.name} is {high}", shortest.origin).because(longest.fact())
