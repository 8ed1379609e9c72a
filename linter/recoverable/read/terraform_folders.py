"""Which folders of Terraform concern us: told from bytes, before anything is parsed.

https://developer.hashicorp.com/terraform/language/files
"""

from __future__ import annotations

import posixpath
import re

from recoverable.read.sniff import DECLARATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: What stands in every folder that makes a table, backs one up, calls a popular module that does, or waits for backups.
MARKERS = (
    b"aws_dynamodb", b"aws_backup", b"awscc_dynamodb", b"awscc_backup", b"BACKUP_POLICY",
    b"dynamodb-table", b"/dynamodb/", b"/backup/", b"aws-backup", b"aws.backup", b"AWS/Backup",
)  # fmt: skip

#: What says who may act, and what of it bears on tables and their backups: actions, and policies that allow everything.
_RIGHTS = (b"aws_iam_", b"aws_ssoadmin_", b"aws_organizations_policy", b"awscc_iam_", b"awscc_sso_", b"SERVICE_CONTROL")
_BEARING = (
    b"dynamodb", b"backup:", b"backup-", b"AWSBackup", b"kms:ScheduleKeyDeletion", b"kms:Disable", b"kms:*", b"iam:*",
    b"AdministratorAccess", b"PowerUserAccess", b"DynamoDB",
)  # fmt: skip
_EVERYTHING = rb"""(?i)\bactions?"?\s{0,9}[=:]\s{0,9}\[?\s{0,99}"\*:?\*?\""""

_SOURCE = rb'"?source"?[ \t]*+[=:][ \t]*+"(\.\.?/[^"\r\n]{0,400}|\.\.?)"'


def marked(data: bytes) -> bool:
    """Whether a file speaks of what concerns us."""
    if any(marker in data for marker in MARKERS):
        return True
    if not any(right in data for right in _RIGHTS):
        return False
    return any(word in data for word in _BEARING) or re.search(_EVERYTHING, data) is not None


def called_folders(folder: str, data: bytes) -> set[str]:
    """The folders of the local modules that a file may call. It may name some in vain, and misses none."""
    found = set()
    for match in re.finditer(_SOURCE, data):
        source = match[1].decode("utf-8", "replace")
        target = posixpath.normpath(posixpath.join(folder or ".", source))
        if target != ".." and not target.startswith("../"):
            found.add("" if target == "." else target)
    return found


def concerned(files: Mapping[str, bytes]) -> set[str]:
    """Of the folders of these files (by path), those that concern us: they are marked, or call such a folder."""
    callers: dict[str, set[str]] = {}
    waiting: list[str] = []
    for path, data in files.items():
        if not path.endswith(DECLARATIONS):
            continue
        folder = posixpath.dirname(path)
        if marked(data):
            waiting.append(folder)
        # Of "./module" and "../module"; the word itself stands in every `resource`.
        if b'".' in data:
            for target in called_folders(folder, data):
                callers.setdefault(target, set()).add(folder)
    found: set[str] = set()
    while waiting:
        folder = waiting.pop()
        if folder not in found:
            found.add(folder)
            waiting.extend(callers.get(folder, ()))
    return found
