"""What the commands on permissions have in common: reading the estate, and finding who and what is asked about."""

from __future__ import annotations

import os

from recoverable.cli.options import UsageError, no_such
from recoverable.cli.setting import environment, fixed, var_files
from recoverable.cli.terminal import Progress, say
from recoverable.formulas import describe
from recoverable.read.nodes import MalformedError
from recoverable.recovery.access.lookup import NotFoundError, foreign_table, principal_called, read_arn, table_called
from recoverable.recovery.access.requirements import CAPABILITIES, requirements
from recoverable.recovery.access.scenes import Scene
from recoverable.recovery.access.symbols import variants
from recoverable.recovery.access.targets import target_of
from recoverable.scan import Request, gather, prepare, shown
from recoverable.scenario import LIMIT, TooManyScenariosError, explore
from recoverable.typed import NamedTuple, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recoverable.cli.options import Arguments
    from recoverable.config import ConfigError
    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.principals import Principal
    from recoverable.policy.document import Policy
    from recoverable.recovery.access.requirements import Capability
    from recoverable.recovery.access.targets import Target
    from recoverable.scan import Gathered
    from recoverable.scenario import Scenario

T = TypeVar("T")

YES, NO, DEPENDS = 0, 1, 2


class Asked(NamedTuple):
    """What was read, and the capability and the way (empty: any) that is asked about."""

    gathered: Gathered
    capability: Capability
    mode: str


def capability_of(word: str, mode: str) -> Capability:
    """The capability of that name. Raises UsageError for names that are none."""
    if word not in CAPABILITIES:
        raise UsageError(no_such("capability", word, CAPABILITIES))
    found = requirements().capabilities[word]
    if mode and found.mode(mode) is None:
        raise UsageError(no_such(f"mode of {word}", mode, [each.name for each in found.modes]))
    return found


def unanswered(error: ConfigError | MalformedError) -> int:
    """Says what cannot be read, and gives the exit code: without it nobody can tell."""
    if isinstance(error, MalformedError):
        say(f"recoverable: {error.span.start()}: {error.message}; {error.do}")
    else:
        for fault in error.faults:
            say(f"recoverable: {fault.origin.start()}: {fault.message}; {fault.do}")
    return DEPENDS


def read(arguments: Arguments, paths: Sequence[str]) -> Gathered:
    """The estate of files and folders. Raises ConfigError and MalformedError."""
    setup = prepare(*(paths or (".",)), config=arguments.one("config"))
    request = Request(
        parameters=fixed(arguments.all("parameters"), setup.root),
        var_files=var_files(arguments.all("var-file"), setup.root),
        environment=environment(asked=arguments.given("tf-vars-from-env")),
    )
    with Progress() as progress:
        gathered = gather(setup, paths, request, progress=progress.say)
    for name in gathered.unused:
        say(f"recoverable: no template has a parameter {name}, which --parameters fixes")
    for fault in gathered.faults:
        say(f"recoverable: {fault.origin.start()}: {fault.message}; {fault.do}")
    return gathered


def policy_in(path: str) -> tuple[Policy, str] | None:
    """The policy in a file, with what it is called; None for a word that is no file. Raises MalformedError."""
    if not os.path.isfile(path):
        return None
    from recoverable.read.decode import decode
    from recoverable.read.single_policy import single_policy

    name = shown(path, os.path.realpath(os.getcwd()))
    with open(path, "rb") as file:
        return single_policy(decode(file.read(), name), name), name


def items_of(estate: Estate) -> list[Table | Replica]:
    return [*variants(estate.tables), *variants(estate.replicas)]


def check_table(word: str, estate: Estate, arguments: Arguments) -> None:
    """Raises UsageError for a table that is neither in the estate nor told by an ARN, or a name with an account."""
    try:
        if table_called(word, items_of(estate)) is None:
            foreign_table(word)
    except NotFoundError as error:
        if not _is_foreign(word, arguments, items_of(estate)):
            raise UsageError(str(error)) from None


def table_in(word: str, estate: Estate, arguments: Arguments, mode: str = "") -> Target | None:
    """The table that is asked about, in the estate's run; None where it is not there in this scenario."""
    items = _present_items(word, estate)
    if items:
        return target_of(items[0], estate)
    if read_arn(word) is None and not _is_foreign(word, arguments, items_of(estate)):
        return None
    return foreign_table(word, arguments.one("region"), arguments.one("account"), plain=mode.endswith("plain"))


def _present_items(word: str, estate: Estate) -> list[Table | Replica]:
    """The table of that name as it is in the estate's run; nothing else is settled."""
    wanted = table_called(word, items_of(estate)) if _is_there(word, estate) else None
    if wanted is None:
        return []
    found: list[Table | Replica] = []
    for listing in (estate.tables, estate.replicas):
        for entry in listing.entries:
            if any(variant.item is not None and _same(variant.item, wanted) for variant in entry.variants):
                item = listing.settle(entry)  # type: ignore[arg-type]
                if item is not None:
                    found.append(item)
    return found


def _is_there(word: str, estate: Estate) -> bool:
    try:
        return table_called(word, items_of(estate)) is not None
    except NotFoundError:
        return False


def _same(one: Table | Replica, other: Table | Replica) -> bool:
    mine, theirs = one.subject, other.subject
    return (mine.kind, mine.path, mine.address, mine.part) == (theirs.kind, theirs.path, theirs.address, theirs.part)


def _is_foreign(word: str, arguments: Arguments, items: Sequence[Table | Replica]) -> bool:
    """Whether a name is that of a table elsewhere: it is told where."""
    known = any(word in (item.subject.address, item.subject.name.known()) for item in items)
    return not known and bool(arguments.one("account") or arguments.one("region"))


def principal_in(word: str, estate: Estate) -> Principal | None:
    """The principal that is asked about, in the estate's run; None where it is not there in this scenario."""
    wanted = principal_called(word, list(variants(estate.principals)))
    own = wanted.subject
    for entry in estate.principals.entries:
        for variant in entry.variants:
            if variant.item is not None and (variant.item.subject.path, variant.item.subject.address) == (
                own.path,
                own.address,
            ):
                return estate.principals.settle(entry)
    return None


def in_scenarios(
    estate: Estate, ask: Callable[[Estate], T], look: Callable[[T], object]
) -> tuple[list[tuple[str, T]], bool]:
    """What `ask` answers in every scenario that makes a difference, told by what it looks like; whether there are more
    than are followed."""
    found: list[tuple[Scenario, T]] = []
    overflowed = False
    try:
        for scenario, answer in explore(lambda run: ask(estate.in_run(run)), limit=LIMIT):
            found.append((scenario, answer))
    except TooManyScenariosError:
        overflowed = True
    looks: dict[object, list[tuple[Scenario, T]]] = {}
    for one in found:
        looks.setdefault(look(one[1]), []).append(one)
    told: list[tuple[str, T]] = []
    for key, alike in looks.items():
        others = [scenario for other, rest in looks.items() if other != key for scenario, _ in rest]
        told.append((describe([scenario for scenario, _ in alike], others), alike[0][1]))
    return told, overflowed


def scene(estate: Estate, arguments: Arguments) -> Scene:
    return Scene(estate, strict=arguments.given("strict-sar"))
