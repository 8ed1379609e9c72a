"""Kinds of resources that actions are about, and whether a pattern of a Resource element fits one of a kind.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from functools import lru_cache

from recoverable.arn import ACCOUNT, PARTITION, PARTITIONS, REGION, resource_of
from recoverable.policy.patterns import contains, contains_arn, meets, meets_arn
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer

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

#: What the resources of some kinds are called, path by path: the names in them (None) hold no slash.
_PATHS: dict[Text, tuple[str | None, ...]] = {
    TABLES: ("table", None),
    TABLE_BACKUPS: ("table", None, "backup", None),
    EXPORTS: ("table", None, "export", None),
    STREAMS: ("table", None, "stream", None),
    BACKUP_POLICIES: ("policy", None, "backup_policy", None),
}

#: Types of resources whose ARN is known but for the name.
_TABLES = {"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable", "aws_dynamodb_table"}

_VAULTS = {"AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault", "aws_backup_vault"}

_ROLES = {"AWS::IAM::Role", "aws_iam_role"}

#: One Region and one account, by the colons before them.
_FIELDS = {3: "region-1", 4: "000000000000"}

#: One Region, account or stack where it does not matter which.
_WORDS: dict[str, str | Hole] = {
    PARTITION: "aws",
    REGION: "region-1",
    ACCOUNT: "000000000000",
    "AWS::StackName": "\u2039stack\u203a",
}


def about(action: str) -> tuple[Text, ...]:
    """The ARNs that an action may be about, as patterns; none for one that is about no resource."""
    return _about(action.lower())


@lru_cache(maxsize=512)
def _about(action: str) -> tuple[Text, ...]:
    own = _ABOUT.get(action)
    return own if own is not None else _OF_SERVICE.get(action.partition(":")[0], (EVERYTHING,))


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
    text = _with_whole_fields(text)
    named = (part.stands_for.rpartition("#")[2] if isinstance(part, Hole) else "" for part in text.parts)
    parts = [_WORDS.get(name, part) for name, part in zip(named, text.parts, strict=True)]
    shaped = joined(*parts)
    first = shaped.parts[0] if shaped.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        partition, colon, rest = first[len("arn:") :].partition(":")
        if colon and partition in PARTITIONS:
            return joined("arn:aws:", rest, *shaped.parts[1:])
    return shaped


def _with_whole_fields(text: Text) -> Text:
    """The text with a word for each hole that is a whole field of an ARN: one Region or account, whichever it is."""
    parts: list[str | Hole] = list(text.parts)
    first = parts[0] if parts else ""
    if not isinstance(first, str) or not first.startswith("arn:"):
        return text
    colons = 0
    for at, part in enumerate(parts):
        if isinstance(part, str):
            colons += part.count(":")
            continue
        before, after = parts[at - 1], parts[at + 1] if at + 1 < len(parts) else ""
        alone = isinstance(before, str) and before.endswith(":") and isinstance(after, str) and after.startswith(":")
        if alone and colons in (3, 4):
            parts[at] = _FIELDS[colons]
    return joined(*parts)


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
