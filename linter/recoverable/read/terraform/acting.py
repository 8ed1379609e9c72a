"""Who may act in the roots of a run, what hangs on them, and what runs on a schedule: read when somebody asks."""

from __future__ import annotations

from recoverable.read.reading import Reading
from recoverable.read.terraform.walk import Budget
from recoverable.value import Later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from recoverable.estate.documents import PolicyDocument
    from recoverable.estate.guardrails import Guardrail
    from recoverable.estate.principals import Principal, ScheduledCode
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.principals import Explored, Reader
    from recoverable.read.terraform.roots import Place, Root
    from recoverable.scenario import Variant
    from recoverable.value import Entry

    T = TypeVar("T")
    #: The instances of a resource, each with what it is in every scenario that matters to it.
    Entries = Callable[[Root, Place, Budget, Callable[[Instance], T | None]], list[tuple[Variant[T], ...]]]

#: How the types of those who may act begin, and those of what starts code.
PRINCIPAL_TYPES = ("aws_iam_", "aws_ssoadmin_", "awscc_iam_", "awscc_sso_")
SCHEDULING_TYPES = (
    "aws_cloudwatch_event_rule", "aws_scheduler_schedule", "awscc_events_rule", "awscc_scheduler_schedule",
)  # fmt: skip
ORGANIZATION_POLICIES = ("aws_organizations_policy", "awscc_organizations_policy")
DOCUMENT_TYPES = (*PRINCIPAL_TYPES, "aws_dynamodb_resource_policy", "data")

#: How often principals are read until all is found that is told apart.
MOST_READINGS = 3


class Acting:
    """Those who act in `roots`. `entries` are the instances of a resource in all scenarios."""

    def __init__(self, roots: list[Root], entries: Entries[object]) -> None:
        self._roots = roots
        self._entries = entries
        self._reader: Reader | None = None
        self._found: tuple[Entry[Principal], ...] | None = None
        #: What has a policy of its own.
        self._owners: tuple[Entry[Any], ...] = ()

    def added_to(self, reading: Reading) -> Reading:
        """A reading with those that there are."""
        self._owners = (*reading.tables, *reading.replicas, *reading.vaults, *reading.keys)
        return reading._replace(
            principals=Later(self._principals) if self._has(PRINCIPAL_TYPES) else (),
            scheduled=Later(self._scheduled) if self._has(SCHEDULING_TYPES) else (),
            documents=Later(self._documents) if self._has(DOCUMENT_TYPES) or self._calls_others() else (),
            guardrails=Later(self._guardrails) if self._has(ORGANIZATION_POLICIES) else (),
        )

    def _calls_others(self) -> bool:
        """Whether some root calls a module that is not in what can be read."""
        return any(root.unread for root in self._roots)

    def _has(self, begins: tuple[str, ...]) -> bool:
        """Whether some root has a resource of a type that begins so."""
        return any(type_.startswith(begins) for root in self._roots for type_ in root.places)

    def _principals(self) -> tuple[Entry[Principal], ...]:
        if self._found is None:
            self._found = self._all_principals()
        return self._found

    def _all_principals(self) -> tuple[Entry[Principal], ...]:
        """All of them. Where it turns out late what a root tells apart, they are read again, so that they agree."""
        apart = [root.configuration.apart for root in self._roots if root.configuration.apart is not None]
        for _ in range(MOST_READINGS):
            for each in apart:
                each.stale = False
            found = self._who_is_there().principals()
            if not any(each.stale for each in apart):
                break
            self._reader = None
        return found

    def _scheduled(self) -> tuple[Entry[ScheduledCode], ...]:
        from recoverable.read.terraform.schedules import read_schedules  # noqa: PLC0415 (few runs ask)

        return read_schedules(self._roots, self._explored())

    def _documents(self) -> tuple[Entry[PolicyDocument], ...]:
        from recoverable.read.terraform.documents import read_documents, read_unused  # noqa: PLC0415 (few runs ask)
        from recoverable.read.terraform.passed import read_passed  # noqa: PLC0415

        explored = self._explored()
        written = read_documents(self._who_is_there(), explored)
        passed = read_passed(self._roots)
        others: tuple[Entry[Any], ...] = (*self._principals(), *self._guardrails(), *self._owners)
        return (*written, *passed, *read_unused(self._roots, explored, (*written, *passed, *others)))

    def _guardrails(self) -> tuple[Entry[Guardrail], ...]:
        from recoverable.read.terraform.documents import read_guardrails  # noqa: PLC0415 (few runs ask)

        return read_guardrails(self._roots, self._explored())

    def _who_is_there(self) -> Reader:
        if self._reader is None:
            from recoverable.read.terraform.principals import Reader  # noqa: PLC0415 (few runs ask)

            self._reader = Reader(self._roots, self._explored())
        return self._reader

    def _explored(self) -> Explored:
        # Who may act is asked for last, and has work of its own to spend.
        budget = Budget()
        entries = self._entries

        def explored(root: Root, place: Place, make: Callable[[Instance], T | None]) -> list[tuple[Variant[T], ...]]:
            return entries(root, place, budget, make)  # type: ignore[return-value]

        return explored
