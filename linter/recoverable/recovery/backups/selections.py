"""What a backup selection selects: Resources or ListOfTags, narrowed by Conditions, without NotResources.

What AWS documents is followed to the letter; where it is silent, or says two things, and the answer depends on it, the
answer is unknown and the fact names both readings.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION, is_documented, match_arn, resource_of, why_unknown
from recoverable.estate.tables import Replica
from recoverable.recovery.backups.places import works_at
from recoverable.recovery.backups.tag_tests import LISTED_OPERATOR, OPERATORS, holds, is_listed
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, some, unknown
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from recoverable.estate.backup import Selection, Written
    from recoverable.estate.tables import Table
    from recoverable.source import Origin

#: How the last part of a table's ARN begins.
TABLE = "table/"

_TABLE_TYPES = ("AWS::DynamoDB::", "AWS::Serverless::SimpleTable")

#: How many ARNs a selection takes, and how many if there are patterns among them.
MOST_RESOURCES = 500
MOST_PATTERNS = 30

#: What holds where nobody has read the Region's settings: AWS Backup opts an account in to all types that it supports
#: when the account first makes a vault or a plan.
TAKEN_AS_OPTED_IN = Truth(
    Answer.YES, (Fact("the Region's settings were not read; DynamoDB is taken as opted in, as it is by default"),)
)

_NOTHING = Truth(Answer.NO)

#: Resources that can give out anything, an ARN of a table among others.
_MADE_BY_OTHERS = ("AWS::CloudFormation::", "AWS::Serverless::Application", "AWS::ServiceCatalog::")


def selects(
    selection: Selection,
    item: Table | Replica,
    *,
    opted_in: Truth = TAKEN_AS_OPTED_IN,
    others: Collection[Value[str]] | None = (),
) -> Truth:
    """Whether `selection` selects a table or replica, where its plan works.

    `opted_in` is whether AWS Backup is switched on for DynamoDB in the Region; only assignment by tags heeds it.
    `others` are the Regions of the other copies of a global table (see `places.works_at`).
    """
    refused = rejected(selection)
    if refused.answer is Answer.YES:
        return ~refused
    chosen = _chosen(selection, item, opted_in)
    if chosen.answer is Answer.NO and refused.answer is Answer.NO:
        return chosen
    asked = [chosen, works_at(selection, item, others)]
    if selection.not_resources or selection.not_resources_open:
        asked.append(~excluded(selection, item))
    if refused.answer is not Answer.NO:
        asked.append(~refused)
    return every(asked)


def rejected(selection: Selection) -> Truth:
    """Whether AWS Backup refuses the selection, so that it does not come to be."""
    where = selection.subject.origin
    found = [
        ~test.operator.holds(
            lambda name: name == LISTED_OPERATOR,
            f"AWS Backup refuses the selection: ListOfTags takes no operator but {LISTED_OPERATOR}",
        )
        for test in selection.tags
    ]
    found += [
        ~test.operator.holds(
            lambda name: name in OPERATORS,
            f"AWS Backup refuses the selection: Conditions take no operator but {', '.join(OPERATORS)}",
        )
        for test in selection.conditions
    ]
    if (selection.conditions or selection.not_resources) and not (selection.resources or selection.tags):
        said = "AWS Backup refuses a selection that has neither Resources nor ListOfTags"
        opened = selection.resources_open or selection.tags_open
        found.append(Truth(Answer.UNKNOWN if opened else Answer.YES, (Fact(said, where),)))
    for name, entries in (("Resources", selection.resources), ("NotResources", selection.not_resources)):
        if len(entries) > MOST_PATTERNS:
            found.append(_too_many(name, entries, where))
    answer = some(found) if found else _NOTHING
    return _NOTHING if answer.answer is Answer.NO else answer


def _too_many(name: str, entries: tuple[Written, ...], where: Origin) -> Truth:
    if len(entries) > MOST_RESOURCES:
        said = f"AWS Backup refuses more than {MOST_RESOURCES} ARNs: {name} has {len(entries)}"
        return Truth(Answer.YES, (Fact(said, where),))
    stars = [has_star(entry.text) for entry in entries]
    said = f"AWS Backup refuses more than {MOST_PATTERNS} ARNs when * is in any of them: {name} has {len(entries)}"
    return Truth(Answer.YES if True in stars else Answer.UNKNOWN if None in stars else Answer.NO, (Fact(said, where),))


def excluded(selection: Selection, item: Table | Replica) -> Truth:
    """Whether `NotResources` takes the table out."""
    found = [_meant(entry, item, "NotResources") for entry in selection.not_resources]
    if selection.not_resources_open:
        found.append(unknown(f"NotResources may hold more: {selection.not_resources_open}", selection.subject.origin))
    return some(found)


def named(selection: Selection, item: Table | Replica) -> Truth:
    """Whether an entry of `Resources` means the table."""
    found = [_meant(entry, item, "Resources") for entry in selection.resources]
    if selection.resources_open:
        found.append(unknown(f"Resources may hold more: {selection.resources_open}", selection.subject.origin))
    return found[0] if len(found) == 1 else some(found)


def tagged(selection: Selection, item: Table | Replica) -> Truth:
    """Whether an entry of `ListOfTags` means the table."""
    found = [is_listed(test, item) for test in selection.tags]
    if selection.tags_open:
        found.append(unknown(f"ListOfTags may hold more: {selection.tags_open}", selection.subject.origin))
    return some(found)


def narrowed_to(selection: Selection, item: Table | Replica) -> Truth:
    """Whether all `Conditions` hold for the table."""
    found = [holds(test, item) for test in selection.conditions]
    if selection.conditions_open:
        found.append(unknown(f"Conditions may hold more: {selection.conditions_open}", selection.subject.origin))
    return every(found)


def _chosen(selection: Selection, item: Table | Replica, opted_in: Truth) -> Truth:
    """Resources or ListOfTags, with Conditions; opt-in where it counts."""
    if not (
        selection.resources
        or selection.resources_open
        or selection.tags
        or selection.tags_open
        or selection.conditions
        or selection.not_resources
    ):
        return unknown(
            "the selection is empty: by its documentation it means every resource, but the API asks for Resources or "
            "ListOfTags",
            selection.subject.origin,
        )
    by_name = _heeded(selection, item, opted_in)
    by_tag = every((tagged(selection, item), opted_in)) if selection.tags or selection.tags_open else _NOTHING
    either = by_name if by_tag is _NOTHING else some((by_name, by_tag))
    if not selection.conditions and not selection.conditions_open:
        return either
    conditions = narrowed_to(selection, item)
    narrowed = either & conditions
    if by_tag is _NOTHING:
        return narrowed
    apart = some((by_name & conditions, by_tag))
    if narrowed.answer is apart.answer:
        return narrowed
    return unknown(
        "whether Conditions narrow what ListOfTags selects is not documented: if they do, the selection "
        f"{_says(narrowed)}; if they narrow Resources alone, it {_says(apart)}",
        selection.subject.origin,
    ).because(*by_tag.facts, *conditions.facts)


def _says(truth: Truth) -> str:
    return {Answer.YES: "means the table", Answer.NO: "does not mean it", Answer.UNKNOWN: "may mean it"}[truth.answer]


def _heeded(selection: Selection, item: Table | Replica, opted_in: Truth) -> Truth:
    """Whether Resources mean the table, where opt-in counts for what names no type of resource (`*`)."""
    found = named(selection, item)
    if found.answer is Answer.NO or opted_in.answer is Answer.YES:
        return found
    explicit = [entry for entry in selection.resources if _names_dynamodb(entry.text)]
    by_type = some([_meant(entry, item, "Resources") for entry in explicit])
    if by_type.answer is Answer.YES:
        return by_type
    return unknown(
        "AWS Backup is, or may be, switched off for DynamoDB in the Region, and whether a pattern that names no type "
        "of resource heeds that is not documented",
        selection.subject.origin,
    ).because(*found.facts, *opted_in.facts)


def _names_dynamodb(text: Text) -> bool:
    return bool(text.stands_for()) or any(isinstance(part, str) and ":dynamodb:" in part for part in text.parts)


def _meant(entry: Written, item: Table | Replica, where: str) -> Truth:
    """Whether an ARN or pattern means the table, taken that its plan works where the table is."""
    shown = entry.text.shown()
    answer = _fits(entry.text, item)
    if answer is Answer.NO:
        return _NOTHING
    if answer is Answer.UNKNOWN:
        table = item.table if isinstance(item, Replica) else item
        why = why_unknown(_placed(entry.text, item, table), item.arn) or "its ARN is not wholly known"
        return unknown(f"whether {shown} in {where} means it is not known: {why}", entry.origin)
    if not is_documented(entry.text):
        return unknown(
            f"whether {shown} in {where} means it is not known: AWS documents * at the end only, and * as any text",
            entry.origin,
        )
    if where == "NotResources":
        said = f"excluded by NotResources: {shown}"
    elif entry.text.stands_for() or "*" not in shown:
        said = f"{where} names it: {shown}"
    else:
        said = f"it fits {shown} in {where}"
    return Truth(answer, (Fact(said, entry.origin),))


def _fits(pattern: Text, item: Table | Replica) -> Answer:
    table = item.table if isinstance(item, Replica) else item
    symbol = pattern.stands_for()
    if symbol and symbol in table.symbols:
        return Answer.YES
    if symbol and is_a_resource(pattern.holes()[0]):
        return Answer.NO
    placed = _placed(pattern, item, table)
    answer = match_arn(placed, item.arn)
    return Answer.NO if answer is Answer.UNKNOWN and _is_another(placed, table, item.arn) else answer


def is_a_resource(hole: Hole) -> bool:
    """Whether it stands for a resource that is known, and so for no other: custom resources give out anything."""
    if hole.type.startswith("aws_"):
        # Of what Terraform makes or looks up, the ARN alone is sure to be of its type.
        return hole.stands_for.endswith(".Arn") and not hole.type.startswith(("aws_dynamodb_", "aws_backup_"))
    return bool(hole.type) and hole.type.startswith("AWS::") and not hole.type.startswith(_MADE_BY_OTHERS)


def _placed(pattern: Text, item: Table | Replica, table: Table) -> Text:
    """The pattern as it reads where the table is: a plan's own Region and account are those of what it backs up."""
    region, account = item.subject.region, item.subject.account
    parts: list[str | Hole | Text] = []
    for part in pattern.parts:
        if not isinstance(part, Hole):
            parts.append(part)
        elif part.stands_for in table.symbols:
            parts.append(item.arn)
        elif part.stands_for.removesuffix("Ref") + "Arn" in table.symbols:
            parts.append(_name(item.arn) or part)
        elif part.stands_for == REGION:
            parts.append(_text(region, part))
        elif part.stands_for == ACCOUNT:
            parts.append(_text(account, part))
        elif part.stands_for.endswith(".Arn") and part.type.startswith("AWS::DynamoDB::"):
            name = Hole(part.reason, part.stands_for.removesuffix("Arn") + "Ref", type=part.type)
            place = (":dynamodb:", _text(region, Hole("", REGION)), ":", _text(account, Hole("", ACCOUNT)), ":table/")
            parts.extend(("arn:", Hole("", PARTITION), *place, name))
        else:
            parts.append(part)
    return joined(*parts)


def _text(value: Value[str], otherwise: Hole) -> str | Text | Hole:
    state = value.state
    return state.value if isinstance(state, Known) else state.text or otherwise


def _name(arn: Text) -> Text | None:
    resource = resource_of(arn)
    if resource is None or not resource.parts or not isinstance(resource.parts[0], str):
        return None
    return joined(resource.parts[0].removeprefix(TABLE), *resource.parts[1:])


def named_table(resource: Text) -> str:
    """The table whose name is all there is in `table/${Orders}`: what its ARN is called, empty if it is not that."""
    if len(resource.parts) != 2 or resource.parts[0] != TABLE:
        return ""
    hole = resource.parts[1]
    if not isinstance(hole, Hole) or not hole.stands_for.endswith(".Ref") or not hole.type.startswith(_TABLE_TYPES):
        return ""
    return hole.stands_for.removesuffix("Ref") + "Arn"


def logical_id(resource: Text) -> str:
    """The logical id of such a table."""
    return named_table(resource).removesuffix(".Arn").rpartition("#")[2].rpartition("/")[2]


def _is_another(pattern: Text, table: Table, arn: Text) -> bool:
    """Whether what may be the table's ARN is that of another one for sure: no two tables have one name."""
    given, wanted = resource_of(arn), resource_of(pattern)
    if given is None or wanted is None:
        return False
    other = named_table(wanted)
    if other and table.symbols:
        return other not in table.symbols
    spelled = wanted.literal()
    if not named_table(given) or spelled is None:
        return False
    # CloudFormation makes a name up of the stack's name, the logical id and a random part:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    return "*" not in spelled and f"-{logical_id(given)}-" not in spelled


def has_star(text: Text) -> bool | None:
    """Whether it is a pattern, None if a part that is not known may make it one."""
    if any(isinstance(part, str) and "*" in part for part in text.parts):
        return True
    return None if any(not (hole.stands_for or hole.type) for hole in text.holes()) else False
