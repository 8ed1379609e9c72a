"""`recoverable policy CAPABILITY --table ARN`: the policy that something takes, and no more."""

from __future__ import annotations

from recoverable.cli.asking import capability_of
from recoverable.cli.options import UsageError, no_such
from recoverable.cli.terminal import publish, say
from recoverable.recovery.access.grants import Around, grants_for
from recoverable.recovery.access.lookup import NotFoundError, foreign_table, read_arn
from recoverable.recovery.access.requirements import CALLER, ROLE
from recoverable.report.grants import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments
    from recoverable.recovery.access.requirements import Capability, Mode


def run(arguments: Arguments) -> int:
    words = [word for given in arguments.positional for word in given.split(",")]
    table, actor = arguments.one("table"), arguments.one("actor")
    if not table:
        raise UsageError("recoverable policy needs --table=ARN")
    modes: list[Mode] = []
    for word in words:
        capability = capability_of(word, "")
        modes.append(_mode(capability, arguments.one("mode") if len(words) == 1 else ""))
    try:
        target = foreign_table(
            table, arguments.one("region"), arguments.one("account"), plain=modes[0].name.endswith("plain")
        )
    except NotFoundError as error:
        raise UsageError(f"--table: {error}") from None
    around = _around(arguments, table)
    grants = grants_for(modes, target, around, actor=actor, strict=arguments.given("strict-sar"))
    if not grants:
        raise UsageError(f"{words[0]} ({modes[0].name}) takes nothing of the {actor}; --actor caller has what it takes")
    name = "".join(part.capitalize() for word in words for part in word.split("-"))
    publish(render(arguments.one("format"), grants, name, of_role=actor != CALLER), exact=True)
    for mode in modes:
        if actor == CALLER and any(need.actor == ROLE for need in mode.needs):
            say(f"recoverable: the role that AWS Backup takes on needs a policy, too: give --actor role ({mode.name})")
        if mode.notes:
            say(f"recoverable: {mode.name}: {mode.notes}")
    return 0


def _mode(capability: Capability, name: str) -> Mode:
    """The way that is asked for, the first one where none is."""
    if not name:
        return capability.modes[0]
    found = capability.mode(name)
    if found is None:
        raise UsageError(no_such(f"mode of {capability.name}", name, [mode.name for mode in capability.modes]))
    return found


def _around(arguments: Arguments, table: str) -> Around:
    """What the policy is for beside the table. Raises UsageError for what is no ARN and cannot be made one."""
    written = read_arn(table)
    place = (
        ("aws", arguments.one("region"), arguments.one("account"))
        if written is None
        else (written.partition, written.region, written.account)
    )
    return Around(
        prefix=arguments.one("target-prefix"),
        key=_arn("kms-key", "kms", "key/", arguments, place),
        vault_key=_arn("vault-key", "kms", "key/", arguments, place),
        vault=_arn("vault", "backup", "backup-vault:", arguments, place),
        role=_arn("role", "iam", "role/", arguments, (place[0], "", place[2])),
        bucket=arguments.one("bucket").removeprefix("arn:aws:s3:::").removesuffix("/*"),
    )


def _arn(option: str, service: str, kind: str, arguments: Arguments, place: tuple[str, str, str]) -> str:
    given = arguments.one(option)
    if not given:
        return ""
    written = read_arn(given)
    if written is not None:
        if written.service != service or not written.resource.startswith(kind):
            raise UsageError(f"--{option}: {given} is not the ARN of a {option.removeprefix('kms-')}")
        return given
    if ":" in given or given.startswith("alias/"):
        raise UsageError(f"--{option}: {given} is neither a name nor an ARN")
    return f"arn:{place[0]}:{service}:{place[1]}:{place[2]}:{kind}{given.removeprefix(kind)}"
