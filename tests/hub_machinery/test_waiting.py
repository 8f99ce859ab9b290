"""What waits to be stored: in which company it goes, and for how long it waits for that."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.ingest import waiting as waiting_room
from hub.ingest.waiting import Arrived, Waiting
from hub.mqtt import Delivery
from tests.hub_machinery.estate import SITE
from wire import Lane, topics


def arrived(lane, received_at):
    topic = topics.up(SITE, "gates", lane)
    return Arrived(Delivery(topic, b"{}", retained=False, number=0, broker=None), received_at)


def taken(waiting):
    return [one.received_at for one in waiting.take()]


def test_what_is_urgent_goes_without_the_rest_but_not_twice_in_a_row():
    waiting = Waiting()
    waiting.put([arrived(Lane.TELEMETRY, 1), arrived(Lane.LIFE, 2), arrived(Lane.EVENT, 3)])
    assert taken(waiting) == [2, 3]
    waiting.put([arrived(Lane.EVENT, 4)])
    assert taken(waiting) == [4, 1]


@pytest.mark.parametrize("lane", [Lane.LIFE, Lane.TELEMETRY])
def test_telemetry_waits_until_it_is_enough_or_something_urgent_comes(monkeypatch, lane):
    monkeypatch.setattr(waiting_room, "GATHER_S", 3_600.0)
    monkeypatch.setattr(waiting_room, "GATHER_MESSAGES", 2)
    waiting = Waiting()
    waiting.put([arrived(Lane.TELEMETRY, 1)])
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(taken, waiting)
        waiting.put([arrived(lane, 2)])
        assert 2 in batch.result(60)


def test_telemetry_alone_goes_once_it_has_waited(monkeypatch):
    monkeypatch.setattr(waiting_room, "GATHER_S", 0.001)
    waiting = Waiting()
    waiting.put([arrived(Lane.TELEMETRY, 1)])
    assert taken(waiting) == [1]


def test_what_gathers_when_the_hub_stops_is_left_to_come_again(monkeypatch):
    monkeypatch.setattr(waiting_room, "GATHER_S", 3_600.0)
    waiting = Waiting()
    waiting.put([arrived(Lane.TELEMETRY, 1)])
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(taken, waiting)
        waiting.close()
        assert batch.result(60) == []
