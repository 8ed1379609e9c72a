"""Nobody has said what a table is for."""

from __future__ import annotations

from recoverable import Severity, Table, TableClass, Truth, no, rule, unknown, yes


@rule(Severity.INFO, on=False)
def table_unclassified(table: Table, table_class: TableClass) -> Truth:
    if table_class.reason is not None:
        return no(table_class.reason.text, table_class.reason.origin)
    if table_class.doubt is not None:
        return unknown(table_class.doubt.text, table_class.doubt.origin)
    return yes("neither the configuration nor the table itself says what it is for", table.subject.origin)
