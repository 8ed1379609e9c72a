"""A table is not encrypted with a customer managed key although its class of tables must be."""

from __future__ import annotations

from recoverable import Answer, Fact, Objectives, Replica, Severity, Table, Truth, no, rule, unknown, yes

_AWS_MANAGED = "alias/aws/dynamodb"


@rule(Severity.LOW, production_only=True)
def table_key_not_customer_managed(table: Table | Replica, objectives: Objectives) -> Truth:
    if not objectives.customer_key:
        return no("no objective asks for a customer managed key")
    missing = table.key.holds(lambda key: key is None, f"{table.key.name} is not set: the key is one of AWS's own")
    if missing.answer is not Answer.NO:
        return missing
    key = table.key.known()
    assert key is not None
    name, hole = key.literal(), next(iter(key.holes()), None)
    if name is not None and name.endswith(_AWS_MANAGED):
        return yes(f"{table.key.name} is {name}, which AWS manages", table.key.origin)
    if name is None and hole is not None and not hole.stands_for and len(key.parts) == 1:
        return unknown(f"{table.key.name} is not known: {hole.reason}", table.key.origin)
    return Truth(Answer.NO, (Fact(f"{table.key.name} is {key.shown()}", table.key.origin),))
