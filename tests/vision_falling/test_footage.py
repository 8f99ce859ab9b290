"""Recordings that are missing, broken or strange; each runs a real child process."""

import os
import struct

import av
import numpy as np
import pytest

from edge.vision.footage import FootageError, scan_footage


def _write(path, sizes, *, fps=25, codec="mjpeg", frames=20):
    """A video whose pictures have the sizes in turn."""
    for i, (width, height) in enumerate(sizes):
        part = path if len(sizes) == 1 else path.with_name(f"{i}-{path.name}")
        with av.open(str(part), "w") as container:
            stream = container.add_stream(codec, rate=fps)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
            for k in range(frames):
                picture = np.full((height, width), 40 + k, np.uint8)
                frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(
                    format="yuvj420p"
                )
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FootageError, match=r"nowhere\.mp4: no such file"):
        scan_footage(tmp_path / "nowhere.mp4")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a video at all" * 50,
        b"\x00" * 5000,
        b"RIFF\xff\xff\xff\x7fAVI LIST" + os.urandom(600),
    ],
    ids=["empty", "text", "zeros", "broken-avi"],
)
def test_what_is_no_video_is_one_clear_line(tmp_path, content):
    path = tmp_path / "broken.avi"
    path.write_bytes(content)
    with pytest.raises(FootageError) as caught:
        scan_footage(path)
    assert "broken.avi" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_tiny_avi_is_looked_through(tmp_path):
    assert scan_footage(_write(tmp_path / "tiny.avi", [(48, 48)])).frames == 20


def test_a_tiny_avi_with_a_damaged_middle_ends_in_a_result_or_one_line(tmp_path):
    path = _write(tmp_path / "tiny.avi", [(48, 48)])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = os.urandom(200)
    content[100:104] = struct.pack("<I", 0x7FFFFFFF)
    path.write_bytes(bytes(content))
    try:
        assert scan_footage(path).frames <= 20
    except FootageError as error:
        assert "tiny.avi" in str(error)


def test_five_frames_a_second_are_looked_through(tmp_path):
    found = scan_footage(_write(tmp_path / "slow.avi", [(320, 240)], fps=5))
    assert (found.frames, found.fps, found.seconds) == (20, 5.0, 4.0)


def test_a_changing_resolution_is_looked_through(tmp_path):
    _write(tmp_path / "a.mjpeg", [(320, 240), (640, 480)])
    both = tmp_path / "both.mjpeg"
    both.write_bytes(b"".join((tmp_path / f"{i}-a.mjpeg").read_bytes() for i in (0, 1)))
    assert scan_footage(both).frames == 40


def test_pictures_beyond_any_camera_are_refused(tmp_path):
    with pytest.raises(FootageError, match="not looked at"):
        scan_footage(_write(tmp_path / "wide.avi", [(16000, 16)], frames=1))


def test_a_child_that_says_nothing_is_given_up(tmp_path):
    path = _write(tmp_path / "fine.avi", [(320, 240)])
    with pytest.raises(FootageError, match="hung"):
        scan_footage(path, stall_s=0.01)


def test_a_child_that_dies_is_told(tmp_path, monkeypatch):
    path = _write(tmp_path / "fine.avi", [(320, 240)])
    monkeypatch.setattr("edge.vision.footage._child", _abort)
    with pytest.raises(FootageError, match=r"crashed \(SIGABRT\)"):
        scan_footage(path)


def _abort(_connection, _path):
    os.abort()
