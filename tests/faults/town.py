"""A small site whose hub and agents are real processes on a real Mosquitto."""

import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from simulators.hubclient import HubClient
from simulators.mosquitto import Mosquitto
from simulators.processes import EdgeProcess, HubProcess, Spawn, free_port, spawn

SITE = "town"

_DEVICE = """
[[agent.device]]
id = "{id}"
kind = "{kind}"
name = {{ zh = "设备", en = "{id}" }}
place = {{ zh = "院内", en = "Courtyard" }}
settings = {settings}
"""
_PRESSURE_SETTINGS = "{ elevation_m = 0.0, protects_to_m = 0.0 }"


def write_site(folder: Path, agents: dict[str, dict[str, str]]) -> Path:
    """agents: agent -> device -> kind."""
    text = f'id = "{SITE}"\nname = {{ zh = "小镇", en = "Town" }}\n'
    text += 'building_class = "residential-high-rise"\n'
    for agent, devices in agents.items():
        text += f'\n[[agent]]\nid = "{agent}"\n'
        for device, kind in devices.items():
            settings = _PRESSURE_SETTINGS if kind == "water-pressure" else "{}"
            text += _DEVICE.format(id=device, kind=kind, settings=settings)
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def a_hub(
    folder: Path, broker: Mosquitto, *, patrols: str = "", spawn: Spawn = spawn
) -> HubProcess:
    """A hub that keeps its address over restarts. patrols: the folder of its rounds, if any."""
    config = folder / "hub.toml"
    config.write_text(f"""
data = "hub"
sites = ["site.toml"]
{f'patrols = "{patrols}"' if patrols else ""}
[mqtt]
url = "{broker.url}"
anonymous = true
[http]
port = {free_port()}
""")
    return HubProcess(config, spawn=spawn)


def a_gate_agent(
    folder: Path, broker: str, name: str, gates: Iterable[str], *, spawn: Spawn = spawn
) -> tuple[EdgeProcess, str, str]:
    """The agent, where controllers push to, and the token that they all show.

    broker: its address, which may be a proxy's.
    """
    port, token = free_port(), secrets.token_urlsafe(24)
    devices = "".join(f'[[driver.device]]\nid = "{gate}"\ntoken = "{token}"\n' for gate in gates)
    config = folder / f"{name}.toml"
    config.write_text(f"""
site = "{SITE}"
agent = "{name}"
data = "{name}"
heartbeat_s = 0.5
[mqtt]
url = "{broker}"
[http]
listen = "127.0.0.1:{port}"
[[driver]]
type = "http-gate"
{devices}""")
    return EdgeProcess(config, port=port, spawn=spawn), f"http://127.0.0.1:{port}", token


def a_pressure_agent(
    folder: Path, broker: str, name: str, sensor: str, modbus_port: int, *, spawn: Spawn = spawn
) -> EdgeProcess:
    config = folder / f"{name}.toml"
    config.write_text(f"""
site = "{SITE}"
agent = "{name}"
data = "{name}"
heartbeat_s = 0.5
[mqtt]
url = "{broker}"
[[driver]]
type = "modbus-pressure"
host = "127.0.0.1"
port = {modbus_port}
interval_s = 0.2
[[driver.device]]
id = "{sensor}"
unit_id = 1
pressure = {{ table = "holding", address = 100, type = "int16", unit = "kPa", scale = 1.0 }}
""")
    return EdgeProcess(config, spawn=spawn)


def client_of(hub: HubProcess) -> HubClient:
    assert hub.login is not None, "the hub has shown no first login"
    name, password = hub.login
    return HubClient(hub.url, name=name, password=password)


async def all_items(client: HubClient, path: str, *, cursor: str, **params: str) -> list[dict]:
    """Every page of a list. cursor: the parameter that asks for the next one."""
    items: list[dict] = []
    while True:
        page = await client.get(f"/api/sites/{SITE}/{path}", {**params, "limit": "200"})
        items += page["items"]
        if page["next"] is None:
            return items
        params[cursor] = page["next"]


def is_whole(database: Path) -> bool:
    connection = sqlite3.connect(database)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()
