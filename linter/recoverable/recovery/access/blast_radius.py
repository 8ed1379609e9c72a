"""How much of a table one stolen credential can destroy: who can destroy which of its copies, and who all of them.

A copy is the table itself, its window of point-in-time recovery, and its recovery points in each vault. The smallest
set of principals whose loss loses everything is 1 in most accounts; a vault whose lock is final, with a key that nobody
can delete, and a copy in another account make it larger.
https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable.recovery.access.powers import Powers
from recoverable.recovery.access.requirements import requirements
from recoverable.recovery.access.scenes import Scene, only_for_aws_backup
from recoverable.recovery.access.targets import target_of
from recoverable.scenario import Run
from recoverable.truth import Answer, Truth, some, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.estate import Estate, Replica, Subject, Table
    from recoverable.recovery.access.requirements import Mode
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Holding, Target

#: The copies.
TABLE, PITR, VAULT, COPY = "table", "point-in-time", "vault", "copy"

#: Ways to destroy what is in a vault, by name; without the advanced features it consists of DynamoDB's own backups.
_IN_VAULT = (
    "delete-points", "delete-points-plain", "shorten-retention", "rewrite-vault-policy", "unlock-vault", "kill-key",
)  # fmt: skip

#: What is asked of powers here.
CAPABILITIES = ("restore", "destroy-table", "destroy-backups")

#: With more copies than this the smallest set is only bounded; no table has as many vaults.
MOST_COPIES = 12


class Copy(NamedTuple):
    """Something that would bring the table back. `there`: whether it is; `sealed`: nobody can delete it early.

    `elsewhere`: it is in another account, where nobody that was read has anything to say.
    """

    kind: str
    name: str
    there: Truth
    sealed: Truth
    elsewhere: Truth


class Destroyer(NamedTuple):
    """A principal that can destroy some copy, surely or perhaps: an answer for each of them, and by which ways."""

    title: str
    answers: tuple[Answer, ...]
    by: tuple[tuple[str, ...], ...]


class Smallest(NamedTuple):
    """The smallest set of principals that can destroy every copy.

    `size` is None where no set can; `survives` are then the copies that nobody can destroy. `exact` is false where a
    smaller set was not looked for. `who` are the sets of one if there are any, else one set of that size.
    """

    size: int | None
    exact: bool
    who: tuple[tuple[str, ...], ...]
    survives: tuple[Copy, ...] = ()


class BlastRadius(NamedTuple):
    """Who can bring a table back, who can destroy which of its copies, and how few can destroy them all.

    `smallest` counts what is sure, `perhaps` also what may be. `restorers` are those who can restore it, `may_restore`
    those who perhaps can.
    """

    subject: Subject
    copies: tuple[Copy, ...]
    destroyers: tuple[Destroyer, ...]
    smallest: Smallest
    perhaps: Smallest
    restorers: tuple[str, ...]
    may_restore: tuple[str, ...]
    open: str = ""


def blast_radii(items: Sequence[Table | Replica], estate: Estate, today: str = "") -> tuple[BlastRadius, ...]:
    """The blast radius of each table; nothing where there are no principals.

    It is that of one deployment, in which every choice that a template leaves goes its first way; if there is such a
    choice, `open` says so.
    """
    if not items or not estate.principals.entries:
        return ()
    run = Run()
    estate = estate.in_run(run)
    known = requirements().capabilities
    scene = Scene(estate)
    targets = [target_of(item, estate, today) for item in items]
    powers = Powers(targets, scene, [known[name] for name in CAPABILITIES])
    counted = [
        standing
        for principal, standing in zip(powers.principals, powers.standings, strict=True)
        if not only_for_aws_backup(principal)
    ]
    found = tuple(_of(at, target, powers, counted) for at, target in enumerate(targets))
    if not run.settled:
        return found
    when = " and ".join(map(str, run.scenario().circumstances)) or "every parameter has its first value"
    said = f"it is so when {when}; other deployments may differ"
    return tuple(each._replace(open="; ".join(filter(None, (each.open, said)))) for each in found)


def copies_of(target: Target) -> tuple[Copy, ...]:
    """What would bring a table back, itself included."""
    here = Truth(Answer.NO)
    found = [Copy(TABLE, "the table", yes("it is there"), Truth(Answer.NO), here)]
    pitr = target.given["pitr"]
    if pitr.answer is not Answer.NO:
        found.append(Copy(PITR, "point-in-time recovery", pitr, Truth(Answer.NO), here))
    for holding in target.holdings:
        if holding.kind != "free" and holding.there.answer is not Answer.NO:
            kind = COPY if holding.kind == "copy" else VAULT
            found.append(Copy(kind, f"vault {holding.name}", holding.there, holding.sealed, holding.other_account))
    return tuple(found)


def smallest_set(destroyers: Iterable[Destroyer], copies: Sequence[Copy], *, perhaps: bool) -> Smallest:
    """The smallest set that destroys every copy that is there; with `perhaps`, what may be destroyed counts, too.

    Copies that may not be there need not be destroyed where `perhaps` counts.
    """
    needed = [
        at
        for at, copy in enumerate(copies)
        if copy.there.answer is Answer.YES or (not perhaps and copy.there.answer is Answer.UNKNOWN)
    ]
    counts = (Answer.YES, Answer.UNKNOWN) if perhaps else (Answer.YES,)
    by_reach: dict[int, list[str]] = {}
    for destroyer in destroyers:
        reach = sum(1 << place for place, at in enumerate(needed) if destroyer.answers[at] in counts)
        if reach:
            by_reach.setdefault(reach, []).append(destroyer.title)
    whole = (1 << len(needed)) - 1
    union = 0
    for reach in by_reach:
        union |= reach
    if union != whole:
        survives = tuple(copies[at] for place, at in enumerate(needed) if not union >> place & 1)
        return Smallest(None, exact=True, who=(), survives=survives)
    if whole in by_reach:
        return Smallest(1, exact=True, who=tuple((title,) for title in by_reach[whole]))
    # What one destroys of what another does adds nothing.
    strongest = [one for one in by_reach if not any(one != other and one | other == other for other in by_reach)]
    if len(needed) > MOST_COPIES:
        return _greedy(strongest, by_reach, whole)
    best: dict[int, tuple[int, ...]] = {0: ()}
    layer: dict[int, tuple[int, ...]] = {0: ()}
    while whole not in best:
        following: dict[int, tuple[int, ...]] = {}
        for reached, chosen in layer.items():
            for one in strongest:
                more = reached | one
                if more not in best and more not in following:
                    following[more] = (*chosen, one)
        best |= following
        layer = following
    return Smallest(len(best[whole]), exact=True, who=(tuple(by_reach[one][0] for one in best[whole]),))


def _greedy(strongest: list[int], by_reach: dict[int, list[str]], whole: int) -> Smallest:
    chosen: list[int] = []
    reached = 0
    while reached != whole:
        one = max(strongest, key=lambda each: (each & ~reached).bit_count())
        chosen.append(one)
        reached |= one
    return Smallest(len(chosen), exact=False, who=(tuple(by_reach[one][0] for one in chosen),))


def _of(at: int, target: Target, powers: Powers, counted: Sequence[Standing]) -> BlastRadius:
    copies = copies_of(target)
    destroyers: list[Destroyer] = []
    restorers: list[str] = []
    perhaps: list[str] = []
    asked = _Asked(at, target, powers)
    for standing in counted:
        match powers.can(standing, "restore")[at]:
            case Answer.YES:
                restorers.append(standing.title)
            case Answer.UNKNOWN:
                perhaps.append(standing.title)
        answers, by = asked.destroys(standing, copies)
        if any(answer is not Answer.NO for answer in answers):
            destroyers.append(Destroyer(standing.title, answers, by))
    return BlastRadius(
        target.subject,
        copies,
        tuple(destroyers),
        smallest_set(destroyers, copies, perhaps=False),
        smallest_set(destroyers, copies, perhaps=True),
        tuple(restorers),
        tuple(perhaps),
        powers.scene.estate.principals.incomplete,
    )


class _Asked:
    """One table, whose copies everybody is asked about."""

    __slots__ = ("_at", "_holdings", "_powers", "_ways")

    def __init__(self, at: int, target: Target, powers: Powers) -> None:
        self._at = at
        self._powers = powers
        self._holdings = [
            holding for holding in target.holdings if holding.kind != "free" and holding.there.answer is not Answer.NO
        ]
        table = {mode.name: mode for mode in powers.capabilities["destroy-table"].modes}
        backups = {mode.name: mode for mode in powers.capabilities["destroy-backups"].modes}
        in_vault = [("destroy-backups", backups[name]) for name in _IN_VAULT]
        self._ways: dict[str, list[tuple[str, Mode]]] = {
            TABLE: [("destroy-table", mode) for mode in table.values()],
            # The window is encrypted with the key that the table has.
            PITR: [("destroy-backups", backups["point-in-time"]), ("destroy-table", table["kill-key"])],
            VAULT: in_vault,
            COPY: in_vault,
        }

    def destroys(
        self, standing: Standing, copies: Sequence[Copy]
    ) -> tuple[tuple[Answer, ...], tuple[tuple[str, ...], ...]]:
        """Which copies somebody can destroy, and how."""
        answers: list[Answer] = []
        by: list[tuple[str, ...]] = []
        holdings = iter(self._holdings)
        for copy in copies:
            holding = next(holdings) if copy.kind in (VAULT, COPY) else None
            found: dict[str, Answer] = {}
            for capability, mode in self._ways[copy.kind]:
                answer = self._with_roles(standing, capability, mode, holding)
                if answer is not Answer.NO:
                    found[mode.name] = answer
            best = some(Truth(answer) for answer in found.values()).answer
            if copy.elsewhere.answer is Answer.UNKNOWN and best is Answer.YES:
                best = Answer.UNKNOWN
            answers.append(best)
            by.append(tuple(name for name, answer in found.items() if answer is best or best is Answer.UNKNOWN))
        return tuple(answers), tuple(by)

    def _with_roles(self, standing: Standing, capability: str, mode: Mode, holding: Holding | None) -> Answer:
        """Whether somebody can do it in one way, itself or through roles: to every backup, not only to some."""
        found = self._alone(standing, capability, mode, holding)
        if found is Answer.YES:
            return found
        for role, reached in self._powers.reached(standing):
            own = self._alone(role, capability, mode, holding)
            if own is Answer.NO:
                continue
            if own is Answer.YES and reached is Answer.YES:
                return Answer.YES
            found = Answer.UNKNOWN
        return found

    def _alone(self, standing: Standing, capability: str, mode: Mode, holding: Holding | None) -> Answer:
        held = self._powers.held(standing, capability, mode)
        if holding is None:
            return held.usual[self._at]
        for number, bits in held.by_place:
            place = self._powers.questions.places[number].holding
            if (place.name, place.arn) == (holding.name, holding.arn):
                return bits[self._at]
        # A recovery point without the advanced features is a backup of DynamoDB's own, which has no vault in its ARN.
        return held.usual[self._at] if mode.name == "delete-points-plain" else Answer.NO
