"""The hub's disk is full: nothing is acknowledged, people go on reading, till there is room."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.street import Agent, Api, until
from tests.faults.town import a_hub, is_whole, write_site

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
SMALL = "mount -t tmpfs -o size=24m,mode=700 tmpfs"
BODY = "x" * 400
RECOVERED_WITHIN_S = 30.0


def on_small_disk(data):
    """A spawn of hubs whose data lie on a small file system, in a namespace of their own."""

    def spawn(arguments, log):
        run = f'{SMALL} "{data}" && exec "$0" -m gatehouse.cli "$@"'
        with log.open("ab") as sink:
            return subprocess.Popen(
                ["unshare", "-rm", "sh", "-c", run, sys.executable, *arguments],
                cwd=ROOT,
                stdout=sink,
                stderr=sink,
            )

    return spawn


def can_mount(folder):
    command = ["unshare", "-rm", "sh", "-c", f'{SMALL} "{folder}"']
    return (
        shutil.which("unshare")
        and not subprocess.run(command, check=False, capture_output=True).returncode
    )


def test_full_disk_holds_back_acks_and_nothing_else_and_heals_by_itself(tmp_path, broker):
    data = tmp_path / "hub"
    data.mkdir()
    if not can_mount(data):
        pytest.skip("a small file system cannot be mounted here")
    write_site(tmp_path, {"a": {"a-gate": "gate", "a-fw": "water-pressure"}})
    hub = a_hub(tmp_path, broker, spawn=on_small_disk(data))
    with hub:
        inside = Path(f"/proc/{hub.pid}/root/{data}")
        api = Api(hub)
        agent = Agent(api, broker.port, "a")
        said = [agent.observation()]
        agent.say(said[0])
        until(lambda: agent.acks)
        filler = inside / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
        say_until_unanswered(agent, said)
        health = httpx.get(f"{hub.url}/api/health", timeout=20, trust_env=False).json()
        assert health["status"] == "degraded"
        assert health["store_failing_since"] is not None
        assert health["waiting"] > 0
        answered = agent.acks[-1].upto
        assert answered < len(said)
        # people go on reading, though not what is put on record before it is shown
        assert api.get("snapshot")["devices"]
        assert agent.device()["id"] == agent.gate
        filler.unlink()
        began = time.monotonic()
        until(lambda: agent.acks[-1].upto == len(said), RECOVERED_WITHIN_S)
        print(f"recovered in {time.monotonic() - began:.1f} s")  # noqa: T201
        health = httpx.get(f"{hub.url}/api/health", timeout=20, trust_env=False).json()
        assert (health["status"], health["store_failing_since"]) == ("ok", None)
        assert ids_of(api) == [one.source_id for one in said]
        agent.close()
        api.close()
        shutil.copytree(inside, tmp_path / "copy")
    assert is_whole(tmp_path / "copy" / "hub.db")


def say_until_unanswered(agent, said):
    """Say more and more, until the last of it stays without an answer."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for _ in range(20):
            one = agent.observation("granted", signals={"credential": BODY})
            said.append(one)
            agent.say(one)
        time.sleep(0.5)
        if agent.acks[-1].upto < len(said) - 20:
            return
    pytest.fail("the disk never became full")


def ids_of(api):
    ids, after = [], {}
    while True:
        page = api.get("observations", agent="a", limit=200, **after)
        ids += [item["source_id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        after = {"after": page["next"]}
