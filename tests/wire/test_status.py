import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import AgentStatus, DeviceStatus, HubStatus, Lane, LaneStatus, WireError, offline

COUNTS = st.integers(0, 2**53 - 1)
STATUSES = st.builds(
    AgentStatus,
    state=st.sampled_from(["online", "offline"]),
    boot=st.just("0" * 16),
    at=st.none() | st.integers(0, 2**53 - 1),
    version=st.text(max_size=40),
    nonce=st.none() | st.just("ab" * 16),
    heartbeat_s=st.floats(0.1, 3600),
    lanes=st.dictionaries(
        st.sampled_from(Lane),
        st.builds(LaneStatus, head=COUNTS, backlog=COUNTS, dropped=COUNTS),
    ),
    devices=st.dictionaries(
        st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True),
        st.builds(
            DeviceStatus,
            ok=st.booleans(),
            detail=st.text(max_size=200),
            skew_ms=st.none() | st.integers(-(10**12), 10**12),
        ),
        max_size=3,
    ),
)
VALID = {"state": "online", "boot": "0" * 16}


@given(STATUSES)
def test_status_reads_back(status):
    assert AgentStatus.decode(status.encode()) == status


def test_last_will_says_only_that_the_agent_is_gone():
    assert offline("0" * 16).encode() == (
        b'{"v":1,"state":"offline","boot":"0000000000000000","version":"",'
        b'"heartbeat_s":5.0,"lanes":{},"devices":{}}'
    )


def test_unknown_field_is_ignored():
    assert AgentStatus.decode(json.dumps(VALID | {"mood": "fine"}).encode()).state == "online"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"v": 2}, "v"),
        ({"state": "asleep"}, "state"),
        ({"boot": "00"}, "boot"),
        ({"at": "now"}, "at"),
        ({"at": 10**30}, "at"),
        ({"nonce": "ab"}, "nonce"),
        ({"heartbeat_s": 0}, "heartbeat_s"),
        ({"version": "x" * 41}, "version"),
        ({"lanes": {"fast": {}}}, "lanes"),
        ({"lanes": {"life": {"backlog": -1}}}, "lanes.life.backlog"),
        ({"lanes": {"life": {"head": 10**30}}}, "lanes.life.head"),
        ({"devices": {"D": {"ok": True}}}, "devices.D"),
        ({"devices": {"d": {}}}, "devices.d.ok"),
        ({"devices": {"d": {"ok": True, "skew_ms": 10**30}}}, "devices.d.skew_ms"),
        ({"devices": {f"d{i}": {"ok": True} for i in range(1001)}}, "devices"),
    ],
)
def test_status_out_of_contract_is_refused_by_name(changes, place):
    with pytest.raises(WireError) as caught:
        AgentStatus.decode(json.dumps(VALID | changes).encode())
    assert caught.value.reason == "bad-status"
    assert caught.value.detail.startswith(place)


@pytest.mark.parametrize("payload", [b"", b"[]", b"\xff", b"online", b'{"state":NaN}'])
def test_payload_that_is_no_status_is_refused(payload):
    with pytest.raises(WireError, match="bad-status"):
        AgentStatus.decode(payload)


def test_hub_status_is_read_back_and_anything_else_refused():
    status = HubStatus(state="online", hub="0" * 16, at=1)
    assert HubStatus.decode(status.encode()) == status
    for wrong in (b"{}", b"\xff", b'{"v":2,"state":"online","hub":"0000000000000000"}'):
        with pytest.raises(WireError) as caught:
            HubStatus.decode(wrong)
        assert caught.value.reason == "bad-status"
