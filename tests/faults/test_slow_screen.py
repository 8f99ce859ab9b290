"""A screen that follows the site and stops reading: nobody else notices, and memory stays small."""

import socket
import threading
import time

import httpx
import pytest

from bench.usage import Usage
from tests.faults.street import Agent, Api, until
from tests.faults.town import SITE, a_hub, write_site

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(300)]

SCREENS = 20
SAID = 1_500
GROWTH_MB = 100


def stuck_screen(api, url):
    """A stream that was asked for, of which hardly a byte is ever read."""
    host, _, port = url.removeprefix("http://").partition(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((host, int(port)))
    cookies = "; ".join(f"{name}={value}" for name, value in api._http.cookies.items())
    request = f"GET /api/sites/{SITE}/stream HTTP/1.1", f"Host: {host}", f"Cookie: {cookies}"
    connection.sendall("\r\n".join([*request, "", ""]).encode())
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def test_screens_that_do_not_read_hold_up_neither_the_line_nor_other_screens(
    tmp_path, broker, nursery
):
    write_site(tmp_path, {"a": {"a-gate": "gate", "a-fw": "water-pressure"}})
    with a_hub(tmp_path, broker, spawn=nursery.spawn) as hub:
        api = Api(hub)
        agent = Agent(api, broker.port, "a")
        agent.neighbour_is_stored()
        before = Usage.of(hub.pid)
        stuck = [stuck_screen(api, hub.url) for _ in range(SCREENS)]
        heard: list[str] = []
        watching = threading.Thread(target=watch, args=(api, heard), daemon=True)
        watching.start()
        for number in range(SAID):  # each flags the device's clock anew, which is a change to show
            wrong = 0 if number % 2 else 600_000
            one = agent.observation(
                at=int(time.time() * 1000) + wrong, seen=int(time.time() * 1000)
            )
            agent.publish(agent.envelope(one))
        until(lambda: agent.acks and agent.acks[-1].upto > SAID, 120)
        forced = agent.observation("opened")
        agent.say(forced)
        until(lambda: "alert" in heard, 60)
        assert Usage.of(hub.pid).peak_mb - before.rss_mb <= GROWTH_MB
        for connection in stuck:
            connection.close()
        agent.close()
        api.close()
        watching.join(30)


def watch(api, heard):
    """A screen that reads: names of events."""
    try:
        with api._http.stream("GET", f"/api/sites/{SITE}/stream", timeout=60) as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    heard.append(line.removeprefix("event: "))
    except (httpx.HTTPError, httpx.StreamError, OSError):
        heard.append("over")  # the test closes the client under its reader
