"""A telemetry server that is down, dies, dawdles or refuses; the hub's own work goes on."""

import threading
import time
import zlib

import pytest

from hub.errors import UnavailableError
from tests.hub_telemetry.rig import DAY, NOW, SITE, TOKEN, Rig, proxied, until

pytestmark = pytest.mark.socket
START = (NOW - 3 * DAY) // DAY * DAY


def seen(rig, count):
    """The values of so many seconds, once all of them are there."""
    rig.wait_delivered()

    def complete():
        try:
            found = rig.series(START, START + count * 1000, count)
        except UnavailableError:
            return None
        return found if len(found) == count else None

    return [one[3] for one in until(complete)]


def numbers(first, count):
    return [(START + n * 1000, float(n)) for n in range(first, first + count)]


def plain(body: bytes) -> bytes:
    return zlib.decompress(body, wbits=47) if body[:2] == b"\x1f\x8b" else body


def test_a_server_that_dies_and_comes_back_has_everything(own, tmp_path, caplog):
    """Down from the start, then killed twice under load: nothing is lost, no token is told."""
    kind, server = own
    server.kill()
    with proxied(kind, server.url) as proxy, Rig(tmp_path, kind, proxy.url) as rig:
        rig.server.settle_s = min(rig.server.settle_s, 6.0)  # flushed after 5; a test is short
        rig.add(numbers(0, 100))
        with pytest.raises(UnavailableError, match="telemetry server"):
            rig.series(START, START + 1000, 1)
        server.start()
        for n in range(100, 700, 20):
            rig.add(numbers(n, 20), urgent=n % 40 == 0)
            if n in {300, 500}:
                time.sleep(1.1)  # its lives are told apart by the second in which they begin
                rig.add(numbers(n + 10_000, 20))
                server.kill()
                rig.add(numbers(n + 20_000, 20))
                server.start()
            time.sleep(0.02)
        # it has confirmed everything, and is killed before it can have it all on its disk
        time.sleep(1.1)
        rig.wait_delivered()
        server.kill()
        server.start()
        rig.add([(START + DAY, 1.0)])
        assert seen(rig, 700) == [float(n) for n in range(700)]
        until(lambda: rig.spooled() == 0, within_s=90)
        assert seen(rig, 700) == [float(n) for n in range(700)]
        assert rig.counters() == {}
        assert all(TOKEN in one for one in proxy.authorization)
    assert TOKEN not in caplog.text


def test_nothing_in_the_hub_waits_for_a_server_that_dawdles(served):
    held, asked = threading.Event(), threading.Event()

    def dawdle(path, _query, _body):
        if path == "/api/v2/write":
            asked.set()
            held.wait(60)

    served.proxy.meddle = dawdle
    served.add(numbers(0, 10))
    assert asked.wait(30)
    for n in range(10, 200, 10):
        served.add(numbers(n, 10))  # each a transaction, while the request hangs
    assert served.spooled() == 200
    held.set()
    assert seen(served, 200) == [float(n) for n in range(200)]


def test_an_answer_that_is_not_about_the_points_is_waited_out(served):
    refusals = iter([(status, b"not now") for status in (429, 500, 503, 401, 404)])
    served.proxy.meddle = lambda path, *_: next(refusals, None) if path == "/api/v2/write" else None
    served.add(numbers(0, 50))
    assert seen(served, 50) == [float(n) for n in range(50)]
    assert served.counters() == {}


def test_a_point_that_is_refused_is_set_aside_and_the_others_are_kept(served):
    bad = f"value=13.0 {START + 13_000}".encode()

    def refuse(_path, _query, body):
        return (400, b"unable to parse 'value=13.0': bad") if bad in plain(body) else None

    served.proxy.meddle = refuse
    served.add(numbers(0, 30))
    served.add(numbers(30, 30))
    served.wait_delivered()
    served.restart()  # what is sent again is not refused, and not counted, again
    served.add(numbers(60, 1))
    served.wait_delivered()
    until(lambda: len(served.series(START, START + 61_000, 61)) == 60)
    assert served.counters() == {"telemetry_refused": 1}
    letters = served.sql("SELECT site, device, reason, detail FROM dead_letter")
    assert letters == [
        (SITE, served.device, "telemetry-refused", "400 unable to parse 'value=… bad")
    ]


def test_a_server_that_refuses_everything_is_at_fault_itself(served):
    served.proxy.meddle = lambda path, *_: (400, b"no") if path == "/api/v2/write" else None
    served.add(numbers(0, 5))
    time.sleep(0.5)
    assert served.counters() == {}
    served.proxy.meddle = lambda *_: None
    assert seen(served, 5) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_full_spool_drops_the_oldest_and_what_is_urgent_last(tmp_path):
    with Rig(tmp_path, "influxdb", "http://127.0.0.1:9", spool_bytes=12_000) as rig:
        for n in range(0, 6000, 100):
            rig.add(numbers(n, 100), urgent=n < 500)
        counted = rig.counters()
        kept = rig.sql("SELECT sum(points) FROM telemetry_spool WHERE urgent")[0][0]
        assert kept == 500
        assert 0 < counted["telemetry_dropped"] == 6000 - rig.spooled()
        assert "telemetry_dropped_urgent" not in counted
        assert rig.sql("SELECT sum(size) <= 12000 FROM telemetry_spool") == [(1,)]
        first = rig.sql("SELECT min(id), max(id), count(*) FROM telemetry_spool WHERE NOT urgent")
        assert first[0][1] - first[0][0] + 1 == first[0][2]  # the newest, without a gap
        for n in range(6000, 16_000, 100):
            rig.add(numbers(n, 100), urgent=True)
        counted = rig.counters()
        assert counted["telemetry_dropped"] == 16_000 - rig.spooled()
        urgent = 10_500 - rig.spooled()
        assert counted["telemetry_dropped_urgent"] == urgent > 0
