"""What bears on what a principal does: its policies, what limits them, and the policy of the thing that it acts on.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION
from recoverable.policy.decision import decide
from recoverable.policy.layers import (
    BOUNDARY,
    IDENTITY,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    Attached,
    Layers,
    ResourcePolicy,
)
from recoverable.policy.patterns import fits_action
from recoverable.policy.published import published
from recoverable.policy.request import Present, Request, caller, context, segments
from recoverable.policy.statements import action_named
from recoverable.recovery.access.controls import SERVICE, ResourceControls, controls_of
from recoverable.recovery.access.symbols import arn_among, sibling, symbols_of
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate import Estate, Subject
    from recoverable.estate.principals import Grant, Principal
    from recoverable.policy.decision import Deciding, Decision
    from recoverable.policy.document import Policy, Statement
    from recoverable.policy.request import Caller, Context
    from recoverable.value import Value

#: A role that AWS Backup makes in the console, if nothing names another:
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
DEFAULT_ROLE = "service-role/AWSBackupDefaultServiceRole"

#: Whom a role must trust for AWS Backup to take it on.
AWS_BACKUP = "backup.amazonaws.com"


class Guarded(NamedTuple):
    """The policy of a thing that is acted on; `open` says why there may be one that was not read. `account` is whose it
    is, where its ARN does not say it."""

    policy: ResourcePolicy | None = None
    open: str = ""
    account: Text | None = None


NO_POLICY = Guarded()


class Narrowing:
    """Policies without the statements that are not about an action. Most have many, and few are about any one."""

    __slots__ = ("_kept", "_named")

    def __init__(self) -> None:
        #: Whether a pattern without holes names an action.
        self._named: dict[tuple[str, str], bool] = {}
        #: With the policy itself: an id is one's own only while its owner lives.
        self._kept: dict[tuple[int, str], tuple[Policy, Policy, tuple[int, ...]]] = {}

    def of(self, policy: Policy, action: str) -> tuple[Policy, tuple[int, ...]]:
        """What of a policy is about an action, and the numbers that its statements have."""
        key = (id(policy), action)
        known = self._kept.get(key)
        if known is None:
            numbers = tuple(
                number for number, statement in enumerate(policy.statements) if self._may_name(statement, action)
            )
            narrow = policy._replace(statements=tuple(policy.statements[number] for number in numbers))
            known = self._kept[key] = (policy, narrow, numbers)
        return known[1], known[2]

    def _may_name(self, statement: Statement, action: str) -> bool:
        found = False
        for pattern in statement.actions:
            written = pattern.literal()
            if written is None or statement.actions_open:
                return action_named(statement, action).answer is not Answer.NO
            key = (written, action)
            known = self._named.get(key)
            if known is None:
                known = self._named[key] = fits_action(pattern, Text((action,))) is not Answer.NO
            found = found or known
        if statement.actions_open:
            return True
        return found is not statement.not_action

    def layers(self, layers: Layers, action: str) -> Layers:
        """The same layers with what is about an action."""

        def narrowed(attached: tuple[Attached, ...]) -> tuple[Attached, ...]:
            return tuple(each._replace(policy=self.of(each.policy, action)[0]) for each in attached)

        return layers._replace(
            identity=narrowed(layers.identity),
            boundary=None if layers.boundary is None else narrowed(layers.boundary),
            service_control=tuple(map(narrowed, layers.service_control)),
            resource_control=tuple(map(narrowed, layers.resource_control)),
        )

    def numbered(self, decision: Decision, layers: Layers, action: str) -> Decision:
        """A decision whose statements have the numbers that they have in the whole policies."""

        def policies(one: Deciding) -> tuple[Attached, ...] | None:
            match one.layer:
                case _ if one.layer == IDENTITY:
                    return layers.identity
                case _ if one.layer == BOUNDARY:
                    return layers.boundary
                case _ if one.layer == SERVICE_CONTROL:
                    return layers.service_control[one.level]
                case _ if one.layer == RESOURCE_CONTROL:
                    return layers.resource_control[one.level]
            return None

        deciding = []
        for one in decision.deciding:
            attached = policies(one)
            numbers = () if attached is None else self.of(attached[one.policy].policy, action)[1]
            deciding.append(one._replace(number=numbers[one.number]) if numbers else one)
        return decision._replace(deciding=tuple(deciding))


class Standing(NamedTuple):
    """A principal with all policies that bear on it, references resolved. `title` is what a report calls it.

    `controls` are the resource control policies, which go by the account of what is acted on.
    """

    title: str
    caller: Caller
    layers: Layers
    narrowing: Narrowing
    subject: Subject | None = None
    controls: ResourceControls | None = None

    def asks(self, action: str, resource: Text, context: Context, guarded: Guarded = NO_POLICY) -> Decision:
        """Whether it may do something to a resource."""
        request = Request(self.caller, action, resource, context, account=guarded.account or self._account(resource))
        whole = self.layers
        if self.controls is not None:
            levels, open_ = self.controls.of(request.resource_account())
            whole = whole._replace(resource_control=levels, resource_control_open=open_)
        layers = self.narrowing.layers(whole, action)
        decision = decide(request, layers._replace(resource=guarded.policy, resource_open=guarded.open))
        return self.narrowing.numbered(decision, whole, action)

    def may_ask(self, action: str) -> bool:
        """Whether something may allow it an action on something."""
        if self.layers.identity_open:
            return True
        narrow = (self.narrowing.of(policy, action)[0] for policy in self.allowing())
        return any(
            policy.open or any(statement.effect.known() != "Deny" for statement in policy.statements)
            for policy in narrow
        )

    def allowing(self) -> Iterator[Policy]:
        """The policies that give it something."""
        return (attached.policy for attached in self.layers.identity)

    def _account(self, resource: Text) -> Text | None:
        """The account of a bucket, whose ARN has none: the caller's own, as far as nothing else is said."""
        first = resource.parts[0] if resource.parts else ""
        return self.caller.account if isinstance(first, str) and ":s3:" in resource.shown() else None


def standing_of(
    principal: Principal,
    estate: Estate,
    narrowing: Narrowing | None = None,
    resource_controls: ResourceControls | None = None,
) -> Standing:
    """How a principal stands, in the estate's run."""
    symbols = symbols_of(estate)
    own = _arn(principal)
    identity: list[Attached] = []
    opened = [principal.open]
    for grant in principal.grants:
        found = _policy(grant)
        if found is None:
            opened.append(f"{grant.name.shown()} is not in what was read")
        else:
            identity.append(Attached(symbols.policy(found[0]), found[1], grant.doubt))
    boundary, boundary_open = _boundary(principal.boundary, estate)
    account = caller(own).account
    resource_controls = resource_controls or ResourceControls(estate)
    organization = resource_controls.organization
    keys = {"aws:principalorgid": Present((Text((organization,)),))} if organization else {}
    controls, controls_open = controls_of(SERVICE, account, estate)
    return Standing(
        principal.subject.title(),
        caller(own, tuple(principal.names))._replace(keys=keys),
        Layers(
            identity=tuple(identity),
            boundary=boundary,
            service_control=controls,
            identity_open="; ".join(dict.fromkeys(filter(None, opened))),
            boundary_open=boundary_open,
            service_control_open=controls_open,
        ),
        narrowing or Narrowing(),
        principal.subject,
        resource_controls,
    )


def standing_with(policy: Policy, title: str, account: Text) -> Standing:
    """How somebody stands who has one policy and nothing else: for a policy that hangs on nobody."""
    own = joined(
        "arn:", Hole("its partition is not known", PARTITION), ":iam::", account, ":role/", Hole("nobody has it yet")
    )
    return Standing(title, caller(own), Layers(identity=(Attached(policy, title),)), Narrowing())


def default_role(table: Text) -> Standing:
    """The role that AWS Backup makes in the console of a table's account, of which nothing was read."""
    own = sibling(table, "iam", "role/", DEFAULT_ROLE)
    fields = segments(own, ":", 5)
    own = joined("arn:", fields[1], ":iam::", fields[4], ":", fields[5])
    why = "which role AWS Backup is to take on, and what that may do, is not in what was read"
    return Standing("AWSBackupDefaultServiceRole", caller(own), Layers(identity_open=why), Narrowing())


def guarded_by(value: Value[Policy | None] | None, kind: str, name: str, estate: Estate) -> Guarded:
    """The policy of a table, vault or key, as a layer."""
    if value is None:
        return Guarded(None, f"the policy of {name} is not in what was read")
    state = value.state
    if isinstance(state, Unknown):
        return Guarded(None, f"the policy of {name} is not known: {state.reason}")
    if state.value is None:
        return NO_POLICY
    policy = symbols_of(estate).policy(state.value)
    return Guarded(ResourcePolicy((Attached(policy, f"the policy of {name}"),), kind))


def _arn(principal: Principal) -> Text:
    """The ARN that it acts under. What Identity Center makes of a permission set has a name of its own."""
    subject = principal.subject
    written = arn_among(principal.names)
    if subject.kind == "permission-set":
        state = subject.account.state
        account = state.text if isinstance(state, Unknown) else Text((state.value,))
        ending = Hole(f"{subject.title()} becomes a role when it is given to somebody")
        name = subject.name.known() or ending
        account = account or Text((Hole("its account is not known", ACCOUNT),))
        head = joined("arn:", Hole("its partition is not known", PARTITION), ":iam::", account)
        return joined(head, ":role/aws-reserved/sso.amazonaws.com/", ending, "/AWSReservedSSO_", name, "_", ending)
    if written is not None:
        return written
    account = Text((Hole("its account is not known", ACCOUNT),))
    return joined(
        "arn:", Hole("its partition is not known", PARTITION), ":iam::", account, f":{subject.kind}/",
        Hole(f"the name of {subject.title()} is not known"),
    )  # fmt: skip


def _policy(grant: Grant) -> tuple[Policy, str] | None:
    """The policy of a grant, and what it is called; one that AWS wrote as it is known to be."""
    if grant.policy is not None:
        own = grant.name.stands_for()
        # What gets its name when it is made is called by its address.
        return grant.policy, own.rpartition("#")[2].removesuffix(".Ref") or grant.name.shown()
    known = published("".join(part if isinstance(part, str) else _partition(part) for part in grant.name.parts))
    return None if known is None else (known.policy, f"{known.name} {known.version}".rstrip())


def _partition(hole: Hole) -> str:
    return "aws" if hole.stands_for == PARTITION else hole.shown()


def _boundary(value: Value[Grant | None], estate: Estate) -> tuple[tuple[Attached, ...] | None, str]:
    state = value.state
    if isinstance(state, Unknown):
        return None, f"its permissions boundary is not known: {state.reason}"
    if state.value is None:
        return None, ""
    found = _policy(state.value)
    if found is None:
        return None, f"its permissions boundary {state.value.name.shown()} is not in what was read"
    return (Attached(symbols_of(estate).policy(found[0]), found[1], state.value.doubt),), ""


def taken_on(role: Standing, trust: Value[Policy | None], who: Standing, estate: Estate) -> Decision:
    """Whether somebody may take on a role: its trust policy has to say so, whatever the other's own policies say."""
    guarded = guarded_by(trust, "trust", f"{role.title} (trust)", estate)
    return who.asks("sts:AssumeRole", role.caller.arn, context({}), guarded)


def aws_backup(controls: ResourceControls | None = None) -> Standing:
    """AWS Backup itself, as one that takes on roles."""
    return Standing(AWS_BACKUP, caller(AWS_BACKUP), Layers(), Narrowing(), controls=controls)
