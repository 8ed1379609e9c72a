"""A request as AWS sees it: who asks for what, on which resource, with which context keys.

https://docs.aws.amazon.com/IAM/latest/UserGuide/intro-structure.html#intro-structure-request
"""

from __future__ import annotations

from recoverable.policy.patterns import fits
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Plain = str | bool | int | Text | list[str]

#: Keys that may have several values in one request, so that they need ForAllValues or ForAnyValue.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
MANY = frozenset((
    "aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist", "aws:resourceorgpaths",
    "aws:sourceorgpaths", "aws:tagkeys", "aws:vpceorgpaths", "backup:copytargetorgpaths", "backup:copytargets",
    "backup:indexcopytargets", "dynamodb:attributes", "dynamodb:firstpartitionkeyvalues", "dynamodb:fistargetarns",
    "dynamodb:fourthpartitionkeyvalues", "dynamodb:leadingkeys", "dynamodb:secondpartitionkeyvalues",
    "dynamodb:thirdpartitionkeyvalues", "kms:encryptioncontextkeys", "kms:grantoperations", "kms:requestalias",
    "kms:resourcealiases",
))  # fmt: skip


#: Stands for an account that is neither the caller's nor any that a policy names: no account is called so.
SOMEBODY_ELSE = "somebody-else"


class Present(NamedTuple):
    """A key that the request has. `many`: it is one of those that may have several values, however many it has."""

    values: tuple[Text, ...]
    many: bool = False


class Context(NamedTuple):
    """The context keys of a request, by their names in lower case.

    `known` are those that it has, with their values; a value may be a text with holes. `absent` are those that it does
    not have; `unknown` those of which nobody knows, with the reason. `open` says why any other key may be there; if it
    is empty there are no others.
    """

    known: Mapping[str, Present]
    absent: frozenset[str] = frozenset()
    unknown: Mapping[str, str] = {}
    open: str = "what a request carries is not known"

    def find(self, key: str) -> Present | str | None:
        """What is known of a key: its values, None if it is not there, or why that cannot be told."""
        name = key.lower()
        present = self.known.get(name)
        if present is not None:
            return present if present.values else None
        if name in self.absent:
            return None
        return self.unknown.get(name) or self.open or None

    def with_(self, more: Mapping[str, Present]) -> Context:
        """The same with further keys; what was known or said of them before goes first."""
        added = {
            key: value
            for key, value in more.items()
            if key not in self.known and key not in self.absent and key not in self.unknown
        }
        return self._replace(known={**added, **self.known}) if added else self


def context(
    known: Mapping[str, Plain],
    *,
    absent: tuple[str, ...] = (),
    unknown: Mapping[str, str] | None = None,
    open_: str = "",
) -> Context:
    """A context out of plain values. Unless `open_` says why there may be more, it is complete."""
    return Context(
        {key.lower(): _present(value) for key, value in known.items()},
        frozenset(key.lower() for key in absent),
        {key.lower(): reason for key, reason in (unknown or {}).items()},
        open_,
    )


def _present(value: Plain) -> Present:
    if isinstance(value, Text):
        return Present((value,))
    if isinstance(value, list):
        return Present(tuple(joined(each) for each in value), many=True)
    if isinstance(value, bool):
        return Present((joined("true" if value else "false"),))
    return Present((joined(str(value)),))


class Caller(NamedTuple):
    """Who asks.

    `kind` is `user`, `role`, `session` (of a role), `federated`, `root`, `service`, `anonymous` or `other`. `arn` is
    its ARN (of a service its name), `account` that which it belongs to, `name` what a user or role is called without
    its path. `others` are further texts that mean it, such as `${Role.Arn}` in a template. `linked` says whether it is
    a service-linked role, which neither service nor resource control policies bind. `keys` are the context keys (in
    lower case) that it brings along wherever it calls: its tags, its organization, its id.
    """

    kind: str
    arn: Text
    account: Text | None
    name: Text
    others: tuple[Text, ...] = ()
    linked: Answer = Answer.NO
    keys: Mapping[str, Present] = {}

    def role_arn(self) -> Text:
        """What `aws:PrincipalArn` is: of a session, the ARN of its role."""
        if self.kind != "session" or self.account is None:
            return self.arn
        partition = field(self.arn, 1)
        return joined("arn:", partition or "aws", ":iam::", self.account, ":role/", self.name)


class Request(NamedTuple):
    """`resource` is an ARN, or `*` for an action that is about none in particular; a part of it that is a hole stands
    for any: `table/orders/backup/${?}` is some backup. `others` are further texts that mean the same resource.
    `account` is the resource's account where its ARN has none (S3)."""

    caller: Caller
    action: str
    resource: Text
    context: Context
    others: tuple[Text, ...] = ()
    account: Text | None = None

    @property
    def service(self) -> str:
        return self.action.partition(":")[0].lower()

    def resource_account(self) -> Text | None:
        """The account that the resource belongs to; that of the caller where the request is about no resource."""
        if self.account is not None:
            return self.account
        own = field(self.resource, 4)
        if own is not None and own.parts and (own.literal() is None or _is_account(own.literal() or "")):
            return own
        # What AWS owns itself (`arn:aws:iam::aws:policy/...`) is nobody else's.
        return self.caller.account if self.resource.literal() == "*" or (own is not None and own.parts) else None

    def full_context(self) -> Context:
        """The context with the keys that follow from who asks for what, which AWS adds to every request.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        caller = self.caller
        more: dict[str, Present] = dict(caller.keys)
        if caller.kind == "service":
            more["aws:principalservicename"] = Present((caller.arn,))
        elif caller.kind != "anonymous":
            more["aws:principalarn"] = Present((caller.role_arn(),))
            if caller.account is not None:
                more["aws:principalaccount"] = Present((caller.account,))
        kind = _TYPES.get(caller.kind)
        if kind:
            more["aws:principaltype"] = Present((joined(kind),))
        more["aws:principalisawsservice"] = Present((joined("true" if caller.kind == "service" else "false"),))
        if caller.kind == "user":
            more["aws:username"] = Present((caller.name,))
        account = self.resource_account()
        if account is not None:
            more["aws:resourceaccount"] = Present((account,))
        return self.context.with_(more)


_TYPES = {
    "user": "User", "role": "AssumedRole", "session": "AssumedRole", "root": "Account", "federated": "FederatedUser",
    "anonymous": "Anonymous",
}  # fmt: skip


def caller(principal: Text | str, others: tuple[Text, ...] = ()) -> Caller:
    """Who a principal is: an ARN of IAM or STS, the name of a service, an account id, or `*` for anybody at all."""
    text = joined(principal) if isinstance(principal, str) else principal
    whole = text.literal()
    if whole is not None and ":" not in whole:
        if whole == "*":
            return Caller("anonymous", text, None, text, others)
        if _is_account(whole):
            return Caller("root", joined("arn:aws:iam::", whole, ":root"), text, joined("root"), others)
        return Caller("service" if "." in whole else "other", text, None, text, others)
    resource = field(text, 5)
    if resource is None:
        return Caller("other", text, None, text, others)
    account = field(text, 4)
    first = resource.parts[0] if resource.parts else ""
    word = first.partition("/")[0] if isinstance(first, str) else ""
    kind = {
        "user": "user", "role": "role", "assumed-role": "session", "federated-user": "federated", "root": "root",
    }.get(word, "other")  # fmt: skip
    pieces = segments(resource, "/")
    name = pieces[1] if kind == "session" and len(pieces) > 1 else pieces[-1]
    linked = Answer.NO
    if kind == "role":
        linked = fits(joined("role/aws-service-role/*"), resource)
    elif kind == "session":
        # The ARN of a session leaves out its role's path, which would tell.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
        linked = fits(joined("AWSServiceRoleFor*"), name)
    return Caller(kind, text, account if account is not None and account.parts else None, name, others, linked)


def field(arn: Text, at: int) -> Text | None:
    """A field of an ARN (0 to 5), None for a text that is none as far as it is written."""
    pieces = segments(arn, ":", 5)
    if len(pieces) < 6 or any(
        isinstance(part, Hole) and not part.stands_for.startswith("AWS::")
        for piece in pieces[:3]
        for part in piece.parts
    ):
        return None
    return pieces[at]


def segments(text: Text, mark: str, most: int = -1) -> list[Text]:
    """The parts of a text between marks; a hole stays within one part. `most` is how often to divide it."""
    found: list[list[str | Hole]] = [[]]
    for part in text.parts:
        if isinstance(part, Hole):
            found[-1].append(part)
            continue
        left = -1 if most < 0 else most - len(found) + 1
        first, *rest = part.split(mark, left) if left else [part]
        found[-1].append(first)
        found.extend([piece] for piece in rest)
    return [joined(*piece) for piece in found]


def _is_account(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()
