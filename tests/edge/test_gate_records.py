import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.controllers.tokens import checked, load_or_make_token, shows
from edge.errors import ConfigError
from edge.gate.records import KIND, Push, RecordError, read_push
from wire import Observation

SEEN = 1_772_580_000_000
GOOD = {"record_id": "r1", "event": "opened"}


def read(*records: object) -> Push:
    return read_body(json.dumps({"records": list(records)}).encode())


def read_body(body: bytes) -> Push:
    return read_push(body, device="gate-east", seen=SEEN, utc_offset_min=480)


def only(record: dict[str, Any]) -> Observation:
    push = read(GOOD | record)
    assert push.rejected == ()
    return push.observations[0]


@pytest.mark.parametrize(
    ("record", "signals"),
    [
        ({"event": "opened", "open": True}, {"event": "opened", "open": True}),
        ({"event": "access", "result": "granted"}, {"event": "granted"}),
        ({"event": "denied", "reason": "expired"}, {"event": "denied", "reason": "expired"}),
        (
            {"event": "granted", "card": "80045", "direction": "in"},
            {"event": "granted", "method": "card", "credential": "80045", "direction": "in"},
        ),
        (
            {"event": "granted", "code": "1"},
            {"event": "granted", "method": "code", "credential": "1"},
        ),
        (
            {"event": "state", "open": False, "fire": False},
            {"event": "state", "open": False, "fire": False},
        ),
        ({"event": "state", "open": None, "card": None}, {"event": "state"}),
        ({"event": "closed", "firmware": {"x": [1]}, "rssi": -7}, {"event": "closed"}),
    ],
)
def test_record_becomes_signals_of_the_kind(
    record: dict[str, Any], signals: dict[str, object]
) -> None:
    seen = only(record)
    assert seen.signals == signals
    assert (seen.device, seen.kind, seen.seen, seen.source_id) == (
        "gate-east",
        "gate",
        SEEN,
        "r1",
    )
    for name, value in seen.signals.items():
        spec = KIND.signal(name)
        assert spec is not None
        assert not spec.choices or value in spec.choices


@pytest.mark.parametrize(
    ("time", "at"),
    [
        (None, SEEN),
        (1_772_580_668_123, 1_772_580_668_123),
        (-5, -5),
        ("2026-03-04T07:31:05+08:00", 1_772_580_665_000),
        ("2026-03-03T23:31:05Z", 1_772_580_665_000),
        ("2026-03-04T07:31:05.250", 1_772_580_665_250),
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-04", 1_772_553_600_000),
    ],
)
def test_time_of_the_device(time: object, at: int) -> None:
    assert only({"time": time}).at == at


def test_whole_number_is_a_record_id_too() -> None:
    assert only({"record_id": 20931}).source_id == "20931"


@pytest.mark.parametrize(
    ("record", "detail"),
    [
        ({}, "record_id: Field required"),
        ([], "record: Input should be"),
        ({"record_id": "r"}, "event: Field required"),
        (GOOD | {"record_id": ""}, "record_id: "),
        (GOOD | {"record_id": "x" * 129}, "record_id: "),
        (GOOD | {"record_id": True}, "record_id: "),
        (GOOD | {"event": "exploded"}, "event: Input should be"),
        (GOOD | {"event": "access"}, "result: required with event access"),
        (GOOD | {"time": "yesterday"}, "time: neither ISO 8601"),
        (GOOD | {"time": 1.5}, "time: "),
        (GOOD | {"time": 10**30}, "time: "),
        (GOOD | {"time": True}, "time: "),
        (GOOD | {"open": "yes"}, "open: Input should be a valid boolean"),
        (GOOD | {"fire": 1}, "fire: Input should be a valid boolean"),
        (GOOD | {"card": 123}, "card: Input should be a valid string"),
        (GOOD | {"card": "x" * 600}, "card: String should have at most"),
        (GOOD | {"card": "a\x00b"}, "card: Value error, holds a NUL"),
        (GOOD | {"card": "1", "code": "2"}, "code: at most one of"),
        (GOOD | {"direction": "up"}, "direction: Input should be"),
    ],
)
def test_bad_record_is_refused_by_field_and_its_neighbours_are_read(
    record: object, detail: str
) -> None:
    push = read(
        {"record_id": "a", "event": "opened"}, record, {"record_id": "b", "event": "closed"}
    )
    assert [seen.source_id for seen in push.observations] == ["a", "b"]
    assert [index for index, _ in push.rejected] == [1]
    assert push.rejected[0][1].startswith(detail)


def test_refusal_does_not_repeat_a_credential() -> None:
    push = read(GOOD | {"card": "8004512771" * 60}, GOOD | {"code": ["4711"]})
    assert len(push.rejected) == 2
    assert "8004" not in str(push.rejected)
    assert "4711" not in str(push.rejected)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"records": []}',
        b'{"records": {}}',
        b"\xff\xfe",
        b'{"records": [NaN]}',
        b"[" * 100_000,
        json.dumps({"records": [GOOD] * 501}).encode(),
        b'{"records": [{"record_id": "\\ud800", "event": "opened"}]}',
    ],
)
def test_push_without_readable_records_is_refused(body: bytes) -> None:
    with pytest.raises(RecordError):
        read_body(body)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
FIELDS = st.sampled_from([*GOOD, "time", "card", "open", "fire", "reason", "result", "direction"])


@settings(max_examples=40)
@given(st.lists(st.dictionaries(FIELDS, JSON) | JSON, min_size=1, max_size=5))
def test_any_json_is_read_or_refused(records: list[object]) -> None:
    push = read(*records)
    assert len(push.observations) + len(push.rejected) == len(records)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_body(body)
    except RecordError as error:
        assert "\n" not in str(error)


def test_missing_token_file_is_made_for_its_owner_only(tmp_path) -> None:
    path = tmp_path / "secrets" / "gate.token"
    token = load_or_make_token(path)
    assert len(token) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_make_token(path) == token
    assert load_or_make_token(tmp_path / "other.token") != token


@pytest.mark.parametrize("token", ["", "short", "with space in it 123", "pässwörter-sind-lang"])
def test_weak_token_is_refused(token: str) -> None:
    with pytest.raises(ConfigError, match="gate-east"):
        checked(token, "gate-east")


@pytest.mark.parametrize(
    ("header", "right"),
    [
        ("Bearer 0123456789abcdef", True),
        ("Bearer 0123456789abcdeF", False),
        ("bearer 0123456789abcdef", False),
        ("0123456789abcdef", False),
        ("", False),
        (None, False),
        ("Bearer \udcff", False),
    ],
)
def test_token_in_the_header(header: str | None, right: bool) -> None:  # noqa: FBT001
    assert shows(header, "0123456789abcdef") is right
