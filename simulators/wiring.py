"""What an edge agent's configuration says of simulated devices: `[[driver]]` tables."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulators.camera import CameraServer
from simulators.errors import ConfigError
from simulators.facade.view import Polygon
from simulators.gateserver import GateServer
from simulators.modbus import ModbusBus
from simulators.site import Device

ALLOWED_OPEN_S = 25.0
"""How long a door may stand open where the site file does not say (configs/rules/door.toml)."""

_ANSWER_TIMEOUT_S = 5.0
"""Generous: a busy test machine must not turn an answered read into a lost one."""


def pressure_driver(bus: ModbusBus, *, sample_s: float) -> dict[str, Any]:
    """The table of a bus, for the edge's driver `modbus-pressure`."""
    return {
        "type": "modbus-pressure",
        "host": bus.host,
        "port": bus.port,
        "interval_s": sample_s,
        "timeout_s": _ANSWER_TIMEOUT_S,
        "device": [
            {
                "id": sensor,
                "unit_id": bus.unit,
                "pressure": {
                    "table": "holding",
                    "address": register.address,
                    "type": register.type,
                    "unit": register.unit,
                    "scale": register.scale,
                },
            }
            for sensor, register in bus.registers.items()
        ],
    }


def controller_driver(
    kind: str, server: GateServer, tokens: Mapping[str, str], folder: Path
) -> dict[str, Any]:
    """The table of controllers of a kind, for their driver; writes the token files.

    Panels in elevators take no commands.
    """
    table: list[dict[str, Any]] = [
        {"id": device, "token_file": str(write_token(folder / f"{device}.token", token))}
        for device, token in tokens.items()
    ]
    if kind == "elevator-panel":
        return {"type": "http-panel", "device": table}
    return {
        "type": f"http-{kind}",
        "device": [one | {"controller": server.url(one["id"])} for one in table],
    }


def camera_driver(
    kind: str, server: CameraServer, cameras: Sequence[str], windows: Mapping[str, list[Polygon]]
) -> dict[str, Any]:
    """The table of cameras for the driver that is called as their kind.

    windows: by camera, what a facade camera must not record.
    """
    table: list[dict[str, Any]] = [{"id": one, "url": server.url(one)} for one in cameras]
    if kind == "facade-camera":
        for device in table:
            device["mask"] = windows.get(device["id"], [])
    return {"type": kind, "device": table}


def allowed_open_s(device: Device) -> float:
    """How long this door may stand open. Raises ConfigError."""
    value = device.settings.get("max_open_s", ALLOWED_OPEN_S)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ConfigError(f"device {device.id}: settings.max_open_s: seconds above 0 are needed")
    return float(value)


def write_token(path: Path, token: str) -> Path:
    """Write a token that only its owner can read; an older one at the same place goes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(token + "\n")
    except OSError as error:
        raise ConfigError(f"{path}: cannot write: {error.strerror}") from error
    return path.resolve()
