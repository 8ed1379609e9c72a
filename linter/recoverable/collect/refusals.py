"""What went wrong with a request, and whether to send it again.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import re
from enum import Enum

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, HTTPClientError

from recoverable.typed import NamedTuple

OK, DENIED, THROTTLED, NOT_OPTED_IN, UNSUPPORTED, ABSENT, FAILED = (
    "ok", "denied", "throttled", "not-opted-in", "unsupported", "absent", "failed",
)  # fmt: skip

#: Answers that stand; a resumed run asks for the others once more.
SETTLED = (OK, NOT_OPTED_IN, UNSUPPORTED, ABSENT)

_THROTTLED = {
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
    "SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    "TransactionInProgressException",
}  # fmt: skip
_DENIED = {
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException",
    "NotAuthorized", "UnauthorizedException", "UnauthorizedOperation",
}  # fmt: skip
_ABSENT = {
    "AWSOrganizationsNotInUseException", "EffectivePolicyNotFoundException", "NoSuchEntity", "NoSuchEntityException",
    "NotFoundException", "PolicyNotFoundException", "ResourceNotFoundException", "TableNotFoundException",
    "TargetNotFoundException",
}  # fmt: skip
_UNSUPPORTED = {"InvalidAction", "UnknownOperation", "UnknownOperationException", "UnsupportedAPIEndpointException"}
_UNKNOWN_KEY = {
    "AuthFailure", "InvalidClientTokenId", "OptInRequired", "RegionDisabledException", "SubscriptionRequiredException",
    "UnrecognizedClientException",
}  # fmt: skip
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}

#: Operations that AWS Backup refuses in these words where a Region does not have them.
_OF_SOME_REGIONS = {"DescribeFramework", "ListFrameworks", "ListReportPlans"}

#: Nobody answers at an address, or there is no such address.
NO_CONNECTION = "EndpointConnectionError"

_SECRET = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}|(?<=authorization failure message: )\S+")
_LONGEST = 600


class Again(Enum):
    """Whether the same request may be answered if it is sent again."""

    NO = "no"
    SLOWER = "slower"
    SOON = "soon"
    RENEWED = "renewed"


class Refusal(NamedTuple):
    """Why there is no answer: the status to note if it stays so, AWS's code and words, and what may help."""

    status: str
    code: str
    message: str
    again: Again = Again.NO

    def by_scp(self) -> bool:
        """Whether a service control policy denies it: nobody in the account can allow it."""
        return self.status == DENIED and "explicit deny in a service control policy" in self.message


class MalformedError(Exception):
    """An answer that is none of the protocol's. botocore takes broken JSON for an empty answer."""


class EntryError(Exception):
    """A role that could not be assumed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refusal(error: Exception, operation: str) -> Refusal:
    """What an exception of botocore means for the operation that was asked for."""
    match error:
        case EntryError():
            return error.refusal
        case ClientError():
            told = error.response.get("Error", {})
            code, message = _public(str(told.get("Code") or "Unknown")), str(told.get("Message") or "")
            http = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
            return _told(code, _public(message), http, operation)
        case EndpointConnectionError():
            # Its text tells the address, which is what one needs to know.
            return Refusal(FAILED, NO_CONNECTION, _public(str(error)), Again.SOON)
        case HTTPClientError():
            return Refusal(FAILED, type(error).__name__, _public(str(error)), Again.SOON)
        case MalformedError():
            return Refusal(FAILED, "MalformedAnswer", str(error), Again.SOON)
        case BotoCoreError():
            return Refusal(FAILED, type(error).__name__, _public(str(error)))
        case _:
            return Refusal(FAILED, type(error).__name__, _public(str(error)), Again.SOON)


def _told(code: str, message: str, http: int, operation: str) -> Refusal:
    if code in _EXPIRED:
        return Refusal(FAILED, code, message, Again.RENEWED)
    if code in _THROTTLED or http == 429:
        return Refusal(THROTTLED, code, message, Again.SLOWER)
    if code in _DENIED:
        if operation in _OF_SOME_REGIONS and message.startswith("Insufficient privileges"):
            return Refusal(UNSUPPORTED, code, message)
        return Refusal(DENIED, code, message)
    if code in _ABSENT:
        return Refusal(ABSENT, code, message)
    if code in _UNSUPPORTED:
        return Refusal(UNSUPPORTED, code, message)
    if code in _UNKNOWN_KEY:
        return Refusal(NOT_OPTED_IN, code, message)
    if http == 403:
        return Refusal(DENIED, code, message)
    return Refusal(FAILED, code, message, Again.SOON if http >= 500 else Again.NO)


def _public(message: str) -> str:
    """One line without keys, and without the encoded part of a denial, which takes a permission to read."""
    line = "".join(each if each.isprintable() else " " for each in message)
    return _SECRET.sub("…", line)[:_LONGEST]
