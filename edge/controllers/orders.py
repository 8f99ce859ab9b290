"""The other direction: orders to a controller."""

from collections.abc import Mapping

import aiohttp

from edge.controllers.tokens import authorization
from edge.errors import DeviceError

COMMAND_TIMEOUT_S = 2.0
"""Operator command to actuator, GB 50396-2007, 5.1."""

_OK = range(200, 300)


async def command_controller(
    session: aiohttp.ClientSession,
    url: str,
    token: str,
    order: Mapping[str, object],
) -> None:
    """POST one order, such as `{"action": "open", "id": …}`. Raises DeviceError."""
    try:
        async with session.post(
            url,
            json=order,
            headers=authorization(token),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=COMMAND_TIMEOUT_S),
        ) as answer:
            status = answer.status
    except TimeoutError:
        raise DeviceError(f"device gave no answer in {COMMAND_TIMEOUT_S:g} s") from None
    except (aiohttp.ClientError, OSError):
        raise DeviceError("device cannot be reached") from None
    if status not in _OK:
        raise DeviceError(f"device answered {status}")
