"""What a statement is about: the actions that its patterns mean, and the tables, backups and vaults that they reach.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from functools import lru_cache

from recoverable.arn import ACCOUNT, PARTITION, PARTITIONS, REGION, resource_of
from recoverable.policy.patterns import contains, contains_action, contains_arn, fits_action, meets, meets_arn
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Truth, every, some, unknown
from recoverable.typed import NamedTuple
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Statement
    from recoverable.source import Origin

#: All ARNs of a kind, as patterns.
TABLES = Text(("arn:aws:dynamodb:*:*:table/*",))
TABLE_BACKUPS = Text(("arn:aws:dynamodb:*:*:table/*/backup/*",))
EXPORTS = Text(("arn:aws:dynamodb:*:*:table/*/export/*",))
STREAMS = Text(("arn:aws:dynamodb:*:*:table/*/stream/*",))
VAULTS = Text(("arn:aws:backup:*:*:backup-vault:*",))
PLANS = Text(("arn:aws:backup:*:*:backup-plan:*",))
LEGAL_HOLDS = Text(("arn:aws:backup:*:*:legal-hold:*",))
RESTORE_TESTS = Text(("arn:aws:backup:*:*:restore-testing-plan:*",))
RECOVERY_POINTS = Text(("arn:aws:backup:*:*:recovery-point:*",))
ROLES = Text(("arn:aws:iam::*:role/*",))
KEYS = Text(("arn:aws:kms:*:*:key/*",))
BACKUP_POLICIES = Text(("arn:aws:organizations::*:policy/*/backup_policy/*",))
ROOTS = Text(("arn:aws:organizations::*:root/*/*",))
EVERYTHING = Text(("*",))

#: What the resources of some kinds are called, path by path: the names in them (None) hold no slash.
_PATHS: dict[Text, tuple[str | None, ...]] = {
    TABLES: ("table", None),
    TABLE_BACKUPS: ("table", None, "backup", None),
    EXPORTS: ("table", None, "export", None),
    STREAMS: ("table", None, "stream", None),
    BACKUP_POLICIES: ("policy", None, "backup_policy", None),
}

#: Recovery points of DynamoDB have one of two ARNs, with the advanced features and without.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorksAWS.html
POINTS = (RECOVERY_POINTS, TABLE_BACKUPS)

#: What actions are about; of AWS Backup those that are not here are about a vault. None: about no resource at all.
_ABOUT: dict[str, tuple[Text, ...]] = {
    "dynamodb:deletebackup": (TABLE_BACKUPS,),
    "dynamodb:describebackup": (TABLE_BACKUPS,),
    "dynamodb:restoretablefrombackup": (TABLE_BACKUPS,),
    "backup:deleterecoverypoint": POINTS,
    "backup:updaterecoverypointlifecycle": POINTS,
    "backup:disassociaterecoverypoint": POINTS,
    "backup:disassociaterecoverypointfromparent": POINTS,
    "backup:startrestorejob": POINTS,
    "backup:startcopyjob": POINTS,
    "backup:copyfrombackupvault": POINTS,
    "backup:tagresource": (*POINTS, VAULTS, PLANS),
    "backup:untagresource": (*POINTS, VAULTS, PLANS),
    "backup:deletebackupplan": (PLANS,),
    "backup:updatebackupplan": (PLANS,),
    "backup:createbackupplan": (PLANS,),
    "backup:createbackupselection": (PLANS,),
    "backup:deletebackupselection": (PLANS,),
    "backup:cancellegalhold": (LEGAL_HOLDS,),
    "backup:deleterestoretestingplan": (RESTORE_TESTS,),
    "backup:deleterestoretestingselection": (RESTORE_TESTS,),
    "backup:stopbackupjob": (),
    "backup:updateregionsettings": (),
    "backup:updateglobalsettings": (),
    "backup-storage:deleteobjects": (),
    "organizations:disablepolicytype": (ROOTS,),
    "iam:passrole": (ROLES,),
}
_OF_SERVICE = {
    "dynamodb": (TABLES,),
    "backup": (VAULTS,),
    "kms": (KEYS,),
    "iam": (ROLES,),
    "organizations": (BACKUP_POLICIES,),
}

#: Types of resources whose ARN is known but for the name.
_TABLES = {"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable", "aws_dynamodb_table"}
_VAULTS = {"AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault", "aws_backup_vault"}
_ROLES = {"AWS::IAM::Role", "aws_iam_role"}


#: One Region, account or stack where it does not matter which.
_WORDS: dict[str, str | Hole] = {
    PARTITION: "aws",
    REGION: "region-1",
    ACCOUNT: "000000000000",
    "AWS::StackName": "\u2039stack\u203a",
}


#: Services that some action of interest is of.
_SERVICES = {"backup", "backup-storage", "dynamodb", "iam", "kms", "organizations"}


class Pattern(NamedTuple):
    """One text of an Action or Resource element, and where it stands. `element` is what the element is called."""

    text: Text
    origin: Origin | None
    element: str

    def shown(self) -> str:
        return f"{self.element} is {self.text.shown()}"


def is_unread(statement: Statement) -> bool:
    """Whether nothing at all is known of a statement. That is told once, by `everything-allowed`."""
    nothing = not (statement.actions or statement.resources or statement.conditions)
    return nothing and bool(statement.actions_open) and isinstance(statement.effect.state, Unknown)


def is_foreign(statement: Statement) -> bool:
    """Whether all that a statement names is of services that have nothing to do with tables, backups, keys and roles:
    most statements of a repository are, and no rule need look closer.
    """
    if statement.not_action or statement.actions_open:
        return False
    literals = [action.literal() for action in statement.actions]
    return all(literal is not None and _is_foreign(literal) for literal in literals)


@lru_cache(maxsize=8192)
def _is_foreign(written: str) -> bool:
    service, colon, _ = written.lower().partition(":")
    return bool(colon) and "*" not in service and "?" not in service and service not in _SERVICES


def tells_nothing(statement: Statement) -> bool:
    """Whether there is nothing in a statement to look at: nothing is known of it, or it is about other services."""
    return is_unread(statement) or is_foreign(statement)


def actions_of(statement: Statement) -> tuple[Pattern, ...]:
    element = "NotAction" if statement.not_action else "Action"
    return _placed(statement.actions, statement.action_origins, statement.origin, element)


def resources_of(statement: Statement) -> tuple[Pattern, ...]:
    element = "NotResource" if statement.not_resource else "Resource"
    return _placed(statement.resources, statement.resource_origins, statement.origin, element)


def _placed(
    texts: tuple[Text, ...], origins: tuple[Origin, ...], whole: Origin | None, element: str
) -> tuple[Pattern, ...]:
    if len(origins) != len(texts):
        return tuple(Pattern(text, whole, element) for text in texts)
    return tuple(Pattern(text, origin, element) for text, origin in zip(texts, origins, strict=True))


def about(action: str) -> tuple[Text, ...]:
    """The ARNs that an action may be about, as patterns; none for one that is about no resource."""
    return _about(action.lower())


@lru_cache(maxsize=512)
def _about(action: str) -> tuple[Text, ...]:
    own = _ABOUT.get(action)
    return own if own is not None else _OF_SERVICE.get(action.partition(":")[0], (EVERYTHING,))


# ---- Actions.


def names(pattern: Text, action: str) -> Answer:
    """Whether a pattern of an Action element means an action."""
    written = pattern.literal()
    if written is None:
        return fits_action(pattern, Text((action,)))
    return _names(written, action)


@lru_cache(maxsize=8192)
def _names(written: str, action: str) -> Answer:
    if written == "*":
        return Answer.YES
    if "*" not in written and "?" not in written:
        return Answer.YES if written.lower() == action.lower() else Answer.NO
    return fits_action(Text((written,)), Text((action,)))


def meant_of(pattern: Text, actions: tuple[str, ...]) -> dict[str, Answer]:
    """Those of some actions that a pattern means or may mean, each with which of the two."""
    written = pattern.literal()
    return _meant(pattern, actions) if written is None else _meant_literally(written, actions)


@lru_cache(maxsize=8192)
def _meant_literally(written: str, actions: tuple[str, ...]) -> dict[str, Answer]:
    return _meant(Text((written,) if written else ()), actions)


def _meant(pattern: Text, actions: tuple[str, ...]) -> dict[str, Answer]:
    found = {action: names(pattern, action) for action in actions}
    return {action: answer for action, answer in found.items() if answer is not Answer.NO}


def takes_in_service(pattern: Text, service: str) -> Answer:
    """Whether a pattern means every action of a service; `*` for every service."""
    written = pattern.literal()
    if written is None:
        return contains_action(pattern, Text((f"{service}:?*",)))
    return _takes_in_service(written, service)


@lru_cache(maxsize=8192)
def _takes_in_service(written: str, service: str) -> Answer:
    if "*" not in written:
        return Answer.NO
    return contains_action(Text((written,)), Text((f"{service}:?*",)))


def has_wildcard(text: Text) -> bool:
    return any(isinstance(part, str) and ("*" in part or "?" in part) for part in text.parts)


def listed(statement: Statement, action: str) -> Truth:
    """Whether the Action or NotAction of a statement takes in an action."""
    found = some([Truth(names(pattern.text, action)) for pattern in actions_of(statement)])
    if statement.actions_open and found.answer is not Answer.YES:
        found = unknown(f"an action is not known: {statement.actions_open}", statement.origin)
    elif found.answer is Answer.UNKNOWN:
        found = some(
            [_why(pattern) for pattern in actions_of(statement) if names(pattern.text, action) is Answer.UNKNOWN]
        )
    return ~found if statement.not_action else found


def _why(pattern: Pattern) -> Truth:
    element = "a resource" if "Resource" in pattern.element else "an action"
    return unknown(f"{element} is not known: {pattern.text.why_open()}", pattern.origin)


# ---- Resources.


def reached(pattern: Text, kinds: tuple[Text, ...]) -> Answer:
    """Whether a pattern of a Resource element fits something of these kinds; of no kind, whether it is a star."""
    literal = pattern.literal()
    return _reached(pattern, kinds) if literal is None else _reached_literally(literal, kinds)


@lru_cache(maxsize=8192)
def _reached_literally(written: str, kinds: tuple[Text, ...]) -> Answer:
    return _reached(Text((written,) if written else ()), kinds)


def _reached(pattern: Text, kinds: tuple[Text, ...]) -> Answer:
    if not kinds:
        return _is_star(pattern)
    text = _shaped(pattern)
    return _some([_meets(text, kind) for kind in kinds])


def _meets(text: Text, kind: Text) -> Answer:
    answer = meets_arn(text, kind)
    path = _PATHS.get(kind)
    own = None if answer is Answer.NO or path is None or text == EVERYTHING else resource_of(text)
    if own is None or path is None:
        return answer
    surely = _can_be(_letters(own, Answer.NO), path)
    if surely:
        return answer
    return Answer.UNKNOWN if own.holes() and _can_be(_letters(own, Answer.UNKNOWN), path) else Answer.NO


def _letters(text: Text, holes: Answer) -> str:
    """A text as one pattern, its holes being single letters, or anything."""
    return "".join(part if isinstance(part, str) else "\0" if holes is Answer.NO else "*" for part in text.parts)


def _can_be(pattern: str, path: tuple[str | None, ...]) -> bool:
    """Whether a pattern fits some path with names that hold no slash: its stars take in those that are missing."""
    segments = pattern.split("/")
    if len(segments) > len(path):
        return False

    def fits(at: int, place: int) -> bool:
        if at == len(segments):
            return place == len(path)
        most = len(path) - place - (len(segments) - at - 1) if "*" in segments[at] else 1
        return any(
            meets(Text((segments[at],)), Text(("/".join(step or "*" for step in path[place : place + steps]),)))
            is not Answer.NO
            and fits(at + 1, place + steps)
            for steps in range(1, most + 1)
            if segments[at]
        )

    return fits(0, 0)


def reaches(statement: Statement, kinds: tuple[Text, ...]) -> Truth:
    """Whether the Resource or NotResource of a statement takes in something of these kinds."""
    patterns = resources_of(statement)
    if statement.not_resource:
        found = ~every(
            [Truth(_some([takes_in(each.text, kind) for each in patterns])) for kind in kinds or (EVERYTHING,)]
        )
        if statement.resources_open and found.answer is not Answer.NO:
            return unknown(f"a resource is not known: {statement.resources_open}", statement.origin)
        return found
    answers = [(pattern, reached(pattern.text, kinds)) for pattern in patterns]
    if any(answer is Answer.YES for _, answer in answers):
        return Truth(Answer.YES)
    open_ = [_why(pattern) for pattern, answer in answers if answer is Answer.UNKNOWN]
    if statement.resources_open:
        open_.append(unknown(f"a resource is not known: {statement.resources_open}", statement.origin))
    return some(open_)


def takes_in(pattern: Text, kind: Text) -> Answer:
    """Whether a pattern fits all of a kind, in every Region and account."""
    return contains_arn(_shaped(pattern), kind)


def takes_in_everywhere(pattern: Text, kind: Text) -> Answer:
    """Whether a pattern fits all of a kind, of whatever Region and account it says."""
    text = _shaped(pattern)
    own, wanted = resource_of(text), resource_of(kind)
    if text == EVERYTHING or own is None or wanted is None:
        return contains_arn(text, kind)
    if meets_arn(text, kind) is Answer.NO:
        return Answer.NO
    return contains(own, wanted)


def is_everything(pattern: Text) -> Answer:
    """Whether a pattern of a Resource element is a star, or an ARN of nothing but stars."""
    return contains_arn(_shaped(pattern), Text(("arn:aws:*:*:*:*",)))


def _is_star(text: Text) -> Answer:
    literal = text.literal()
    if literal is not None:
        return Answer.YES if literal and not literal.strip("*") else Answer.NO
    return Answer.NO if any(isinstance(part, str) and part.strip("*") for part in text.parts) else Answer.UNKNOWN


def _shaped(text: Text) -> Text:
    """The text as it is held against kinds: a Region or an account is one, whichever, and so is a partition."""
    text = resolved(text)
    named = (part.stands_for.rpartition("#")[2] if isinstance(part, Hole) else "" for part in text.parts)
    parts = [_WORDS.get(name, part) for name, part in zip(named, text.parts, strict=True)]
    shaped = joined(*parts)
    first = shaped.parts[0] if shaped.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        partition, colon, rest = first[len("arn:") :].partition(":")
        if colon and partition in PARTITIONS:
            return joined("arn:aws:", rest, *shaped.parts[1:])
    return shaped


def resolved(text: Text) -> Text:
    """The text with what resources of the template are called spelt out as far as it is known: `${Orders.Arn}` is
    the ARN of a table, whatever its name.
    """
    if all(isinstance(part, str) or not part.type for part in text.parts):
        return text
    return joined(*(part if isinstance(part, str) or not part.type else _spelt(part) for part in text.parts))


def _spelt(hole: Hole) -> Text | Hole | str:
    """What is known of a name or an ARN of a resource of the template by the type of that resource."""
    name, dot, attribute = hole.stands_for.rpartition("#")[2].rpartition(".")
    if not dot:
        return hole
    # It stands for the name and is like no name that anybody writes; it holds no slash, no colon and no wildcard.
    word = "\u2039" + "".join(letter if letter.isalnum() else "-" for letter in name) + "\u203a"
    attribute = attribute.lower().replace("_", "")
    named = attribute in {"ref", "name", "id"}
    partition, region, account = (Hole(hole.reason, each) for each in (PARTITION, REGION, ACCOUNT))
    if hole.type in _TABLES:
        if named:
            return word
        arn = joined("arn:", partition, ":dynamodb:", region, ":", account, f":table/{word}")
        return arn if attribute == "arn" else joined(arn, "/stream/", word) if attribute == "streamarn" else hole
    if hole.type in _VAULTS:
        arn = joined("arn:", partition, ":backup:", region, ":", account, f":backup-vault:{word}")
        return arn if attribute in {"arn", "backupvaultarn"} else word if named else hole
    if hole.type in _ROLES:
        arn = joined("arn:", partition, ":iam::", account, f":role/{word}")
        return arn if attribute == "arn" else word if named else hole
    service = _service(hole.type)
    if attribute == "arn" and service:
        return joined("arn:", partition, f":{service}:", region, ":", account, f":{word}")
    return hole


def _service(kind: str) -> str:
    """The service of a type of resource, empty where it is not told by the type or is one that rules are about."""
    words = kind.lower().split("::") if "::" in kind else kind.lower().split("_")
    known = len(words) > 1 and words[0] == "aws"
    ours = {"backup", "cloudformation", "dynamodb", "iam", "kms", "organizations", "serverless"}
    return words[1] if known and words[1] not in ours else ""


def _some(answers: list[Answer]) -> Answer:
    if Answer.YES in answers:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO


__all__ = [
    "Pattern", "about", "actions_of", "has_wildcard", "is_everything", "listed", "meant_of", "names", "reached",
    "reaches", "resolved", "resources_of", "takes_in", "takes_in_everywhere", "takes_in_service",
]  # fmt: skip
