"""Policies as they are written: each document once, whoever it hangs on, and each of its statements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
"""

from __future__ import annotations

from recoverable.policy.document import Statement
from recoverable.scenario import ALWAYS, Variant
from recoverable.source import Span
from recoverable.typed import Any, NamedTuple, TypeVar
from recoverable.value import Entry, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverable.estate.guardrails import Guardrail
    from recoverable.estate.principals import Grant, Principal
    from recoverable.estate.subject import Subject
    from recoverable.policy.document import Policy
    from recoverable.scenario import Scenario

T = TypeVar("T")

#: In the ARNs of AWS's own policies.
_OF_AWS = ":iam::aws:policy/"

#: Kinds of documents whose Allow gives a principal something, whether or not one is in sight.
GRANTING = ("identity", "permission-set", "unattached")


class Holder(NamedTuple):
    """Somebody a policy hangs on: a role, user, group or permission set.

    `use` is `identity` or `boundary`. `through` is the address of the group that a user has it from. `doubt` says why
    it may not hang there after all, `sometimes` whether it does so in some scenarios only.
    """

    subject: Subject
    use: str
    doubt: str = ""
    through: str = ""
    sometimes: bool = False


class PolicyDocument(NamedTuple):
    """A policy as it is written once.

    `kind` is `identity` (it hangs on somebody), `permission-set`, `unattached` (it could hang on somebody, and in what
    was read it does not), `boundary` (it is used as nothing else), `trust`, `table`, `vault`, `key`, `stream`, `scp`,
    `rcp`, or `resource` for a policy with principals of which nothing says what it hangs on. `subject` is the resource
    or file that it is written in, its `part` the name of an inline policy or `trust`. `key` tells it from all others
    (see `Grant.document`). `holders` are those it hangs on, over all scenarios.
    `holders_open` says why it may hang on others too. `source` is that of the grant which it is written in (see
    `Grant.source`), empty for a document of its own.
    """

    key: str
    kind: str
    subject: Subject
    policy: Policy
    holders: tuple[Holder, ...] = ()
    holders_open: str = ""
    source: str = ""

    @property
    def gives(self) -> bool:
        """Whether an Allow in it gives something to whoever it hangs on."""
        return self.kind in GRANTING

    @property
    def of_aws(self) -> bool:
        """Whether AWS wrote it, so that nobody else can change it."""
        return self.source == "aws-managed" or _OF_AWS in self.subject.address


class PolicyStatement(NamedTuple):
    """A statement of a document: what statement-level rules judge.

    `subject` has the document's address; its `part` is the Sid, or `#n` for the n-th statement, behind the document's
    own part. Where a document may hold more statements than could be read, one more stands for them: nothing about it
    is known, and its `statement.unread` says why.
    """

    subject: Subject
    document: PolicyDocument
    statement: Statement

    @property
    def holders(self) -> tuple[Holder, ...]:
        return self.document.holders

    @property
    def gives(self) -> bool:
        """Whether an Allow in it gives something to whoever the document hangs on."""
        return self.document.gives

    @property
    def of_ours(self) -> bool:
        """Whether it is such a statement, and somebody can write it otherwise: it is not AWS's own."""
        return self.gives and not self.document.of_aws


def gathered(
    principals: Sequence[Entry[Principal]],
    written: Sequence[Entry[PolicyDocument]],
    guardrails: Sequence[Entry[Guardrail]] = (),
    resources: Iterable[tuple[str, Sequence[Entry[Any]]]] = (),
) -> tuple[Entry[PolicyDocument], ...]:
    """All documents of an estate. `written` are the policies that are resources or files of their own; `resources`
    those that may have one on them, with the kind of such a document: `("vault", vaults)`.
    """
    hung = _Hung(principals)
    own = {entry_key(entry) for entry in written}
    found = [_held(entry, hung) for entry in written]
    for entry in principals:
        found.extend(_of_principal(entry, own, hung))
    for kind, entries in resources:
        found.extend(_on_resources(kind, entries))
    for guardrail in guardrails:
        found.append(_settled([(scenario, _guarding(item)) for scenario, item in guardrail.variants]))
    return tuple(entry for entry in found if any(variant.item is not None for variant in entry.variants))


def entry_key(entry: Entry[PolicyDocument]) -> str:
    """The key of a document, the same in all variants."""
    return next((variant.item.key for variant in entry.variants if variant.item is not None), "")


def statements_of(documents: Iterable[Entry[PolicyDocument]]) -> tuple[Entry[PolicyStatement], ...]:
    """Every statement of the documents, by its part in all variants."""
    found: list[Entry[PolicyStatement]] = []
    for entry in documents:
        listed = [
            (scenario, {} if document is None else {each.subject.part: each for each in _statements(document)})
            for scenario, document in entry.variants
        ]
        for part in dict.fromkeys(part for _, statements in listed for part in statements):
            found.append(_settled([(scenario, statements.get(part)) for scenario, statements in listed]))
    return tuple(found)


class _Hung:
    """Who holds what, by the key of the document."""

    def __init__(self, principals: Sequence[Entry[Principal]]) -> None:
        self._holders: dict[str, dict[tuple[str, str, str, str], Holder]] = {}
        for entry in principals:
            times: dict[tuple[str, str, str, str, str], int] = {}
            for _, principal in entry.variants:
                if principal is None:
                    continue
                seen: set[tuple[str, str, str, str, str]] = set()
                for grant, use in _hung(principal):
                    if not grant.document:
                        continue
                    subject = principal.subject
                    who = (subject.path, subject.address, use, grant.through)
                    holders = self._holders.setdefault(grant.document, {})
                    before = holders.get(who)
                    if before is None or (before.doubt and not grant.doubt):
                        holders[who] = Holder(subject, use, grant.doubt, grant.through)
                    seen.add((grant.document, *who))
                for one in seen:
                    times[one] = times.get(one, 0) + 1
            for (key, *who_), count in times.items():
                if count < len(entry.variants):
                    holders = self._holders[key]
                    one_ = (who_[0], who_[1], who_[2], who_[3])
                    holders[one_] = holders[one_]._replace(sometimes=True)

    def of(self, key: str) -> tuple[Holder, ...]:
        return tuple(self._holders.get(key, {}).values())


def _hung(principal: Principal) -> Iterator[tuple[Grant, str]]:
    for grant in principal.grants:
        yield grant, "identity"
    boundary = principal.boundary.known()
    if boundary is not None:
        yield boundary, "boundary"


def _held(entry: Entry[PolicyDocument], hung: _Hung) -> Entry[PolicyDocument]:
    """A policy of its own with those it hangs on."""
    holders = hung.of(entry_key(entry))
    if not holders:
        return entry
    identity = any(holder.use == "identity" for holder in holders)

    def held(document: PolicyDocument | None) -> PolicyDocument | None:
        if document is None or document.kind not in ("unattached", "identity"):
            return document
        used = "identity" if identity or document.kind == "identity" else "boundary"
        return document._replace(kind=used, holders=holders)

    return Entry(tuple(Variant(scenario, held(document)) for scenario, document in entry.variants))


def _of_principal(entry: Entry[Principal], own: set[str], hung: _Hung) -> Iterator[Entry[PolicyDocument]]:
    """The policies that are written in a principal itself: its trust policy and the inline ones."""
    listed = [(scenario, {} if item is None else _written_in(item, own, hung)) for scenario, item in entry.variants]
    for key in dict.fromkeys(key for _, documents in listed for key in documents):
        yield _settled([(scenario, documents.get(key)) for scenario, documents in listed])


def _written_in(principal: Principal, own: set[str], hung: _Hung) -> dict[str, PolicyDocument]:
    found: dict[str, PolicyDocument] = {}
    trust = principal.trust.known()
    if trust is not None:
        subject = _subject(principal.subject, "trust", trust)
        key = f"{subject.path}#{subject.address}||trust"
        found[key] = PolicyDocument(key, "trust", subject, trust, (Holder(principal.subject, "trust"),))
    kind = "permission-set" if principal.subject.kind == "permission-set" else "identity"
    for grant in principal.grants:
        if grant.policy is None or grant.through or not grant.document or grant.document in own:
            continue
        part = grant.document.rpartition("|")[2]
        subject = _subject(principal.subject, part, grant.policy, grant)
        held = hung.of(grant.document)
        found[grant.document] = PolicyDocument(grant.document, kind, subject, grant.policy, held, source=grant.source)
    return found


def _on_resources(kind: str, entries: Sequence[Entry[Any]]) -> Iterator[Entry[PolicyDocument]]:
    for entry in entries:
        listed: list[tuple[Scenario, PolicyDocument | None]] = []
        for scenario, item in entry.variants:
            policy = None if item is None or item.policy is None else item.policy.known()
            if item is None or policy is None:
                listed.append((scenario, None))
                continue
            subject = _subject(item.subject, item.subject.part, policy)
            listed.append((scenario, PolicyDocument(_key(subject, "policy"), kind, subject, policy)))
        if any(document is not None for _, document in listed):
            yield _settled(listed)


def _guarding(guardrail: Guardrail | None) -> PolicyDocument | None:
    if guardrail is None:
        return None
    subject = _subject(guardrail.subject, "", guardrail.policy)
    return PolicyDocument(_key(subject, "policy"), guardrail.kind, subject, guardrail.policy)


def _key(subject: Subject, part: str) -> str:
    return f"{subject.path}#{subject.address}|{subject.part}|{part}"


def _subject(owner: Subject, part: str, policy: Policy, grant: Grant | None = None) -> Subject:
    """A document as a part of the resource that it is written in."""
    origin = policy.origin or (owner.origin if grant is None else grant.origin)
    extent = origin if isinstance(origin, Span) else None
    return owner._replace(kind="policy", part=part, origin=origin, extent=extent)


def _statements(document: PolicyDocument) -> Iterator[PolicyStatement]:
    taken: set[str] = set()
    within = document.subject.part
    near = document.subject.origin

    def one(part: str, statement: Statement) -> PolicyStatement:
        taken.add(part)
        origin = statement.origin or near
        extent = origin if isinstance(origin, Span) else None
        subject = document.subject._replace(
            kind="statement", part=f"{within}/{part}" if within else part, origin=origin, extent=extent
        )
        return PolicyStatement(subject, document, statement)

    for number, statement in enumerate(document.policy.statements, 1):
        part = statement.sid or f"#{number}"
        yield one(part if part not in taken else f"{part} #{number}", statement)
    why = document.policy.open
    if why:
        yield one("further statements", _unread_statement(why, document))


def _unread_statement(why: str, document: PolicyDocument) -> Statement:
    origin = document.policy.origin or document.subject.origin
    return Statement(
        sid="",
        effect=Value("Effect", Unknown(why, origin)),
        principals=(),
        not_principal=False,
        actions=(),
        not_action=False,
        resources=(),
        not_resource=False,
        conditions=(),
        origin=origin,
        unread=why,
        principals_open=why,
        services_open=why,
        actions_open=why,
        resources_open=why,
        conditions_open=why,
    )


def _settled(variants: list[tuple[Scenario, T | None]]) -> Entry[T]:
    """An entry; what is the same in all scenarios depends on none."""
    first = variants[0][1]
    if first is not None and all(item == first for _, item in variants[1:]):
        return Entry((Variant(ALWAYS, first),))
    return Entry(tuple(Variant(scenario, item) for scenario, item in variants))
