"""`recoverable check`: from paths to documents and an exit code."""

from __future__ import annotations

import os
import sys

from recoverable import __version__
from recoverable.check import Report
from recoverable.cli import remember
from recoverable.cli.outputs import STDOUT, planned, write
from recoverable.cli.setting import chosen, environment, fixed, set_up, var_files
from recoverable.cli.terminal import Progress, colours, publish, say, width
from recoverable.cli.verdict import INCOMPLETE, NOTHING, exit_code
from recoverable.config import ConfigError
from recoverable.content import is_snapshot
from recoverable.read.nodes import MalformedError
from recoverable.report import render
from recoverable.report.options import Options, RuleHelp
from recoverable.rule import Fault
from recoverable.scan import Documents, Request, scan
from recoverable.version import AWS_DATA_DATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments
    from recoverable.cli.outputs import Output
    from recoverable.rule import Rule


def run(arguments: Arguments) -> int:
    accounts = tuple((path, path.rstrip("/") or path) for path in arguments.positional if is_snapshot(path))
    paths = tuple(path for path in arguments.positional if not is_snapshot(path))
    return judge(arguments, paths or (() if accounts else (".",)), accounts)


def judge(arguments: Arguments, paths: tuple[str, ...], accounts: tuple[tuple[str, str], ...] = ()) -> int:
    """Judge files and folders, and snapshots of accounts, each with what to call it; the configuration is that of the
    files, or of the current folder.
    """
    outputs = planned(arguments.all("output"), arguments.one("format"))
    documents = Documents()
    estate = arguments.all("estate") if arguments.takes("estate") else ()
    iac = arguments.all("iac")
    fail_on, empty = arguments.one("fail-on"), False
    keeps = remember.asks(arguments)
    try:
        setup = set_up(arguments, *paths, *estate, *iac)
        fail_on = fail_on or setup.settings.fail_on
        only, skip = chosen(arguments, setup.pack.rules)
        request = Request(
            parameters=fixed(arguments.all("parameters"), setup.root),
            var_files=var_files(arguments.all("var-file"), setup.root),
            environment=environment(asked=arguments.given("tf-vars-from-env")),
            only=only,
            skip=skip,
            inline=not (arguments.takes("no-inline-acceptances") and arguments.given("no-inline-acceptances")),
        )
        with Progress() as progress:
            scanned = scan(
                setup, paths, request, documents, estate=estate, accounts=accounts, iac=iac, progress=progress.say
            )
        report = scanned.report
        if keeps:
            report = remember.remembered(report, arguments, _now())
        for name in scanned.unused:
            say(f"recoverable: no template has a parameter {name}, which --parameters fixes")
        empty = scanned.empty and any(os.path.isdir(path) for path in paths)
    except ConfigError as error:
        report = Report(faults=error.faults, sources={error.path: error.text})
        say("recoverable: nothing was checked: the configuration cannot be used")
    except MalformedError as error:
        report = Report(faults=(Fault("parameters", error.message, error.span, error.do),))
        say("recoverable: nothing was checked: the parameters cannot be read")
    code = exit_code(report, fail_on, strict=arguments.given("strict"), empty=empty)
    options = Options(
        help_of=lambda rule: _help(rule, documents),
        version=__version__,
        aws_data=AWS_DATA_DATE,
        width=width(),
        quiet=arguments.given("quiet"),
        sarif_category=arguments.one("sarif-category"),
        sarif_include_accepted=arguments.given("sarif-include-accepted"),
        sarif_line_hash=arguments.given("sarif-line-hash"),
        exit_code=code,
        now=_now() if any(output.format in TIMED for output in outputs) else "",
    )
    for output in outputs:
        coloured = colours(arguments.one("color"), sys.stdout if output.path == STDOUT else None)
        if not _deliver(output, render(output.format, report, options._replace(colour=coloured))):
            code = INCOMPLETE
    if all(output.format in TIMED for output in outputs):
        # They hold findings and nothing else.
        for fault in report.faults:
            say(f"recoverable: error: {fault.origin.start()}: {fault.message} [{fault.kind}]; {fault.do}".rstrip("; "))
    if any(output.format == "asff" for output in outputs):
        _tell_unplaced(report)
    if code == NOTHING:
        say(
            f"recoverable: nothing to examine: no CloudFormation or SAM template and no Terraform in "
            f"{', '.join(paths)} ({report.files} files looked at)"
        )
    return code


#: Formats that must say when something was so.
TIMED = ("asff", "ocsf")


def _now() -> str:
    """The time of the run; SOURCE_DATE_EPOCH (seconds since 1970) takes its place, so that documents can be repeated.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    from datetime import UTC, datetime

    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(fixed), UTC) if fixed.isdecimal() else datetime.now(UTC)
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _tell_unplaced(report: Report) -> None:
    from recoverable.report.asff import unplaced

    count = unplaced(report)
    if count:
        say(
            f"recoverable: asff: {count} result{'s' if count > 1 else ''} left out, as Security Hub takes none without "
            "account and Region: name them with --parameters AWS::AccountId=ID --parameters AWS::Region=REGION"
        )


def _deliver(output: Output, document: str) -> bool:
    """Write one document where it belongs; says why when it cannot."""
    try:
        if output.path == STDOUT:
            publish(document, exact=output.format != "text")
        else:
            write(output.path, document)
    except OSError as error:
        place = "standard output" if output.path == STDOUT else output.path
        say(f"recoverable: the {output.format} report cannot be written to {place}: {error.strerror or error}")
        return False
    return True


def _help(rule: Rule, documents: Documents) -> RuleHelp:
    document = documents.of(rule)
    return RuleHelp(document.headline, document.why, document.markdown, document.what_to_do)
