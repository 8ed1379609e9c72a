"""`recoverable print-policy`: the permissions that looking at an account takes, no more and no less."""

from __future__ import annotations

import re

from recoverable.cli.options import UsageError
from recoverable.cli.outputs import STDOUT, planned, write
from recoverable.cli.terminal import publish, say
from recoverable.cli.verdict import CLEAN, INCOMPLETE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments

#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_ROLE = re.compile(r"[A-Za-z0-9+=,.@_-]{1,64}")


def run(arguments: Arguments) -> int:
    from recoverable.collect import access

    role, organization = arguments.one("org-role-name"), arguments.given("org")
    recorded = arguments.one("source") != "direct"
    if not _ROLE.fullmatch(role):
        raise UsageError(f'"{role}" is no name of a role: 1 to 64 letters, digits and any of +=,.@_-')
    output = planned(arguments.all("output"), "text")[0]
    match arguments.one("format"):
        case "cfn":
            document = access.as_cloudformation(role, organization=organization, recorded=recorded)
        case "terraform":
            document = access.as_terraform(role, organization=organization, recorded=recorded)
        case _:
            document = access.as_json(role, organization=organization, recorded=recorded)
    try:
        if output.path == STDOUT:
            publish(document, exact=True)
        else:
            write(output.path, document)
    except OSError as error:
        say(f"recoverable: the policy cannot be written to {output.path}: {error.strerror or error}")
        return INCOMPLETE
    return CLEAN
