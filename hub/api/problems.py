"""Every error as an RFC 9457 problem; here alone stands what HTTP makes of the hub's errors."""

import traceback
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.access.errors import (
    ForbiddenError,
    LoginRefusedError,
    NotLoggedInError,
    TooManyTriesError,
)
from hub.api.models.problem import FieldProblem, Problem
from hub.commands.opening import TooManyOpeningsError
from hub.editing.bench import FaultyError
from hub.errors import (
    BadRequestError,
    ConflictError,
    HubError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)
from hub.pki import EnrolmentRefusedError
from wire import Text

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"

STATUSES: Final[dict[type[HubError], HTTPStatus]] = {
    EnrolmentRefusedError: HTTPStatus.FORBIDDEN,
    FaultyError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotLoggedInError: HTTPStatus.UNAUTHORIZED,
    LoginRefusedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    TooManyOpeningsError: HTTPStatus.TOO_MANY_REQUESTS,
    NotAllowedError: HTTPStatus.CONFLICT,
    ConflictError: HTTPStatus.CONFLICT,
    BadRequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyTriesError: HTTPStatus.TOO_MANY_REQUESTS,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""By the nearest base class; a hub error without a line here is a bug, and answers 500."""

_CODES: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.add_exception_handler(HubError, _hub_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(SQLAlchemyError, _store_error)
    app.add_exception_handler(Exception, _our_bug)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    why: Text | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The response that tells of one problem."""
    body = Problem(
        type=f"/problems/{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=errors or [],
        why=why,
    )
    return Response(
        body.model_dump_json(), status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE
    )


async def _hub_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HubError):
        return await _our_bug(request, error)
    for kind in type(error).__mro__:
        status = STATUSES.get(kind)
        if status is not None:
            return problem(
                status,
                error.code,
                str(error),
                errors=_fields_of(error),
                why=error.why if isinstance(error, NotAllowedError) else None,
                headers=_headers_of(error),
            )
    return await _our_bug(request, error)


async def _bad_request(_request: Request, error: Exception) -> Response:
    """What came is not repeated: it may be a password."""
    found: list[Any] = list(error.errors()) if isinstance(error, RequestValidationError) else []
    errors = [
        FieldProblem(field=".".join(map(str, one["loc"]))[:200], message=str(one["msg"])[:200])
        for one in found[:20]
    ]
    first = f"{errors[0].field}: {errors[0].message}" if errors else "the request is not valid"
    return problem(422, "invalid-request", first, errors=errors)


async def _http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(getattr(error, "detail", "")) or HTTPStatus(status).phrase
    headers = dict(getattr(error, "headers", None) or {})
    return problem(status, _CODES.get(status, "http-error"), detail, headers=headers)


async def _store_error(_request: Request, error: Exception) -> Response:
    """A full disk, a locked file: the message would repeat the values of the statement."""
    log.error("api.store_failed", error=type(error).__name__)
    return problem(503, UnavailableError.code, "the store cannot do this now; try again")


async def _our_bug(_request: Request, error: Exception) -> Response:
    """Tell the log where it happened (the error's own text may hold what is private)."""
    place = "".join(traceback.format_tb(error.__traceback__)[-8:])
    log.error("api.request_failed", error=type(error).__name__, traceback=place)
    return problem(500, "internal-error", "something went wrong in the hub; its log says what")


def _fields_of(error: HubError) -> list[FieldProblem]:
    if isinstance(error, FaultyError):
        return [FieldProblem(field=one.key, message=one.problem.en) for one in error.faults]
    several: list[tuple[str, str]] = getattr(error, "faults", [])
    if several:
        return [FieldProblem(field=name, message=why) for name, why in several[:20]]
    field = getattr(error, "field", None)
    return [] if field is None else [FieldProblem(field=field, message=str(error))]


def _headers_of(error: HubError) -> dict[str, str]:
    if isinstance(error, TooManyTriesError):
        return {"Retry-After": str(max(1, round(error.retry_after_s)))}
    return {}
