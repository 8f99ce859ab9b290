"""Pictures, folders, videos: what is found, and one line about each that cannot be shown."""

import errno
import os
from pathlib import Path

import av
import numpy as np
import pytest

from gatehouse.footage import FootageError, collect, is_picture, picture, video


def film(path, levels: list[int], width: int = 64, height: int = 48, codec: str = "mpeg4") -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for level in levels:
            frame = av.VideoFrame.from_ndarray(
                np.full((height, width, 3), level, np.uint8), "bgr24"
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def test_folders_are_searched_to_their_bottom_and_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "folder.avi").mkdir()
    for name in ("b/2.png", "b/1.JPG", "a.mp4", "notes.txt"):
        (tmp_path / name).touch()
    files, faults = collect([tmp_path])
    assert [str(f.relative_to(tmp_path)) for f in files] == ["a.mp4", "b/1.JPG", "b/2.png"]
    assert faults == []


def test_what_is_missing_or_empty_is_told_and_the_rest_is_kept(tmp_path):
    (tmp_path / "x.jpg").touch()
    (tmp_path / "empty").mkdir()
    files, faults = collect([tmp_path / "no.jpg", tmp_path / "x.jpg", tmp_path / "empty"])
    assert files == [tmp_path / "x.jpg"]
    assert [str(f) for f in faults] == [
        f"{tmp_path / 'no.jpg'}: no such file",
        f"{tmp_path / 'empty'}: holds no picture and no video",
    ]


def test_a_folder_that_cannot_be_entered_is_told_and_the_rest_is_searched(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "x.jpg").touch()
    (tmp_path / "nowhere.jpg").symlink_to(tmp_path / "gone.jpg")
    really = os.scandir

    def scandir(path):
        if Path(path).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    files, faults = collect([tmp_path, tmp_path / "shut"])
    assert files == [tmp_path / "x.jpg"]
    assert [str(f) for f in faults] == [f"{tmp_path / 'shut'}: Permission denied"] * 2


def test_a_name_that_says_nothing_is_looked_into(tmp_path, bright):
    (tmp_path / "still").write_bytes(bright)
    film(tmp_path / "clip.mp4", [1])
    (tmp_path / "clip.mp4").rename(tmp_path / "clip")
    assert is_picture(tmp_path / "still")
    assert not is_picture(tmp_path / "clip")


def test_frames_come_in_order_with_their_pixels(tmp_path):
    film(tmp_path / "x.mp4", [10, 120, 230])
    frames = list(video(tmp_path / "x.mp4"))
    assert [f.number for f in frames] == [0, 1, 2]
    assert {(f.width, f.height, len(f.pixels)) for f in frames} == {(64, 48, 64 * 48 * 3)}
    means = [np.frombuffer(f.pixels, np.uint8).mean() for f in frames]
    assert means == pytest.approx([10, 120, 230], abs=4)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as a video"),
        (b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(200), "cannot be read as a video"),
        (bytes(range(256)) * 40, "cannot be read as a video"),
    ],
)
def test_what_is_no_video_is_told_in_one_line(tmp_path, content, said):
    path = tmp_path / "x.avi"
    path.write_bytes(content)
    with pytest.raises(FootageError, match=said) as caught:
        list(video(path))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_video_without_pictures(tmp_path):
    path = tmp_path / "x.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(FootageError, match="holds no video"):
        list(video(path))


def test_a_cut_video_gives_what_it_has(tmp_path):
    path = tmp_path / "x.ts"
    film(path, [10, 60, 110, 160, 210] * 6, codec="mpeg2video")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames = []
    try:
        frames.extend(f.number for f in video(path))
    except FootageError:
        assert frames
    assert 0 < len(frames) < 30
    assert frames == list(range(len(frames)))


def test_a_damaged_packet_costs_no_other_frame_and_is_told(tmp_path):
    path = tmp_path / "x.mp4"
    film(path, [10, 60, 110, 160, 210] * 4, codec="mjpeg")
    with av.open(str(path)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    spoilt = bytearray(path.read_bytes())
    at, size = places[7]
    spoilt[at : at + size] = bytes(size)
    path.write_bytes(spoilt)
    frames = []
    with pytest.raises(FootageError, match="1 damaged packets left out"):
        frames.extend(f.number for f in video(path))
    assert frames == list(range(19))


def test_a_video_of_which_no_picture_can_be_decoded_is_told(tmp_path):
    path = tmp_path / "x.mp4"
    film(path, [10, 60, 110], codec="mjpeg")
    with av.open(str(path)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    spoilt = bytearray(path.read_bytes())
    for at, size in places:
        spoilt[at : at + size] = bytes(size)
    path.write_bytes(spoilt)
    with pytest.raises(FootageError, match="not one picture"):
        list(video(path))


def test_a_decoder_that_says_nothing_is_given_up(tmp_path):
    film(tmp_path / "x.mp4", [10])
    with pytest.raises(FootageError, match="its decoder hangs"):
        list(video(tmp_path / "x.mp4", patience_s=0.001))


def test_a_picture_that_may_not_be_read(tmp_path):
    with pytest.raises(FootageError, match="Is a directory"):
        picture(tmp_path)
