"""What the policy of a vault denies to everyone, and who is exempt from it.

The policy is about calls from the vault's own account: AWS Backup refuses other accounts everything but copies into the
vault, whatever a policy says.
https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, match
from recoverable.policy.exposure import account_of
from recoverable.policy.patterns import fits_action
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Vault
    from recoverable.policy.document import Condition, Policy, Principal, Statement

#: What a vault must deny to keep its recovery points:
#: https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
DELETING = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "backup:PutBackupVaultAccessPolicy")

#: What takes the denial itself away.
LIFTING = "backup:DeleteBackupVaultAccessPolicy"

#: What takes a lock in governance mode away, and what takes a denial of that away.
UNLOCKING = (
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:PutBackupVaultLockConfiguration",
    "backup:PutBackupVaultAccessPolicy",
    LIFTING,
)

#: Actions on recovery points; the others are on the vault.
_ON_POINTS = frozenset(DELETING[:2])

#: Keys that say who calls, with one value for each user or role.
_ONE = {"aws:principalarn", "aws:userid"}

#: Keys that have one value for everyone in the vault's account.
_ALL_OF_US = {"aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths"}

#: The id of some recovery point, of which there are many.
_POINT = "00000000-0000-0000-0000-000000000000"

_NEGATED = {
    "stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike",
}  # fmt: skip

#: Roles of IAM Identity Center, which nobody else can make.
#: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
_PERMISSION_SET = ":role/aws-reserved/sso.amazonaws.com/"


def denied(policy: Policy, vault: Vault, action: str) -> Truth:
    """Whether a statement denies `action` to everyone, whomever or whatever its conditions leave out."""
    return _some(policy, action, [_denies(statement, vault, action) for statement in policy.statements])


def denial_of(policy: Policy, vault: Vault, action: str) -> Statement | None:
    """The first statement that denies `action` to everyone, its conditions apart."""
    deny = (each for each in policy.statements if _denies(each, vault, action).answer is not Answer.NO)
    return next(deny, None)


def firmly_denied(policy: Policy, vault: Vault, action: str) -> Truth:
    """Whether a statement denies `action` to everyone but single users or roles. The facts of a no are the holes."""
    truths = []
    holes: list[Fact] = []
    for statement in policy.statements:
        denies = _denies(statement, vault, action)
        if denies.answer is Answer.NO:
            continue
        hole = some([_leaves_out(condition) for condition in statement.conditions])
        if statement.conditions_open:
            hole = some((hole, unknown(f"a denial is not wholly known: {statement.conditions_open}", statement.origin)))
        truths.append(every((denies, ~hole)))
        if hole.answer is Answer.YES:
            holes.extend(hole.facts)
    found = _some(policy, action, truths)
    return Truth(Answer.NO, tuple(dict.fromkeys(holes))) if found.answer is Answer.NO and holes else found


def unlocking_denied(vault: Vault) -> Truth:
    """Whether the policy of a vault keeps its lock on, and itself in place, whatever IAM allows."""
    policy = vault.policy.known()
    if policy is None:
        return ~vault.policy.holds(lambda written: written is None)
    return every([firmly_denied(policy, vault, action) for action in UNLOCKING])


def _some(policy: Policy, action: str, truths: list[Truth]) -> Truth:
    found = some(truths)
    if found.answer is Answer.NO and policy.open:
        return unknown(f"the policy may hold more statements: {policy.open}", policy.origin)
    return no(f"nothing denies {action} to everyone", policy.origin) if found.answer is Answer.NO else found


def _denies(statement: Statement, vault: Vault, action: str) -> Truth:
    """Whether a statement denies an action to everyone, its conditions apart."""
    denies = statement.effect.equals("Deny")
    if denies.answer is Answer.NO:
        return denies
    unread: list[Truth] = []
    if statement.unread:
        unread.append(unknown(f"a statement is not wholly known: {statement.unread}", statement.origin))
    everyone = Truth(Answer.YES)
    if not statement.not_principal:
        everyone = some([*(_everyone(principal, vault) for principal in statement.principals), *unread])
    named = some([names(pattern, action) for pattern in statement.actions])
    if statement.not_action:
        named = ~named
    if unread:
        named = some((named, *unread)) if not statement.not_action else every((named, *unread))
    reached = some([*(_reaches(pattern, vault, action) for pattern in statement.resources), *unread])
    if statement.not_resource:
        reached = unknown(f"what is left when NotResource is taken away is not worked out for {action}")
    found = every((denies, everyone, named, reached))
    return Truth(found.answer, tuple(_placed(fact, statement) for fact in found.facts))


def _placed(fact: Fact, statement: Statement) -> Fact:
    return fact if fact.origin is not None else Fact(fact.text, statement.origin)


def _everyone(principal: Principal, vault: Vault) -> Truth:
    """Whether a principal of a denial is everyone, or everyone in the vault's account, which comes to the same.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if principal.type not in {"*", "AWS"}:
        return Truth(Answer.NO)
    name = principal.name
    if name.literal() == "*":
        return Truth(Answer.YES)
    whole = name.literal()
    if whole is not None and not (whole.endswith(":root") or (whole.isdigit() and len(whole) == 12)):
        return Truth(Answer.NO)
    account = account_of(name)
    if account is None:
        return Truth(Answer.NO)
    if account.stands_for() == ACCOUNT:
        last = name.parts[-1]
        everyone = last == ":root" or name.stands_for() == ACCOUNT
        return Truth(Answer.YES if everyone else Answer.NO)
    if account.literal() is None:
        return unknown(f"whom a denial is about is not known: {name.why_open()}", principal.origin)
    own = vault.subject.account.equals(account.literal() or "")
    told = f"whether {name.shown()} is the vault's own account is not known"
    return unknown(told, principal.origin) if own.answer is Answer.UNKNOWN else Truth(own.answer)


def names(pattern: Text, action: str) -> Truth:
    """Whether a pattern means an action. AWS Backup takes no wildcards here, which is said by a rule of its own."""
    answer = fits_action(pattern, joined(action))
    return unknown(f"an action is not known: {pattern.why_open()}") if answer is Answer.UNKNOWN else Truth(answer)


def _reaches(pattern: Text, vault: Vault, action: str) -> Truth:
    """Whether a pattern of resources covers what the action is about: the vault, or the recovery points in it."""
    if pattern.literal() == "*":
        return Truth(Answer.YES)
    identity = pattern.identity()
    is_vault = identity is not None and any(name.identity() == identity for name in vault.names)
    on_vault = Answer.YES if is_vault else match(pattern, vault.arn)
    if action not in _ON_POINTS:
        if on_vault is Answer.UNKNOWN:
            return unknown(f"whether {pattern.shown()} is the vault is not known: {pattern.why_open() or 'its name'}")
        return Truth(on_vault)
    points = match(pattern, _points(vault.arn))
    if points is Answer.NO and on_vault is not Answer.NO:
        return unknown(
            f"Resource is {pattern.shown()}: the recovery points in a vault have ARNs of their own, so that a "
            "denial for the vault may not reach them"
        )
    if points is Answer.UNKNOWN:
        return unknown(f"whether {pattern.shown()} covers the recovery points of the vault is not known")
    return Truth(points)


def _points(arn: Text) -> Text:
    """The ARN that recovery points of DynamoDB have with the advanced features."""
    kept: list[str | Hole] = []
    for part in arn.parts:
        before, mark, _ = part.partition(":backup-vault:") if isinstance(part, str) else (part, "", "")
        kept.append(before)
        if mark:
            break
    return joined(*kept, ":recovery-point:", _POINT)


def _leaves_out(condition: Condition) -> Truth:
    """Whether a condition of a denial leaves out more than single users or roles."""
    operator = condition.operator.lower().removesuffix("ifexists")
    operator = operator.removeprefix("forallvalues:").removeprefix("foranyvalue:")
    key = condition.key.lower()
    shown = f"{condition.operator} on {condition.key}"
    if operator == "bool" and key == "aws:principalisawsservice":
        return some([_is_true(value, condition) for value in condition.values])
    if operator not in _NEGATED:
        if key in _ONE | _ALL_OF_US:
            return yes(f"{shown} denies it only to those that it names", condition.origin)
        return yes(f"the denial holds only under a condition that others can do without: {shown}", condition.origin)
    if key in _ONE:
        return some([_is_wide(value, operator, condition) for value in condition.values])
    if key == "aws:principalaccount":
        return some([_is_own(value, condition) for value in condition.values])
    if key in _ALL_OF_US:
        return yes(f"{shown} exempts everyone in the organization, the vault's own account included", condition.origin)
    if key.startswith("aws:principaltag/"):
        return unknown(f"{shown} exempts whoever has that tag; who may set it is not known", condition.origin)
    return yes(f"{shown} does not say who is exempt", condition.origin)


def _is_true(value: Text, condition: Condition) -> Truth:
    literal = value.literal()
    if literal is None:
        return unknown(f"{condition.key} is not known: {value.why_open()}", condition.origin)
    said = f"{condition.operator} {condition.key} is {literal}, which denies it to AWS services alone"
    return yes(said, condition.origin) if literal.lower() == "true" else Truth(Answer.NO)


def _is_own(value: Text, condition: Condition) -> Truth:
    said = f"{condition.operator} on {condition.key} exempts everyone in account {value.shown()}"
    if value.stands_for() == ACCOUNT:
        return yes(said, condition.origin)
    return unknown(f"{said}, which may be the vault's own", condition.origin)


def _is_wide(value: Text, operator: str, condition: Condition) -> Truth:
    """Whether an exemption fits more than one user or role of the account."""
    said = f"{condition.operator} on {condition.key} exempts {value.shown()}"
    if any(isinstance(part, str) and "${" in part for part in value.parts):
        return yes(f"{said}, which every caller fills with its own", condition.origin)
    if operator in {"stringnotequals", "stringnotequalsignorecase"}:
        # Here a star is a star: if there is one, nobody is exempt.
        return Truth(Answer.NO)
    pattern = "".join(part if isinstance(part, str) else "\0" for part in value.parts)
    free = pattern.replace("\0", "")
    if condition.key.lower() == "aws:userid":
        bound = pattern.partition(":")[0]
    elif _PERMISSION_SET in pattern:
        name = pattern.rpartition("/")[2]
        bound = "" if name.removeprefix("AWSReservedSSO_")[:1] not in {"*", "?", ""} else "*"
    else:
        # Other accounts are refused anyway, so that it does not matter which one a pattern names.
        fields = pattern.split(":", 5)
        bound = fields[5] if len(fields) == 6 else pattern
    if "*" in bound or "?" in bound:
        whom = "everyone" if not free.strip("*:") else "whoever gets a fitting name"
        return yes(f"{said}, which is {whom}", condition.origin)
    if "\0" in bound and any(not hole.stands_for for hole in value.holes()):
        return unknown(f"{said}: {value.why_open()}", condition.origin)
    return Truth(Answer.NO)
