from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire import mqtt
from wire.envelope import MAX_ENVELOPE_BYTES
from wire.mqtt import Answer, Connect, PacketError, PacketType, Publish, Reader, Version

VERSIONS = st.sampled_from(Version)
MESSAGES = st.builds(
    Publish,
    topic=st.text(min_size=1, max_size=60),
    payload=st.one_of(st.binary(max_size=300), st.integers(60_000, 70_000).map(bytes)),
    number=st.integers(0, 65_535),
    retained=st.booleans(),
)


def pieces(data, cuts):
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[low:high] for low, high in pairwise(edges)]


@settings(deadline=None)
@given(VERSIONS, st.lists(MESSAGES, max_size=6), st.lists(st.integers(0, 2**31), max_size=9))
def test_messages_are_read_back_however_the_bytes_arrive(version, messages, cuts):
    sent = b"".join(
        mqtt.publish(one.topic, one.payload, version, one.number, retain=one.retained)
        for one in messages
    )
    reader = Reader(version)
    assert [one for part in pieces(sent, cuts) for one in reader.feed(part)] == messages


@settings(deadline=None)
@given(VERSIONS, st.lists(st.binary(max_size=80), max_size=4))
def test_bytes_that_are_not_mqtt_are_refused_as_such(version, received):
    reader = Reader(version)
    try:
        for data in received:
            reader.feed(data)
    except PacketError:
        return


@pytest.mark.parametrize("data", ["30 02 00 05", "30 80 80 80 80 01", "00 00", "20 01 00"])
def test_packet_that_contradicts_itself_ends_the_connection(data):
    with pytest.raises(PacketError):
        Reader(Version.V311).feed(bytes.fromhex(data))


def test_properties_of_a_message_are_passed_over():
    body = b"\x00\x01t" + b"\x00\x07" + b"\x05" + b"\x02\x00\x00\x00\x3c" + b"hello"
    packet = bytes((0x33, len(body))) + body
    assert Reader(Version.V5).feed(packet) == [Publish("t", b"hello", 7, retained=True)]


def test_packet_longer_than_any_envelope_is_cut_and_the_next_one_is_read():
    version = Version.V311
    sent = mqtt.publish("t", bytes(9_000_000), version, 3, retain=False)
    sent += mqtt.publish("t", b"next", version, 4, retain=False)
    reader = Reader(version)
    long, after = [
        one
        for start in range(0, len(sent), 100_000)
        for one in reader.feed(sent[start : start + 100_000])
    ]
    assert MAX_ENVELOPE_BYTES < len(long.payload) < MAX_ENVELOPE_BYTES + 200_000
    assert (long.number, after) == (3, Publish("t", b"next", 4, retained=False))


@pytest.mark.parametrize(
    ("version", "data", "answer"),
    [
        (Version.V311, "20 02 00 05", Answer(PacketType.CONNACK, codes=(5,))),
        (Version.V5, "20 03 00 00 00", Answer(PacketType.CONNACK, codes=(0,))),
        (  # assigned client id, receive maximum, user property, server keep alive
            Version.V5,
            "201800001512000161210014260001610001621300 0a22000a2501",
            Answer(PacketType.CONNACK, codes=(0,), receive_maximum=20, keepalive_s=10),
        ),
        (Version.V311, "90 04 00 01 01 80", Answer(PacketType.SUBACK, 1, (1, 0x80))),
        (Version.V5, "90 04 00 01 00 01", Answer(PacketType.SUBACK, 1, (1,))),
        (Version.V311, "40 02 01 02", Answer(PacketType.PUBACK, 258, (0,))),
        (Version.V5, "40 03 01 02 10", Answer(PacketType.PUBACK, 258, (16,))),
        (Version.V5, "e0 01 8e", Answer(PacketType.DISCONNECT, codes=(0x8E,))),
        (Version.V311, "d0 00", Answer(PacketType.PINGRESP)),
    ],
)
def test_answers_are_read(version, data, answer):
    assert Reader(version).feed(bytes.fromhex(data)) == [answer]


@pytest.mark.parametrize(
    ("version", "data"),
    [
        (Version.V311, "10 0d 00 04 4d 51 54 54 04 02 00 0f 00 01 61"),
        (Version.V5, "10 11 00 04 4d 51 54 54 05 02 00 0f 03 21 07 d0 00 01 61"),
    ],
)
def test_connect_is_written_as_the_standard_says(version, data):
    assert Connect("a", 15, receive_maximum=2000).encode(version) == bytes.fromhex(data)


def test_connect_carries_will_and_credentials():
    said = Connect("a", 15, "u", "p", ("t", b"w")).encode(Version.V311)
    assert said[9] == 0x02 | 0x04 | 0x08 | 0x20 | 0x80 | 0x40
    assert said.endswith(b"\x00\x01a\x00\x01t\x00\x01w\x00\x01u\x00\x01p")


def test_many_messages_are_acknowledged_in_one_piece():
    assert mqtt.acknowledge([1, 258]) == bytes.fromhex("40 02 00 01 40 02 01 02")
