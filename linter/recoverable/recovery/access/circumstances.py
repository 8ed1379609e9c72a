"""The context that requests for a capability carry: what is known of it, what is not there, what nobody knows.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Restore.Tutorial.html
"""

from __future__ import annotations

from recoverable.policy.request import SOMEBODY_ELSE, Context, Present, field
from recoverable.recovery.access.requirements import FOREIGN_BUCKET, POINT, REPLICA, VAULT, VAULT_KEY
from recoverable.text import Text, joined
from recoverable.value import Known, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.recovery.access.requirements import Need
    from recoverable.recovery.access.targets import Target
    from recoverable.value import Value

#: Stands for an address of AWS's own, which is in nobody's list of addresses: it is kept for documentation (RFC 5737).
_OF_AWS = "192.0.2.1"

#: Keys that only some requests have, and these do not.
_ABSENT = frozenset(("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "kms:viaservice"))

#: What may be in another Region than the table.
_ELSEWHERE = (POINT, VAULT, VAULT_KEY, REPLICA)

OPEN = "it is up to the request"


def context_of(need: Need, target: Target, resource: Text | None = None) -> Context:
    """The context of a request for a need, about a resource: a vault may be in another Region than the table.

    What a service does for the caller carries `aws:ViaAWSService` and comes from an address of AWS's own: a restore is
    cancelled where policies let only certain addresses at the new table.
    """
    written = None if resource is None or need.on not in _ELSEWHERE else field(resource, 3)
    region = written if written is not None and written.parts else _text(target.subject.region)
    known: dict[str, Present] = {
        "aws:viaawsservice": _one("true" if need.forwarded else "false"),
        "aws:securetransport": _one("true"),
        "aws:requestedregion": Present((region,)),
    }
    absent = set(_ABSENT)
    if need.forwarded:
        known["aws:sourceip"] = _one(_OF_AWS)
        absent -= {"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"}
        absent |= {"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"}
        first = _one(f"{need.via or 'dynamodb'}.amazonaws.com")
        known["aws:calledvia"] = first._replace(many=True)
        known["aws:calledviafirst"] = known["aws:calledvialast"] = first
    if need.via:
        known["kms:viaservice"] = Present((joined(f"{need.via}.", region, ".amazonaws.com"),))
        absent.discard("kms:viaservice")
    if need.on == FOREIGN_BUCKET:
        known["s3:resourceaccount"] = known["aws:resourceaccount"] = _one(SOMEBODY_ELSE)
        known["aws:resourceorgid"] = _one("o-of-somebody-else")
    for key, value in need.context:
        known[key.lower()] = _one(value)
    if need.on == "table" and target.item is not None:
        known |= _tags(target)
        tags = target.item.tags
        closed = (
            not tags.open and tags.unnamed is None and all(isinstance(each.state, Known) for _, each in tags.entries)
        )
        return Context(known, _NoOtherTags(absent) if closed else frozenset(absent), {}, OPEN)
    return Context(known, frozenset(absent), {}, OPEN)


class _NoOtherTags(frozenset[str]):
    """Keys that are not there, and with them every tag of a table whose tags are all known, however it is called."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, str) and key.startswith("aws:resourcetag/"))


def _tags(target: Target) -> dict[str, Present]:
    assert target.item is not None
    found: dict[str, Present] = {}
    for key, value in target.item.tags.entries:
        if isinstance(value.state, Known):
            found[f"aws:resourcetag/{key.lower()}"] = _one(value.state.value)
    return found


def _one(text: str) -> Present:
    return Present((joined(text),))


def _text(value: Value[str]) -> Text:
    state = value.state
    if isinstance(state, Unknown):
        return state.text or joined("")
    return Text((state.value,))
