import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import MAX_ENVELOPE_BYTES, ContentType, Envelope, Header, Lane, WireError
from wire.envelope import MAX_HEADER_BYTES, MAX_SEQ

VALID = {
    "v": 1,
    "boot": "00112233445566ff",
    "lane": "event",
    "seq": 7,
    "floor": 3,
    "sent_at": 1_700_000_000_000,
    "type": "observations",
}
HEADERS = st.builds(
    lambda boot, lane, seq, floor, at, kind: Header(
        boot=f"{boot:016x}",
        lane=lane,
        seq=max(seq, floor),
        floor=min(seq, floor),
        sent_at=at,
        type=kind,
    ),
    st.integers(0, 2**64 - 1),
    st.sampled_from(Lane),
    st.integers(1, MAX_SEQ),
    st.integers(1, MAX_SEQ),
    st.integers(0, MAX_SEQ),
    st.sampled_from(ContentType),
)


def message(body: bytes = b"[]", **changes) -> bytes:
    return json.dumps(VALID | changes).encode() + b"\n" + body


def reason(payload: bytes) -> str:
    with pytest.raises(WireError) as caught:
        Envelope.decode(payload)
    return caught.value.reason


def test_bytes_on_the_wire_stay_as_they_are():
    envelope = Envelope(Header.model_validate(VALID), b'[{"device":"d"}]')
    assert envelope.encode() == (
        b'{"v":1,"boot":"00112233445566ff","lane":"event","seq":7,"floor":3,'
        b'"sent_at":1700000000000,"type":"observations"}\n[{"device":"d"}]'
    )


@given(HEADERS, st.binary())
def test_envelope_reads_back(header, body):
    envelope = Envelope(header, body)
    assert Envelope.decode(envelope.encode()) == envelope


@pytest.mark.parametrize("poison", [b"", b"\x00\xff\xfe", b"[" * 9000, b"\n\n{", b"NaN"])
def test_header_is_readable_over_a_poison_body(poison):
    envelope = Envelope.decode(message(poison))
    assert (envelope.header.seq, envelope.header.lane) == (7, Lane.EVENT)
    assert envelope.body == poison


def test_field_of_a_later_minor_version_is_ignored():
    assert Envelope.decode(message(priority="high")).header == Header.model_validate(VALID)


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_unknown_version_is_refused_by_name(version):
    assert reason(message(v=version)) == "unknown-version"


def test_unknown_version_is_named_whatever_else_it_changed():
    assert reason(b'{"v":2,"lanes":["event"]}\n') == "unknown-version"


@pytest.mark.parametrize(
    "changes",
    [
        {"boot": "short"},
        {"boot": "00112233445566FF"},
        {"boot": "00112233445566ff\n"},
        {"lane": "fast"},
        {"seq": 0},
        {"seq": -1},
        {"seq": 1.0},
        {"seq": True},
        {"seq": "7"},
        {"seq": None},
        {"seq": MAX_SEQ + 1},
        {"floor": 0},
        {"sent_at": -1},
        {"sent_at": 10**30},
        {"type": "pictures"},
    ],
    ids=str,
)
def test_header_field_out_of_contract_is_refused(changes):
    assert reason(message(**changes)) == "bad-header"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"null\n",
        b'{"v":1\n',
        b"\xff\xfe\n",
        message()[: message().index(b"\n")],
        b" " * MAX_HEADER_BYTES + message(),
        b"[" * 2000 + b"\n",
    ],
)
def test_header_that_is_none_is_refused(payload):
    assert reason(payload) == "bad-header"


def test_floor_above_the_seq_is_refused():
    assert Envelope.decode(message(seq=7, floor=7)).header.floor == 7
    assert reason(message(seq=7, floor=8)) == "bad-floor"


def test_oversize_is_refused_before_it_is_read():
    room = MAX_ENVELOPE_BYTES - len(message(b""))
    assert len(Envelope.decode(message(b"x" * room)).body) == room
    assert reason(message(b"x" * (room + 1))) == "too-large"
    assert reason(b"x" * (MAX_ENVELOPE_BYTES + 1)) == "too-large"


@given(st.dictionaries(st.sampled_from([*VALID, "x"]), st.text() | st.integers() | st.none()))
def test_detail_is_one_printable_line(changes):
    try:
        Envelope.decode(message(**changes))
    except WireError as error:
        assert error.detail.isprintable()
        assert len(error.detail) <= 300
