"""The session cookie, and where a request came from."""

from fastapi import Request, Response

from hub.access.sessions import ABSOLUTE_MS
from hub.api.door import COOKIE


def set_session(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session: out of scripts' reach, never sent from another site."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=ABSOLUTE_MS // 1000,
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def clear_session(response: Response, *, secure: bool) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=secure)


def address_of(request: Request) -> str:
    """The peer's address, or an empty text where there is none."""
    return request.client.host if request.client else ""
