"""Reports made by hand, for the tests of the report formats."""
# ruff: noqa: ANN401 (builders take any field)

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from recoverable.check import Report
from recoverable.estate import Replica, Subject, Table, Tags
from recoverable.recovery.classes import PRODUCTION, TableClass
from recoverable.report.options import Options, RuleHelp
from recoverable.rows import TableRow
from recoverable.rule import Edit, Fault, Finding, Fix, Rule, Severity
from recoverable.source import Address, Call, Origin, Span
from recoverable.text import Text
from recoverable.truth import Fact, Truth, yes
from recoverable.value import Known, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDERS = "services/orders/template.yaml"
GLOBAL = "services/global/täbles.json"

SOURCES = {
    ORDERS: """\
Parameters:
  Pitr:
    Type: String
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: false
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: !If [IsProd, true, false]
  Audit:
    Type: AWS::DynamoDB::Table
    Properties:
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: !Ref Pitr
  Sessions:
    Type: AWS::DynamoDB::Table
  Locks:
    Type: AWS::DynamoDB::Table
""",
    GLOBAL: """\
{
\t"Resources": {
\t\t"Ledger": {
\t\t\t"Type": "AWS::DynamoDB::GlobalTable",
\t\t\t"Properties": {
\t\t\t\t"Replicas": [
\t\t\t\t\t{"Region": "eu-west-1", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}},
\t\t\t\t\t{"Region": "日本", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": false}}
\t\t\t\t]
\t\t\t}
\t\t}
\t}
}
""",
    "broken.yaml": "Resources:\n  Orders: [\n",
    ".recoverable.yaml": "rulez: {}\n",
}

HELP = {
    "pitr-disabled": RuleHelp(
        "Point-in-time recovery is off",
        "Without it the table can only go back to its last backup, and what came since is lost.\n\nMore reasons.",
        "# Point-in-time recovery is off\n\nWithout it …\n\n## References\n\n"
        "* [Point-in-time recovery](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PITR.html)\n",
        "Set `PointInTimeRecoveryEnabled` to true, as\n[AWS describes](https://docs.aws.amazon.com/).\n\nThen deploy.",
    ),
    "replica-pitr-disabled": RuleHelp(
        "Point-in-time recovery of a replica is off",
        "Replicas do not inherit it.",
        "# Point-in-time recovery of a replica is off\n\nReplicas do not inherit it.\n",
        "Set it for each replica.",
    ),
    "deletion-protection-disabled": RuleHelp(
        "Deletion protection is off", "One call deletes the table.", "# Deletion protection is off\n", "Switch it on."
    ),
}


def judge(_: Table) -> Truth:
    return yes("a judge of samples")


PITR = Rule("pitr-disabled", Severity.HIGH, ("Table",), (), judge, production_only=True, group="tables")
REPLICA = Rule("replica-pitr-disabled", Severity.HIGH, ("Replica",), (), judge, group="tables")
PROTECTION = Rule("deletion-protection-disabled", Severity.MEDIUM, ("Table",), (), judge, group="tables")
WINDOW = Rule("pitr-window-short", Severity.LOW, ("Table",), (), judge, group="tables")
FACT = Rule("table-unclassified", Severity.INFO, ("Table",), (), judge, group="tables")


def help_of(rule: Rule) -> RuleHelp:
    return HELP.get(rule.name, RuleHelp())


def options(**changes: Any) -> Options:
    return Options(help_of=help_of, version="1.2.3", aws_data="2026-11-01")._replace(**changes)


def known(value: Any, origin: Origin | None = None) -> Value[Any]:
    return Value("a value", Known(value, origin))


def unknown(reason: str = "it is not written") -> Value[Any]:
    return Value("a value", Unknown(reason))


def place(path: str, words: str, occurrence: int = 1) -> Span:
    """Where `words` stand in a sample source."""
    text = SOURCES[path]
    at = -1
    for _ in range(occurrence):
        at = text.index(words, at + 1)
    before, within = text[:at], text[: at + len(words)]
    return Span(
        path,
        before.count("\n") + 1,
        at - (before.rfind("\n") + 1) + 1,
        within.count("\n") + 1,
        len(within) - (within.rfind("\n") + 1) + 1,
    )


def subject(
    address: str = "Orders",
    origin: Origin | None = None,
    *,
    path: str = ORDERS,
    part: str = "",
    construct: str = "",
    region: Value[str] | None = None,
) -> Subject:
    origin = origin or place(path, address)
    return Subject(
        "table", address, unknown(), path, origin, region or unknown(), unknown(), part=part, construct=construct
    )


def finding(
    rule: Rule = PITR,
    about: Subject | None = None,
    facts: Sequence[Fact] | None = None,
    *,
    scenario: str = "",
    reason: str = "",
    fix: Fix | None = None,
    severity: Severity | None = None,
) -> Finding:
    about = about or subject()
    if facts is None:
        facts = (Fact("PointInTimeRecoveryEnabled is false", place(ORDERS, "!If [IsProd, true, false]")),)
    origin = next((fact.origin for fact in facts if fact.origin), about.origin)
    return Finding(
        rule,
        severity or rule.severity,
        about,
        help_of(rule).headline or rule.name.replace("-", " "),
        tuple(facts),
        origin,
        scenario,
        sha256(f"{rule.name} {about.title()}".encode("utf-8", "backslashreplace")).hexdigest()[:32],
        reason,
        fix,
    )


def table(about: Subject, **changes: Any) -> Table:
    return Table(
        about,
        Text(()),
        pitr=known(False),
        pitr_window=known(35),
        deletion_protection=known(False),
        key=known(None),
        policy=known(None),
        tags=Tags(),
        partition_key=known("id"),
        ttl=known(False),
        stream=known(False),
        kept_on_delete=known("Retain"),
        kept_on_replace=known("Retain"),
        restored_from=known(None),
        autoscaled=known(False),
        declared_class=known(None),
    )._replace(**changes)


def replica(of: Table, about: Subject, **changes: Any) -> Replica:
    return Replica(
        about, of, Text(()), known(False), known(35), known(True), known(None), known(None), Tags()
    )._replace(**changes)


def mixed() -> Report:
    """Something of everything, as a check of files finds it."""
    orders = subject("Orders", construct="Shop/Orders/Resource")
    audit, sessions, locks = subject("Audit"), subject("Sessions"), subject("Locks")
    ledger = subject("Ledger", path=GLOBAL, region=known("eu-west-1"))
    tokyo = subject("Ledger", place(GLOBAL, "日本"), path=GLOBAL, part="日本", region=known("日本"))
    ledger_table = table(
        ledger,
        pitr=known(True),
        key=known(Text(("arn:aws:kms:eu-west-1:111122223333:key/1",))),
        deletion_protection=unknown(),
    )
    protection = place(ORDERS, "false")
    return Report(
        findings=(
            finding(about=orders, scenario="when IsProd is false"),
            finding(
                REPLICA,
                tokyo,
                (
                    Fact("PointInTimeRecoveryEnabled is false", place(GLOBAL, "false")),
                    Fact("the table's own point-in-time recovery is on", place(GLOBAL, "true")),
                    Fact("replicas do not inherit it"),
                ),
            ),
            finding(
                PROTECTION,
                orders,
                (Fact("DeletionProtectionEnabled is false", protection),),
                fix=Fix("set DeletionProtectionEnabled to true", (Edit(protection, "true"),)),
            ),
            finding(PROTECTION, sessions, (Fact("DeletionProtectionEnabled is not set, which means false"),)),
        ),
        undetermined=(
            finding(
                about=audit,
                facts=(
                    Fact(
                        "PointInTimeRecoveryEnabled is not known: it comes from !Ref Pitr, which has no default",
                        place(ORDERS, "!Ref Pitr"),
                    ),
                    Fact("Pitr is declared here", place(ORDERS, "Pitr")),
                ),
            ),
        ),
        accepted=(finding(about=sessions, facts=(), reason="rebuilt nightly from S3"),),
        exempt=(
            finding(about=locks, facts=(), reason="its partition key is LockID: a Terraform lock table"),
            finding(PROTECTION, locks, (), reason="its partition key is LockID: a Terraform lock table"),
        ),
        faults=(
            Fault("unparsable", "the list is never closed", Span("broken.yaml", 2, 11, 2, 12), "close it with ]"),
            Fault("rule-crashed", "the rule x-y stopped at Orders: ZeroDivisionError", orders.origin, "report it"),
            Fault("config", "unknown key rulez", Span(".recoverable.yaml", 1, 1, 1, 6), "did you mean rules?"),
        ),
        notes=(Fault("skipped", "3 files are larger than 10 MB", Span("big", 1, 1, 1, 1), "name one to read it"),),
        tables=(
            TableRow(table(orders, pitr=known(True)), PRODUCTION, "when IsProd is true"),
            TableRow(table(orders), PRODUCTION, "when IsProd is false"),
            TableRow(table(audit, pitr=unknown(), pitr_window=unknown()), PRODUCTION),
            TableRow(table(locks), TableClass("lock", spared=True)),
            TableRow(ledger_table, PRODUCTION),
            TableRow(replica(ledger_table, tokyo), PRODUCTION),
        ),
        rules=(WINDOW, PITR, PROTECTION, REPLICA, FACT),
        files=3,
        examined=(ORDERS, GLOBAL, "broken.yaml"),
        sources=SOURCES,
    )


def account() -> Report:
    """What an account was found to be: nothing stands in a file."""
    arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    call = Call("111122223333", "eu-west-1", "DescribeContinuousBackups", arn)
    orders = Subject("table", arn, known("Orders"), "", call, known("eu-west-1"), known("111122223333"))
    found = finding(
        about=orders, facts=(Fact("PointInTimeRecoveryStatus is DISABLED", call), Fact("it was off last week", call))
    )
    return Report(
        findings=(found,),
        tables=(TableRow(table(orders), PRODUCTION),),
        rules=(PITR,),
        faults=(Fault("denied", "kms:DescribeKey is not allowed", call._replace(operation="DescribeKey"), "allow it"),),
    )


#: An escape code, a bell, a turn of direction, a lone surrogate, a C1 control, a workflow command, a link, a percent.
NASTY = "x\x1b[31m\x07\u202egnp\udcff\x9b\r\n::error::[y](javascript:z) 100%"


def hostile() -> Report:
    """A report on files that try to write into the terminal, the log and the web page it is shown in."""
    path = "a b/50%:[x],y\x1b.yaml"
    span = Span(path, 2, 3, 2, 3 + len(NASTY))
    about = Subject("table", NASTY, unknown(), path, span, unknown(), unknown(), construct=NASTY)
    found = finding(about=about, facts=(Fact(NASTY, span), Fact(NASTY, span._replace(line=1, end_line=1))))
    text = f"\t\x1b]0;owned\x07\n  {NASTY.partition(chr(13))[0]} {'long ' * 100}\n"
    return Report(
        findings=(found._replace(headline=NASTY, scenario=NASTY),),
        undetermined=(found,),
        accepted=(found._replace(reason=NASTY),),
        faults=(Fault("unreadable", NASTY, span, NASTY),),
        notes=(Fault("skipped", NASTY, Address(path, NASTY), NASTY),),
        rules=(PITR,),
        sources={path: text},
    )


SAMPLES = {"mixed": mixed, "account": account, "hostile": hostile, "empty": Report}
