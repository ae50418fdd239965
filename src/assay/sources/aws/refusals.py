"""What the exceptions of botocore mean: denied, throttled, expired, unreachable, or something else."""

import socket
from typing import Any

from botocore import exceptions, parsers

from assay.errors import UsageError
from assay.sources.aws.calls import Kind, Refused

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ForbiddenException",
        "NotAuthorized",
        "NotAuthorizedException",
        "UnauthorizedAccess",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    }
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})


def refusal(error: Exception) -> Refused:
    """Return what an exception of botocore says."""
    match error:
        case exceptions.ClientError():
            return _answered(error)
        case exceptions.ParamValidationError():
            return Refused(Kind.MALFORMED, "", f"botocore refuses the question: {str(error)[:200]}")
        case parsers.ResponseParserError():
            return Refused(Kind.MALFORMED, "", f"botocore cannot read the answer: {str(error)[:200]}")
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            raise UsageError("there are no credentials for AWS; see `aws configure` and AWS_PROFILE") from error
        case (
            exceptions.UnauthorizedSSOTokenError()
            | exceptions.SSOTokenLoadError()
            | exceptions.TokenRetrievalError()
            | exceptions.CredentialRetrievalError()
        ):
            return Refused(Kind.EXPIRED, "", str(error))
        case exceptions.ConnectionError() | exceptions.HTTPClientError():
            return Refused(Kind.UNREACHABLE, "", str(error))
        case _:
            return Refused(Kind.REFUSED, "", f"{type(error).__name__}: {error}")


def is_nowhere(error: BaseException | None) -> bool:
    """Whether there is no host of the name that a request was for. An outage of the name service says otherwise."""
    for _ in range(10):
        if error is None:
            return False
        if isinstance(error, socket.gaierror):
            return error.errno == socket.EAI_NONAME
        inner = getattr(error, "kwargs", {}).get("error")
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
    return False


def _answered(error: Any) -> Refused:
    stated = error.response.get("Error", {})
    code, message = str(stated.get("Code", "")), str(stated.get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLED or status == 429:
        kind = Kind.THROTTLED
    elif code in _EXPIRED:
        kind = Kind.EXPIRED
    elif code in _DENIED:
        kind = Kind.DENIED
    elif status >= 500:
        kind = Kind.UNREACHABLE
    else:
        kind = Kind.DENIED if status == 403 and code in ("403", "") else Kind.REFUSED
    return Refused(kind, code, message)
