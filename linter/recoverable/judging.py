"""A rule and a thing in, what the rule says of it out, in every scenario that makes a difference."""

from __future__ import annotations

from recoverable.estate import Estate, Replica, Table
from recoverable.recovery.classes import PRODUCTION, classify
from recoverable.rule import Fault
from recoverable.scenario import ALWAYS, LIMIT, Run, TooManyScenariosError, explore
from recoverable.source import Address
from recoverable.truth import Answer, Truth, unknown
from recoverable.typed import Any, NamedTuple
from recoverable.value import Later, possible_variants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from recoverable.estate import Subject
    from recoverable.recovery.classes import ClassRule, TableClass
    from recoverable.recovery.objectives import Objectives
    from recoverable.rule import Rule
    from recoverable.scenario import Choice, Scenario
    from recoverable.source import Origin
    from recoverable.value import Entry, Listing

#: The estate's listings by the type that a rule names as its subject.
LISTINGS = (
    ("Table", "tables"),
    ("Replica", "replicas"),
    ("Key", "keys"),
    ("Plan", "plans"),
    ("PlanRule", "plan_rules"),
    ("CopyAction", "copy_actions"),
    ("Selection", "selections"),
    ("Vault", "vaults"),
    ("RestoreTestPlan", "restore_test_plans"),
    ("RestoreTestSelection", "restore_test_selections"),
    ("RegionSettings", "region_settings"),
    ("GlobalSettings", "global_settings"),
    ("AuditFramework", "frameworks"),
    ("ProtectedResource", "evidence"),
    ("TableChange", "table_changes"),
    ("ReplicaChange", "replica_changes"),
    ("VaultChange", "vault_changes"),
    ("BackupPlanChange", "plan_changes"),
    ("SelectionChange", "selection_changes"),
    ("KeyChange", "key_changes"),
    ("Resource", "resources"),
    ("Principal", "principals"),
    ("ScheduledCode", "scheduled"),
    ("PolicyDocument", "documents"),
    ("PolicyStatement", "statements"),
    ("Guardrail", "guardrails"),
)


class Candidate(NamedTuple):
    """A thing in one of its variants, and what rules may want to know beside it."""

    scenario: Scenario
    item: Any
    table_class: TableClass
    objectives: Objectives

    @property
    def subject(self) -> Subject:
        subject: Subject = self.item.subject
        return subject


class Outcome(NamedTuple):
    """What a rule says of a thing in one scenario."""

    scenario: Scenario
    candidate: Candidate
    truth: Truth


class Judged(NamedTuple):
    """What a rule says of a thing in all scenarios in which there is one.

    `thing` is its first variant. `overflowed`: there are more scenarios than were followed. `crash`: how the rule
    failed, empty if it did not.
    """

    rule: Rule
    thing: Candidate
    outcomes: tuple[Outcome, ...]
    overflowed: bool = False
    crash: str = ""


def in_order(estate: Estate) -> Estate:
    """The same estate with its listings sorted, so that the order of files and resources makes no difference."""
    ordered: dict[str, Any] = {
        name: listing._replace(entries=_sorted(listing.entries))
        for name, listing in _listings(estate)
        if isinstance(listing.entries, Later) or len(listing.entries) > 1
    }
    return estate._replace(**ordered) if ordered else estate


def _sorted(entries: Sequence[Entry[Any]]) -> Sequence[Entry[Any]]:
    """Entries by place; those that are read only when somebody looks at them are sorted then, too."""
    if isinstance(entries, Later):
        return Later(lambda: tuple(sorted(entries, key=_place)))
    return tuple(sorted(entries, key=_place))


def _listings(estate: Estate) -> list[tuple[str, Listing[Any]]]:
    return [(name, getattr(estate, name)) for _, name in LISTINGS if hasattr(estate, name)]


def _place(entry: Entry[Any]) -> tuple[str, ...]:
    item = next((variant.item for variant in entry.variants if variant.item is not None), None)
    if item is None:
        return ()
    subject: Subject = item.subject
    return (subject.path, subject.account.known() or "", subject.address, subject.part, repr(subject.origin))


def candidates(
    estate: Estate, class_rules: Sequence[ClassRule], objectives_of: Callable[[str], Objectives]
) -> dict[str, Sequence[tuple[Candidate, ...]]]:
    """Every thing of the estate in its variants, by subject type; worked out later what the estate reads later."""
    classes: dict[int, TableClass] = {}
    objectives: dict[str, Objectives] = {}

    def class_of(item: Any) -> TableClass:  # noqa: ANN401 (any of the estate's types)
        if hasattr(item, "because"):
            # What changes is of the class that it has now, else of that which it had.
            item = item.after or item.before
        table = item.table if isinstance(item, Replica) else item
        if not isinstance(table, Table):
            return PRODUCTION
        known = classes.get(id(table))
        if known is None:
            known = classes[id(table)] = classify(table, class_rules)
        return known

    def candidate(scenario: Scenario, item: Any) -> Candidate:  # noqa: ANN401
        table_class = class_of(item)
        goals = objectives.get(table_class.name)
        if goals is None:
            goals = objectives[table_class.name] = objectives_of(table_class.name)
        return Candidate(scenario, item, table_class, goals)

    def of(listing: Listing[Any]) -> tuple[tuple[Candidate, ...], ...]:
        return tuple(
            tuple(candidate(scenario, item) for scenario, item in entry.variants if item is not None)
            for entry in listing.entries
        )

    found: dict[str, Sequence[tuple[Candidate, ...]]] = {}
    for kind, name in LISTINGS:
        listing: Listing[Any] | None = getattr(estate, name, None)
        if listing is not None:
            later = isinstance(listing.entries, Later)
            found[kind] = Later(lambda listing=listing: of(listing)) if later else of(listing)  # type: ignore[misc]
    return found


class Bench:
    """Judges one thing after the other in the same estate."""

    __slots__ = ("_bound", "_estate", "_open", "_run")

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        #: What depends on a choice of the deployment, by the choice.
        self._open: dict[Choice, list[Entry[Any]]] = {}
        for _, listing in _listings(estate):
            if isinstance(listing.entries, Later):
                continue
            for entry in listing.entries:
                for choice in {choice for variant in entry.variants for choice, _ in variant.scenario.settled}:
                    self._open.setdefault(choice, []).append(entry)
        self._run = Run()
        self._bound = estate.in_run(self._run)

    def speak(self, rule: Rule, things: Iterable[tuple[Candidate, ...]]) -> Iterator[Judged]:
        """What `rule` says of those things about which it has something to say: anything but a plain no."""
        fixed = "estate" not in rule.wants
        for variants in things:
            if len(variants) == 1 and (fixed or not variants[0].scenario.settled):
                # The usual case, many thousand times a run: one walk serves all that meet no open choice.
                truth, crash = _ask(rule, variants[0], self._bound)
                if not self._run.settled:
                    if truth.answer is not Answer.NO:
                        outcome = Outcome(variants[0].scenario, variants[0], truth)
                        yield Judged(rule, variants[0], (outcome,), crash=crash)
                    continue
                self._run = Run()
                self._bound = self._estate.in_run(self._run)
            if not variants:
                continue
            judged = self._judge(rule, variants, fixed=fixed)
            if judged.overflowed or any(outcome.truth.answer is not Answer.NO for outcome in judged.outcomes):
                yield judged

    def _judge(self, rule: Rule, variants: Sequence[Candidate], *, fixed: bool) -> Judged:
        """What `rule` says of the thing that has these variants; `fixed` if it looks at nothing else."""
        outcomes: list[Outcome] = []
        overflowed = False
        crash = ""
        for candidate in variants:
            if fixed:
                truth, failure = _ask(rule, candidate, self._estate)
                crash = crash or failure
                outcomes.append(Outcome(candidate.scenario, candidate, truth))
                continue
            walks = explore(
                lambda run, candidate=candidate: _ask(rule, candidate, self._estate.in_run(run)),  # type: ignore[misc]
                given=candidate.scenario,
                limit=max(1, LIMIT - len(outcomes)),
                may_be=self._may_be,
            )
            try:
                for scenario, (truth, failure) in walks:
                    crash = crash or failure
                    outcomes.append(Outcome(scenario, candidate, truth))
            except TooManyScenariosError:
                overflowed = True
        return Judged(rule, variants[0], tuple(outcomes), overflowed, crash)

    def _may_be(self, run: Run) -> bool:
        """Whether everything in the estate has a variant in this run: what Rules of a template forbid has none."""
        touched = (entry for choice in run.settled for entry in self._open.get(choice, ()))
        return all(possible_variants(entry, run) for entry in touched)


def _ask(rule: Rule, candidate: Candidate, estate: Estate) -> tuple[Truth, str]:
    """What `rule` answers, and how it crashed if it did."""
    try:
        if rule.wants:
            given = {"estate": estate, "objectives": candidate.objectives, "table_class": candidate.table_class}
            truth: object = rule.judge(candidate.item, *[given[want] for want in rule.wants])
        else:
            truth = rule.judge(candidate.item)
        if isinstance(truth, Truth):
            return truth, ""
        failure = f"it returned {type(truth).__name__} where a Truth is due"
    except (Exception, SystemExit) as error:  # rules are other people's code
        failure = _failure(error)
    return unknown(f"the rule crashed: {failure}"), failure


def _failure(error: BaseException) -> str:
    """An exception in one line, the same in every run."""
    import re  # noqa: PLC0415

    try:
        text = str(error).strip()
    except Exception:
        text = ""
    line = re.sub(r" at 0x[0-9A-Fa-f]+", "", text.partition("\n")[0])[:200]
    return f"{type(error).__name__}: {line}" if line else type(error).__name__


def _rule_place(rule: Rule) -> Origin:
    return Address(f"{rule.group}/{rule.name}" if rule.group else rule.name, rule.name)


def no_such_subject(rule: Rule, kind: str) -> Fault:
    return Fault(
        "rule-invalid",
        f"rule {rule.name} is about {kind}, which there is not in the estate",
        _rule_place(rule),
        f"name one of {', '.join((*(name for name, _ in LISTINGS), 'Acceptance'))} as the type of its first parameter",
    )


def told_of_crashes(crashed: list[Judged]) -> Fault:
    """One fault for a rule, however many things it crashes on."""
    first = crashed[0]
    subject = first.thing.subject
    more = f" and {len(crashed) - 1} more" if len(crashed) > 1 else ""
    return Fault(
        "rule-crashed",
        f"rule {first.rule.name} crashed on {subject.title()}{more}: {first.crash}",
        subject.origin,
        f"report it to the author of the rule; until it is mended, leave it out with --skip {first.rule.name}",
    )


__all__ = [
    "ALWAYS", "Bench", "Candidate", "Judged", "Outcome", "candidates", "in_order", "no_such_subject",
    "told_of_crashes",
]  # fmt: skip
