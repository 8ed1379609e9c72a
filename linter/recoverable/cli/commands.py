"""The commands there are and what each of them takes."""

from __future__ import annotations

from recoverable.cli.options import Command, Option
from recoverable.report import FORMATS

FAIL_ON = ("high", "medium", "low", "info", "never")

#: Where `rule new` and `rule test` look for a pack that is not named.
OWN_PACK = "recoverable-rules"

#: The role that print-policy describes and --org assumes.
AUDIT_ROLE = "recoverable-audit"

CONFIG = Option("config", "read this configuration instead of .recoverable.yaml at the repository root", "FILE")
PACK = Option("pack", "a folder with a rule pack of your own, beside those of the configuration", "DIR", many=True)

PARAMETERS = Option(
    "parameters",
    "fix template parameters and Terraform variables: KEY=VALUE, or a parameter file (JSON or YAML)",
    "FILE|KEY=VALUE",
    many=True,
)
VAR_FILE = Option(
    "var-file",
    "Terraform: take values of variables from FILE, as terraform plan does",
    "FILE",
    many=True,
)
VARS_FROM_ENV = Option("tf-vars-from-env", "Terraform: take values of variables from the environment, TF_VAR_name")
STORE = Option(
    "store", "keep the audit in PLACE, a file or s3://BUCKET/PREFIX, and say what changed since the last one", "PLACE"
)
COLOR = Option("color", "colour the text (default: auto)", "WHEN", choices=("auto", "always", "never"), default="auto")

#: How `check` and `audit` judge and report.
FORMAT = Option("format", "what to print", "FORMAT", choices=FORMATS, default="text")
OUTPUTS = Option(
    "output",
    "print to PATH instead; FORMAT=PATH writes one more document. - is standard output",
    "[FORMAT=]PATH",
    short="o",
    many=True,
)
JUDGING = (
    Option("fail-on", "the least severity that makes the exit code 1 (default: medium)", "SEVERITY", FAIL_ON),
    Option("strict", "what could not be determined counts as a finding"),
    Option("only", "judge by this rule and no other", "RULE", many=True, commas=True),
    Option("skip", "do not judge by this rule", "RULE", many=True, commas=True),
)
IAC = Option(
    "iac",
    "accounts: point into the templates and configurations in PATH that declare what is found",
    "PATH",
    many=True,
)
SINCE = Option(
    "since",
    "report only what is new since then: a time (2026-11-01), or last for the audit before this one",
    "last|TIME",
)
REPORTING = (
    Option("quiet", "text: one line for each finding, and the summary"),
    COLOR,
    Option("sarif-category", "SARIF: the category that tells several uploads for one commit apart", "NAME"),
    Option("sarif-include-accepted", "SARIF: include accepted findings, as suppressed"),
    Option("sarif-line-hash", "SARIF: add GitHub's own line hash, for uploads without its action"),
)

CHECK = Command(
    "check",
    "look for tables that could not be brought back",
    "recoverable.cli.check",
    arguments="[PATH...]",
    about=(
        "Each PATH is a file or a folder; without one, the current folder. Folders are searched for "
        "CloudFormation and SAM templates, for Terraform, its plans and states in JSON, and for snapshots of accounts "
        "that collect has written. "
        "Files that are none of these are left alone."
    ),
    most=None,
    options=(
        FORMAT,
        OUTPUTS,
        *JUDGING,
        PARAMETERS,
        VAR_FILE,
        VARS_FROM_ENV,
        Option(
            "estate",
            "read all templates in DIR, and report only on the PATHs given (as the pre-commit hook does)",
            "DIR",
            many=True,
        ),
        IAC,
        CONFIG,
        PACK,
        STORE,
        SINCE,
        Option("no-inline-acceptances", "ignore acceptances in templates; those of the configuration still count"),
        *REPORTING,
    ),
)

POSTURE = Command(
    "posture",
    "show table by table how far back, how much is lost, and where copies are",
    "recoverable.cli.posture",
    arguments="[PATH...]",
    about=(
        "Each PATH is a file or a folder; without one, the current folder. Nothing is judged: the exit code is 0 "
        "unless something could not be read (2), or there is no template (3)."
    ),
    most=None,
    options=(
        Option("format", "what to print", "FORMAT", choices=("text", "json", "html"), default="text"),
        Option("output", "print to PATH instead", "PATH", short="o"),
        Option("explain", "text: what each line follows from"),
        PARAMETERS,
        VAR_FILE,
        VARS_FROM_ENV,
        CONFIG,
        COLOR,
    ),
)

#: What the commands about permissions have in common.
OF_PERMISSIONS = (
    Option("strict-sar", "also ask for what only the Service Authorization Reference asks for"),
    Option("account", "the account of a table that is not in the files", "ID"),
    Option("region", "the Region of a table that is not in the files", "REGION"),
    PARAMETERS,
    VAR_FILE,
    VARS_FROM_ENV,
    CONFIG,
    COLOR,
)

CAN = Command(
    "can",
    "say whether somebody can back up, restore or destroy a table, and why",
    "recoverable.cli.can",
    arguments="PRINCIPAL CAPABILITY TABLE [PATH...]",
    about=(
        "PRINCIPAL is a role, user or permission set (its name, ARN, logical id or address), or a file with an IAM "
        "policy. CAPABILITY is back-up, restore, copy-away, destroy-backups, disable-protection, destroy-table, "
        "read-through-restore or export. TABLE is a table's name, ARN, logical id or address; one that is not in the "
        "files is asked about by its ARN. Each PATH is a file or a folder; without one, the current folder. The exit "
        "code is 0 for yes, 1 for no, and 2 where it depends or something could not be read."
    ),
    fewest=3,
    most=None,
    options=(
        Option("mode", "ask about one way of doing it only, such as point-in-time", "MODE"),
        Option("format", "what to print", "FORMAT", choices=("text", "json"), default="text"),
        *OF_PERMISSIONS,
    ),
)

WHO_CAN = Command(
    "who-can",
    "list everybody who can back up, restore or destroy a table",
    "recoverable.cli.who_can",
    arguments="CAPABILITY TABLE [PATH...]",
    about=(
        "CAPABILITY, TABLE and PATH are as for `recoverable can`. The exit code is 0 if somebody can, 1 if nobody can, "
        "and 2 where it depends or something could not be read."
    ),
    fewest=2,
    most=None,
    options=(
        Option("mode", "ask about one way of doing it only, such as point-in-time", "MODE"),
        Option("format", "what to print", "FORMAT", choices=("text", "json"), default="text"),
        *OF_PERMISSIONS,
    ),
)

POLICY = Command(
    "policy",
    "print the least policy that lets somebody back up, restore or destroy a table",
    "recoverable.cli.policy",
    arguments="CAPABILITY[,CAPABILITY...]",
    about=(
        "CAPABILITY is as for `recoverable can`; of several, all that they take. Each is meant in its first way, which "
        "is DynamoDB's own, unless --mode says otherwise. `recoverable can` says yes to what is printed."
    ),
    fewest=1,
    most=1,
    options=(
        Option("table", "the ARN of the table, or its name with --account and --region", "ARN"),
        Option("mode", "the way of doing it, such as point-in-time or aws-backup", "MODE"),
        Option("actor", "whose policy", "WHO", choices=("caller", "role"), default="caller"),
        Option("target-prefix", "what names of restored tables begin with (default: TABLE-restored)", "PREFIX"),
        Option("kms-key", "the ARN or id of the table's customer managed key", "KEY"),
        Option("vault", "the backup vault, by name or ARN (default: any)", "VAULT"),
        Option("vault-key", "the ARN or id of the vault's customer managed key", "KEY"),
        Option("role", "the role that AWS Backup is given, by name or ARN (default: AWS Backup's own)", "ROLE"),
        Option("bucket", "the bucket of an export", "BUCKET"),
        Option("strict-sar", "also what only the Service Authorization Reference asks for"),
        Option("account", "the account of the table, if it is given by name", "ID"),
        Option("region", "the Region of the table, if it is given by name", "REGION"),
        Option("format", "what to print", "FORMAT", choices=("json", "cfn", "terraform"), default="json"),
    ),
)

#: Where AWS is looked at, and as whom.
ACCOUNTS = (
    Option("profile", "the AWS profile to start from, instead of AWS_PROFILE or the environment's keys", "NAME"),
    Option(
        "region",
        "look at this Region only (default: all that the account has switched on)",
        "REGION",
        many=True,
        commas=True,
    ),
    Option("role-arn", "assume this role first", "ARN"),
    Option("external-id", "the external id that the roles ask for", "ID"),
    Option("org", "all accounts of the organization, by a role in each"),
    Option("org-role-name", f"the name of that role (default: {AUDIT_ROLE})", "NAME", default=AUDIT_ROLE),
    Option(
        "include",
        "with --org: these accounts only: ID, ou-..., tag:KEY or tag:KEY=VALUE",
        "SELECTOR",
        many=True,
        commas=True,
    ),
    Option("exclude", "with --org: all but these", "SELECTOR", many=True, commas=True),
    Option(
        "source",
        "read tables from DynamoDB, from records of AWS Config, or from those where there are any (default: direct)",
        "SOURCE",
        choices=("direct", "config", "auto"),
        default="direct",
    ),
    Option("config-aggregator", "with --org: ask this aggregator of AWS Config for the tables of all accounts", "NAME"),
    Option(
        "executor",
        "with --org: spread the accounts over so many processes (alone: one for each processor), or over this Dask "
        "cluster",
        "processes[:N]|dask://HOST:PORT",
    ),
    Option("endpoint-url", "ask here instead of AWS (AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_SERVICE count too)", "URL"),
    Option("max-rps", "send no more requests a second than this, all together", "NUMBER"),
    Option("stats", "say how often each call was made"),
)

COLLECT = Command(
    "collect",
    "ask AWS what there is, and write the answers into a folder: a snapshot",
    "recoverable.cli.collect",
    about=(
        "The only commands that use the network are this one and audit. Nothing is changed and no item of a table is "
        "read. What could not be asked is named and ends in exit code 2; print-policy prints the permissions it takes."
    ),
    options=(
        Option("output", "the folder for the snapshot: a new or an empty one", "DIR", short="o"),
        Option("resume", "go on with the snapshot in that folder: what is missing in it is asked"),
        *ACCOUNTS,
    ),
)

AUDIT = Command(
    "audit",
    "ask AWS what there is, and look for tables that could not be brought back",
    "recoverable.cli.audit",
    about=(
        "It is collect and check in one. Exit code 2 also means that something could not be asked: it is named, and "
        "what depends on it is not known. The configuration is that of the current folder's repository."
    ),
    options=(
        *ACCOUNTS,
        Option("snapshot", "keep the snapshot in DIR, a new or an empty folder (default: it is thrown away)", "DIR"),
        Option("resume", "go on with the snapshot in that folder"),
        FORMAT,
        OUTPUTS,
        *JUDGING,
        IAC,
        PARAMETERS,
        VAR_FILE,
        VARS_FROM_ENV,
        CONFIG,
        PACK,
        STORE,
        SINCE,
        *REPORTING,
    ),
)

PRINT_POLICY = Command(
    "print-policy",
    "print the permissions that collect and audit take: all of them read only",
    "recoverable.cli.print_policy",
    about=(
        "As an IAM policy, or as a role that has it and may be assumed with an external id: deploy it to every account "
        "as a StackSet. With --org it is the policy of whoever looks at the whole organization."
    ),
    options=(
        Option("org", "what it takes to look at all accounts, from the one that manages the organization"),
        Option("source", "as for collect", "SOURCE", choices=("direct", "config", "auto"), default="direct"),
        Option("org-role-name", f"the name of the role (default: {AUDIT_ROLE})", "NAME", default=AUDIT_ROLE),
        Option("format", "what to print", "FORMAT", choices=("json", "cfn", "terraform"), default="json"),
        Option("output", "print to PATH instead", "PATH", short="o"),
    ),
)

EXPLAIN = Command(
    "explain",
    "print a rule's document: what it means, examples, what to do",
    "recoverable.cli.explain",
    arguments="RULE",
    fewest=1,
    most=1,
    options=(CONFIG, PACK),
)

RULES = Command(
    "rules",
    "list the rules",
    "recoverable.cli.rules",
    options=(
        Option("group", "list the rules of this group only, such as permissions", "GROUP", many=True, commas=True),
        CONFIG,
        PACK,
    ),
)

RULE_NEW = Command(
    "rule new",
    "start a rule of your own: its Python file and its document",
    "recoverable.cli.rule_new",
    arguments="NAME",
    about="NAME says what is wrong, in lower case with hyphens, such as table-without-owner.",
    fewest=1,
    most=1,
    options=(Option("pack", f"the folder of the pack (default: {OWN_PACK})", "DIR", default=OWN_PACK),),
)

RULE_TEST = Command(
    "rule test",
    "run every example in the documents of a rule pack",
    "recoverable.cli.rule_test",
    arguments="[DIR]",
    about=f"DIR is the folder of the pack (default: {OWN_PACK}).",
    most=1,
)

INIT = Command(
    "init",
    "write a starter .recoverable.yaml",
    "recoverable.cli.init",
    about="It is written to the root of the repository, and never over one that is there.",
)

HISTORY = Command(
    "history",
    "show kept audits: what is open and for how long, and what was fixed",
    "recoverable.cli.history",
    about=(
        "Audits are kept by --store of check and audit. Each scope (an account, an organization, the files of a "
        "repository) has a history of its own."
    ),
    options=(
        Option(
            "store", "where audits are kept: a file or s3://BUCKET/PREFIX (default: recoverable.db)", "PLACE",
            default="recoverable.db",
        ),
        Option("scope", "show this scope only", "SCOPE"),
        Option("since", "count what changed since then (default: since the last audit but one)", "last|TIME"),
        Option("format", "what to print", "FORMAT", choices=("text", "json"), default="text"),
        COLOR,
    ),
)  # fmt: skip

SIMULATE = Command(
    "simulate",
    "decide requests by the policies beside them, as AWS would, without an account",
    "recoverable.cli.simulate",
    arguments="CASES.jsonl...",
    about=(
        "Each line of CASES.jsonl is a case in JSON: a request, and the policies that bear on it; - is standard input. "
        "A line of JSON is printed for each: its id, the result (Allowed, ImplicitlyDenied, ExplicitlyDenied or "
        "Depends) and the statements that decide. The exit code is 2 if a case could not be read, else 0."
    ),
    fewest=1,
    most=None,
    options=(Option("explain", "add the layers that stand in the way, and what the result depends on"),),
)

COMMANDS = (
    CHECK, AUDIT, POSTURE, CAN, WHO_CAN, POLICY, COLLECT, PRINT_POLICY, HISTORY, SIMULATE, EXPLAIN, RULES,
    RULE_NEW, RULE_TEST, INIT,
)  # fmt: skip
