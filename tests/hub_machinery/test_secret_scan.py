"""A hub that has worked: none of its secrets, plates and cards is in logs, database or answers."""

import io
import json
import sqlite3
import tarfile

import aiomqtt
import httpx
import pytest
import structlog

from hub.app import open_hub
from hub.app.certifying import real_now
from hub.backup import make
from hub.config import Role
from hub.pki import Authority
from tests.hub_api.house import SITE as SITE_FILE
from tests.hub_api.test_open_hub import config_of, until_async
from tests.hub_machinery.certified import asking
from wire import AgentStatus, ContentType, Envelope, Header, Lane, Observation, topics
from wire.observation import encode_observations

pytestmark = pytest.mark.socket

SITE = "court-scan"
CARD, PLATE = "8841265093", "沪AQ7K93"
WRONG = "not-the-password-Zx81"
BOOT = "00000000000000dd"

BARRIER = """
[[agent]]
id = "cars"

[[agent.device]]
id = "barrier-in"
kind = "barrier"
name = { zh = "东闸", en = "East barrier" }
place = { zh = "东门岗", en = "East post" }
"""


async def worked(hub, broker):
    """A passage with a card, one with a plate, a denied one, and one from who may not speak."""
    now = hub.services.now()
    host, port = broker.removeprefix("mqtt://").split(":")
    said = {
        "gates": [
            ("gate-east", "gate", {"event": "granted", "credential": CARD, "method": "card"}),
            ("gate-east", "gate", {"event": "denied", "credential": CARD, "reason": "expired"}),
            ("gate-east", "gate", {"event": CARD, "unknown": PLATE}),  # rejected signals
            ("barrier-in", "barrier", {"event": "seen", "plate": PLATE}),  # not its device
        ],
        "cars": [
            (
                "barrier-in",
                "barrier",
                {
                    "event": "seen",
                    "plate": PLATE,
                    "plate_grammar": "ok",
                    "direction": "in",
                    "result": "allowed",
                    "method": "plate",
                },
            )
        ],
    }
    async with aiomqtt.Client(host, int(port)) as client:
        for agent, rows in said.items():
            status = AgentStatus(state="online", boot=BOOT, at=now, nonce="ab" * 16)
            await client.publish(topics.status(SITE, agent), status.encode(), qos=1)
            told = [
                Observation(device=device, kind=kind, at=now + row, seen=now + row, signals=signals)
                for row, (device, kind, signals) in enumerate(rows)
            ]
            header = Header(
                boot=BOOT,
                lane=Lane.EVENT,
                seq=1,
                floor=1,
                sent_at=now,
                type=ContentType.OBSERVATIONS,
            )
            payload = Envelope(header, encode_observations(told)).encode()
            await client.publish(topics.up(SITE, agent, Lane.EVENT), payload, qos=1)
        bad = b"{" + f'"credential": "{CARD}", "plate": "{PLATE}"'.encode()
        await client.publish(topics.up(SITE, "gates", Lane.EVENT), bad, qos=1)


async def answers_of(client, hub, password):
    """What people and strangers are told, right and wrong requests alike."""
    told = []

    async def ask(method, path, **options):
        answer = await client.request(method, path, **options)
        told.append(f"{answer.headers}{answer.text}")
        return answer

    for body in (
        {"name": "wang", "password": WRONG},
        {"name": WRONG, "password": password, "more": WRONG},
        {"name": "wang", "password": [password]},
    ):
        await ask("POST", "/api/login", json=body)
    await ask("POST", "/api/login", content=json.dumps({"password": password})[:-3])
    await ask("POST", "/api/enrolment", json=asking("0" * 25, site=SITE).model_dump())
    await ask("POST", f"/api/sites/{SITE}/devices/gate-east/commands", json={"reason": CARD})
    for path in (
        f"sites/{SITE}/observations?agent=gates",
        f"sites/{SITE}/observations?agent=cars",
        f"sites/{SITE}/dead-letters",
        f"sites/{SITE}/snapshot",
        f"sites/{SITE}/agents",
        f"sites/{SITE}/devices",
        "audit",
        "users",
        "machines",
        "me",
    ):
        answer = await ask("GET", f"/api/{path}")
        assert answer.status_code == 200, (path, answer.text)
    return "\n".join(told)


async def test_no_secret_plate_or_card_is_in_logs_database_exports_or_answers(
    tmp_path, mosquitto, capsys
):
    log = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
    try:
        config = config_of(tmp_path, broker=mosquitto.url, site=SITE)
        site = SITE_FILE.format(site=SITE) + BARRIER
        (tmp_path / "site.toml").write_text(site, encoding="utf-8")
        secrets = config.data / "secrets"
        Authority.make(secrets, real_now())
        async with open_hub(config) as hub:
            code = hub.services.enrolment.claim(SITE, "gates", "SN-1")
            hub.services.enrolment.enrol(asking(code, site=SITE))
            second = await hub.create_user("wang", Role.GUARD, [SITE])
            async with httpx.AsyncClient(base_url=hub.url, timeout=45) as client:
                login = {"name": "admin", "password": hub.initial_admin}
                csrf = (await client.post("/api/login", json=login)).json()["csrf"]
                token = client.cookies["gatehouse_session"]
                await until_async(lambda: _connected(client))
                await worked(hub, mosquitto.url)
                await until_async(lambda: _stored(client))
                made = {"name": "hotline", "sites": [SITE], "per_minute": 10}
                headers = {"X-CSRF-Token": csrf}
                answer = await client.post("/api/machines", json=made, headers=headers)
                credential = answer.json()["credential"]
                told = await answers_of(client, hub, second)
        backup = tmp_path / "backup.tar"
        make(config, backup, passphrase="of-this-test", version="0", progress=lambda _line: None)
    finally:
        structlog.reset_defaults()
    needles = {
        "first password": hub.initial_admin,
        "second password": second,
        "wrong password": WRONG,
        "session": token,
        "machine's credential": credential.rpartition("_")[2],
        "claim code": code.replace("-", ""),
        "shown code": code,
        "card": CARD,
        "plate": PLATE,
        "plate's end": PLATE[1:],
    }
    for key in sorted(secrets.glob("*.key")):
        held = "".join(key.read_text().split("-----")[::2]).split()
        assert held, key
        needles[key.name] = held[0]
    assert {"hash.key", "sealing.key", "signing.key", "pki-ca.key"} <= needles.keys()
    places = {
        "logs": log.getvalue() + "".join(capsys.readouterr()),
        "answers": told,
        "database": _dump(config.data / "hub.db"),
        "files": _files(config.data, secrets) + (tmp_path / "hub.toml").read_text(),
        "backup": _unpacked(backup),
    }
    assert "hub.ready" in places["logs"]
    assert "hotline" in places["database"]
    assert "gate-east" in places["answers"]
    assert "manifest.json" in places["backup"]
    found = [
        (place, name)
        for place, text in places.items()
        for name, needle in needles.items()
        if needle in text or json.dumps(needle)[1:-1] in text
    ]
    assert found == []


async def _connected(client):
    return (await client.get("/api/health")).json()["broker"]


async def _stored(client):
    counters = (await client.get(f"/api/sites/{SITE}/counters")).json()
    return counters["stored"] >= 4 and counters["dead"] >= 1


def _dump(path):
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


def _files(folder, but):
    """Everything on the disk, byte by byte: what a dump does not show lies in free pages."""
    return "\n".join(
        path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and but not in path.parents
    )


def _unpacked(path):
    text = []
    with tarfile.open(path) as archive:
        for one in archive.getmembers():
            file = archive.extractfile(one) if one.isfile() else None
            text.append(one.name)
            text.append("" if file is None else file.read().decode("utf-8", "replace"))
    return "\n".join(text)
