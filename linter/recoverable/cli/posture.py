"""`recoverable posture`: the recovery picture, table by table."""

from __future__ import annotations

import os
import sys

from recoverable import __version__
from recoverable.cli.outputs import STDOUT, planned, write
from recoverable.cli.setting import environment, fixed, var_files
from recoverable.cli.terminal import Progress, colours, publish, say, width
from recoverable.cli.verdict import CLEAN, INCOMPLETE, NOTHING
from recoverable.config import ConfigError
from recoverable.pack import Pack
from recoverable.read.nodes import MalformedError
from recoverable.report.options import Options, RuleHelp
from recoverable.report.posture import render, render_json
from recoverable.scan import Documents, Request, prepare, scan
from recoverable.version import AWS_DATA_DATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.check import Report
    from recoverable.cli.options import Arguments
    from recoverable.rule import Fault, Rule


def run(arguments: Arguments) -> int:
    output = planned(arguments.all("output"), arguments.one("format"))[0]
    paths = arguments.positional or (".",)
    try:
        setup = prepare(*paths, config=arguments.one("config"))
        page = output.format == "html"
        request = Request(
            parameters=fixed(arguments.all("parameters"), setup.root),
            var_files=var_files(arguments.all("var-file"), setup.root),
            environment=environment(asked=arguments.given("tf-vars-from-env")),
            inline=page,
        )
        if not page:
            # No rule is asked; the page alone shows what rules find.
            setup = setup._replace(pack=Pack(), settings=setup.settings._replace(accept=()))
        documents = Documents()
        with Progress() as progress:
            scanned = scan(setup, paths, request, documents, progress=progress.say)
            progress.say("working out what protects each table")
            document = _rendered(output.format, scanned.report, documents, arguments, to_stdout=output.path == STDOUT)
    except ConfigError as error:
        return _refused("the configuration cannot be used", error.faults)
    except MalformedError as error:
        say(f"recoverable: nothing was looked at: {error.span.start()}: {error.message}; {error.do}")
        return INCOMPLETE
    for name in scanned.unused:
        say(f"recoverable: no template has a parameter {name}, which --parameters fixes")
    try:
        if output.path == STDOUT:
            publish(document, exact=output.format != "text")
        else:
            write(output.path, document)
    except OSError as error:
        say(f"recoverable: the report cannot be written to {output.path}: {error.strerror or error}")
        return INCOMPLETE
    if scanned.report.faults:
        return INCOMPLETE
    if scanned.empty and any(os.path.isdir(path) for path in paths):
        say(f"recoverable: nothing to examine: no CloudFormation or SAM template in {', '.join(paths)}")
        return NOTHING
    return CLEAN


def _rendered(format: str, report: Report, documents: Documents, arguments: Arguments, *, to_stdout: bool) -> str:
    match format:
        case "json":
            return render_json(report)
        case "html":
            from recoverable.report import html

            def help_of(rule: Rule) -> RuleHelp:
                document = documents.of(rule)
                return RuleHelp(document.headline, document.why, document.markdown, document.what_to_do)

            return html.render(report, Options(help_of=help_of, version=__version__, aws_data=AWS_DATA_DATE))
    coloured = colours(arguments.one("color"), sys.stdout if to_stdout else None)
    return render(report, Options(colour=coloured, width=width()), explain=arguments.given("explain"))


def _refused(why: str, faults: Iterable[Fault]) -> int:
    say(f"recoverable: nothing was looked at: {why}")
    for fault in faults:
        say(f"recoverable: {fault.origin.start()}: {fault.message}; {fault.do}")
    return INCOMPLETE
