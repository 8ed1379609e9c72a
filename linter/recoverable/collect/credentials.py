"""Whose keys requests are signed with: those of the environment or a profile, or of a role that they may assume.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import botocore.session
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import BotoCoreError, ClientError

from recoverable.collect.refusals import DENIED, FAILED, Again, EntryError, Refusal, refusal
from recoverable.collect.times import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.collect.asking import Asker
    from recoverable.collect.wire import Identity, Wire
    from recoverable.typed import Any

#: Keys that end sooner than this are replaced before they are used.
_MARGIN = timedelta(minutes=5)

SESSION_NAME = "recoverable"


class OwnIdentity:
    """The keys that botocore finds by itself: environment, profile, single sign-on, instance."""

    def __init__(self, wire: Wire) -> None:
        self._profile = wire.session.get_config_variable("profile")
        self._lock = threading.Lock()
        self._found: Any = wire.credentials()

    def get_frozen_credentials(self) -> Any:  # noqa: ANN401
        with self._lock:
            if self._found is None:
                raise EntryError(Refusal(FAILED, "NoCredentials", "there are no AWS credentials"))
            try:
                return self._found.get_frozen_credentials()
            except (BotoCoreError, ClientError) as error:
                raise EntryError(refusal(error, "GetCallerIdentity")) from error

    def renew(self, key: str) -> bool:
        """Look for keys anew, as a tool that writes them into a file may have done so meanwhile."""
        with self._lock:
            if self._found is not None and self._found.get_frozen_credentials().access_key != key:
                return True
            try:
                found = botocore.session.Session(profile=self._profile).get_credentials()
                fresh = found is not None and found.get_frozen_credentials().access_key != key
            except (BotoCoreError, ClientError):
                return False
            if fresh:
                self._found = found
            return fresh


class RoleIdentity:
    """The keys of a role, assumed when they are needed and again before they end. They never leave the process."""

    def __init__(self, asker: Asker, parent: Identity, role: str, external_id: str, region: str) -> None:
        self._asker, self._parent, self._region = asker, parent, region
        self._parameters = {"RoleArn": role, "RoleSessionName": SESSION_NAME}
        if external_id:
            self._parameters["ExternalId"] = external_id
        self._lock = threading.Lock()
        self._keys: Any = None
        self._until = datetime.min.replace(tzinfo=UTC)

    def get_frozen_credentials(self) -> Any:  # noqa: ANN401
        with self._lock:
            if self._keys is None or datetime.now(UTC) > self._until - _MARGIN:
                self._assume()
            return self._keys

    def renew(self, key: str) -> bool:
        with self._lock:
            if self._keys is not None and self._keys.access_key == key:
                try:
                    self._assume()
                except EntryError:
                    return False
            return True

    def _assume(self) -> None:
        patience = self._asker.patience
        for attempt in range(patience.failed + 1):
            try:
                answer = self._asker.call("sts", "AssumeRole", self._parameters, self._region, self._parent)
                break
            except EntryError:
                raise
            except Exception as error:
                told = refusal(error, "AssumeRole")
                if told.again is Again.RENEWED and not self._parent.renew(self._asker.wire.last_key()):
                    told = told._replace(again=Again.NO)
                if told.again is Again.NO or attempt == patience.failed:
                    role = self._parameters["RoleArn"]
                    kind = told.status if told.status == DENIED else FAILED
                    raise EntryError(Refusal(kind, told.code, f"{role}: {told.message}")) from error
            time.sleep(min(patience.longest, patience.pause * 2**attempt))
        given = answer["Credentials"]
        self._keys = ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        self._until = moment(given["Expiration"])
