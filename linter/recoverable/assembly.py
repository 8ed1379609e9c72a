"""What was read, as one estate: each listing with why there may be more, and policies gathered when somebody asks."""

from __future__ import annotations

from recoverable.estate import Declared, Estate
from recoverable.estate.model import Memo
from recoverable.typed import Any
from recoverable.value import Later, Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from recoverable.config import Settings
    from recoverable.estate import Subject
    from recoverable.estate.documents import PolicyDocument, PolicyStatement
    from recoverable.read.reading import Reading
    from recoverable.rule import Fault
    from recoverable.value import Entry

#: Kinds of faults that are about one file of the estate.
OF_READING = ("plan-errored", "reader-crashed", "too-large", "unparsable", "unreadable")


def assembled(reading: Reading, settings: Settings, faults: Sequence[Fault]) -> Estate:
    """The estate that was read. `faults` tell what could not be: with them, or if the settings say so, it is open."""
    unread = sorted({getattr(fault.origin, "path", "") for fault in faults if fault.kind in OF_READING})
    incomplete = ""
    if not settings.estate_complete:
        incomplete = "the configuration says that there is more (estate: open)"
    elif unread:
        incomplete = f"{unread[0]} could not be read" if len(unread) == 1 else f"{len(unread)} files could not be read"
    of_backup = incomplete or reading.backups_open
    of_principals = incomplete or reading.principals_open

    owners: tuple[tuple[str, Sequence[Entry[Any]]], ...] = (
        ("table", reading.tables), ("table", reading.replicas), ("vault", reading.vaults), ("key", reading.keys),
    )  # fmt: skip
    listed: tuple[Sequence[Any], ...] = (reading.principals, reading.documents, reading.guardrails)
    # What is read later has a length only once it is read.
    some_policy = any(isinstance(each, Later) or each for each in listed) or any(map(_has_policy, owners))

    def gather() -> tuple[Entry[PolicyDocument], ...]:
        from recoverable.estate.documents import gathered  # noqa: PLC0415 (few runs ask)

        return gathered(reading.principals, reading.documents, reading.guardrails, owners)

    def separate() -> tuple[Entry[PolicyStatement], ...]:
        from recoverable.estate.documents import statements_of  # noqa: PLC0415 (few runs ask)

        return statements_of(written)

    written = Later(gather) if some_policy else ()
    return Estate(
        tables=Listing(reading.tables, incomplete),
        replicas=Listing(reading.replicas, incomplete),
        keys=Listing(reading.keys, incomplete),
        principals=Listing(reading.principals, of_principals),
        scheduled=Listing(reading.scheduled, incomplete),
        documents=Listing(written, of_principals),
        statements=Listing(Later(separate) if some_policy else (), of_principals),
        guardrails=Listing(reading.guardrails, incomplete),
        resources=Listing(reading.resources, incomplete),
        plans=Listing(reading.plans, of_backup),
        plan_rules=Listing(reading.plan_rules, of_backup),
        copy_actions=Listing(reading.copy_actions, of_backup),
        selections=Listing(reading.selections, of_backup),
        vaults=Listing(reading.vaults, of_backup),
        restore_test_plans=Listing(reading.restore_test_plans, of_backup),
        restore_test_selections=Listing(reading.restore_test_selections, of_backup),
        region_settings=Listing(reading.region_settings, of_backup),
        global_settings=Listing(reading.global_settings, of_backup),
        frameworks=Listing(reading.frameworks, of_backup),
        evidence=Listing(reading.evidence, incomplete),
        table_changes=Listing(reading.table_changes, incomplete),
        replica_changes=Listing(reading.replica_changes, incomplete),
        vault_changes=Listing(reading.vault_changes, incomplete),
        plan_changes=Listing(reading.plan_changes, incomplete),
        selection_changes=Listing(reading.selection_changes, incomplete),
        key_changes=Listing(reading.key_changes, incomplete),
        declared=Declared(settings.accounts, settings.external, settings.entrusted, settings.class_rules),
        memo=Memo(),
        before=assembled(reading.before[0], settings, faults) if reading.before else None,
    )


def _has_policy(owners: tuple[str, Sequence[Entry[Any]]]) -> bool:
    """Whether a policy is written on some of these resources."""
    items = (variant.item for entry in owners[1] for variant in entry.variants)
    policies = (item.policy for item in items if item is not None)
    return any(policy is not None and policy.known() is not None for policy in policies)


#: Listings that are read only when somebody asks, by the type that rules about them name.
_READ_LATER = (("Principal", "principals"), ("PolicyDocument", "documents"), ("PolicyStatement", "statements"))


def subjects_of(estate: Estate, kinds: Collection[str]) -> Iterator[Subject]:
    """All subjects that rules of these kinds may find something about."""
    later: list[Listing[Any]] = [getattr(estate, name) for kind, name in _READ_LATER if kind in kinds]
    for listing in (
        *later,
        estate.tables, estate.replicas, estate.keys, estate.resources, estate.plans, estate.plan_rules,
        estate.copy_actions, estate.selections, estate.vaults, estate.restore_test_plans,
        estate.restore_test_selections, estate.frameworks, estate.scheduled, estate.table_changes,
        estate.replica_changes, estate.vault_changes, estate.plan_changes, estate.selection_changes, estate.key_changes,
    ):  # fmt: skip
        try:
            entries = tuple(listing.entries)
        except Exception:
            # Whoever judges them tells of it.
            continue
        for entry in entries:
            for variant in entry.variants:
                if variant.item is not None:
                    yield variant.item.subject
