"""Whether the agent can talk to each of its devices: what its status tells the hub."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from wire import Clock, DeviceStatus
from wire.kinds import Kind

log = structlog.get_logger()

MAX_DETAIL = 200


@dataclass(slots=True)
class _Line:
    ok: bool = False
    detail: str = "no report yet"
    skew_ms: int | None = None
    heard: float | None = None


class DeviceBoard:
    """The state of every device of one agent.

    kinds: device id to kind; a device that was not heard for its kind's `silent_after_s` is not
        ok, whatever it said before.
    """

    def __init__(self, kinds: Mapping[str, Kind], clock: Clock) -> None:
        self._kinds = kinds
        self._clock = clock
        self._lines = {device: _Line() for device in kinds}

    def heard(self, device: str, *, skew_ms: int | None = None, detail: str = "") -> None:
        """The device answered or reported; skew is its clock minus the agent's, ms."""
        line = self._lines[device]
        if not line.ok:
            log.info("board.device_came_back", device=device)
        line.ok, line.detail, line.heard = True, detail[:MAX_DETAIL], self._clock.monotonic()
        if skew_ms is not None:
            line.skew_ms = skew_ms

    def failed(self, device: str, detail: str) -> None:
        """The device could not be reached, or what it says makes no sense."""
        line = self._lines[device]
        if line.ok or line.detail != detail[:MAX_DETAIL]:
            log.warning("board.device_failed", device=device, detail=detail)
        line.ok, line.detail = False, detail[:MAX_DETAIL]

    def statuses(self) -> dict[str, DeviceStatus]:
        """All devices, as an agent's status tells them."""
        return {device: self._status(device, line) for device, line in self._lines.items()}

    def _status(self, device: str, line: _Line) -> DeviceStatus:
        limit = self._kinds[device].silent_after_s
        silent = 0.0 if line.heard is None else self._clock.monotonic() - line.heard
        if line.ok and silent > limit:
            return DeviceStatus(ok=False, detail=f"silent for {silent:.0f} s", skew_ms=line.skew_ms)
        return DeviceStatus(ok=line.ok, detail=line.detail, skew_ms=line.skew_ms)
