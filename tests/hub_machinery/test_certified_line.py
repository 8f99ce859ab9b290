"""Hub, agents and Mosquitto with certificates: enrolled over HTTP, cloned, alarmed; and without."""

import asyncio
import shutil
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from edge.agent import Agent
from edge.config import EdgeConfig
from edge.identity import EnrolmentError, Renewing, enrol, load_identity
from edge.identity.files import save_identity
from gatehouse.composition import wall_clock
from hub.app import open_hub
from hub.app.certifying import DAY_MS, real_now
from hub.config import load_hub
from hub.errors import ConfigError
from hub.pki import Authority
from hub.pki.authority import write_new
from simulators.mosquitto import HOST, find_mosquitto
from simulators.processes import free_port
from tests.hub_api.house import SITE as SITE_FILE
from tests.hub_machinery.certified import Broker
from tests.shipped import CONFIGS

pytestmark = pytest.mark.socket

SITE = "court"
WITHIN_S = 45.0


@pytest.fixture
def estate(tmp_path):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    (tmp_path / "site.toml").write_text(SITE_FILE.format(site=SITE), encoding="utf-8")
    return tmp_path


def hub_file(folder, broker):
    file = folder / "hub.toml"
    mqtt = f'data = "data"\nsites = ["site.toml"]\n[mqtt]\n{broker}\n[http]\nport = 0\n'
    file.write_text(mqtt, encoding="utf-8")
    return load_hub(file, shipped=CONFIGS)


def an_agent(folder, port, name="water"):
    return EdgeConfig.model_validate(
        {
            "site": SITE,
            "agent": name,
            "data": folder,
            "heartbeat_s": 0.5,
            "mqtt": {"url": f"mqtts://{HOST}:{port}"},
            "driver": [
                {
                    "type": "modbus-pressure",
                    "host": HOST,
                    "port": free_port(),
                    "device": [
                        {
                            "id": "fw-1",
                            "pressure": {
                                "address": 0,
                                "table": "input",
                                "type": "uint16",
                                "unit": "kPa",
                            },
                        }
                    ],
                }
            ],
        }
    )


async def within(found):
    deadline = time.monotonic() + WITHIN_S
    while not (result := await found()):
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.1)
    return result


async def test_an_agent_is_enrolled_speaks_over_tls_and_its_clone_is_alarmed(estate):
    secrets = estate / "data" / "secrets"
    fingerprint = Authority.make(secrets, real_now()).fingerprint
    (estate / "broker").mkdir()
    broker = Broker(estate / "broker", secrets)
    config = hub_file(estate, f'url = "mqtts://{HOST}:{broker.hub_port}"')
    async with AsyncExitStack() as stack:
        stack.enter_context(broker)
        hub = await stack.enter_async_context(open_hub(config))
        code = hub.services.enrolment.claim(SITE, "water", "SN-7")
        asked = {"hub": hub.url, "site": SITE, "agent": "water", "serial": "SN-7"}
        for wrong in (
            {"code": "0" * 25, "fingerprint": fingerprint},
            {"code": code, "fingerprint": fingerprint, "serial": "SN-8"},
            {"code": "short", "fingerprint": fingerprint},
        ):
            with pytest.raises(EnrolmentError):
                await enrol(**{**asked, **wrong})
        key, answer = await enrol(**asked, code=code, fingerprint=fingerprint)
        with pytest.raises(EnrolmentError, match="refuses"):
            await enrol(**asked, code=code, fingerprint=fingerprint)
        again = hub.services.enrolment.claim(SITE, "gates", "SN-7")
        with pytest.raises(EnrolmentError, match="another fingerprint"):
            await enrol(**{**asked, "agent": "gates"}, code=again, fingerprint="0" * 64)
        saved = {"certificate": answer.certificate, "authority": answer.authority}
        save_identity(estate / "real", key=key, **saved, hub=hub.url)

        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=hub.url, timeout=WITHIN_S)
        )
        login = {"name": "admin", "password": hub.initial_admin}
        await client.post("/api/login", json=login)

        async def online():
            agents = (await client.get(f"/api/sites/{SITE}/agents")).json()
            return any(one["id"] == "water" and one["state"] == "online" for one in agents)

        async def alarmed():
            found = (await client.get(f"/api/sites/{SITE}/alerts?condition=agent-cloned")).json()
            return found["items"]

        group = await stack.enter_async_context(asyncio.TaskGroup())
        clock = wall_clock()
        real = await stack.enter_async_context(Agent(an_agent(estate / "real", broker.port), clock))
        task = group.create_task(real.run())
        stack.callback(task.cancel)
        await within(online)
        assert await alarmed() == []
        shutil.copytree(estate / "real", estate / "copy")  # the whole disk: key, boot and all
        copy = await stack.enter_async_context(Agent(an_agent(estate / "copy", broker.port), clock))
        task = group.create_task(copy.run())
        stack.callback(task.cancel)
        (alarm,) = await within(alarmed)
        assert (alarm["priority"], alarm["device"]) == ("P1", "water")


async def test_an_agent_renews_by_itself_when_its_time_has_come(estate):
    secrets = estate / "data" / "secrets"
    fingerprint = Authority.make(secrets, real_now() - 300 * DAY_MS).fingerprint
    config = hub_file(estate, f'url = "mqtt://{HOST}:1"')
    async with open_hub(config) as hub:
        enrolment = hub.services.enrolment
        now, enrolment._now = enrolment._now, lambda: real_now() - 300 * DAY_MS
        code = enrolment.claim(SITE, "water", "SN-7")
        asked = {"hub": hub.url, "site": SITE, "agent": "water", "serial": "SN-7"}
        key, answer = await enrol(**asked, code=code, fingerprint=fingerprint)
        enrolment._now = now
        saved = {"certificate": answer.certificate, "authority": answer.authority}
        identity = save_identity(estate / "real", key=key, **saved, hub=hub.url)
        old = identity.certificate()
        assert not Renewing(identity, lambda: real_now() - 290 * DAY_MS).due()
        renewing = Renewing(identity, real_now)
        assert renewing.due()
        task = asyncio.create_task(renewing.run())

        async def renewed():
            found = load_identity(estate / "real")
            return found is not None and found.certificate().not_valid_after_utc

        async def later():
            return (await renewed()) > old.not_valid_after_utc

        await within(later)
        task.cancel()
        fresh = load_identity(estate / "real")
        assert fresh.key().public_key() == fresh.certificate().public_key()
        assert fresh.key().public_key() != old.public_key()


async def test_a_hub_refuses_a_broker_that_lets_in_anybody(estate, mosquitto):
    with pytest.raises(ConfigError, match="lets in anybody"):
        async with open_hub(hub_file(estate, f'url = "{mosquitto.url}"')):
            pytest.fail("it started")


async def test_a_broker_that_comes_later_is_looked_at_then(estate, monkeypatch):
    """The hub ends with the same words; whoever starts it again reads them at the start."""
    monkeypatch.setattr("hub.app.broker_door.AGAIN_S", 0.05)
    answers = [OSError("away"), OSError("away"), True]

    def probe(_settings):
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr("hub.app.broker_door.lets_in_anybody", probe)
    with pytest.raises(ConfigError, match="lets in anybody"):
        async with open_hub(hub_file(estate, 'url = "mqtt://127.0.0.1:1"')):
            await asyncio.sleep(WITHIN_S)
    assert answers == []


def test_anonymous_is_for_loopback_alone(estate):
    with pytest.raises(ConfigError, match="loopback"):
        hub_file(estate, 'url = "mqtt://broker.example"\nanonymous = true')


def test_a_secret_file_is_never_written_over(tmp_path):
    write_new(tmp_path / "x.key", "one")
    with pytest.raises(Exception, match="exists already"):
        write_new(tmp_path / "x.key", "two")
