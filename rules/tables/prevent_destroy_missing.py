"""Terraform may destroy the table, or replace it by an empty one, without being stopped.

https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
"""

from __future__ import annotations

from recoverable import Severity, Table, Truth, no, rule


@rule(Severity.LOW, production_only=True)
def prevent_destroy_missing(table: Table) -> Truth:
    if table.prevent_destroy is None:
        return no("its input has no such setting")
    return table.prevent_destroy.equals(False)
