"""What rules see of policies in files: documents, statements and guardrails, in short words."""

from __future__ import annotations

from textwrap import dedent

from configurations import read
from recoverable import Estate, Guardrail, PolicyDocument, PolicyStatement, Severity, Truth, rule, yes
from recoverable.check import Report
from recoverable.config import Settings
from recoverable.estate.principals import Grant, Principal
from recoverable.pack import Pack
from recoverable.recovery.statements.holding import holders_of
from recoverable.rule import Rule
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.truth import Answer


def judged(one: Rule, files: dict[str, str], **given: str) -> Report:
    """The report of one rule on texts by path; `AWS__Region` is the parameter `AWS::Region`."""
    request = Request(parameters={name.replace("__", "::"): value for name, value in given.items()})
    data = [(path, dedent(text).encode()) for path, text in files.items()]
    texts = dict(data)
    return examine(data, Setup("", Settings(), Pack((one,))), request, Documents(), lookup=texts.get)


def documents(files: dict[str, str], **given: str) -> dict[str, str]:
    """Every document by its title: its kind and who holds it."""
    found: dict[str, str] = {}

    @rule(Severity.LOW)
    def seen(document: PolicyDocument) -> Truth:
        holders = sorted(
            f"{holder.subject.address}"
            + (f" ({holder.use})" if holder.use != document.kind else "")
            + (f" through {holder.through}" if holder.through else "")
            + ("?" if holder.doubt else "")
            + (" sometimes" if holder.sometimes else "")
            for holder in document.holders
        )
        found[document.subject.title()] = " ".join(
            (document.kind + ":", ", ".join(holders) or "nobody", "and perhaps others" if document.holders_open else "")
        ).strip()
        return Truth(Answer.NO)

    assert judged(seen, files, **given).faults == ()
    return found


def statements(files: dict[str, str], **given: str) -> dict[str, str]:
    """Every statement by its title: what it says of which actions."""
    found: dict[str, str] = {}

    @rule(Severity.LOW)
    def seen(statement: PolicyStatement) -> Truth:
        inner = statement.statement
        actions = ", ".join(action.shown() for action in inner.actions)
        found[statement.subject.title()] = f"{inner.effect.known() or '?'} {actions}".strip()
        return Truth(Answer.NO)

    assert judged(seen, files, **given).faults == ()
    return found


def guardrails(files: dict[str, str], **given: str) -> dict[str, str]:
    """Every guardrail by its title: its kind, what it is attached to, and how many statements it has."""
    found: dict[str, str] = {}

    @rule(Severity.LOW)
    def seen(guardrail: Guardrail) -> Truth:
        targets = ", ".join(target.text.shown() for target in guardrail.targets) or "nothing"
        more = " and perhaps more" if guardrail.targets_open else ""
        count = len(guardrail.policy.statements)
        found[guardrail.subject.title()] = f"{guardrail.kind} with {count} on {targets}{more}"
        return Truth(Answer.NO)

    assert judged(seen, files, **given).faults == ()
    return found


@rule(Severity.HIGH)
def may_delete_tables(statement: PolicyStatement) -> Truth:
    """A rule as they are: at the action of a statement."""
    inner = statement.statement
    if inner.unread:
        return Truth(Answer.UNKNOWN)
    for action, origin in zip(inner.actions, inner.action_origins, strict=True):
        if action.literal() == "dynamodb:DeleteTable" and inner.effect.known() == "Allow":
            return yes(f"it allows {action.shown()}", origin)
    return Truth(Answer.NO)


@rule(Severity.HIGH)
def held_by_somebody(statement: PolicyStatement, estate: Estate) -> Truth:
    """A rule that asks who has the policy in each scenario."""
    if statement.document.kind == "trust":
        return Truth(Answer.NO)
    who = [principal.subject.address for principal, _ in holders_of(statement.document, estate)]
    return yes(f"held by {', '.join(who)}", statement.subject.origin) if who else Truth(Answer.NO)


def principals_by_address(files: dict[str, str] | str) -> dict[str, Principal]:
    """Every principal as it is in the first scenario that has it."""
    found = [
        next(variant.item for variant in entry.variants if variant.item is not None) for entry in read(files).principals
    ]
    return {principal.subject.address: principal for principal in found}


def grants_shown(principal: Principal) -> list[str]:
    return [grant_shown(grant) for grant in principal.grants]


def grant_shown(grant: Grant) -> str:
    actions = [] if grant.policy is None else [a.shown() for one in grant.policy.statements for a in one.actions]
    said = f"{grant.source} {grant.name.shown()}: {', '.join(actions) or ('-' if grant.policy is None else 'none')}"
    return said + (f" through {grant.through}" if grant.through else "") + ("?" if grant.doubt else "")
