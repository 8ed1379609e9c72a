"""What a rule is, and what a finding is."""

from __future__ import annotations

from enum import Enum

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Subject
    from recoverable.source import Origin
    from recoverable.truth import Fact, Truth


class Severity(Enum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _ORDER.index(self)


_ORDER = (Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO)


class Rule(NamedTuple):
    """A named proposition about one thing in the estate; *yes* means that something is wrong.

    `subjects` are the estate types it judges (`Table`, `Replica`, `Key` ...). `wants` are the further parameters that
    its function takes: `estate` to look around, `objectives` of the class of the subject, `table_class` itself.
    `critical` ones are the worst of those that are HIGH.
    `production_only` rules spare tables that can be rebuilt or hold nothing worth keeping; the reason is reported.
    `group` and `document` (the path of its Markdown) are filled in by whoever loads it. `types` are the types of
    resource that it looks at as they were written, in `estate.resources`.
    """

    name: str
    severity: Severity
    subjects: tuple[str, ...]
    wants: tuple[str, ...]
    judge: Callable[..., Truth]
    on: bool = True
    production_only: bool = False
    formerly: tuple[str, ...] = ()
    group: str = ""
    document: str = ""
    types: tuple[str, ...] = ()
    critical: bool = False


def rule(
    severity: Severity,
    *,
    on: bool = True,
    production_only: bool = False,
    formerly: tuple[str, ...] = (),
    types: tuple[str, ...] = (),
    critical: bool = False,
) -> Callable[[Callable[..., Truth]], Rule]:
    """Make a rule of a function. Its name is the function's in kebab case, its subject the first parameter's type.

    `on=False`: only an objective, a setting or `extends: strict` switches it on. `formerly`: names it had before.
    `types`: types of resource that it wants to find in `estate.resources`. `critical`: one act of one principal is
    enough to lose everything; reports that know a grade above high say so.
    Raises TypeError for a function that cannot be a rule, saying what is missing.
    """

    def make(judge: Callable[..., Truth]) -> Rule:
        code = judge.__code__
        parameters = code.co_varnames[: code.co_argcount]
        if not parameters or parameters[0] not in judge.__annotations__:
            raise TypeError(f"rule {judge.__name__}: the first parameter names its subject, for example `table: Table`")
        for parameter in parameters[1:]:
            if parameter not in WANTS:
                raise TypeError(f"rule {judge.__name__}: unknown parameter {parameter}; there are {', '.join(WANTS)}")
        annotation = judge.__annotations__[parameters[0]]
        shown = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
        subjects = tuple(part.strip().rpartition(".")[2] for part in shown.split("|"))
        name = judge.__name__.replace("_", "-")
        return Rule(
            name,
            severity,
            subjects,
            parameters[1:],
            judge,
            on,
            production_only,
            formerly,
            types=types,
            critical=critical,
        )

    return make


#: What a rule may take beside its subject.
WANTS = ("estate", "objectives", "table_class")


class Edit(NamedTuple):
    """A replacement of the text at `origin`, which must be a Span."""

    origin: Origin
    text: str


class Fix(NamedTuple):
    """A change that mends a finding in place, and what it does in words."""

    description: str
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """What a rule says of a subject.

    `headline` is one sentence without the subject; `facts` why it is so, `origin` where to look. `scenario` is empty
    when it holds always, else words such as "when IsProd is false". `fingerprint` stays the same when lines move.
    For accepted and exempt ones `reason` says why.
    """

    rule: Rule
    severity: Severity
    subject: Subject
    headline: str
    facts: tuple[Fact, ...]
    origin: Origin
    scenario: str
    fingerprint: str
    reason: str = ""
    fix: Fix | None = None


class Fault(NamedTuple):
    """Something that kept an answer from being complete: an unreadable file, a crashed rule, a bad acceptance.

    `kind` is `unreadable`, `unparsable`, `too-large`, `rule-crashed` ...; `do` says what to do about it.
    """

    kind: str
    message: str
    origin: Origin
    do: str = ""


def stumbled(over: str, error: Exception, origin: Origin, given: str) -> Fault:
    """A mistake of ours, with the line of our code that made it. `given` is what we would need to see it again."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return Fault(
        "reader-crashed",
        f"recoverable stumbled over {over}: {type(error).__name__} in {place}",
        origin,
        f"this is a mistake in recoverable: please report it together with the {given}",
    )
