"""The ring of packets, and the clips that are cut from it."""

import io
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from edge.camera.clip import ClipError, write_clip
from edge.camera.ring import Held, Ring

T0 = 1_760_000_000_000
TB = Fraction(1, 90000)


def held(at, *, key=False, data=b"x" * 10):
    return Held(T0 + at, data, key, None, None, 0)


def filled(ring, seconds=20, gop=10, fps=10):
    ring.begin("h264", b"", TB)
    for number in range(seconds * fps):
        ring.add(held(number * 1000 // fps, key=number % gop == 0))
    return ring


def test_a_cut_begins_at_the_last_keyframe_before_its_moment():
    cut = filled(Ring(60_000, 10**6)).cut(T0 + 5500, T0 + 8000)
    assert (cut.from_at - T0, cut.to_at - T0) == (5000, 8000)
    assert cut.packets[0].key


def test_a_ring_forgets_by_age_and_by_weight():
    assert filled(Ring(12_000, 10**6)).cut(T0, T0 + 2000) is None
    cut = filled(Ring(60_000, 1000)).cut(T0, T0 + 20_000)
    assert sum(len(one.data) for one in cut.packets) <= 1000


def test_what_came_before_a_lost_connection_can_still_be_cut():
    ring = filled(Ring(60_000, 10**6), seconds=10)
    ring.begin("h264", b"", TB)
    ring.add(held(15_000, key=True))
    cut = ring.cut(T0 + 5000, T0 + 15_500)
    assert (cut.from_at - T0, cut.to_at - T0) == (5000, 9900)


def test_without_a_keyframe_there_is_nothing_to_show():
    ring = Ring(60_000, 10**6)
    ring.begin("h264", b"", TB)
    ring.add(held(0))
    assert ring.cut(T0, T0 + 1000) is None


def encoded(codec, pictures, fps=10):
    """A ring of really encoded pictures."""
    sink = io.BytesIO()
    ring = Ring(60_000, 10**8)
    container = "mpegts" if codec == "h264" else "avi"
    with av.open(sink, "w", format=container) as output:
        stream = output.add_stream(codec, rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p" if codec == "h264" else "yuvj420p"
        stream.codec_context.gop_size = fps
        stream.codec_context.max_b_frames = 0
        for picture in pictures:
            output.mux(stream.encode(VideoFrame.from_ndarray(picture, format="bgr24")))
        output.mux(stream.encode(None))
    sink.seek(0)
    with av.open(sink, format=container) as source:
        stream = source.streams.video[0]
        context = stream.codec_context
        ring.begin(context.codec.canonical_name, context.extradata or b"", stream.time_base)
        for number, packet in enumerate(p for p in source.demux(stream) if p.size):
            ring.add(
                Held(
                    T0 + number * 1000 // fps,
                    bytes(packet),
                    packet.is_keyframe,
                    packet.pts,
                    packet.dts,
                    0,
                )
            )
    return ring


def pictures(count, shade=120):
    made = []
    for number in range(count):
        picture = np.full((120, 160, 3), shade, np.uint8)
        cv2.rectangle(picture, (number, 20), (number + 20, 60), (255, 255, 255), -1)
        made.append(picture)
    return made


def played(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(stream)]
        return stream.codec_context.name, frames, container.duration / 1e6


@pytest.mark.parametrize("codec", ["h264", "mjpeg"])
def test_a_clip_plays_from_its_first_picture_to_its_last(codec, tmp_path):
    ring = encoded(codec, pictures(60))
    cut = ring.cut(T0 + 2500, T0 + 5000)
    write_clip(cut, tmp_path / "clip.mp4", ())
    name, frames, seconds = played(tmp_path / "clip.mp4")
    first = 20 if codec == "h264" else 25
    assert name == "h264"
    assert len(frames) == 51 - first
    assert seconds == pytest.approx((51 - first) / 10, abs=0.2)
    assert frames[0][40, first + 10].min() > 200  # the bar stands where it stood then
    assert frames[0][40, first + 40].max() < 160


def test_a_mask_is_black_in_every_picture_of_a_clip(tmp_path):
    ring = encoded("h264", pictures(20))
    mask = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5))
    write_clip(ring.cut(T0, T0 + 2000), tmp_path / "clip.mp4", (mask,))
    _, frames, _ = played(tmp_path / "clip.mp4")
    assert len(frames) == 20
    assert all(frame[:55].max() < 40 and frame[70:].mean() > 90 for frame in frames)


def test_bytes_that_are_no_video_make_no_clip(tmp_path):
    ring = filled(Ring(60_000, 10**6))
    with pytest.raises(ClipError):
        write_clip(ring.cut(T0, T0 + 9000), tmp_path / "clip.mp4", ())
    assert not (tmp_path / "clip.mp4").exists()
