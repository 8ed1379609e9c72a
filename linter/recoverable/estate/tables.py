"""DynamoDB tables and their replicas in other Regions."""

from __future__ import annotations

from recoverable.typed import NamedTuple
from recoverable.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject
    from recoverable.policy.document import Policy
    from recoverable.text import Text


class Tags(NamedTuple):
    """Tags by key. `open` says why there may be more than these (stack tags, macros); empty when these are all.

    `outside`: more can come only from outside the files, as the stack's own tags do; all that is written is known.
    `unnamed` is a tag that was written under a key that is not known, and so may be any; None if there is none.
    """

    entries: tuple[tuple[str, Value[str]], ...] = ()
    open: str = ""
    unnamed: Value[str] | None = None
    outside: bool = False

    def get(self, key: str) -> Value[str] | None:
        return next((value for name, value in self.entries if name == key), None)


class Table(NamedTuple):
    """A table, or the first replica of a global table, which stands for it.

    `pitr` is point-in-time recovery of this Region's copy and `pitr_window` its length in days (1 to 35).
    `key` is the customer managed KMS key as written, or None where DynamoDB's own or the AWS managed key is used.
    `kept_on_delete` and `kept_on_replace` are what happens to the table when its stack lets go of it
    (CloudFormation's DeletionPolicy and UpdateReplacePolicy); None where the input has no such notion.
    `restored_from` names the table that this one was restored from, None if nothing says it was.
    `declared_class` is the class that its author gave it in the file itself (`Metadata.recoverable.class`), with the
    reason in the notes; None when nothing was declared.
    `prevent_destroy` is whether Terraform refuses to destroy it, None where the input has no such notion.
    `symbols` stand for its ARN where others refer to it (see `text.Hole`): `stacks/app.yaml#Orders.Arn`.
    """

    subject: Subject
    arn: Text
    pitr: Value[bool]
    pitr_window: Value[int]
    deletion_protection: Value[bool]
    key: Value[Text | None]
    policy: Value[Policy | None]
    tags: Tags
    partition_key: Value[str]
    ttl: Value[bool]
    stream: Value[bool]
    kept_on_delete: Value[str] | None
    kept_on_replace: Value[str] | None
    restored_from: Value[str | None]
    autoscaled: Value[bool]
    declared_class: Value[str | None]
    symbols: tuple[str, ...] = ()
    prevent_destroy: Value[bool] | None = None


class Replica(NamedTuple):
    """Another Region's copy of a global table. It has backups, protection, key, policy and tags of its own."""

    subject: Subject
    table: Table
    arn: Text
    pitr: Value[bool]
    pitr_window: Value[int]
    deletion_protection: Value[bool]
    key: Value[Text | None]
    policy: Value[Policy | None]
    tags: Tags
