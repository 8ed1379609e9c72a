"""Backup vaults of a configuration, logically air-gapped ones too, with what other resources put on them.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_vault
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_vault_lock_configuration
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_vault_policy
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_vault_notifications
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_logically_air_gapped_vault
"""

from __future__ import annotations

from recoverable.estate.backup import Vault
from recoverable.read.backup_lists import strings
from recoverable.read.backup_vaults import built_in_lock, key_of, lock_of
from recoverable.read.data import find
from recoverable.read.policies import read_policy
from recoverable.read.terraform.backup import positive, symbols
from recoverable.read.terraform.identity import arn_of, subject_of
from recoverable.read.terraform.providers import account_of, region_of
from recoverable.typed import NamedTuple, TypeVar
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Lock
    from recoverable.policy.document import Policy
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root
    from recoverable.text import Text

T = TypeVar("T")

VAULT = "aws_backup_vault"
AIR_GAPPED = "aws_backup_logically_air_gapped_vault"
LOCK = "aws_backup_vault_lock_configuration"
POLICY = "aws_backup_vault_policy"
NOTIFICATIONS = "aws_backup_vault_notifications"


def read_vault(root: Root, instance: Instance) -> Vault:
    """A vault of either kind."""
    settings, at = instance.arguments, instance.resource.span
    named = find(settings, at, "name")
    air_gapped = instance.resource.type == AIR_GAPPED
    subject = subject_of(instance, "vault", named.string(""))
    own = symbols(instance, "name", "id", "arn")
    name = own[0] if named.datum is None else named.datum.text()
    arn = arn_of(subject, "backup", name, "backup-vault:")
    return Vault(
        subject=subject,
        arn=arn,
        names=tuple(dict.fromkeys((name, arn, *own))),
        air_gapped=air_gapped,
        lock=lock_built_in(instance) if air_gapped else lock_beside(root, instance, name),
        key=key_of(find(settings, at, "encryption_key_arn" if air_gapped else "kms_key_arn")),
        policy=policy_beside(root, instance, name),
        events=events_beside(root, instance, name),
        kept_on_delete=None,
        destroyed_with_contents=find(settings, at, "force_destroy").boolean(default=False),
    )


class _Beside(NamedTuple):
    """What a resource of its own puts on a vault: that resource, None if there is none; `open` why there may be one."""

    vault: Instance
    found: Instance | None
    open: str = ""

    def missing(self, name: str) -> Value[T | None]:
        at = self.vault.resource.span
        return Value(name, Unknown(self.open, at) if self.open else Known(None, at, defaulted=True))


def _beside(root: Root, vault: Instance, name: Text, type_: str) -> _Beside:
    """The resource of a type that is about the vault: of its name, in the same Region and account."""
    opened = ""
    for each in root.all_of(type_, vault.evaluation.walk):
        about = each.arguments.fields().get("backup_vault_name")
        if about is None or not _same_place(each, vault):
            continue
        text = about.text()
        identity = text.identity()
        if identity is not None and identity in (name.identity(), *(one.identity() for one in symbols(vault, "name"))):
            return _Beside(vault, each)
        if _may_be(text, name) and not opened:
            opened = f"{each.address} may be about it: {text.why_open() or name.why_open()}"
    return _Beside(vault, None, opened)


def _same_place(one: Instance, other: Instance) -> bool:
    """Whether both may lie in one Region of one account: vaults of different Regions often have one name."""
    for place in (region_of, account_of):
        here, there = place(one).text().identity(), place(other).text().identity()
        if here is not None and there is not None and here != there:
            return False
    return True


def _may_be(one: Text, other: Text) -> bool:
    """Whether two names that are not the same as they are written may turn out to be."""
    for text in (one, other):
        if text.stands_for():
            # What it stands for is another resource.
            return False
    return one.literal() is None or other.literal() is None


def lock_beside(root: Root, vault: Instance, named: Text) -> Value[Lock | None]:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
    name = "vault lock"
    beside = _beside(root, vault, named, LOCK)
    if beside.found is None:
        return beside.missing(name)
    settings, at = beside.found.arguments, beside.found.resource.span
    grace = positive(find(settings, at, "changeable_for_days"))
    lock = lock_of(
        positive(find(settings, at, "min_retention_days")),
        positive(find(settings, at, "max_retention_days")),
        grace,
        at,
    )
    return Value(name, Known(lock, at))


def lock_built_in(vault: Instance) -> Value[Lock | None]:
    """The lock of a logically air-gapped vault."""
    settings, at = vault.arguments, vault.resource.span
    return built_in_lock(
        positive(find(settings, at, "min_retention_days")),
        positive(find(settings, at, "max_retention_days")),
        "changeable_for_days",
        at,
    )


def policy_beside(root: Root, vault: Instance, named: Text) -> Value[Policy | None]:
    """The policy that a resource of its own puts on a vault."""
    name = "vault policy"
    beside = _beside(root, vault, named, POLICY)
    if beside.found is None:
        return beside.missing(name)
    written = find(beside.found.arguments, beside.found.resource.span, "policy")
    if written.datum is None:
        return Value(name, Unknown(written.open or "the policy is not written", written.near))
    return Value(name, Known(read_policy(written.datum), written.near, notes=written.datum.notes))


def events_beside(root: Root, vault: Instance, named: Text) -> Value[tuple[str, ...] | None]:
    """The events that a resource of its own tells of a vault."""
    beside = _beside(root, vault, named, NOTIFICATIONS)
    if beside.found is None:
        return beside.missing("vault notifications")
    found = find(beside.found.arguments, beside.found.resource.span, "backup_vault_events")
    return strings(found).map(lambda names: names)
