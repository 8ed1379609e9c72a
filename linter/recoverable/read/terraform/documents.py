"""Policies that are resources of their own, those of streams, and those of an organization that limit its accounts.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_resource_policy
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy
"""

from __future__ import annotations

from recoverable.estate.backup import Written
from recoverable.estate.documents import PolicyDocument
from recoverable.estate.guardrails import Guardrail
from recoverable.read.backup_lists import texts
from recoverable.read.data import find
from recoverable.read.policies import read_policy
from recoverable.read.terraform.attachments import targets_of
from recoverable.read.terraform.identity import subject_of
from recoverable.read.terraform.managed_policies import document, policy_of
from recoverable.read.terraform.organization import ATTACHMENT, POLICY
from recoverable.read.terraform.policy_documents import document as looked_up_document
from recoverable.read.terraform.principal_kinds import ATTACHING, MANAGED
from recoverable.read.terraform.tables import POLICY as TABLE_POLICY
from recoverable.value import Entry, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.principals import Explored, Reader
    from recoverable.read.terraform.roots import Root

DATA = "aws_iam_policy_document"
CLOUD_POLICY = "awscc_organizations_policy"

#: The types of organization policies that limit what accounts may do, and what they are called.
GUARDRAILS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}


def read_documents(reader: Reader, explored: Explored) -> tuple[Entry[PolicyDocument], ...]:
    """The policies that are resources of their own, whether or not they hang on somebody, and those of streams."""
    entries: list[Entry[PolicyDocument]] = []

    strangers = _strangers(reader, explored)
    types = [*MANAGED, *(type_ for type_, one in ATTACHING.items() if one.policy and type_ not in MANAGED)]
    for root in reader.roots:
        for type_ in types:
            for place in root.places.get(type_, ()):
                found = explored(root, place, lambda each, root=root: _written(root, each, reader, strangers))  # type: ignore[misc]
                entries.extend(map(Entry, found))
        for place in root.places.get(TABLE_POLICY, ()):
            entries.extend(
                Entry(variants)
                for variants in explored(root, place, _stream)
                if any(variant.item is not None for variant in variants)
            )
    return tuple(entries)


def read_unused(
    roots: Sequence[Root], explored: Explored, users: Iterable[Entry[Any]]
) -> tuple[Entry[PolicyDocument], ...]:
    """The policies of data sources that nothing that is read has.

    `users` are all that have policies. One with principals hangs on some resource that is of no concern here.
    """
    entries: list[Entry[PolicyDocument]] = []
    used: set[object] | None = None
    for root in roots:
        for place in root.places.get("data", ()):
            if place.resource.type != DATA:
                continue
            used = _statements_of(users) if used is None else used
            for variants in explored(root, place, _looked_up):
                items = [variant.item for variant in variants if variant.item is not None]
                if items and not any(one.origin in used for item in items for one in item.policy.statements):
                    entries.append(Entry(variants))
    return tuple(entries)


def _statements_of(users: Iterable[Entry[Any]]) -> set[object]:
    """Where the statements of all policies of some things stand."""
    found: set[object] = set()
    for entry in users:
        for _, item in entry.variants:
            if item is None:
                continue
            policies = [getattr(item, "policy", None), getattr(item, "trust", None)]
            grants = [*getattr(item, "grants", ()), getattr(getattr(item, "boundary", None), "known", lambda: None)()]
            policies += [grant.policy for grant in grants if grant is not None]
            for policy in policies:
                known = policy.known() if isinstance(policy, Value) else policy
                found.update(statement.origin for statement in (known.statements if known is not None else ()))
    return found


def _looked_up(instance: Instance) -> PolicyDocument | None:
    policy = read_policy(looked_up_document(instance))
    if not policy.statements or any(one.principals or one.not_principal for one in policy.statements):
        return None
    name: Value[str] = Value("name", Unknown("a document has no name", instance.resource.span))
    why = "what has the document is not in what was read"
    return PolicyDocument(instance.scope, "unattached", subject_of(instance, "policy", name), policy, holders_open=why)


def read_guardrails(roots: Sequence[Root], explored: Explored) -> tuple[Entry[Guardrail], ...]:
    """The service and resource control policies."""
    entries: list[Entry[Guardrail]] = []
    for root in roots:
        for place in (*root.places.get(POLICY, ()), *root.places.get(CLOUD_POLICY, ())):
            found = explored(root, place, lambda each, root=root: _guardrail(root, each))  # type: ignore[misc]
            entries.extend(
                Entry(variants) for variants in found if any(variant.item is not None for variant in variants)
            )
    return tuple(entries)


def _strangers(reader: Reader, explored: Explored) -> dict[str, dict[str, None]]:
    """Those who are not in what was read and on whom managed policies hang, by what a policy is called."""
    found: dict[str, dict[str, None]] = {}

    def seen(root: Root, instance: Instance) -> tuple[list[str], list[str]]:
        others = [text.shown() for kind, text in targets_of(instance) if not reader.knows(root, kind, text)]
        policies = instance.arguments.fields().get(ATTACHING[instance.resource.type].managed) if others else None
        named = [] if policies is None else [item.text().stands_for() for item in policies.list()]
        return others, named

    for root in reader.roots:
        for type_, attaching in ATTACHING.items():
            for place in root.places.get(type_, ()) if attaching.managed else ():
                for variants in explored(root, place, lambda each, root=root: seen(root, each)):  # type: ignore[misc]
                    for others, policies in filter(None, (variant.item for variant in variants)):
                        for policy in filter(None, policies):
                            found.setdefault(policy, {}).update(dict.fromkeys(others))
    return found


def _written(root: Root, instance: Instance, reader: Reader, attached: dict[str, dict[str, None]]) -> PolicyDocument:
    type_ = instance.resource.type
    settings, at = instance.arguments, instance.resource.span
    attaching = ATTACHING.get(type_)
    managed = type_ in MANAGED
    targets = () if attaching is None else tuple(targets_of(instance))
    strangers = dict.fromkeys(text.shown() for kind, text in targets if not reader.knows(root, kind, text))
    for symbol in map(instance.symbol, MANAGED[type_].symbols) if managed else ():
        strangers |= attached.get(symbol, {})
    key = MANAGED[type_].name if managed else attaching.name if attaching is not None else ""
    named = find(settings, at, key or "name")
    name: Value[str] = (
        Value(named.name, Unknown("the provider makes a name up", at)) if named.datum is None else named.string("")
    )
    kind = "identity" if targets or strangers else "unattached"
    if any(each == "permission-set" for each, _ in targets):
        kind = "permission-set"
    policy = policy_of(instance).policy if managed else None
    if policy is None:
        policy = document(settings, at, attaching.policy if attaching is not None else "policy")
    subject = subject_of(instance, "policy", name)
    return PolicyDocument(
        key=instance.scope,
        kind=kind,
        subject=subject._replace(region=Value("region", Unknown("IAM is the same in all Regions"))),
        policy=policy,
        holders_open=f"it hangs on {', '.join(strangers)}, which is not in what was read" if strangers else "",
    )


def _stream(instance: Instance) -> PolicyDocument | None:
    """The policy of a table's stream; None for one of a table."""
    about = instance.arguments.fields().get("resource_arn")
    text = None if about is None else about.text()
    if text is None or not (text.stands_for().endswith(".stream_arn") or "/stream/" in (text.literal() or "")):
        return None
    found = find(instance.arguments, instance.resource.span, "policy")
    if found.datum is None:
        return None
    name: Value[str] = Value("name", Unknown("a stream's policy has no name", instance.resource.span))
    return PolicyDocument(instance.scope, "stream", subject_of(instance, "policy", name), read_policy(found.datum))


def _guardrail(root: Root, instance: Instance) -> Guardrail | None:
    settings, at = instance.arguments, instance.resource.span
    kind = GUARDRAILS.get(find(settings, at, "type").string("SERVICE_CONTROL_POLICY").known() or "")
    content = find(settings, at, "content")
    if kind is None or content.datum is None:
        return None
    if instance.resource.type == CLOUD_POLICY:
        targets, opened = texts(find(settings, at, "target_ids"))
    else:
        targets, opened = _targets(root, instance)
    subject = subject_of(instance, kind, find(settings, at, "name").string(""))
    subject = subject._replace(region=Value("region", Unknown("it counts in all Regions")))
    return Guardrail(subject, kind, read_policy(content.datum), targets, opened)


def _targets(root: Root, instance: Instance) -> tuple[tuple[Written, ...], str]:
    """What attachments attach a policy to, and why there may be more."""
    targets: list[Written] = []
    opened = ""
    for each in root.all_of(ATTACHMENT, instance.evaluation.walk):
        about, target = (each.arguments.fields().get(key) for key in ("policy_id", "target_id"))
        if about is None or target is None:
            continue
        whose = about.text().stands_for()
        if whose == instance.symbol("id"):
            targets.append(Written(target.text(), target.origin))
        elif not whose and about.text().literal() is None:
            opened = opened or f"{each.address} may attach it: {about.text().why_open()}"
    return tuple(targets), opened
