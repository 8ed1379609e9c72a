"""No configuration, however strange, makes the reading of principals and policies fail or take for ever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from configurations import read
from policies_seen import may_delete_tables
from recoverable.estate.documents import gathered, statements_of
from recoverable.read.terraform.principal_kinds import ATTACHING, KINDS, MANAGED
from recoverable.value import Entry

NAMES = ("a", "b")
TYPES = (*KINDS, *ATTACHING, *MANAGED, "aws_organizations_policy", "aws_organizations_policy_attachment")
ARGUMENTS = sorted(
    {
        *(each for kind in KINDS.values() for each in kind[1:9] if isinstance(each, str) and each),
        *(each for one in ATTACHING.values() for _, each in one.targets),
        *(each for one in ATTACHING.values() for each in one[1:] if each),
        "policy_document", "content", "policy_id", "target_id", "type", "tags", "count", "for_each",
    }
)  # fmt: skip
REFERENCES = [f"{type_}.{name}{attribute}" for type_ in TYPES for name in NAMES for attribute in (".name", ".arn", "")]
VALUES = st.sampled_from(
    [
        '"x"', '""', "null", "true", "3", "[]", "{}", '["a", null, var.nobody]', "var.nobody", "var.nobody[0].x",
        "local.round",
        '"${var.nobody}-ops"', '"arn:aws:iam::aws:policy/AdministratorAccess"', '"arn:aws:iam::${var.nobody}:policy/x"',
        'jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })', '"{"', '"[1]"', "[[[]]]",
        'var.nobody == "x" ? "ops" : null', "toset([])", 'toset(["k"])', "0", "1", "1 / 0", "file(\"../../x\")",
        "data.aws_iam_policy_document.d.json", "data.aws_iam_policy.p.arn", "each.value", "count.index",
        *REFERENCES,
    ]
)  # fmt: skip
RESOURCE = st.tuples(
    st.sampled_from(TYPES),
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(ARGUMENTS), VALUES, max_size=5),
    st.booleans(),
)
HEAD = """
variable "nobody" {}
locals { round = local.round }
data "aws_iam_policy_document" "d" {
  source_policy_documents = [data.aws_iam_policy_document.d.json]
}
data "aws_iam_policy" "p" { name = var.nobody }
"""


def written(resource: tuple[str, str, dict[str, str], bool]) -> str:
    """A resource; its arguments as blocks now and then."""
    type_, name, arguments, blocks = resource
    body = "".join(
        f"  {key} {{\n    name = {value}\n    policy = {value}\n  }}\n"
        if blocks and key != "count"
        else f"  {key} = {value}\n"
        for key, value in arguments.items()
    )
    return f'resource "{type_}" "{name}" {{\n{body}}}\n'


@settings(max_examples=150, deadline=None)
@given(st.lists(RESOURCE, min_size=1, max_size=8, unique_by=lambda one: one[:2]))
def test_no_configuration_makes_the_reading_of_principals_fail(
    resources: list[tuple[str, str, dict[str, str], bool]],
) -> None:
    reading = read(HEAD + "".join(map(written, resources)))

    documents = gathered(reading.principals, reading.documents, reading.guardrails)
    statements = statements_of(documents)
    assert all(isinstance(entry, Entry) for entry in (*reading.principals, *documents, *statements))
    for entry in statements:
        for _, statement in entry.variants:
            assert statement is None or may_delete_tables.judge(statement) is not None
    # The order of what is read does not depend on anything but the text.
    again = read(HEAD + "".join(map(written, resources)))
    assert tuple(again.principals) == tuple(reading.principals)
