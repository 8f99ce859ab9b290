import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.barrier.records import KIND, MAX_PICTURE_BYTES, read_push
from edge.controllers.records import Push, RecordError
from wire import Observation

SEEN = 1_772_580_000_000
GOOD = {"record_id": "r1", "event": "seen"}
JPEG = b"\xff\xd8\xff\xe0" + b"pixels" * 20
ENCODED = base64.b64encode(JPEG).decode()


def read_body(body: bytes) -> Push:
    return read_push(body, device="barrier-in", seen=SEEN, utc_offset_min=480)


def read(*records: object) -> Push:
    return read_body(json.dumps({"records": list(records)}).encode())


def only(record: dict[str, Any]) -> Observation:
    push = read(GOOD | record)
    assert push.rejected == ()
    return push.observations[0]


@pytest.mark.parametrize(
    ("record", "signals"),
    [
        (
            {"plate": "粤B·12345", "colour": "blue", "confidence": 98.5, "direction": "in"},
            {
                "event": "seen",
                "plate": "粤B12345",
                "method": "plate",
                "plate_grammar": "ok",
                "plate_kind": "ordinary",
                "plate_colour": "blue",
                "confidence": 98.5,
                "direction": "in",
            },
        ),
        (
            {"plate": "粤B1234O"},
            {"event": "seen", "plate": "粤B1234O", "method": "plate", "plate_grammar": "odd"},
        ),
        (
            {"plate": "粤BD12345", "colour": "blue"},
            {
                "event": "seen",
                "plate": "粤BD12345",
                "method": "plate",
                "plate_grammar": "odd",
                "plate_kind": "new-energy-small",
                "plate_colour": "blue",
            },
        ),
        ({"plate": "--"}, {"event": "seen"}),
        (
            {"result": "denied", "reason": "no-plate", "plate": None},
            {"event": "seen", "result": "denied", "reason": "no-plate"},
        ),
        (
            {"event": "state", "arm": "closed", "loop": False, "fire": False, "rssi": -60},
            {"event": "state", "arm": "closed", "loop": False, "fire": False},
        ),
        ({"event": "struck", "arm": "broken"}, {"event": "struck", "arm": "broken"}),
    ],
)
def test_record_becomes_signals_of_the_kind(record, signals):
    seen = only(record)
    assert seen.signals == signals
    assert (seen.device, seen.kind, seen.seen, seen.source_id) == (
        "barrier-in",
        "barrier",
        SEEN,
        "r1",
    )
    for name, value in seen.signals.items():
        spec = KIND.signal(name)
        assert spec is not None
        assert not spec.choices or value in spec.choices


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"event": "exploded"}, "event"),
        ({"record_id": None}, "record_id"),
        ({"record_id": True}, "record_id"),
        ({"confidence": 101}, "confidence"),
        ({"confidence": "NaN"}, "confidence"),
        ({"colour": "mauve"}, "colour"),
        ({"loop": 1}, "loop"),
        ({"plate": "粤" * 33}, "plate"),
        ({"plate": "粤B\x0012345"}, "plate"),
        ({"plate": 12345}, "plate"),
        ({"time": "yesterday"}, "time"),
        ({"picture": 5}, "picture"),
    ],
)
def test_bad_field_is_refused_by_name_and_its_neighbours_are_taken(record, field):
    push = read(GOOD | record, GOOD | {"record_id": "r2"})
    assert [one.source_id for one in push.observations] == ["r2"]
    ((index, detail),) = push.rejected
    assert index == 0
    assert detail.startswith(f"{field}: ")
    assert "12345" not in detail


def test_picture_is_named_by_its_hash_and_kept_beside_the_record():
    push = read(GOOD | {"picture": ENCODED})
    assert push.observations[0].signals["picture"] == hashlib.sha256(JPEG).hexdigest()
    assert push.pictures == {"r1": JPEG}
    assert push.spoilt == ()


@pytest.mark.parametrize(
    ("picture", "detail"),
    [
        ("no base64 at all!", "picture: not base64"),
        ("嗨", "picture: not base64"),
        (base64.b64encode(b"GIF89a").decode(), "picture: not a JPEG"),
        ("", "picture: not a JPEG"),
        (
            base64.b64encode(JPEG + b"\0" * MAX_PICTURE_BYTES).decode(),
            f"picture: over {MAX_PICTURE_BYTES // 1024} KiB",
        ),
    ],
)
def test_record_outlives_a_picture_that_is_none(picture, detail):
    push = read(GOOD | {"picture": picture, "plate": "粤B12345"})
    assert push.rejected == ()
    assert push.spoilt == ((0, detail),)
    assert push.pictures == {}
    assert "picture" not in push.observations[0].signals
    assert push.observations[0].signals["plate"] == "粤B12345"


def test_largest_picture_is_taken():
    picture = JPEG + b"\0" * (MAX_PICTURE_BYTES - len(JPEG))
    push = read(GOOD | {"picture": base64.b64encode(picture).decode()})
    assert push.pictures == {"r1": picture}


def test_offline_list_is_marked():
    assert only({"historical": True, "time": 5}).historical
    assert not only({}).historical


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"records": []}', b'{"records": 1}', b"\xff", b"nul\x00"]
)
def test_body_without_records_is_refused(body):
    with pytest.raises(RecordError):
        read_body(body)


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["record_id", "event", "plate", "picture", "time", "confidence", "arm"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
    )
)
def test_any_record_is_taken_or_refused(record):
    push = read(record, GOOD)
    assert len(push.observations) + len(push.rejected) == 2
