"""`recoverable collect`: ask AWS, and write what it answers into a folder."""

from __future__ import annotations

import contextlib

from recoverable.cli.options import UsageError
from recoverable.cli.terminal import Bars, say
from recoverable.cli.verdict import CLEAN, INCOMPLETE, NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.cli.options import Arguments
    from recoverable.collect.collection import Request, Summary, Trouble
    from recoverable.collect.refusals import Refusal

INTERRUPTED = 130

#: More places than this with the same trouble are said in one line.
_FEW = 3

_WORDS = {
    "denied": "was denied",
    "throttled": "was throttled",
    "failed": "failed",
    "ok": "was not answered to the end",
    "not-opted-in": "is not open to these credentials",
}


def run(arguments: Arguments) -> int:
    path = arguments.one("output")
    if not path:
        raise UsageError("where to? name a folder that is new or empty: recoverable collect -o DIR")
    summary = gather(request(arguments, path))
    if summary is None:
        return INCOMPLETE
    if arguments.given("stats"):
        for line in stats(summary):
            say(line)
    if not summary.finished:
        say(f"recoverable: interrupted; what was collected is in {path}, and --resume goes on")
        return INTERRUPTED
    for line in told(summary):
        say(f"recoverable: {line}")
    if not summary.accounts:
        say("recoverable: nothing to examine: no account is left to look at")
        return NOTHING
    return INCOMPLETE if summary.troubles else CLEAN


def request(arguments: Arguments, path: str) -> Request:
    """What a command line asks for. Raises UsageError for options that do not go together."""
    from pathlib import Path

    from recoverable.collect.collection import Request
    from recoverable.collect.folder import is_region

    organization = arguments.given("org")
    for option in ("include", "exclude", "org-role-name", "config-aggregator", "executor"):
        if arguments.given(option) and not organization:
            raise UsageError(f"--{option} is about the accounts of an organization: give --org as well")
    if arguments.given("config-aggregator"):
        if arguments.one("source") == "direct":
            raise UsageError("--config-aggregator asks AWS Config: give --source config or --source auto as well")
        if arguments.given("executor"):
            raise UsageError("--config-aggregator answers for all accounts at once: leave --executor out")
    if arguments.given("external-id") and not (organization or arguments.given("role-arn")):
        raise UsageError("--external-id goes with a role: give --role-arn or --org as well")
    most = arguments.one("max-rps")
    try:
        bound = float(most or 0)
    except ValueError:
        bound = -1
    if most and not 0 < bound < float("inf"):
        raise UsageError(f'--max-rps takes a number of requests a second, such as 20, and not "{most}"')
    url = arguments.one("endpoint-url")
    if url and not url.startswith(("https://", "http://")):
        raise UsageError(f"--endpoint-url {url} is no address: one begins with https:// or http://")
    for region in arguments.all("region"):
        if not is_region(region):
            raise UsageError(f"--region {region} is no Region; one is called like eu-west-1")
    return Request(
        Path(path),
        profile=arguments.one("profile"),
        regions=tuple(dict.fromkeys(arguments.all("region"))),
        role=arguments.one("role-arn"),
        external_id=arguments.one("external-id"),
        organization=organization,
        member_role=arguments.one("org-role-name"),
        include=arguments.all("include"),
        exclude=arguments.all("exclude"),
        endpoint=arguments.one("endpoint-url"),
        most=bound,
        resume=arguments.given("resume"),
        source=arguments.one("source"),
        aggregator=arguments.one("config-aggregator"),
        executor=arguments.one("executor"),
    )


def gather(asked: Request) -> Summary | None:
    """Run a collection with bars on the terminal; None, and why is said, if it cannot begin.

    Interrupted (Ctrl-C, or SIGTERM as from a CI that gives up), the summary is the one of what was collected.
    """
    import signal
    import threading

    from recoverable.collect.collection import Collection, EntryRefusedError
    from recoverable.collect.executors import ExecutorError
    from recoverable.collect.folder import FolderError
    from recoverable.collect.organization import SelectorError

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    _more_files()
    in_front = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, interrupt) if in_front else None
    try:
        collection = Collection(asked)
        with Bars(collection.progress):
            try:
                return collection.run()
            except KeyboardInterrupt:
                return collection.summary()
    except EntryRefusedError as error:
        told = error.refusal
        say(f"recoverable: nothing was collected: {told.code}: {told.message}{_advice(told)}")
    except (ExecutorError, FolderError, SelectorError) as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        say(f"recoverable: the snapshot cannot be written: {error.filename or asked.output}: {error.strerror or error}")
    finally:
        if in_front:
            signal.signal(signal.SIGTERM, before)
    return None


def _more_files() -> None:
    """Let the process have as many connections as the system allows: a thousand are too few for many Regions."""
    try:
        import resource
    except ImportError:  # Windows knows no such bound
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def told(summary: Summary) -> Iterable[str]:
    """Lines about what is missing, and what to do; Regions that are closed, once each way."""
    closed: dict[str, set[str]] = {}
    for account in summary.accounts:
        for region in account["regions"]:
            if region["status"] == "closed-by-scp":
                closed.setdefault(region["name"], set()).add(account["id"])
    for region, accounts in sorted(closed.items()):
        yield f"{region} is out of scope in {_named(accounts, 'account')}: a service control policy closes it"
    groups: dict[tuple[str, str], list[Trouble]] = {}
    for trouble in summary.troubles:
        groups.setdefault((trouble.call, trouble.status), []).append(trouble)
    for (call, status), troubles in sorted(groups.items()):
        if len(troubles) <= _FEW:
            for one in troubles:
                yield f"{_where(one)}: {call} {_WORDS[status]}{_times(one.answers)}{_why(one)}"
        else:
            accounts = {one.account for one in troubles}
            count = sum(one.answers for one in troubles)
            first = troubles[0]
            yield (
                f"{_named(accounts, 'account')}, {len(troubles)} places: {call} {_WORDS[status]}{_times(count)}, "
                f"first in {_where(first)}{_why(first)}"
            )
    denied = sorted({one.call for one in summary.troubles if one.status == "denied"})
    if denied:
        yield "the permissions that are needed: recoverable print-policy"
    if any(one.status != "denied" for one in summary.troubles):
        yield "what was not denied is asked again by --resume"


def stats(summary: Summary) -> Iterable[str]:
    """A table of the calls that were made."""
    width = max((len(name) for name in summary.calls), default=4)
    yield f"{'call':{width}}  requests  answers  throttled  repeated"
    total = dict.fromkeys(("requests", "answers", "throttled", "repeated"), 0)
    for name, counts in summary.calls.items():
        for key in total:
            total[key] += counts[key]
        yield _row(name, counts, width)
    yield _row("all", total, width)


def _row(name: str, counts: dict[str, int], width: int) -> str:
    columns = (("requests", 8), ("answers", 7), ("throttled", 9), ("repeated", 8))
    return "  ".join((f"{name:{width}}", *(f"{counts[key]:{size}}" for key, size in columns)))


def _where(trouble: Trouble) -> str:
    return trouble.account if trouble.region == "global" else f"{trouble.account} {trouble.region}"


def _times(count: int) -> str:
    return f" {count} times" if count > 1 else ""


def _why(trouble: Trouble) -> str:
    return f": {trouble.error.code}: {trouble.error.message}" if trouble.error else ""


def _named(names: set[str], what: str) -> str:
    if len(names) <= _FEW:
        return f"{what}{'s' if len(names) > 1 else ''} {', '.join(sorted(names))}"
    return f"{len(names)} {what}s"


def _advice(error: Refusal) -> str:
    code = error.code
    if error.message.startswith("organizations:"):
        return (
            "; ask as the management account of the organization, or one that it delegates to, with the permissions of "
            "recoverable print-policy --org"
        )
    if code == "NoCredentials":
        return (
            "; set AWS_PROFILE or give --profile, or sign in as your organization does (aws sso login, aws configure)"
        )
    if code.startswith(("Expired", "RequestExpired")):
        return "; sign in again"
    return ""
