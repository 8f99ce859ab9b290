import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import Observation, WireError
from wire.envelope import MAX_SEQ
from wire.observation import (
    MAX_OBSERVATIONS,
    MAX_TEXT,
    decode_observations,
    encode_observations,
)

VALID = {"device": "d-1", "kind": "gate", "at": 1, "seen": 2, "signals": {}}
TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=MAX_TEXT)
VALUES = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
OBSERVATIONS = st.builds(
    Observation,
    device=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True),
    kind=st.just("gate"),
    at=st.integers(-MAX_SEQ, MAX_SEQ),
    seen=st.integers(-MAX_SEQ, MAX_SEQ),
    signals=st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True), VALUES),
    source_id=st.none() | TEXTS.filter(bool).map(lambda text: text[:128]),
    historical=st.booleans(),
)


def one(**changes) -> Observation:
    return decode_observations(json.dumps([VALID | changes]).encode())[0]


def raw_signal(value: str) -> bytes:
    """An observation whose one signal is the JSON text `value`."""
    signals = json.dumps([VALID]).replace('"signals": {}', '"signals": {"open": %s}')
    return (signals % value).encode()


def refusal(body: bytes) -> str:
    with pytest.raises(WireError) as caught:
        decode_observations(body)
    assert caught.value.reason == "bad-body"
    return caught.value.detail


@given(st.lists(OBSERVATIONS, max_size=5))
def test_observations_read_back(observations):
    assert decode_observations(encode_observations(observations)) == observations


def test_bytes_on_the_wire_stay_as_they_are():
    observation = one(signals={"open": True, "pressure": 0.25}, source_id="r1")
    assert encode_observations([observation]) == (
        b'[{"device":"d-1","kind":"gate","at":1,"seen":2,'
        b'"signals":{"open":true,"pressure":0.25},"source_id":"r1"}]'
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("1", 1.0),
        ("0", 0.0),
        ("-0.5e1", -5.0),
        ('"1"', "1"),
        ('"true"', "true"),
        ("null", None),
        ('""', ""),
    ],
)
def test_bool_number_and_text_are_kept_apart(text, value):
    read = decode_observations(raw_signal(text))[0].signals["open"]
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, "[1]", "{}", '"\\u0000"'],
)
def test_signal_that_is_no_finite_value_is_refused_by_name(value):
    assert refusal(raw_signal(value)).startswith("0.signals.open: neither")


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 100_000, '"\\ud800"', "nul", "'x'", "01"])
def test_signal_that_is_no_json_is_refused(value):
    assert "Invalid JSON" in refusal(raw_signal(value))


def test_text_is_measured_in_characters():
    assert one(signals={"card": "门" * MAX_TEXT}).signals["card"] == "门" * MAX_TEXT
    assert refusal(json.dumps([VALID | {"signals": {"card": "门" * (MAX_TEXT + 1)}}]).encode())


@pytest.mark.parametrize("name", ["", "Open", "1st", "a-b", "a b", "a\n", "_x", "a" * 33, "é"])
def test_signal_name_out_of_contract_is_refused(name):
    assert "signals" in refusal(json.dumps([VALID | {"signals": {name: 1}}]).encode())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"device": "D"}, "0.device"),
        ({"device": "a\n"}, "0.device"),
        ({"device": 5}, "0.device"),
        ({"kind": "a/b"}, "0.kind"),
        ({"at": 1.5}, "0.at"),
        ({"at": "1"}, "0.at"),
        ({"at": True}, "0.at"),
        ({"at": None}, "0.at"),
        ({"at": 10**30}, "0.at"),
        ({"seen": -(10**30)}, "0.seen"),
        ({"signals": []}, "0.signals"),
        ({"signals": {f"s{i}": 1 for i in range(65)}}, "0.signals"),
        ({"source_id": ""}, "0.source_id"),
        ({"source_id": "x" * 129}, "0.source_id"),
        ({"source_id": "\x00"}, "0.source_id"),
        ({"historical": "perhaps"}, "0.historical"),
    ],
)
def test_field_out_of_contract_is_refused_by_name(changes, field):
    assert refusal(json.dumps([VALID | changes]).encode()).startswith(field + ":")


@pytest.mark.parametrize("missing", list(VALID))
def test_missing_field_is_refused_by_name(missing):
    body = {name: value for name, value in VALID.items() if name != missing}
    assert refusal(json.dumps([body]).encode()).startswith(f"0.{missing}:")


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[null]", b"[[]]", b"[{]", b"\xff", b"[]x"])
def test_body_that_is_no_list_of_observations_is_refused(body):
    assert refusal(body)


@pytest.mark.parametrize("at", [-MAX_SEQ, -1, 0, 10**12, MAX_SEQ])
def test_any_device_clock_is_accepted(at):
    assert one(at=at).at == at


def test_unknown_field_is_ignored():
    assert one(mood="fine") == one()


def test_number_of_observations_is_bounded():
    most = [VALID] * MAX_OBSERVATIONS
    assert len(decode_observations(json.dumps(most).encode())) == MAX_OBSERVATIONS
    assert refusal(json.dumps([*most, VALID]).encode()).startswith("body:")


@given(
    st.text(), st.sampled_from([math.nan, math.inf]) | st.text("secret\x00", min_size=MAX_TEXT + 1)
)
def test_detail_is_one_printable_line_without_the_value(name, value):
    detail = refusal(json.dumps([VALID | {"signals": {name: value}}]).encode())
    assert detail.isprintable()
    assert len(detail) <= 300
    assert str(value)[:MAX_TEXT] not in detail
