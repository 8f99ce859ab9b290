"""The server dies in the middle of the load and comes back: nothing is lost, nothing is doubled."""

import random
import signal
import threading
import time

import httpx
import pytest
from sqlalchemy import make_url

from hub.app import open_hub
from hub.config import load_hub
from hub.ingest.storing import Storing
from hub.pipeline import read
from hub.store.schema import alert, observation
from simulators.postgresql import PostgreSQL, find_postgresql
from tests.hub_machinery.estate import SITE_FILE, T0, Agent, a_line, gate
from tests.shipped import CONFIGS

pytestmark = pytest.mark.socket

MESSAGES = 400
KILLS = 3
WITHIN_S = 60.0


@pytest.fixture
def server():
    if find_postgresql() is None:
        pytest.skip("postgresql is not installed")
    with PostgreSQL(durable=True) as own:
        own.create("hub")
        yield own


def until(found):
    deadline = time.monotonic() + WITHIN_S
    while not (value := found()):
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)
    return value


def test_sigkill_of_the_server_under_load_loses_and_doubles_nothing(server, tmp_path):
    draw = random.Random(20260131)
    with a_line(tmp_path, make_url(server.url("hub"))) as line:
        agent = Agent()
        messages = [
            agent.message(gate(T0 + n * 100, "opened" if n % 9 == 0 else "state", open=n % 9 == 0),
                          now=T0 + n * 100)
            for n in range(MESSAGES)
        ]  # fmt: skip
        storing = Storing(line.pipeline, now=lambda: T0, closing=threading.Event())
        acked = []

        def feed():
            for start in range(0, MESSAGES, 4):
                batch = [read(*message) for message in messages[start : start + 4]]
                acks = storing.store(batch)
                acked.append(acks[0].upto)

        feeding = threading.Thread(target=feed)
        feeding.start()
        for kill in range(1, KILLS + 1):
            until(lambda goal=kill: len(acked) > goal * MESSAGES // 4 // (KILLS + 2))
            time.sleep(draw.uniform(0, 0.05))
            server.kill()
            server.start()
        feeding.join(WITHIN_S)
        assert not feeding.is_alive()
        assert acked == sorted(acked)
        assert acked[-1] == MESSAGES
        assert sorted(row["seq"] for row in line.rows(observation)) == [*range(1, MESSAGES + 1)]
        assert line.counters()["stored"] == MESSAGES
        occurrences = [row["occurrence"] for row in line.rows(alert)]
        assert sorted(occurrences) == [*range(1, len(occurrences) + 1)]


async def test_the_hub_stays_up_while_the_server_is_away(server, tmp_path):
    (tmp_path / "site.toml").write_text(SITE_FILE, encoding="utf-8")
    secret = tmp_path / "password"
    secret.write_text(server.password)
    secret.chmod(0o600)
    path = tmp_path / "hub.toml"
    path.write_text(
        'data = "hub"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n'
        f'[store]\nurl = "{server.url("hub", password=False)}"\npassword_file = "password"\n'
        "[http]\nport = 0\n"
    )
    async with (
        open_hub(load_hub(path, shipped=CONFIGS)) as hub,
        httpx.AsyncClient(base_url=hub.url, timeout=30, trust_env=False) as client,
    ):
        login = {"name": "admin", "password": hub.initial_admin}
        assert (await client.post("/api/login", json=login)).status_code == 200
        server.stop(signal.SIGQUIT)
        answer = await client.get("/api/sites/court/snapshot")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert (await client.get("/api/health")).status_code == 200
        server.start()
        deadline = time.monotonic() + WITHIN_S
        while (await client.get("/api/sites/court/snapshot")).status_code != 200:
            assert time.monotonic() < deadline
        logged_in = await client.post("/api/login", json=login)
        assert logged_in.status_code == 200
        assert not (tmp_path / "hub" / "hub.db").exists()
