"""Devices and what they measure."""

from typing import Literal

from hub.api.models.actions import DeviceAction
from hub.api.models.base import Answer, At
from wire import SignalValue, Text

DeviceCondition = Literal["ok", "silent", "fault", "unknown"]


class SignalReading(Answer):
    """A signal's last value; `at` by the device's corrected clock."""

    value: SignalValue
    at: At


class Limits(Answer):
    """Where a signal's alarm limits stand, in the signal's unit."""

    low: float | None
    high: float | None


class Device(Answer):
    """A device of the registry.

    state: `unknown` until it was first heard; `fault` when its agent cannot talk to it, or its
        clock is off by more than 5 s.
    skew_ms: device clock minus agent clock at the last report.
    readings: last value of each signal that is not sensitive.
    alerts: how many of its alerts are open.
    """

    id: str
    site: str
    agent: str
    kind: str
    name: Text
    place: Text | None
    building: str | None
    floor: int | None
    state: DeviceCondition
    last_seen: At | None
    skew_ms: int | None
    fault: str | None
    readings: dict[str, SignalReading]
    limits: dict[str, Limits]
    actions: list[DeviceAction]
    alerts: int


class Telemetry(Answer):
    """A signal over time. points: `[at, min, avg, max]` per bucket, oldest first."""

    signal: str
    unit: str
    limits: Limits
    points: list[tuple[int, float, float, float]]
