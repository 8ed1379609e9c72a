"""Whether code on a schedule makes backups of tables by itself, beside all plans.

What the code of a function does is not read. That its role may call CreateBackup, by a pattern that speaks of backups,
is taken for what the role is made for; one that may do anything with DynamoDB leaves it open. Only actions are looked
at here, no resources and no conditions.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
"""

from __future__ import annotations

from recoverable.glob import matches
from recoverable.recovery.answers import once
from recoverable.recovery.backups.places import same
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Listing, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.estate import Estate
    from recoverable.estate.principals import Grant, Principal, ScheduledCode
    from recoverable.policy.document import Policy, Statement
    from recoverable.source import Origin
    from recoverable.text import Text
    from recoverable.value import Entry

CREATE = "dynamodb:CreateBackup"

#: Policies of AWS that allow CreateBackup among much else; all others leave it out.
#: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
WIDE_POLICIES = (
    "AWSBackupFullAccess", "AWSBackupServiceRolePolicyForBackup", "AdministratorAccess", "AmazonDynamoDBFullAccess",
    "AmazonDynamoDBFullAccess_v2", "AmazonDynamoDBFullAccesswithDataPipeline", "PowerUserAccess",
)  # fmt: skip


#: What takes on the role of code, as trust policies call it; in some Regions with `.cn` behind it.
_SERVICES = {"function": "lambda.amazonaws.com", "state-machine": "states.amazonaws.com"}


def makes_backups(code: ScheduledCode, estate: Estate) -> Truth:
    """Whether code that a schedule starts makes backups by itself."""
    on = code.enabled.equals(True)
    if on.answer is Answer.NO:
        return on
    calls = [
        yes(f"it calls {call.action}", call.origin) for call in code.calls if call.action.lower() == CREATE.lower()
    ]
    if calls:
        made = some(calls)
    elif code.open:
        made = unknown(f"what it starts is not known: {code.open}", code.subject.origin)
    elif code.subject.kind == "schedule":
        return no(f"it does not call {CREATE}", code.trigger)
    else:
        made = _role_may(code, estate)
    found = every((made, on))
    if found.answer is not Answer.YES:
        return found
    return Truth(
        Answer.YES, (*made.facts, Fact(f"its schedule is {code.schedule.known() or 'not known'}", code.trigger))
    )


def _role_may(code: ScheduledCode, estate: Estate) -> Truth:
    """Whether the role that the code runs as is made for backups."""

    def any_role() -> Truth:
        return estate.principals.any(
            lambda principal: _could_be(principal, code), "no role that it could run as may make backups"
        )

    state = code.role.state
    if isinstance(state, Unknown):
        hidden = unknown(f"which role it runs as is not known: {state.reason}", code.role.origin)
        if code.subject.path:
            return hidden
        # In an account all roles are known, and often none that it could have may make backups.
        could = once(estate, f"backups by {code.subject.kind} {code.subject.account.known()}", estate.memo, any_role)
        return could if could.answer is Answer.NO else hidden
    role = state.value
    roles = _roles(role, estate)
    found = roles.any(lambda principal: _means_one_that_may(principal, role), "its role may not make backups")
    if found.answer is not Answer.NO:
        return found
    meant = roles.any(lambda principal: principal.is_meant(role), f"its role {role.shown()} was not read")
    if meant.answer is Answer.YES:
        return found
    return unknown(f"what its role {role.shown()} may do is not in what was read", code.role.origin)


def _could_be(principal: Principal, code: ScheduledCode) -> Truth:
    """Whether code may run as a role, as far as the role's trust tells, and the role may make backups."""
    if principal.subject.kind != "role" or same(principal.subject.account, code.subject.account) is Answer.NO:
        return Truth(Answer.NO)
    trust = principal.trust.known()
    service = _SERVICES.get(code.subject.kind, "")
    if trust is not None and not trust.open:
        named = [one for statement in trust.statements for one in statement.principals]
        opened = any(statement.unread or statement.not_principal for statement in trust.statements)
        texts = [one.name.literal() for one in named]
        if not opened and not any(text is None or text == "*" or text.startswith(service) for text in texts):
            return Truth(Answer.NO)
    return _may(principal)


def _means_one_that_may(principal: Principal, role: Text) -> Truth:
    meant = principal.is_meant(role)
    return meant if meant.answer is Answer.NO else every((_may(principal), meant))


def _roles(role: Text, estate: Estate) -> Listing[Principal]:
    """The principals that a role may be: those of that very name, else any."""
    if estate.memo is None:
        return estate.principals
    index = estate.memo.of("principals", (estate.principals.entries,), lambda: _by_name(estate.principals.entries))
    named = index.get(role.identity())
    return Listing(named, "", estate.principals.run) if named else estate.principals


def _by_name(entries: Sequence[Entry[Principal]]) -> dict[object, list[Entry[Principal]]]:
    found: dict[object, list[Entry[Principal]]] = {}
    for entry in entries:
        names = {name.identity() for _, item in entry.variants if item is not None for name in item.names}
        for name in names - {None}:
            found.setdefault(name, []).append(entry)
    return found


def _may(principal: Principal) -> Truth:
    """Whether a role is made for backups."""
    policies = [(grant, _allowed(grant)) for grant in principal.grants]
    granted = some([truth for _, truth in policies])
    if granted.answer is not Answer.YES and principal.open:
        said = f"more may hang on {principal.subject.title()}: {principal.open}"
        granted = some((granted, unknown(said, principal.subject.origin)))
    if granted.answer is Answer.NO:
        return granted
    denied = some([_denied(grant.policy) for grant, _ in policies if grant.policy is not None])
    boundary = principal.boundary.known()
    if boundary is not None and boundary.policy is not None:
        within = some([_among(statement, boundary.origin, wide=Answer.YES) for statement in boundary.policy.statements])
        if within.answer is Answer.NO and not boundary.policy.open:
            return no(f"the boundary of {principal.subject.title()} leaves {CREATE} out", boundary.origin)
    return every((granted, ~denied))


def _allowed(grant: Grant) -> Truth:
    """Whether a policy allows to make backups."""
    policy = grant.policy
    name = grant.name.shown()
    if grant.source == "aws-managed" and name.rpartition("/")[2] in WIDE_POLICIES:
        return unknown(f"{name} allows {CREATE} among much else; what the code does is not read", grant.origin)
    if policy is None:
        if grant.source == "aws-managed":
            return no(f"{name} does not allow {CREATE}", grant.origin)
        return unknown(f"what the policy {name} allows is not in what was read", grant.origin)
    found = [_among(statement, grant.origin, wide=Answer.UNKNOWN) for statement in policy.statements]
    if policy.open:
        found.append(unknown(f"a policy may hold more statements: {policy.open}", policy.origin or grant.origin))
    answer = some(found)
    if grant.doubt and answer.answer is Answer.YES:
        return unknown(f"whether {grant.name.shown()} hangs on its role is not known: {grant.doubt}", grant.origin)
    return answer


def _among(statement: Statement, near: Origin, *, wide: Answer) -> Truth:
    """Whether a statement allows CreateBackup. `wide` is the answer to one that allows it among much else."""
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return allows
    origin = statement.origin or near
    found: list[Truth] = []
    if statement.unread:
        found.append(unknown(f"a statement is not wholly known: {statement.unread}", origin))
    if statement.not_action:
        kept = any(_fits(pattern) for action in statement.actions if (pattern := action.literal()) is not None)
        said = f"everything but some actions is allowed, {CREATE} among it"
        found.append(no("NotAction leaves it out", origin) if kept else Truth(wide, (Fact(said, origin),)))
        return every((some(found), allows))
    for at, action in enumerate(statement.actions):
        place = statement.action_origins[at] if at < len(statement.action_origins) else origin
        pattern = action.literal()
        if pattern is None:
            found.append(unknown(f"which action {action.shown()} is is not known: {action.why_open()}", place))
        elif _fits(pattern) and "backup" in pattern.lower():
            found.append(yes(f"its role may {pattern}", place))
        elif _fits(pattern):
            said = f"its role may {pattern}, and {CREATE} with it; what the code does is not read"
            found.append(Truth(wide, (Fact(said, place),)))
    return every((some(found), allows))


def _denied(policy: Policy) -> Truth:
    """Whether a policy takes CreateBackup away altogether."""
    return some([_denies(statement) for statement in policy.statements])


def _denies(statement: Statement) -> Truth:
    denies = statement.effect.equals("Deny")
    everything = any(resource.literal() == "*" for resource in statement.resources) and not statement.not_resource
    named = any(_fits(pattern) for action in statement.actions if (pattern := action.literal()) is not None)
    if denies.answer is Answer.NO or not everything or statement.conditions or named is statement.not_action:
        return Truth(Answer.NO)
    return denies


def _fits(pattern: str) -> bool:
    return matches(pattern.lower(), CREATE.lower())
