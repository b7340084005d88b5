"""Why something could not be collected: AWS's errors and the network's, in the words of a snapshot."""

from typing import Any

from costkit.model.snapshot import (
    BROKEN_ANSWER,
    CLOCK,
    DENIED,
    DISABLED,
    EXPIRED,
    FAILED,
    NO_CREDENTIALS,
    NOT_ENROLLED,
    THROTTLED,
    UNREACHABLE,
)

# Codes of errors as botocore's models and the services' documentation name them.
CODES = {
    DENIED: "AccessDenied AccessDeniedException UnauthorizedOperation UnauthorizedException AuthorizationError "
    "NotAuthorized Client.UnauthorizedOperation AuthorizationErrorException Forbidden",
    THROTTLED: "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException "
    "TooManyRequestsException RequestLimitExceeded LimitExceededException SlowDown BandwidthLimitExceeded "
    "EC2ThrottledException PriorRequestNotComplete ProvisionedThroughputExceededException",
    EXPIRED: "ExpiredToken ExpiredTokenException TokenRefreshRequired RequestExpired",
    CLOCK: "RequestTimeTooSkewed RequestInTheFuture",
    NOT_ENROLLED: "OptInRequiredException",
    DISABLED: "OptInRequired UnrecognizedClientException InvalidClientTokenId AuthFailure RegionDisabledException "
    "SubscriptionRequiredException",
}
REASON_BY_CODE = {code: reason for reason, codes in CODES.items() for code in codes.split()}
# A signature is refused for its time, or because the key is wrong; only the words tell.
SIGNATURES = ("SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignature", "AuthFailure")
SENTENCES = {
    DENIED: "AWS does not permit {action}",
    THROTTLED: "AWS kept throttling {action}",
    DISABLED: "{action} is refused there: the region is not enabled, or the credentials do not hold in it",
    NOT_ENROLLED: "the account is not enrolled for {action}",
    EXPIRED: "the credentials expired before {action} was answered",
    NO_CREDENTIALS: "there are no usable credentials for {action}",
    CLOCK: "AWS refuses the time of this machine's clock for {action}",
    UNREACHABLE: "{action} could not be reached, or did not answer in time",
    FAILED: "AWS failed to answer {action}",
    BROKEN_ANSWER: "the answer of {action} lacks what it must contain",
}
# What no other call of the account, or of the region, would be spared.
FOR_THE_ACCOUNT = (EXPIRED, NO_CREDENTIALS, CLOCK)
FOR_THE_REGION = (DISABLED,)
# What another attempt may cure.
PASSING = (THROTTLED, UNREACHABLE, FAILED, BROKEN_ANSWER)


class Gap(Exception):
    """Something that could not be collected: a reason of ``costkit.model.snapshot``, the IAM action, a sentence."""

    def __init__(self, reason: str, action: str, message: str = "") -> None:
        self.reason, self.action = reason, action
        self.message = message or SENTENCES[reason].format(action=action)
        super().__init__(self.message)


def gap_of(error: Exception, action: str) -> Gap:
    """What an error of boto3 means. AWS's own message is not quoted: it may hold what is nobody's business."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        reason = _reason(error.response)
        # A role that could not be assumed fails the first call that needs it.
        assumed = "AssumeRole" in str(error.operation_name)
        code = str(error.response.get("Error", {}).get("Code", ""))[:60]
        named = "sts:AssumeRole" if assumed else action
        told = SENTENCES[reason].format(action=named)
        return Gap(reason, named, f"{told} ({code})" if reason == FAILED and code.isalnum() else told)
    return Gap(_of_this_side(error), action)


def _reason(response: dict[str, Any]) -> str:
    error = response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", "")).lower()
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in SIGNATURES and any(word in message for word in ("expired", "not yet current", "clock", "time")):
        return CLOCK
    if code in REASON_BY_CODE:
        reason = REASON_BY_CODE[code]
        asks_to_enroll = reason == DENIED and any(word in message for word in ("enroll", "not enabled", "opt in"))
        return NOT_ENROLLED if asks_to_enroll else reason
    if "not enrolled" in message:
        return NOT_ENROLLED
    if status == 429:
        return THROTTLED
    if code in SIGNATURES or status == 401:
        return NO_CREDENTIALS
    return DENIED if status == 403 else FAILED


def _of_this_side(error: Exception) -> str:
    """What an error means that did not come from AWS."""
    from botocore import exceptions
    from botocore.parsers import ResponseParserError

    expired = (exceptions.UnauthorizedSSOTokenError, exceptions.SSOTokenLoadError)
    none = (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.CredentialRetrievalError,
        exceptions.NoAuthTokenError,
        exceptions.TokenRetrievalError,
        exceptions.ProfileNotFound,
        exceptions.InvalidConfigError,
    )
    if isinstance(error, expired):
        return EXPIRED
    if isinstance(error, none):
        return NO_CREDENTIALS
    if isinstance(error, ResponseParserError | exceptions.ResponseStreamingError | exceptions.IncompleteReadError):
        return BROKEN_ANSWER
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError | OSError):
        return UNREACHABLE
    # Whatever else an answer does to its parser: it was not one of AWS.
    return FAILED if isinstance(error, exceptions.BotoCoreError) else BROKEN_ANSWER
