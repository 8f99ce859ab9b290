"""`gatehouse replay`: footage through the real line, as a person would run it."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

pytestmark = [pytest.mark.socket]

ROOT = Path(__file__).parents[2]
SITE = ROOT / "configs" / "sites" / "footage.toml"


def replay(footage, kind, *more, config=SITE):
    command = [sys.executable, "-m", "gatehouse.cli", "replay", str(footage), "--as", kind]
    return subprocess.run(
        [*command, "--config", str(config), "--json", *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def events(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_video(path, *, seconds=3, fps=10):
    draw = np.random.default_rng(1)
    room = draw.integers(40, 200, (18, 32, 3), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("h264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for tick in range(seconds * fps):
            picture = np.clip(room + draw.integers(0, 6, room.shape), 0, 255).astype(np.uint8)
            frame = VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = tick, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def test_an_empty_room_is_played_once_to_its_end_and_alarms_nobody(tmp_path):
    video = tmp_path / "room.mp4"
    write_video(video)
    done = replay(video, "elevator-camera")
    assert done.returncode == 0, done.stderr
    said = events(done)
    assert said[0]["event"] == "start"
    assert said[-1]["event"] == "end"
    assert said[-1]["alerts"] == 0
    assert said[-1]["seconds"] >= 2.5  # a machine that is too slow shows it slower


def test_a_file_that_is_no_video_is_one_line_and_exit_code_2(tmp_path):
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"RIFF" + np.random.default_rng(1).bytes(3000))
    done = replay(broken, "facade-camera")
    assert done.returncode == 2
    assert done.stderr.startswith(f"gatehouse: {broken}: no video")
    assert len(done.stderr.splitlines()) == 1


def test_a_site_without_such_a_camera_is_told_what_one_looks_like(tmp_path):
    gates = tmp_path / "site.toml"
    gates.write_text('id = "court"\nname = { zh = "院", en = "Court" }\n', encoding="utf-8")
    done = replay(tmp_path, "elevator-camera", config=gates)
    assert done.returncode == 2
    assert 'kind = "elevator-camera"' in done.stderr
    assert "agent.device" in done.stderr.splitlines()[0]


def test_an_ebike_on_real_footage_alarms_within_3_s_and_a_broken_picture_is_named(tmp_path):
    real = os.environ.get("GATEHOUSE_REAL_DATA")
    if not real:
        pytest.skip("GATEHOUSE_REAL_DATA is not set: the real clips are not part of the project")
    for picture in sorted((Path(real) / "ebike" / "ceiling_sequence").glob("*.jpg")):
        (tmp_path / picture.name).symlink_to(picture)
    (tmp_path / "zzz.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut short")
    done = replay(tmp_path, "elevator-camera")
    assert done.returncode == 2
    assert "zzz.jpg" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    alerts = [one for one in events(done) if one["event"] == "alert"]
    assert alerts[0]["condition"] == "ebike-in-elevator"
    assert alerts[0]["at_s"] <= 3
    assert events(done)[-1]["alerts"] == 1


def test_what_falls_on_real_footage_is_one_alarm_told_while_it_plays():
    real = os.environ.get("GATEHOUSE_REAL_DATA")
    if not real:
        pytest.skip("GATEHOUSE_REAL_DATA is not set: the real clips are not part of the project")
    done = replay(Path(real) / "falling" / "office3.mp4", "facade-camera")
    assert done.returncode == 0, done.stderr
    said = events(done)
    alerts = [one for one in said if one["event"] == "alert"]
    assert {one["condition"] for one in alerts} == {"falling-object"}
    assert abs(alerts[0]["at_s"] - 122 / 29.97) <= 1
    ways = [[y for _, _, y in one["detail"]["track"]] for one in alerts]
    assert ways[0][-1] < 0.6  # told before it was down, and followed to the ground
    assert ways[-1][-1] > 0.9
    assert alerts[0]["detail"]["verdict"] == "suspected"  # no facade is drawn
    assert not alerts[-1]["active"]
    assert said[-1]["alerts"] == 1
