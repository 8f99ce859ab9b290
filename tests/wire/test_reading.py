"""The hub's fast reader against the contract's own models: whatever comes, both say the same."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import ContentType, Envelope, Header, Lane, Observation, WireError
from wire.envelope import MAX_SEQ
from wire.observation import MAX_OBSERVATIONS, MAX_TEXT, decode_observations, encode_observations
from wire.reading import _header, _observations, read_envelope, read_observations

DAMAGED = 10_000
SPLICES = [b"NaN", b"\x00", b"\xff\xfe", b"1e999", b"[" * 300, b"9" * 400, b'"', b"\\u0000", b"\n"]
SPLICES += [b"null", b"-1", b"true", b"{}", b"\\ud800", "门".encode(), b"1.0", b"1e3", b'"at":7,']
VALID = {"device": "d-1", "kind": "gate", "at": 1, "seen": 2, "signals": {"open": True}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
ODD = st.one_of(
    JSON,
    st.sampled_from(["a" * 64, "a" * 65, "A", "a\n", "", "1", "true", "x" * MAX_TEXT, "\x00"]),
    st.sampled_from([MAX_SEQ, MAX_SEQ + 1, -MAX_SEQ, -MAX_SEQ - 1, 2**70, 1.0, -0.0, 1e308]),
    st.dictionaries(st.sampled_from(["a", "a_1", "A", "a\n", "", "é"]), JSON),
)


def observations_of(read, body: bytes):
    """What a reader makes of it, in a form in which 1, 1.0 and True differ."""
    try:
        found = read(body)
    except WireError as error:
        return error.reason, error.detail
    names = ("device", "kind", "at", "seen", "signals", "source_id", "historical")
    return [repr([getattr(one, name) for name in names]) for one in found]


def envelope_of(read, payload: bytes):
    try:
        header, body = read(payload)
    except WireError as error:
        return error.reason, error.detail
    names = ("v", "boot", "lane", "seq", "floor", "sent_at", "type")
    return repr([getattr(header, name) for name in names]), body


def by_contract(payload: bytes):
    envelope = Envelope.decode(payload)
    return envelope.header, envelope.body


def agree_on(body: bytes) -> None:
    quick, contract = (
        observations_of(read, body) for read in (read_observations, decode_observations)
    )
    assert quick == contract, body


@given(st.dictionaries(st.sampled_from([*VALID, "source_id", "historical", "more"]), ODD))
def test_both_read_the_same_of_an_observation_with_odd_fields(changes):
    agree_on(json.dumps([VALID, VALID | changes, VALID]).encode())


@pytest.mark.parametrize("left_out", VALID)
def test_both_refuse_an_observation_with_a_field_too_few(left_out):
    agree_on(json.dumps([{k: v for k, v in VALID.items() if k != left_out}]).encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"{}", b"[]", b"[[]]", b"[1]", b"\xff", b'["\xff"]', b"[" * 5000],
    ids=repr,
)
def test_both_read_the_same_of_no_observations(body):
    agree_on(body[:100] if len(body) > 100 else body)


@pytest.mark.parametrize("count", [MAX_OBSERVATIONS, MAX_OBSERVATIONS + 1])
def test_both_count_observations(count):
    agree_on(json.dumps([VALID] * count).encode())


@pytest.mark.parametrize("count", [64, 65])
def test_both_count_signals(count):
    agree_on(json.dumps([VALID | {"signals": {f"s{n}": n for n in range(count)}}]).encode())


def envelope() -> bytes:
    header = Header(
        boot="0f" * 8, lane=Lane.LIFE, seq=9, floor=2, sent_at=1, type=ContentType.OBSERVATIONS
    )
    said = [
        Observation(device="d-1", kind="gate", at=n, seen=2, signals={"open": True, "v": 0.25})
        for n in range(3)
    ]
    return Envelope(header, encode_observations(said)).encode()


def test_what_agents_send_is_for_the_fast_reader():
    payload = envelope()
    assert _header(payload) is not None
    assert _observations(payload[payload.index(b"\n") + 1 :]) is not None


def test_both_read_the_same_of_damaged_messages():
    chance = random.Random(20260101)
    whole = envelope()
    for _ in range(DAMAGED):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(data) + 1)
            cut = data[start : start + chance.randint(0, 6)]
            data[start : start + len(cut)] = chance.choice(
                [b"", bytes(cut) * 2, chance.choice(SPLICES), bytes([chance.randrange(256)])]
            )
        payload = bytes(data)
        assert envelope_of(read_envelope, payload) == envelope_of(by_contract, payload), payload
        agree_on(payload.partition(b"\n")[2])
