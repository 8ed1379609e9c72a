"""Whether a statement applies to a request: its action, resource, principal and conditions."""

from __future__ import annotations

from recoverable.policy.conditions import holds
from recoverable.policy.patterns import arn_contains, fields, fits_action, glob, glob_contains
from recoverable.policy.request import Present
from recoverable.policy.variables import filled, has_variables, may_lack_value
from recoverable.text import Hole, joined
from recoverable.truth import Answer, Fact, Truth, every, some, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy, Statement
    from recoverable.policy.patterns import Glob
    from recoverable.policy.request import Context, Request

#: In ARNs, variables stand after the fifth colon only:
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse
_COLONS = 5

#: Actions about no resource that are asked for as if they were about one.
#: docs/decisions/permissions.md says why ListTables is among them.
ASKED_AS = {"dynamodb:listtables": "table/*"}


def applies(
    statement: Statement, policy: Policy, request: Request, context: Context, *, of_resource: bool = False
) -> Truth:
    """Whether a statement applies to a request, whoever asks. `of_resource`: it may leave its own resource unsaid."""
    named = action_named(statement, request.action)
    if named.answer is Answer.NO:
        return named
    reached = resource_reached(statement, policy, request, context, of_resource=of_resource)
    if reached.answer is Answer.NO:
        return reached
    return every((named, reached, holds(statement, context, variables=has_variables(policy))))


def action_named(statement: Statement, action: str) -> Truth:
    text = joined(action)
    open_: list[Truth] = []
    for pattern in statement.actions:
        answer = fits_action(pattern, text)
        if answer is Answer.YES:
            return Truth(Answer.NO if statement.not_action else Answer.YES)
        if answer is Answer.UNKNOWN:
            open_.append(_answered(answer, pattern.why_open(), statement))
    if statement.actions_open:
        open_.append(unknown(f"the actions are not all known: {statement.actions_open}", statement.origin))
    if open_:
        return some(open_)
    return Truth(Answer.YES if statement.not_action and statement.actions else Answer.NO)


def resource_reached(
    statement: Statement, policy: Policy, request: Request, context: Context, *, of_resource: bool = False
) -> Truth:
    variables = has_variables(policy)
    answers = []
    for pattern in statement.resources:
        made = filled(pattern, context, variables=variables, wild=True, before=_COLONS)
        if made is None:
            answers.append(Truth(Answer.NO))
            continue
        answer = _reaches(made, request, context)
        said = f"whether {pattern.shown()} covers {request.resource.shown()} is not known"
        answers.append(_answered(answer, pattern.why_open() or said, statement))
    if statement.resources_open:
        answers.append(unknown(f"the resources are not all known: {statement.resources_open}", statement.origin))
    if not answers:
        return Truth(Answer.YES if of_resource else Answer.NO)
    found = some(answers)
    if not statement.not_resource:
        return found
    lacking = lacks_value(statement, policy, context)
    if lacking.answer is Answer.NO:
        return ~found
    return every((~found, ~lacking))


def lacks_value(statement: Statement, policy: Policy, context: Context) -> Truth:
    """Whether a statement with NotResource has a variable without a value there.

    AWS says that such a text fits no resource, and not what is left when that is negated: nothing is allowed by it, and
    whether it denies is not known. docs/decisions/permissions.md
    """
    variables = has_variables(policy)
    found = []
    for pattern in statement.resources:
        if may_lack_value(pattern, context, variables=variables):
            said = f"what NotResource means where {pattern.shown()} has no value is not documented"
            surely = filled(pattern, context, variables=variables, wild=True, before=_COLONS) is None
            allows = surely and statement.effect.known() == "Allow"
            found.append(Truth(Answer.YES if allows else Answer.UNKNOWN, (Fact(said, statement.origin),)))
    return some(found)


def _reaches(pattern: Glob, request: Request, context: Context) -> Answer:
    """The first certain answer of all texts that mean the resource."""
    for resource in (request.resource, *request.others):
        answer = arn_contains(pattern, glob(resource, wild=False))
        if answer is Answer.NO and resource.literal() == "*":
            answer = _reaches_as(pattern, request, context)
        if answer is not Answer.UNKNOWN:
            return answer
    return Answer.UNKNOWN


def _reaches_as(pattern: Glob, request: Request, context: Context) -> Answer:
    """Whether a pattern reaches what an action about no resource is asked for as: all tables, in the Region asked."""
    asked = ASKED_AS.get(request.action.lower())
    account = request.resource_account()
    wanted = fields(pattern)
    if asked is None or account is None:
        return Answer.NO
    if wanted is None:
        return Answer.UNKNOWN
    region = context.find("aws:requestedregion")
    given = list(wanted)
    if isinstance(region, Present):
        given[3] = glob(region.values[0], wild=False)
    elif isinstance(region, str):
        given[3] = (Hole(region),)
    given[0], given[2], given[4], given[5] = ("arn",), (request.service,), glob(account, wild=False), (asked,)
    answers = {glob_contains(mine, theirs) for mine, theirs in zip(wanted, given, strict=True)}
    return Answer.NO if Answer.NO in answers else Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES


def _answered(answer: Answer, reason: str, statement: Statement) -> Truth:
    return Truth(answer, (Fact(reason, statement.origin),) if answer is Answer.UNKNOWN else ())
