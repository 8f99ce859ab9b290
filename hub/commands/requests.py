"""What the hub itself asks of cameras: signed as every command, but nothing that anybody ordered.

Such a request moves nothing and is asked again while it is needed, so it is not recorded as a
command; what comes of it is (evidence), or is on record as a look (live view).
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from hub.commands.nonces import Nonces
from hub.errors import NotFoundError, UnavailableError
from hub.pipeline import Registry
from wire import Command, topics

OPERATOR: Final = "hub"

Sign = Callable[[bytes], bytes]
Publish = Callable[[str, bytes], bool]


class Requests:
    """sign: with the hub's key. publish: hands a message to the broker, False when it is away."""

    def __init__(self, *, registry: Registry, nonces: Nonces, sign: Sign, publish: Publish) -> None:
        self._registry = registry
        self._nonces = nonces
        self._sign = sign
        self._publish = publish

    def ask(
        self,
        site: str,
        device: str,
        action: str,
        *,
        lease_s: float = 0.0,
        params: Mapping[str, str | float | bool] | None = None,
    ) -> None:
        """Ask now. Raises NotFoundError for a device without this request, UnavailableError."""
        watched = self._registry.device(site, device)
        kind = None if watched is None else watched.kind
        spec = next((one for one in kind.actions if one.id == action), None) if kind else None
        if watched is None or spec is None or not spec.by_hub:
            raise NotFoundError("request", f"{device}.{action}")
        nonce = self._nonces.newest(site, watched.agent)
        if nonce is None:
            raise UnavailableError("the agent of this device is away", code="agent-away")
        command = Command(
            id=secrets.token_hex(16),
            site=site,
            agent=watched.agent,
            device=device,
            action=action,
            nonce=nonce,
            lease_s=min(lease_s, spec.max_lease_s),
            params=dict(params or {}),
            operator=OPERATOR,
        ).signed(self._sign)
        if not self._publish(topics.cmd(site, watched.agent), command.encode()):
            raise UnavailableError("the broker is away", code="broker-away")
