"""Everything that IAM knows of an account: what `get-account-authorization-details` answers, from a file or a snapshot.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

import re

from recoverable.estate.documents import PolicyDocument
from recoverable.estate.principals import Grant, Principal
from recoverable.estate.tables import Tags
from recoverable.policy.document import Policy
from recoverable.read.aws_policies import of_aws
from recoverable.read.data import Datum, Fields, Items, find
from recoverable.read.policies import read_policy
from recoverable.text import Text
from recoverable.typed import NamedTuple, cast
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverable.estate import Subject
    from recoverable.source import Span

#: By the list that they stand in: the kind of principal, what it is called, and its list of inline policies.
LISTS = {
    "RoleDetailList": ("role", "RoleName", "RolePolicyList"),
    "UserDetailList": ("user", "UserName", "UserPolicyList"),
    "GroupDetailList": ("group", "GroupName", "GroupPolicyList"),
}
POLICIES = "Policies"

_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})++")


class Details(NamedTuple):
    """The principals and managed policies of one account."""

    principals: tuple[Principal, ...]
    documents: tuple[PolicyDocument, ...]


def read_details(
    pages: Iterable[Datum], subject: Callable[[str, str, str, Datum], Subject], opened: str = ""
) -> Details:
    """What the pages of an answer hold together, in their order.

    `subject` makes the identity of a thing of its kind, ARN, name and entry. `opened` says why there may be more than
    the pages hold; then nobody's policies can be told to be all.
    """
    return _Reader(tuple(pages), subject, opened).details()


def document(datum: Datum) -> Policy:
    """A policy document as IAM gives it: a mapping, or JSON text that may be encoded as in a URL (RFC 3986)."""
    if isinstance(datum.content, str):
        return read_policy(datum._replace(content=plain_text(datum.content)))
    return read_policy(datum)


def plain_text(text: str) -> str:
    """A document's text; one that is encoded as in a URL has a brace as its first character."""
    if not text.lstrip().lower().startswith("%7b"):
        return text
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text)


class _Reader:
    def __init__(
        self, pages: tuple[Datum, ...], subject: Callable[[str, str, str, Datum], Subject], opened: str
    ) -> None:
        self._pages = pages
        self._subject = subject
        self._opened = opened
        self._policies: dict[str, PolicyDocument] = {}
        self._groups: dict[str, tuple[list[Grant], str, str]] = {}

    def details(self) -> Details:
        for entry in self._entries(POLICIES):
            found = self._policy(entry)
            if found is not None:
                self._policies[found.key] = found
        principals: list[Principal] = []
        # A user has what its groups have, so that these come first.
        for key in ("GroupDetailList", "RoleDetailList", "UserDetailList"):
            for entry in self._entries(key):
                principal = self._principal(entry, key)
                if principal is not None:
                    principals.append(principal)
        # AWS's own policies are nobody's here to change.
        own = tuple(one for one in self._policies.values() if not _is_of_aws(one.key))
        return Details(tuple(principals), own)

    def _entries(self, key: str) -> Iterator[Datum]:
        for page in self._pages:
            listed = page.fields().get(key)
            if listed is not None and isinstance(listed.content, Items):
                yield from (entry for entry in listed.list() if isinstance(entry.content, Fields))

    def _policy(self, entry: Datum) -> PolicyDocument | None:
        arn = _word(entry, "Arn")
        if not arn:
            return None
        versions = entry.fields().get("PolicyVersionList")
        policy = Policy((), entry.origin, open="its default version is not in the answer")
        for version in () if versions is None else versions.list():
            fields = version.fields()
            default = fields.get("IsDefaultVersion")
            if (default is not None and default.content is True) or (
                default is None and _word(version, "VersionId") == _word(entry, "DefaultVersionId")
            ):
                written = fields.get("Document")
                if written is not None:
                    policy = document(written)
        subject = self._subject("policy", arn, _word(entry, "PolicyName"), entry)
        return PolicyDocument(arn, "unattached", subject, policy)

    def _principal(self, entry: Datum, key: str) -> Principal | None:
        kind, called, inline = LISTS[key]
        arn, name = _word(entry, "Arn"), _word(entry, called)
        if not arn or not name:
            return None
        subject = self._subject(kind, arn, name, entry)
        at = entry.origin
        opened = [self._opened, entry.fields().open]
        grants = [*self._inline(entry, arn, inline, opened), *self._managed(entry, opened)]
        own_open = "; ".join(dict.fromkeys(filter(None, opened)))
        if kind == "group":
            self._groups[name] = (list(grants), own_open, arn)
        if kind == "user":
            groups = find(entry, at, "GroupList")
            for item in () if groups.datum is None else groups.datum.list():
                group = self._groups.get(item.text().literal() or "")
                if group is None:
                    opened.append(f"what the group {item.text().shown()} may do is not in the answer")
                else:
                    grants.extend(grant._replace(through=group[2]) for grant in group[0])
                    opened.append(group[1])
        return Principal(
            subject=subject,
            names=tuple(dict.fromkeys((Text((arn,)), Text((name,))))),
            trust=self._trust(entry, kind),
            grants=tuple(grants),
            boundary=self._boundary(entry, kind),
            tags=_tags(entry) if kind in ("role", "user") else None,
            open="; ".join(dict.fromkeys(filter(None, opened))),
        )

    def _trust(self, entry: Datum, kind: str) -> Value[Policy | None]:
        key = "AssumeRolePolicyDocument"
        if kind != "role":
            return Value(key, Known(None, entry.origin, defaulted=True))
        written = entry.fields().get(key)
        if written is None:
            return Value(key, Unknown(entry.fields().open or f"the answer holds no {key}", entry.origin))
        return Value(key, Known(document(written), written.origin))

    def _inline(self, entry: Datum, arn: str, key: str, opened: list[str]) -> Iterator[Grant]:
        listed = find(entry, entry.origin, key)
        if listed.datum is None:
            return
        opened.append(listed.datum.list().open)
        for item in listed.datum.list():
            name = _word(item, "PolicyName")
            written = item.fields().get("PolicyDocument")
            policy = (
                Policy((), item.origin, open="there is no PolicyDocument") if written is None else document(written)
            )
            yield Grant(Text((name or "inline",)), "inline", policy, item.origin, document=f"{arn}|{name}")

    def _managed(self, entry: Datum, opened: list[str]) -> Iterator[Grant]:
        listed = find(entry, entry.origin, "AttachedManagedPolicies")
        if listed.datum is None:
            return
        opened.append(listed.datum.list().open)
        for item in listed.datum.list():
            yield self._by_arn(_word(item, "PolicyArn"), item.origin)

    def _by_arn(self, arn: str, at: Span) -> Grant:
        there = self._policies.get(arn)
        name = Text((arn,) if arn else ())
        if _is_of_aws(arn):
            return of_aws(name, at) if there is None else Grant(name, "aws-managed", there.policy, at)
        if there is None:
            return Grant(name, "managed", None, at)
        return Grant(name, "managed", there.policy, at, document=there.key)

    def _boundary(self, entry: Datum, kind: str) -> Value[Grant | None]:
        key = "PermissionsBoundary"
        written = entry.fields().get(key)
        if written is None or kind == "group":
            if entry.fields().open and kind != "group":
                return Value(key, Unknown(entry.fields().open, entry.origin))
            return Value(key, Known(None, entry.origin, defaulted=True))
        arn = _word(written, "PermissionsBoundaryArn")
        if not arn:
            return Value(key, Unknown("the answer does not say which policy it is", written.origin))
        return Value(key, Known(self._by_arn(arn, written.origin), written.origin))


def _tags(entry: Datum) -> Tags:
    """A role's tags; a user without any comes without the list."""
    fields = entry.fields()
    written = fields.get("Tags")
    if written is None:
        return Tags((), fields.open)
    entries = [
        (_word(item, "Key"), find(item, item.origin, "Value").string(""))
        for item in written.list()
        if _word(item, "Key")
    ]
    return Tags(tuple(entries), written.list().open)


def _is_of_aws(arn: str) -> bool:
    return ":iam::aws:policy/" in arn


def _word(owner: Datum, key: str) -> str:
    found = find(owner, owner.origin, key).string("").known()
    return cast("str", found) or ""
