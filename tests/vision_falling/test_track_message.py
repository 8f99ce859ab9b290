import pytest

from wire.errors import WireError
from wire.tracks import Track, TrackReport, decode_tracks, encode_tracks


def _track(**changes) -> Track:
    fields = {
        "points": ((1.0, 0.5, 0.1), (1.04, 0.5, 0.11), (1.08, 0.5, 0.13)),
        "boxes": ((0.01, 0.02),) * 3,
        "size": 0.01,
        "contrast": 40.0,
        "coverage": 1.0,
        "log_nfa": -9.0,
        "frame": (1280, 720),
        "fps": 25.0,
        "decided_s": 1.08,
    }
    return Track.model_validate(fields | changes)


def test_a_track_survives_the_wire():
    report = TrackReport(
        device="cam",
        kind="facade-camera",
        stream="0123abcd",
        number=3,
        at=1_760_000_000_000,
        seen=1_760_000_000_050,
        final=False,
        track=_track(),
    )
    assert decode_tracks(encode_tracks([report])) == [report]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"points": ((1.0, 0.5, 0.1), (1.0, 0.5, 0.2), (1.1, 0.5, 0.3))}, "order"),
        ({"points": ((1.0, 0.5, 0.1), (1.1, 0.5, 0.2), (1.2, 7.0, 0.3))}, "points"),
        ({"points": ((1.0, 0.5, 0.1),)}, "points"),
        ({"boxes": ((0.01, 0.02),)}, "number"),
        ({"size": 0.0}, "size"),
        ({"log_nfa": float("nan")}, "log_nfa"),
        ({"frame": (1, 1)}, "frame"),
    ],
)
def test_a_track_out_of_bounds_is_refused_by_name(changes, named):
    with pytest.raises(ValueError, match=named):
        _track(**changes)


@pytest.mark.parametrize("body", [b"", b"{}", b"[{}]", b'[{"points":[[0,0,0]]}]', b"\xff\xfe"])
def test_poison_is_a_wire_error(body):
    with pytest.raises(WireError) as caught:
        decode_tracks(body)
    assert caught.value.reason == "bad-body"
