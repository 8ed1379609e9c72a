"""What backup vaults of every input kind have: a key, a policy, a lock.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
"""

from __future__ import annotations

from recoverable.estate.backup import Lock
from recoverable.read.data import Fields, find, literal
from recoverable.read.policies import read_policy
from recoverable.typed import TypeVar
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.backup_plans import Spelling
    from recoverable.read.data import Property
    from recoverable.source import Origin
    from recoverable.text import Text

T = TypeVar("T")

#: The key that AWS Backup keeps in every account for those who name none.
_AWS_KEY = "alias/aws/backup"


def key_of(found: Property) -> Value[Text | None]:
    """The customer managed key, None for the AWS managed one."""
    if found.datum is not None and (literal(found.datum) or "").endswith(_AWS_KEY):
        return Value(found.name, Known(None, found.datum.origin, notes=found.datum.notes))
    return found.optional_text()


def policy_within(found: Property) -> Value[Policy | None]:
    """The policy that is a property of the vault, None where it is left out."""
    if found.datum is None:
        return left_out(found)
    return Value(found.name, Known(read_policy(found.datum), found.near, notes=found.datum.notes))


def lock_within(found: Property, spelled: Spelling) -> Value[Lock | None]:
    """The lock that is a property of the vault, None where it is left out."""
    if found.datum is None:
        return left_out(found)
    if not isinstance(found.datum.content, Fields):
        return Value(found.name, Unknown(found.datum.fields().open, found.datum.origin, found.datum.notes))
    near = found.near
    lock = lock_of(
        find(found.datum, near, spelled("MinRetentionDays")).optional_number(),
        find(found.datum, near, spelled("MaxRetentionDays")).optional_number(),
        find(found.datum, near, spelled("ChangeableForDays")).optional_number(),
        near,
    )
    return Value(found.name, Known(lock, near, notes=found.datum.notes))


def left_out(found: Property) -> Value[T | None]:
    """None for a property that is not written, unless it cannot be told whether it is."""
    return Value(found.name, Unknown(found.open, found.near) if found.open else Known(None, found.near, defaulted=True))


def lock_of(min_days: Value[int | None], max_days: Value[int | None], grace: Value[int | None], at: Origin) -> Lock:
    """A lock as written: final some days after it is put on, or never."""
    final: Known[str | None] | Unknown = Unknown("its days count from when the lock is put on", grace.origin)
    if isinstance(grace.state, Known) and grace.state.value is None:
        final = Known(None, grace.origin, defaulted=True)
    return Lock(min_days, max_days, changeable_for=grace, final_on=Value("lock date", final), origin=at)


def built_in_lock(
    min_days: Value[int | None], max_days: Value[int | None], grace: str, at: Origin
) -> Value[Lock | None]:
    """The lock of a logically air-gapped vault. `grace` is what the input calls the days in which it may change."""
    lock = Lock(
        min_days,
        max_days,
        changeable_for=Value(grace, Known(0, at, defaulted=True)),
        final_on=Value("lock date", Unknown("it is final from the day the vault is made", at)),
        origin=at,
    )
    return Value("the lock of an air-gapped vault", Known(lock, at, defaulted=True))
