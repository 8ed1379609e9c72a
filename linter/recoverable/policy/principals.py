"""Whom the Principal and NotPrincipal elements of a resource policy mean.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from enum import IntEnum

from recoverable.arn import ACCOUNT
from recoverable.policy.patterns import glob, glob_contains
from recoverable.policy.request import Present, field, segments
from recoverable.text import Text, joined
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Principal, Statement
    from recoverable.policy.request import Caller, Context


class Reach(IntEnum):
    """How a statement means the caller. A role's sessions are limited by its boundary where the role is named, and not
    where the session is; naming the account leaves the choice to the account's own policies."""

    ACCOUNT = 1
    ROLE = 2
    ITSELF = 3


_YES, _NO, _UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def meant(statement: Statement, caller: Caller, context: Context, *, bounded: Answer) -> dict[Reach, Answer]:
    """Whether a statement means the caller, by how it does. `bounded`: the caller has a permissions boundary."""
    if statement.not_principal:
        spared = _any([_spares(principal, caller, context) for principal in statement.principals])
        if statement.principals_open and spared is not _YES:
            spared = _UNKNOWN
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
        if statement.effect.known() == "Deny" and spared is not _NO and bounded is not _NO:
            spared = _NO if bounded is _YES else _UNKNOWN
        return {Reach.ITSELF: _NO if spared is _YES else _YES if spared is _NO else _UNKNOWN}
    found: dict[Reach, Answer] = {}
    for principal in statement.principals:
        reach, answer = _meaning(principal, caller, context)
        found[reach] = _any([found.get(reach, _NO), answer])
    if statement.principals_open:
        for reach in Reach:
            found[reach] = _any([found.get(reach, _NO), _UNKNOWN])
    return found


def _spares(principal: Principal, caller: Caller, context: Context) -> Answer:
    """Whether one entry of NotPrincipal exempts the caller. An account exempts its root user alone, not everyone in it.

    The guide wants the account, and of a session the role as well, to be named beside; where only the caller itself is,
    services differ, and it is taken as spared.
    """
    reach, answer = _meaning(principal, caller, context)
    if reach is Reach.ACCOUNT:
        return answer if caller.kind == "root" else _NO
    return answer


def _meaning(principal: Principal, caller: Caller, context: Context) -> tuple[Reach, Answer]:
    name = principal.name
    whole = name.literal()
    if whole == "*" and principal.type in {"*", "AWS"}:
        return Reach.ITSELF, _YES
    if principal.type == "*" and whole is None and not name.stands_for():
        return Reach.ITSELF, _UNKNOWN
    if caller.kind == "service":
        # An identity provider is known by a name as a service is.
        return Reach.ITSELF, _equal(name, caller.arn) if principal.type in {"Service", "Federated"} else _NO
    if principal.type == "Federated":
        return Reach.ITSELF, _equal(name, caller.arn) if caller.kind in {"other", "federated"} else _NO
    if principal.type != "AWS" or caller.kind == "anonymous":
        return Reach.ITSELF, _NO
    if any(name.identity() is not None and name.identity() == other.identity() for other in caller.others):
        return (Reach.ROLE if caller.kind in {"role", "session"} else Reach.ITSELF), _YES
    account = account_named(name)
    if account is not None:
        reach = Reach.ITSELF if caller.kind == "root" else Reach.ACCOUNT
        return reach, _NO if caller.account is None else _equal(account, caller.account)
    if whole is not None and ":" not in whole:
        return Reach.ITSELF, _by_unique_id(whole, context)
    if whole is None and field(name, 5) is None:
        # `${Role.Arn}` of somebody who is not the caller as far as that is known.
        return Reach.ROLE if caller.kind in {"role", "session"} else Reach.ITSELF, _may_be(name, caller)
    return _by_arn(name, caller)


def account_named(name: Text) -> Text | None:
    """The account that a principal names as a whole, by its id or its root user; None if it names somebody else."""
    whole = name.literal()
    if whole is not None and len(whole) == 12 and whole.isascii() and whole.isdigit():
        return name
    if name.stands_for() == ACCOUNT:
        return name
    resource = field(name, 5)
    return field(name, 4) if resource is not None and resource.literal() == "root" else None


def _by_arn(name: Text, caller: Caller) -> tuple[Reach, Answer]:
    """An entry that is an ARN; it has no wildcards. What a session is called does not tell its role's path."""
    resource, account = field(name, 5), field(name, 4)
    assert resource is not None
    assert account is not None
    if caller.kind in {"role", "session"} and _starts(resource, "role/"):
        if caller.account is None:
            return Reach.ROLE, _NO
        same = [_equal(account, caller.account)]
        if caller.kind == "role":
            own = field(caller.arn, 5)
            same.append(_UNKNOWN if own is None else _equal(resource, own))
        else:
            same.append(_equal(segments(resource, "/")[-1], caller.name))
        return Reach.ROLE, _all(same)
    return Reach.ITSELF, _equal(name, caller.arn)


def _by_unique_id(identifier: str, context: Context) -> Answer:
    """`AROA...` or `AIDA...`, which a policy shows when the role or user that it named is gone.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    own = context.find("aws:userid")
    if isinstance(own, str):
        return _UNKNOWN if identifier[:4] in {"AROA", "AIDA"} else _NO
    if not isinstance(own, Present):
        return _NO
    return _any([glob_contains((identifier,), glob(segments(value, ":")[0], wild=False)) for value in own.values])


def _may_be(name: Text, caller: Caller) -> Answer:
    """Whether a name of which only a hole is known may be the caller's; names that stand for others are not. The
    value of a parameter stands for nobody: it may be anybody's.
    """
    if name.identity() is None or any(not hole.stands_for for hole in name.holes()):
        return _UNKNOWN
    known = [other for other in caller.others if other.identity() is not None and other.holes()]
    return _NO if known else _UNKNOWN


def _starts(text: Text, beginning: str) -> bool:
    return bool(text.parts) and isinstance(text.parts[0], str) and text.parts[0].startswith(beginning)


def _equal(one: Text, other: Text) -> Answer:
    if one.literal() is None or other.literal() is None:
        mine, theirs = one.identity(), other.identity()
        if mine is not None and mine == theirs:
            return _YES
        first, second = segments(one, ":"), segments(other, ":")
        if len(first) == len(second) == 6 and _one_partition(first[1], second[1]):
            return _all([_equal(a, b) for a, b in zip(first[2:], second[2:], strict=True)])
    return glob_contains(glob(one, wild=False), glob(other, wild=False))


def _one_partition(one: Text, other: Text) -> bool:
    return joined(one) == joined(other) or "AWS::Partition" in {one.stands_for(), other.stands_for()}


def _any(answers: list[Answer]) -> Answer:
    return _YES if _YES in answers else _UNKNOWN if _UNKNOWN in answers else _NO


def _all(answers: list[Answer]) -> Answer:
    return _NO if _NO in answers else _UNKNOWN if _UNKNOWN in answers else _YES
