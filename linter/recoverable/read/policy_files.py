"""Policies in files of their own: a bare document, what the AWS command line answers with one in it, a whole account's.

A file is known by what it holds. Policies that are not attached to anything in sight count as what somebody could have.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import posixpath
import re

from recoverable.estate.documents import PolicyDocument
from recoverable.estate.guardrails import Guardrail
from recoverable.estate.subject import Subject
from recoverable.read.account_details import LISTS, Details, document, plain_text, read_details
from recoverable.read.data import as_written
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.read.reading import Reading
from recoverable.rule import Fault
from recoverable.scenario import ALWAYS, Variant
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple, TypeVar
from recoverable.value import Entry, Known, Later, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from recoverable.policy.document import Policy
    from recoverable.read.data import Datum

T = TypeVar("T")

#: What a policy hangs on, by the actions that it is about; a trust policy speaks of taking on a role alone.
_BY_SERVICE = {"sts": "trust", "kms": "key", "backup": "vault", "dynamodb": "table"}

_GUARDRAILS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
#: Nothing in a service control policy tells it from what somebody may have, but how people call the file or its folder.
_NAMED_SCP = re.compile(r"(?:^|[/_. -])(?:scps?|service[-_ ]?control[-_ ]?polic(?:y|ies))(?:[/_. -]|$)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\{(AWS::(?:AccountId|Partition|Region|URLSuffix))\}")
_ACCOUNT = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):")


class PolicyFile(NamedTuple):
    """A file with policies: its path, `kind` (see `kind_of`) and tree."""

    path: str
    kind: str
    tree: Node


def kind_of(tree: Node) -> str:
    """What a document is: `policy`, `details` (of an account), `answer` (of the command line), or empty for neither."""
    if isinstance(tree, Sequence):
        return "details" if tree.items and all(_is_page(item) for item in tree.items) else ""
    if not isinstance(tree, Mapping):
        return ""
    if _is_policy(tree):
        return "policy"
    if _is_page(tree):
        return "details"
    return "answer" if _wrapped(tree) is not None else ""


def read(files: Iterable[PolicyFile], used: Callable[[], Collection[str]] = tuple) -> Reading:
    """What policy files hold. Of those that a configuration takes its policies from (`used`) nothing more is said."""
    files = tuple(files)
    accounts = [file for file in files if file.kind == "details"]
    others = [file for file in files if file.kind != "details"]
    details = Later(lambda: tuple(_details(file) for file in accounts))

    def documents() -> tuple[Entry[PolicyDocument], ...]:
        taken = used()
        own = [made for file in others if file.path not in taken for made in (_document(file),) if made is not None]
        return _entries((*(one for found in details for one in found.documents), *own))

    return Reading(
        principals=Later(lambda: _entries(one for found in details for one in found.principals)) if accounts else (),
        documents=Later(documents),
        guardrails=_entries(made for file in others for made in (_guardrail(file),) if made is not None),
        faults=tuple(_cut_short(file) for file in accounts if _has_more(file.tree)),
        examined=tuple(file.path for file in files),
    )


def with_placeholders(text: str) -> str | Text:
    """A text in a policy file, with what something else puts in (`${AWS::Region}`, which IAM does not know) left open.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
    """
    pieces = _PLACEHOLDER.split(text)
    if len(pieces) == 1:
        return text
    reason = "it is put in before the policy is used"
    return joined(*(Hole(reason, piece) if at % 2 else piece for at, piece in enumerate(pieces)))


def answered(tree: Node) -> Node | None:
    """The document of what somebody may have, in an answer of the command line; None if there is none in it."""
    kind, inner = (_wrapped(tree) if isinstance(tree, Mapping) else None) or ("other", None)
    return inner if not kind else None


def _has_more(tree: Node) -> bool:
    """Whether the last page of an answer says that there are more."""
    last = tree.items[-1] if isinstance(tree, Sequence) else tree
    truncated = last.get("IsTruncated") if isinstance(last, Mapping) else None
    return isinstance(truncated, Scalar) and truncated.value is True


def _cut_short(file: PolicyFile) -> Fault:
    return Fault(
        "incomplete",
        "this is not all of the account: the last page says that there are more (IsTruncated)",
        file.tree.span,
        "take it again without --no-paginate and --max-items",
    )


def _is_policy(node: Node | None) -> bool:
    """Whether a mapping is a policy document: it has a statement with an effect and actions."""
    statement = node.get("Statement") if isinstance(node, Mapping) else None
    listed = statement.items if isinstance(statement, Sequence) else (statement,)
    return any(_is_statement(one) for one in listed)


def _is_statement(node: Node | None) -> bool:
    if not isinstance(node, Mapping):
        return False
    effect = node.get("Effect")
    has_actions = node.get("Action") is not None or node.get("NotAction") is not None
    return isinstance(effect, Scalar) and effect.text in ("Allow", "Deny") and has_actions


def _is_page(node: Node) -> bool:
    return isinstance(node, Mapping) and any(isinstance(node.get(key), Sequence) for key in LISTS)


def _is_text_of_policy(node: Node | None) -> bool:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return False
    text = plain_text(node.value)
    return text.lstrip().startswith("{") and all(word in text for word in ('"Statement"', '"Effect"', "Action"))


def _wrapped(tree: Mapping) -> tuple[str, Node] | None:
    """The document in an answer of the command line, and what it is as far as the answer says: `trust`, `vault`, `scp`
    or `rcp`, else empty.
    """
    inner = tree.get("PolicyVersion")
    candidates = [
        ("", inner.get("Document") if isinstance(inner, Mapping) else None),
        ("", tree.get("PolicyDocument")),
        ("vault" if tree.get("BackupVaultArn") is not None else "", tree.get("Policy")),
    ]
    role = tree.get("Role")
    if isinstance(role, Mapping):
        candidates.append(("trust", role.get("AssumeRolePolicyDocument")))
    policy = tree.get("Policy")
    summary = policy.get("PolicySummary") if isinstance(policy, Mapping) else None
    if isinstance(policy, Mapping) and isinstance(summary, Mapping):
        type_ = summary.get("Type")
        candidates.append((_GUARDRAILS.get(getattr(type_, "text", ""), "other"), policy.get("Content")))
    for kind, node in candidates:
        if node is not None and kind != "other" and (_is_policy(node) or _is_text_of_policy(node)):
            return kind, node
    return None


def _document(file: PolicyFile) -> PolicyDocument | None:
    kind, policy = _content(file)
    if kind in ("scp", "rcp"):
        return None
    subject = _subject(file, "policy", posixpath.basename(file.path), _name_in(file))
    return PolicyDocument(file.path, kind or _kind_by(policy), subject, policy)


def _guardrail(file: PolicyFile) -> Guardrail | None:
    kind, policy = _content(file)
    if kind not in ("scp", "rcp"):
        return None
    subject = _subject(file, kind, posixpath.basename(file.path), _name_in(file))
    return Guardrail(subject, kind, policy, (), "what it is attached to is not in the file")


def _content(file: PolicyFile) -> tuple[str, Policy]:
    kind, node = "", file.tree
    if file.kind == "answer" and isinstance(node, Mapping):
        wrapped = _wrapped(node)
        assert wrapped is not None
        kind, node = wrapped
    policy = document(as_written(node, with_placeholders))
    if not kind and _NAMED_SCP.search(file.path) and not any(one.principals for one in policy.statements):
        kind = "scp"
    return kind, policy


def _kind_by(policy: Policy) -> str:
    """What a document without a home is: one with principals hangs on a resource."""
    with_principals = [one for one in policy.statements if one.principals or one.principals_open or one.not_principal]
    if not with_principals:
        return "unattached"
    services = {(action.literal() or "").partition(":")[0].lower() for one in with_principals for action in one.actions}
    return _BY_SERVICE.get(services.pop(), "resource") if len(services) == 1 else "resource"


def _name_in(file: PolicyFile) -> Value[str]:
    """The name that an answer gives, else that of the file."""
    node = file.tree
    for key in ("PolicyName", "BackupVaultName"):
        named = node.get(key) if isinstance(node, Mapping) else None
        if isinstance(named, Scalar):
            return Value("name", Known(named.text, named.span))
    return Value("name", Known(posixpath.basename(file.path), node.span, defaulted=True))


def _subject(file: PolicyFile, kind: str, address: str, name: Value[str]) -> Subject:
    span = file.tree.span
    return Subject(
        kind=kind,
        address=address,
        name=name,
        path=file.path,
        origin=span,
        region=Value("Region", Unknown("a policy in a file is in no Region")),
        account=Value("account", Unknown("a policy in a file is in no account")),
        extent=span,
    )


def _details(file: PolicyFile) -> Details:
    pages = file.tree.items if isinstance(file.tree, Sequence) else (file.tree,)

    def subject(kind: str, arn: str, name: str, entry: Datum) -> Subject:
        account = _ACCOUNT.match(arn)
        known: Known[str] | Unknown = Unknown("its ARN names no account", entry.origin)
        return Subject(
            kind=kind,
            address=arn,
            name=Value("name", Known(name, entry.origin)),
            path=file.path,
            origin=entry.origin,
            region=Value("Region", Unknown("IAM is the same in all Regions", entry.origin)),
            account=Value("account", known if account is None else Known(account[1], entry.origin)),
            extent=entry.origin,
        )

    return read_details(map(as_written, pages), subject)


def _entries(things: Iterable[T]) -> tuple[Entry[T], ...]:
    return tuple(Entry((Variant(ALWAYS, thing),)) for thing in things)
