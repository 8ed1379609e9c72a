"""Estate and rules in, report out: the one gate through which every finding goes."""

from __future__ import annotations

from recoverable.fingerprint import fingerprint
from recoverable.formulas import describe
from recoverable.judging import (
    Bench,
    Candidate,
    Outcome,
    candidates,
    in_order,
    no_such_subject,
    told_of_crashes,
)
from recoverable.ordering import identified, order, order_of_subject, path_of, sorted_faults
from recoverable.recovery.classes import PRODUCTION
from recoverable.rows import same_subject, table_rows, told_apart
from recoverable.rule import Fault, Finding, stumbled
from recoverable.scenario import ALWAYS
from recoverable.source import Address
from recoverable.truth import Answer, Fact, Truth, unknown
from recoverable.typed import Any, NamedTuple
from recoverable.value import Known, Later, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from recoverable.config.settings import Settings
    from recoverable.estate import Estate, Subject
    from recoverable.estate.acceptances import Acceptance
    from recoverable.history.ledger import History, Identity
    from recoverable.judging import Judged
    from recoverable.recovery.access.blast_radius import BlastRadius
    from recoverable.rows import TableRow
    from recoverable.rule import Rule, Severity
    from recoverable.scenario import Scenario
    from recoverable.value import Listing

#: The subject type of rules about acceptances, which are judged last, when it is known what they were good for.
ACCEPTANCE = "Acceptance"

#: Notes that say that a file was not read, although nobody asked to report on it.
UNREAD = ("unreadable", "unparsable", "too-large")

#: Where an outcome belongs.
WRONG, UNKNOWN, SPARED, RIGHT = "wrong", "unknown", "spared", "right"


class Report(NamedTuple):
    """All that a run found. Findings are in order, worst first, and every list is deterministic.

    Accepted and exempt results say why in `reason`. `faults` end in exit code 2. `sources` holds the text of files that
    findings point into, by path, for frames. `postures` are the rows of `tables` with their recovery pictures, which
    are worked out when somebody looks at them; so are the `radii`: who can restore and who can destroy each table,
    empty where no principals were read. `taken` is when what was read from AWS was so (ISO 8601, UTC), empty for
    files, which have no such time, and `scope` what was looked at, such as the account; empty for files. `subjects` are
    all things that were judged, and `history` is how this compares with earlier audits, where these are kept.
    `principals` and `policies` count those that were read, if any rule asked for them.
    """

    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Finding, ...] = ()
    accepted: tuple[Finding, ...] = ()
    exempt: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    tables: tuple[TableRow, ...] = ()
    postures: Sequence[TableRow] = ()
    radii: Sequence[BlastRadius] = ()
    rules: tuple[Rule, ...] = ()
    files: int = 0
    examined: tuple[str, ...] = ()
    estate_complete: bool = True
    sources: Mapping[str, str] | None = None
    taken: str = ""
    scope: str = ""
    subjects: Sequence[Identity] = ()
    history: History | None = None
    principals: int = 0
    policies: int = 0


def check(
    estate: Estate,
    rules: Iterable[Rule],
    settings: Settings,
    *,
    headline: Callable[[Rule], str],
    acceptances: Sequence[Acceptance] = (),
    only: Collection[str] = (),
    skip: Collection[str] = (),
    report_on: Collection[str] | None = None,
    faults: Iterable[Fault] = (),
    notes: Iterable[Fault] = (),
    examined: Iterable[str] = (),
    files: int = 0,
    sources: Mapping[str, str] | None = None,
    today: Callable[[], str] = str,
) -> Report:
    """Judge everything in `estate` by `rules`, and account for all that comes of it.

    `headline` gives a rule's sentence. `only` (if not empty) and `skip` are rule names from the command line and go
    before the settings. `report_on` are the paths to report on, None for all; what lies elsewhere is still looked at.
    `faults` and `notes` of reading are handed through; `files` counts what was read and `examined` names it. `today`
    gives the day (ISO text), empty if it does not matter.
    """
    chosen = sorted(_chosen(rules, settings, only, skip), key=lambda pair: pair[0].name)
    reading_faults, passed_on = tuple(faults), tuple(notes)
    gate = _Gate(in_order(estate), settings, headline)
    for rule, severity in chosen:
        gate.judge(rule, severity)
    unread = bool(reading_faults) or any(note.kind in UNREAD for note in passed_on)
    gate.accept(acceptances, chosen, unread=unread)
    report = gate.report(report_on, today)
    return report._replace(
        faults=sorted_faults((*reading_faults, *report.faults)),
        notes=sorted_faults((*passed_on, *report.notes)),
        rules=tuple(rule for rule, _ in chosen),
        files=files,
        examined=tuple(sorted(examined)),
        estate_complete=settings.estate_complete,
        sources=sources,
    )


def _chosen(
    rules: Iterable[Rule], settings: Settings, only: Collection[str], skip: Collection[str]
) -> Iterable[tuple[Rule, Severity]]:
    """The rules to judge by, and how severe their findings are."""
    for rule in rules:
        names = (rule.name, *rule.formerly)
        level = settings.level_of(rule)
        if only:
            on = any(name in only for name in names)
        elif level is not None:
            on = level.on
        else:
            on = rule.on or settings.strict
        if on and not any(name in skip for name in names):
            yield rule, (level.severity if level is not None and level.severity is not None else rule.severity)


class _Gate:
    """Everything that was judged so far, in heaps."""

    def __init__(self, estate: Estate, settings: Settings, headline: Callable[[Rule], str]) -> None:
        self._estate = estate
        self._settings = settings
        self._headline = headline
        self._bench = Bench(estate)
        self._candidates = candidates(estate, settings.class_rules, settings.objectives_of)
        self._found: list[Finding] = []
        self._open: list[Finding] = []
        self._accepted: list[Finding] = []
        self._exempt: list[Finding] = []
        self._faults: list[Fault] = []
        self._notes: list[Fault] = []

    def judge(self, rule: Rule, severity: Severity) -> None:
        """Judge everything that `rule` is about, acceptances apart."""
        for kind in rule.subjects:
            if kind == ACCEPTANCE:
                continue
            if kind not in self._candidates:
                self._faults.append(no_such_subject(rule, kind))
                continue
            things = self._candidates[kind]
            try:
                # What is read only now may fail only now.
                len(things)
            except Exception as error:
                self._faults.append(stumbled(f"what rules about {kind} look at", error, Address(kind, ""), "files"))
            else:
                self._put(rule, severity, things)

    def _put(self, rule: Rule, severity: Severity, things: Iterable[tuple[Candidate, ...]]) -> None:
        sentence = ""
        crashed: list[Judged] = []
        for judged in self._bench.speak(rule, things):
            sentence = sentence or self._headline(rule)
            if judged.crash:
                crashed.append(judged)
            self._sort_out(judged, severity, sentence)
        if crashed:
            self._faults.append(told_of_crashes(crashed))

    def _sort_out(self, judged: Judged, severity: Severity, sentence: str) -> None:
        """Of a rule and a thing come one finding, one undetermined and one exempt result at most."""
        rule = judged.rule
        heaps: dict[str, list[Outcome]] = {}
        for outcome in judged.outcomes:
            verdict, outcome = _verdict(rule, outcome)  # noqa: PLW2901
            heaps.setdefault(verdict, []).append(outcome)
        into = {WRONG: self._found, UNKNOWN: self._open, SPARED: self._exempt}
        for verdict, results in into.items():
            heap = heaps.get(verdict)
            if heap:
                others = [one.scenario for name, rest in heaps.items() if name != verdict for one in rest]
                when = _when([one.scenario for one in heap], others, overflowed=judged.overflowed)
                finding = _finding(rule, severity, sentence, verdict, heap[0], when=when)
                results.append(finding._replace(subject=same_subject([one.candidate for one in heap])))
        if judged.overflowed:
            self._say_overflow(judged, severity, sentence, told=UNKNOWN in heaps)

    def _say_overflow(self, judged: Judged, severity: Severity, sentence: str, *, told: bool) -> None:
        """More scenarios than are followed: a note, and an undetermined result if there is none yet."""
        subject = judged.thing.subject
        followed = len(judged.outcomes)
        self._notes.append(
            Fault(
                "too-many-scenarios",
                f"{judged.rule.name} was followed through {followed} scenarios of {subject.title()}; there are more",
                subject.origin,
                "give values to the template's parameters, with --parameters or under `parameters:`",
            )
        )
        if not told:
            why = f"the deployment leaves more choices open than are followed ({followed} scenarios)"
            outcome = Outcome(ALWAYS, judged.thing, unknown(why, subject.origin))
            self._open.append(_finding(judged.rule, severity, sentence, UNKNOWN, outcome, when="in some scenarios"))

    def accept(
        self, acceptances: Sequence[Acceptance], chosen: Sequence[tuple[Rule, Severity]], *, unread: bool
    ) -> None:
        """Set aside what somebody accepted, then judge the acceptances themselves."""
        used: list[set[str]] = [set() for _ in acceptances]
        self._found = self._set_aside(self._found, acceptances, used)
        self._open = self._set_aside(self._open, acceptances, used)
        judged = {rule.name for rule, _ in chosen}
        after = [one.after(names, judged) for one, names in zip(acceptances, used, strict=True)]
        if unread:
            after = [_perhaps_used(one) for one in after]
        goals = self._settings.objectives_of(PRODUCTION.name)
        things = [(Candidate(ALWAYS, one, PRODUCTION, goals),) for one in after]
        for rule, severity in chosen:
            if ACCEPTANCE in rule.subjects:
                self._put(rule, severity, things)

    def _set_aside(
        self, results: list[Finding], acceptances: Sequence[Acceptance], used: list[set[str]]
    ) -> list[Finding]:
        # Most acceptances are about one file: each result meets those of its rule and file, and those about any file.
        about: dict[tuple[str, str], list[int]] = {}
        for at, one in enumerate(acceptances):
            for rule in one.rules:
                about.setdefault((rule, one.path()), []).append(at)
        left = []
        for result in results:
            name = result.rule.name
            subject = result.subject
            # A resource may stand in a file that its template includes, and what is wrong with it in another one.
            files = {
                subject.path,
                subject.extent.path if subject.extent is not None else "",
                path_of(result.origin),
                "",
            }
            near = sorted(at for file in files for at in about.get((name, file), ()))
            covering = [at for at in near if acceptances[at].covers(result)]
            for at in covering:
                used[at].add(name)
            if covering:
                self._accepted.append(result._replace(reason=acceptances[covering[0]].reason))
            else:
                left.append(result)
        return left

    def report(self, report_on: Collection[str] | None, today: Callable[[], str]) -> Report:
        """All results, in order, of the files to report on."""

        def wanted(finding: Finding) -> bool:
            return report_on is None or _asked(finding.subject, report_on) or path_of(finding.origin) in report_on

        findings, undetermined, accepted, exempt = (
            tuple(filter(wanted, identified(sorted(told_apart(results), key=order))))
            for results in (self._found, self._open, self._accepted, self._exempt)
        )
        tables = tuple(self._tables(report_on))
        rows = tuple(row for variants in tables for row in table_rows(variants))

        def pictures() -> tuple[TableRow, ...]:
            from recoverable.pictures import posture_rows  # noqa: PLC0415 (most reports show none)

            return tuple(posture_rows(tables, self._estate, today()))

        def destroyed() -> tuple[BlastRadius, ...]:
            if not self._estate.principals.entries:
                return ()
            from recoverable.recovery.access.blast_radius import blast_radii  # noqa: PLC0415 (few reports show it)

            return blast_radii([variants[0].item for variants in tables], self._estate, today())

        faults, notes = tuple(self._faults), tuple(self._notes)

        def subjects() -> tuple[Identity, ...]:
            from recoverable.history.ledger import identity  # noqa: PLC0415 (only where audits are kept)

            return tuple(
                {
                    identity(variants[0].subject)
                    for things in self._candidates.values()
                    for variants in things
                    if variants
                }
            )

        return Report(
            findings,
            undetermined,
            accepted,
            exempt,
            faults,
            notes,
            rows,
            Later(pictures),
            Later(destroyed),
            subjects=Later(subjects),
            principals=self._read(report_on, self._estate.principals),
            policies=self._read(report_on, self._estate.documents),
        )

    def _read(self, report_on: Collection[str] | None, listing: Listing[Any]) -> int:
        """How many principals or policies there are in what is reported on; 0 where no rule was about any."""
        asked = self._candidates.get("PolicyStatement", ())
        if isinstance(asked, Later) and not asked.is_read:
            return 0
        subjects = (
            next((variant.item.subject for variant in entry.variants if variant.item is not None), None)
            for entry in listing.entries
        )
        return sum(each is not None and (report_on is None or each.path in report_on) for each in subjects)

    def _tables(self, report_on: Collection[str] | None) -> Iterator[tuple[Candidate, ...]]:
        """A table and then its replicas, by place."""
        things = [variants for kind in ("Table", "Replica") for variants in self._candidates[kind] if variants]
        for variants in sorted(things, key=lambda variants: order_of_subject(variants[0].subject)):
            if report_on is None or _asked(variants[0].subject, report_on):
                yield variants


def _asked(subject: Subject, report_on: Collection[str]) -> bool:
    """Whether a file that is to be reported on declares a thing, or is a plan or state that has it."""
    return subject.path in report_on or (subject.seen is not None and subject.seen.path in report_on)


def _verdict(rule: Rule, outcome: Outcome) -> tuple[str, Outcome]:
    """Where an outcome belongs, the table's class considered."""
    answer = outcome.truth.answer
    if answer is Answer.NO:
        return RIGHT, outcome
    if outcome.truth.spared:
        return SPARED, outcome
    if rule.production_only:
        table_class = outcome.candidate.table_class
        if table_class.spared:
            return SPARED, outcome
        if table_class.doubt is not None:
            # Wrong, if it is for production at all: that is what cannot be told.
            facts = (table_class.doubt, *outcome.truth.facts)
            return UNKNOWN, outcome._replace(truth=Truth(Answer.UNKNOWN, facts))
    return (WRONG if answer is Answer.YES else UNKNOWN), outcome


def _when(holds: list[Scenario], fails: list[Scenario], *, overflowed: bool) -> str:
    """In words, when something holds; empty for always. Nothing is claimed of scenarios that were not followed."""
    if not overflowed:
        return describe(holds, fails)
    words = " and ".join(map(str, holds[0].circumstances))
    return f"for example when {words}" if words else "in some scenarios"


def _finding(rule: Rule, severity: Severity, sentence: str, verdict: str, outcome: Outcome, *, when: str) -> Finding:
    subject = outcome.candidate.subject
    facts = outcome.truth.facts
    origin = next((fact.origin for fact in facts if fact.origin is not None), subject.origin)
    if subject.seen is not None:
        facts = (*facts, Fact("Terraform has it here", subject.seen))
    reason = outcome.truth.spared
    if verdict == SPARED and not reason:
        because = outcome.candidate.table_class.reason
        reason = because.text if because is not None else f"its class is {outcome.candidate.table_class.name}"
    return Finding(
        rule, severity, subject, sentence, facts, origin, when, fingerprint(verdict, rule.name, subject), reason
    )


def _perhaps_used(acceptance: Acceptance) -> Acceptance:
    """Where something could not be read, what seems unused may be used there."""
    state = acceptance.unused_rules.state
    if not isinstance(state, Known) or not state.value:
        return acceptance
    open_ = Unknown("not everything could be read, and it may be used there", acceptance.subject.origin)
    return acceptance._replace(unused_rules=Value(acceptance.unused_rules.name, open_))
