"""Whether a table has the tag that a backup selection asks for.

`ListOfTags` compares exactly; `Conditions` have four operators, and keys that begin with `aws:ResourceTag/`. Keys,
values and operators are case sensitive.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Conditions.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Condition.html
"""

from __future__ import annotations

from recoverable.arn import match
from recoverable.glob import matches
from recoverable.text import Hole, Text
from recoverable.truth import Answer, Fact, Truth, no, unknown
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import TagTest
    from recoverable.estate.tables import Replica, Table, Tags

PREFIX = "aws:ResourceTag/"

#: The operators of `Conditions`, and which of them hold where the value is another one.
OPERATORS = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike")
NEGATED = ("StringNotEquals", "StringNotLike")

#: The one operator of `ListOfTags`.
LISTED_OPERATOR = "STRINGEQUALS"


def is_listed(test: TagTest, item: Table | Replica) -> Truth:
    """Whether an entry of `ListOfTags` means the table. An operator other than STRINGEQUALS is no matter of this."""
    bare = _without_prefix(test.key)
    asked = _is(test, test.key if bare is None else bare, item, like=False)
    if bare is None or asked.answer is not Answer.YES:
        return asked
    # The API page shows bare keys, CloudFormation's page prefixed ones, which no tag can be called.
    return unknown(
        f"{asked.facts[0].text}, but whether ListOfTags takes keys with {PREFIX} before them is not documented: "
        "if so, it means the table; if not, it means nothing",
        test.origin,
    ).because(*asked.facts[1:])


def holds(test: TagTest, item: Table | Replica) -> Truth:
    """Whether one of the `Conditions` holds for the table."""
    state = test.operator.state
    if not isinstance(state, Known):
        return unknown(f"which operator a condition has is not known: {state.reason}", test.origin)
    operator = state.value
    if operator not in OPERATORS:
        return no(f"{operator or 'nothing'} is no operator of Conditions; they are {', '.join(OPERATORS)}", test.origin)
    negated = operator in NEGATED
    bare = _without_prefix(test.key)
    if bare is None:
        return _key_without_prefix(test, operator, negated=negated)
    asked = _is(test, bare, item, like=operator.endswith("Like"))
    if not negated:
        return asked
    if _presence(item.tags, bare)[1] is Answer.NO:
        return unknown(
            f"it has no tag {bare.shown()}, and whether {operator} holds then is not documented: "
            "by IAM's arithmetic it does, by AWS Backup's page it is about tagged resources only",
            test.origin,
        ).because(*asked.facts)
    return ~asked


def _key_without_prefix(test: TagTest, operator: str, *, negated: bool) -> Truth:
    shown = test.key.shown()
    if test.key.literal() is None and _may_begin_with_prefix(test.key):
        return unknown(f"which tag a condition is about is not known: {test.key.why_open()}", test.origin)
    if not negated:
        return no(f"the condition key {shown} matches nothing: it lacks {PREFIX} in front", test.origin)
    return unknown(
        f"the condition key {shown} lacks {PREFIX} in front, and what {operator} does with a key that matches nothing "
        "is not documented: it may hold always, or never",
        test.origin,
    )


def _without_prefix(key: Text) -> Text | None:
    """The key after `aws:ResourceTag/`, None where that is not how it begins."""
    first = key.parts[0] if key.parts else ""
    if not isinstance(first, str) or not first.startswith(PREFIX):
        return None
    rest = first.removeprefix(PREFIX)
    return Text(((rest,) if rest else ()) + key.parts[1:])


def _may_begin_with_prefix(key: Text) -> bool:
    first = key.parts[0] if key.parts else ""
    return not isinstance(first, str) or PREFIX.startswith(first)


def _is(test: TagTest, key: Text, item: Table | Replica, *, like: bool) -> Truth:
    """Whether the tag is there with the value asked for."""
    tag, there = _presence(item.tags, key)
    name, wanted = key.shown(), test.value.shown()
    about = item.subject.title()
    if there is Answer.NO:
        absent = no(f"{about} has no tag {name}", item.subject.origin)
        return absent.because(Fact(item.tags.open)) if item.tags.outside else absent
    if tag is None:
        why = key.why_open() or item.tags.open or "the key of a tag is not known"
        return unknown(f"whether {about} has the tag {name} is not known: {why}", test.origin)
    value = _text(tag)
    answer = match(test.value, value, wild=like)
    if answer is Answer.NO and like and "?" in wanted and _fits_with_any_character(test.value, value):
        return unknown(
            f"tag {name} is {value.shown()}; it is documented that * in {wanted} is any text, not what ? is",
            test.origin,
        )
    if there is Answer.UNKNOWN:
        # The tag may be this one or another.
        answer = Answer.NO if answer is Answer.NO and item.tags.unnamed is None else Answer.UNKNOWN
    match answer:
        case Answer.YES:
            said = f"tag {name} is {wanted}" if not like else f"tag {name} is like {wanted}"
            return Truth(
                answer, (Fact(said, test.origin), Fact(f"{about} has the tag {name}: {value.shown()}", tag.origin))
            )
        case Answer.NO:
            case_only = value.shown().lower() == wanted.lower()
            hint = ": case counts" if case_only else ""
            return no(f"tag {name} is {value.shown()}, not {wanted}{hint}", tag.origin)
    if test.value.literal() is None:
        why = f"which value of tag {name} its plan asks for is not known: {test.value.why_open()}"
        return Truth(answer, (Fact(why, test.origin), Fact(f"{about} has the tag {name}: {value.shown()}", tag.origin)))
    why = value.why_open() or item.tags.open or "it may be another tag"
    return Truth(answer, (Fact(f"whether tag {name} is {wanted} is not known: {why}", tag.origin),))


def _presence(tags: Tags, key: Text) -> tuple[Value[str] | None, Answer]:
    """The tag of this key, and whether it is there."""
    literal = key.literal()
    if literal is not None:
        found = tags.get(literal)
        if found is not None:
            return found, Answer.YES
        if tags.unnamed is not None:
            return None, Answer.UNKNOWN
        return None, Answer.UNKNOWN if tags.open and not tags.outside else Answer.NO
    if tags.unnamed is not None or (tags.open and not tags.outside):
        return None, Answer.UNKNOWN
    possible = any(match(key, Text((name,)), wild=False) is not Answer.NO for name, _ in tags.entries)
    return None, Answer.UNKNOWN if possible else Answer.NO


def _text(tag: Value[str]) -> Text:
    """A tag's value, as far as it is known."""
    if isinstance(tag.state, Known):
        return Text((tag.state.value,) if tag.state.value else ())
    return tag.state.text or Text((Hole(tag.state.reason),))


def _fits_with_any_character(pattern: Text, value: Text) -> bool:
    written, given = pattern.literal(), value.literal()
    return written is None or given is None or matches(written, given)
