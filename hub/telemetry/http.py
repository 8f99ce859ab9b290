"""HTTP to a telemetry server: what an answer, or none, means."""

import re
from collections.abc import Mapping
from typing import Any, Final

import urllib3
from urllib3.exceptions import HTTPError

from hub.telemetry.server import AwayError, RefusedError

CONNECT_S: Final = 3.0
READ_S: Final = 10.0
CONNECTIONS: Final = 8
TIMEOUT: Final = urllib3.Timeout(connect=CONNECT_S, read=READ_S)

_POINTS_AT_FAULT: Final = frozenset({400, 413, 422})
_LONGEST_WHY: Final = 160
_VALUE: Final = re.compile(r"value=\S+")
"""What a server repeats of a line; dead letters tell no signal's value."""


class Http:
    """GET requests to one server. token: in each request's header, and nowhere else."""

    def __init__(self, url: str, *, scheme: str, token: str | None) -> None:
        self._url = url.rstrip("/")
        headers = {} if token is None else {"Authorization": f"{scheme} {token}"}
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS, timeout=TIMEOUT, retries=False, headers=headers
        )

    def get(self, path: str, fields: Mapping[str, str] | None = None) -> bytes:
        """The body of the answer. Raises AwayError for any but 200 and 204."""
        try:
            answer = self._pool.request("GET", self._url + path, fields=dict(fields or {}))
        except HTTPError as error:
            raise AwayError(f"does not answer ({type(error).__name__})") from None
        if answer.status not in {200, 204}:
            raise AwayError(f"answers {answer.status}", status=answer.status)
        return answer.data

    def close(self) -> None:
        """Let go of connections."""
        self._pool.clear()


def refusal(status: int | None, body: Any, headers: Any) -> AwayError | RefusedError:
    """What an answer to a write means when it is not 204.

    400, 413 and 422 are about the points; all else (no such bucket, a wrong token, too many
    requests, an error of its own) is not, and no reason to give a point up.
    """
    if status in _POINTS_AT_FAULT:
        return RefusedError(f"{status} {_one_line(body)}".strip())
    return AwayError(f"answers {status}", status=status, retry_after_s=_seconds(headers))


def _one_line(body: Any) -> str:
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    return _VALUE.sub("value=…", " ".join(text.split()))[:_LONGEST_WHY]


def _seconds(headers: Any) -> float | None:
    try:
        return float(headers["Retry-After"])
    except (KeyError, TypeError, ValueError):
        return None
