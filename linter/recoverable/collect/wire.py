"""The one place that speaks to AWS: sessions, clients and signatures of botocore.

A client of botocore costs 10 ms and a few hundred kilobytes, and a thousand accounts in seventeen Regions would need
tens of thousands of them. So there is one for each service and Region, made without keys that mean anything, and each
request is signed with the keys of the account that it is for (docs/decisions/account.md).
"""

from __future__ import annotations

import json
import threading
from functools import cache

import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from recoverable import __version__
from recoverable.collect.refusals import MalformedError
from recoverable.collect.times import stamped
from recoverable.typed import Any, NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Keys that no request is ever sent with: one that is not given an account's own is refused.
_NOBODY = "no-account"


class Identity(Protocol):
    """Whose keys a request is signed with."""

    def get_frozen_credentials(self) -> Any:  # noqa: ANN401
        """The keys as they are now. Raises EntryError where there are none."""

    def renew(self, key: str) -> bool:
        """Get new keys in place of one that AWS calls expired; False where there are no others."""


class Patience(NamedTuple):
    """How long a request and an answer may take, in seconds, and how often a question is asked again.

    `pause` doubles with each time, up to `longest`. All rates are multiplied with `pace`.
    """

    connect: float = 5
    read: float = 30
    throttled: int = 12
    failed: int = 5
    pause: float = 0.5
    longest: float = 20
    pace: float = 1


@cache
def _loader(data_path: str | None) -> Any:  # noqa: ANN401
    """What reads the models of services, each once: half of a small run, and a worker does many of them."""
    return create_loader(data_path)


class Wire:
    """What a process sends requests by, each signed for an identity. May be used by many threads and collections.

    Raises what botocore raises for a profile that does not exist.
    """

    def __init__(
        self, profile: str = "", endpoint: str = "", patience: Patience | None = None, connections: int = 64
    ) -> None:
        patience = patience or Patience()
        self.session = botocore.session.Session(profile=profile or None)
        self.session.register_component("data_loader", _loader(self.session.get_config_variable("data_path")))
        self.session.user_agent_name, self.session.user_agent_version = "recoverable", __version__
        self.session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=stamped)
        self._endpoint = endpoint or None
        self._config = Config(
            connect_timeout=patience.connect,
            read_timeout=patience.read,
            max_pool_connections=connections,
            # A retry of botocore's would come at once and hold a thread: it is the lane that knows when to ask again.
            retries={"total_max_attempts": 1, "mode": "standard"},
            parameter_validation=False,
            account_id_endpoint_mode="disabled",
        )
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._own = threading.local()

    def send(
        self, service: str, operation: str, parameters: Mapping[str, object], region: str, identity: Identity
    ) -> dict[str, Any]:
        """What botocore makes of one request, times as texts. The key that was used is `last_key` afterwards."""
        client = self._client(service, region)
        before = getattr(self._own, "identity", None)
        self._own.identity = identity
        try:
            answer: dict[str, Any] = client._make_api_call(operation, dict(parameters))
            if len(answer) < 2:  # nothing but what botocore says of the transport
                self._check()
            return answer
        finally:
            self._own.identity = before

    def credentials(self) -> Any:  # noqa: ANN401
        """The keys that botocore finds by itself, which look for new ones where they can; None if there are none."""
        with self._lock:
            return self.session.get_credentials()

    def last_key(self) -> str:
        """The key that this thread signed its last request with."""
        return str(getattr(self._own, "key", ""))

    def regions(self, service: str, partition: str) -> list[str]:
        """Where botocore knows a service to be."""
        found: list[str] = self.session.get_available_regions(service, partition)
        return found

    def partition(self, region: str) -> str:
        """The partition of a Region, `aws` for one that is not known."""
        try:
            return str(self.session.get_partition_for_region(region))
        except botocore.exceptions.UnknownRegionError:
            return "aws"

    def close(self) -> None:
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401
        key = (service, region)
        client = self._clients.get(key)
        if client is None:
            with self._lock:  # making one is not safe in two threads
                client = self._clients.get(key)
                if client is None:
                    client = self.session.create_client(
                        service,
                        region_name=region,
                        endpoint_url=self._endpoint,
                        config=self._config,
                        aws_access_key_id=_NOBODY,
                        aws_secret_access_key=_NOBODY,
                    )
                    # Not of the session: it has clients of its own, which assume the role of a profile.
                    client.meta.events.register("before-sign", self._sign)
                    client.meta.events.register("before-parse", self._keep)
                    self._clients[key] = client
        return client

    def _sign(self, request: Any, **_: object) -> None:  # noqa: ANN401
        """Sign a request with the keys of the identity that this thread asks for."""
        identity: Identity = self._own.identity
        keys = identity.get_frozen_credentials()
        self._own.key = keys.access_key
        request.context.setdefault("signing", {})["request_credentials"] = _Frozen(keys)

    def _keep(self, response_dict: Mapping[str, Any], **_: object) -> None:
        self._own.response = response_dict

    def _check(self) -> None:
        """Refuse broken JSON, which botocore takes for an answer with nothing in it."""
        response = self._own.response
        if response["body"] and "json" in str(response["headers"].get("content-type", "")):
            try:
                json.loads(response["body"])
            except ValueError as error:
                raise MalformedError(f"the answer is no JSON: {error}") from error


class _Frozen:
    """Keys as botocore's signers take them."""

    def __init__(self, keys: Any) -> None:  # noqa: ANN401
        self._keys = keys

    def get_frozen_credentials(self) -> Any:  # noqa: ANN401
        return self._keys
