"""An agent played by hand on a real broker, and the hub as its public API shows it."""

import itertools
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
import paho.mqtt.client as paho

from simulators.processes import HubProcess
from tests.faults.town import SITE
from wire import Ack, ContentType, Envelope, Header, Lane, Observation, topics
from wire.observation import encode_observations

WITHIN_S = 45.0
HOUR = 3_600_000


def now() -> int:
    return time.time_ns() // 1_000_000


def until(found: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
    """What `found` returns once it is true."""
    deadline = time.monotonic() + within_s
    while not (value := found()):
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)
    return value


class Api:
    """A logged-in reader of the hub."""

    def __init__(self, hub: HubProcess) -> None:
        assert hub.login is not None
        self._http = httpx.Client(base_url=hub.url, timeout=20, trust_env=False)
        login = dict(zip(("name", "password"), hub.login, strict=True))
        assert self._http.post("/api/login", json=login).status_code == 200

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        answer = self._http.get(f"/api/sites/{SITE}/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def counters(self) -> dict[str, int]:
        return self.get("counters")

    def agent(self, name: str) -> dict[str, Any]:
        return next(one for one in self.get("agents") if one["id"] == name)


class Agent:
    """Publishes as one agent with a gate and a pressure sensor; hears the hub's acks.

    Every message it says goes out behind the ones before it, on one connection.
    """

    def __init__(self, api: Api, broker_port: int, name: str) -> None:
        self.api, self.name = api, name
        self.gate, self.sensor = f"{name}-gate", f"{name}-fw"
        self.boot = secrets.token_hex(8)
        self.acks: list[Ack] = []
        self._seqs = {lane: itertools.count(1) for lane in Lane}
        self._records = itertools.count(1)
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, f"test-{name}")
        self._client.on_message = self._heard
        self._client.connect("127.0.0.1", broker_port)
        self._client.loop_start()
        self._client.subscribe(topics.ack(SITE, name), 1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _heard(self, _client, _data, message) -> None:
        self.acks.append(Ack.decode(message.payload))

    def observation(self, event: str = "state", **fields: Any) -> Observation:
        at = fields.pop("at", now())
        made: dict[str, Any] = {"device": self.gate, "kind": "gate", "at": at, "seen": at}
        made["source_id"] = f"{self.name}-{next(self._records)}"
        made["signals"] = {"event": event, **fields.pop("signals", {})}
        return Observation.model_validate(made | fields)

    def envelope(
        self,
        *observations: Observation,
        lane: Lane = Lane.EVENT,
        seq: int | None = None,
        floor: int = 1,
        sent_at: int | None = None,
        body: bytes | None = None,
    ) -> bytes:
        header = Header(
            boot=self.boot,
            lane=lane,
            seq=next(self._seqs[lane]) if seq is None else seq,
            floor=floor,
            sent_at=now() if sent_at is None else sent_at,
            type=ContentType.OBSERVATIONS,
        )
        said = encode_observations(list(observations)) if body is None else body
        return Envelope(header, said).encode()

    def skip(self, lane: Lane = Lane.EVENT) -> int:
        """A seq that the next envelope will not have."""
        return next(self._seqs[lane])

    def publish(
        self, payload: bytes, *, lane: Lane = Lane.EVENT, topic: str = "", retain: bool = False
    ) -> None:
        place = topic or topics.up(SITE, self.name, lane)
        self._client.publish(place, payload, qos=1, retain=retain).wait_for_publish(10)

    def say(self, *observations: Observation, **options: Any) -> None:
        lane = options.get("lane", Lane.EVENT)
        self.publish(self.envelope(*observations, **options), lane=lane)

    def neighbour_is_stored(self) -> None:
        """Say one good thing, right behind whatever was said before, and see it stored."""
        good = self.observation()
        self.say(good)
        until(lambda: good.source_id in {item["source_id"] for item in self.stored()})

    def stored(self) -> list[dict[str, Any]]:
        return self.api.get("observations", agent=self.name, limit=200)["items"]

    def stored_once(self, observation: Observation) -> dict[str, Any]:
        same = [item for item in self.stored() if item["source_id"] == observation.source_id]
        assert len(same) == 1
        return same[0]

    def letters(self) -> list[tuple[str, int | None]]:
        """(reason, seq) of this agent's dead letters, oldest first."""
        items = self.api.get("dead-letters", limit=200)["items"]
        mine = [item for item in items if item["agent"] == self.name]
        return [(item["reason"], item["seq"]) for item in reversed(mine)]

    def device(self) -> dict[str, Any]:
        return self.api.get(f"devices/{self.gate}")

    def alerts(self) -> list[dict[str, Any]]:
        return self.api.get("alerts", state="all", device=self.gate)["items"]
