"""What a plan of Terraform does to what is there: each thing as it was before and as it will be.

https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

from recoverable.typed import NamedTuple
from recoverable.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Plan, Selection, Vault
    from recoverable.estate.keys import Key
    from recoverable.estate.subject import Subject
    from recoverable.estate.tables import Replica, Table
    from recoverable.truth import Fact

#: What is done to a thing. It is kept also where it is only moved to another address, or taken over by an import;
#: forgotten, it stays where it is, and is no longer managed.
KEEP, CREATE, UPDATE, REPLACE, DESTROY, FORGET = "keep", "create", "update", "replace", "destroy", "forget"

#: What is done to a part of something that goes as a whole, such as a replica in its table.
WITH_OWNER = "go with its owner"


class TableChange(NamedTuple):
    """A table that a plan knows of. `before` is None for a new one, `after` for one that is gone or forgotten.

    `because` says what the action comes from, and where: the attribute that cannot be changed in place.
    """

    subject: Subject
    action: Value[str]
    before: Table | None
    after: Table | None
    because: tuple[Fact, ...] = ()


class ReplicaChange(NamedTuple):
    """A replica, whether it stands in its table or by itself; its fields are those of a TableChange.

    `recreated` is whether the provider deletes it and makes it anew although its table stays.
    """

    subject: Subject
    action: Value[str]
    before: Replica | None
    after: Replica | None
    recreated: Value[bool]
    because: tuple[Fact, ...] = ()


class VaultChange(NamedTuple):
    """A backup vault with what other resources put on it; its fields are those of a TableChange."""

    subject: Subject
    action: Value[str]
    before: Vault | None
    after: Vault | None
    because: tuple[Fact, ...] = ()


class BackupPlanChange(NamedTuple):
    """A backup plan; its fields are those of a TableChange."""

    subject: Subject
    action: Value[str]
    before: Plan | None
    after: Plan | None
    because: tuple[Fact, ...] = ()


class SelectionChange(NamedTuple):
    """A backup selection; its fields are those of a TableChange."""

    subject: Subject
    action: Value[str]
    before: Selection | None
    after: Selection | None
    because: tuple[Fact, ...] = ()


class KeyChange(NamedTuple):
    """A KMS key; its fields are those of a TableChange."""

    subject: Subject
    action: Value[str]
    before: Key | None
    after: Key | None
    because: tuple[Fact, ...] = ()
