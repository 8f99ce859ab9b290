"""Real clips and tracks from where GATEHOUSE_REAL_DATA says; never copied, never trained on."""

import csv
import json
import math
import os
from pathlib import Path

import pytest

from edge.vision.footage import scan_footage
from gatehouse.detect_falling import read_facade
from hub.rules.facade import VerdictKind, events_of, judge
from wire.tracks import Track

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def real():
    folder = Path(os.environ.get("GATEHOUSE_REAL_DATA", ""))
    if not os.environ.get("GATEHOUSE_REAL_DATA") or not folder.is_dir():
        pytest.skip("GATEHOUSE_REAL_DATA is not set: the real clips are not part of the project")
    return folder


@pytest.mark.parametrize("clip", ["office1", "office3"])
def test_a_real_fall_is_found_once_where_it_began(real, clip):
    truth = json.loads((real / "falling" / "truth.json").read_text())["clips"][clip]
    found = scan_footage(real / "falling" / f"{clip}.mp4")
    (event,) = events_of(found.tracks)
    width, height = event.track.frame
    origin = (event.verdict.origin.x * width, event.verdict.origin.y * height)
    assert event.verdict.kind is VerdictKind.SUSPECTED
    assert math.dist(origin, truth["start"]) <= 30
    first, last = (frame / found.fps for frame in truth["frames"])
    assert first - 1 <= event.verdict.start_s < event.verdict.end_s <= last + 1


@pytest.mark.parametrize("clip", ["vtest.avi", "car-detection.mp4", "bgslib_video.avi"])
def test_nothing_falls_in_a_real_clip_of_a_street(real, clip):
    site = read_facade(HERE / f"site_{Path(clip).stem}.toml")
    assert events_of(scan_footage(real / "negatives" / clip).tracks, site) == []


# Complete falls of real_tracks.csv, split at gaps over 0.5 s, by clip and time of the first row.
# Complete: a fifth of the frame or more downward, from first sight until it lands, leaves the
# frame or the recording ends. The others are stubs of 1 to 12 rows that come down less than an
# eighth of the frame, or lie on the ground.
COMPLETE = {
    ("10.mp4", 6.2000): "50 rows, over half of the frame, down to its lower edge",
    ("12.mp4", 13.7333): "34 rows, a third of the frame, from rest",
    ("12.mp4", 20.4000): "19 rows, a fifth of the frame, the end of the same fall",
    ("15.mp4", 6.4667): "21 rows, a quarter of the frame, at an almost steady speed",
    ("3.mp4", 0.6667): "29 rows, over half of the frame; lands at 3.6 s and rolls",
    (
        "5.mp4",
        7.0000,
    ): "32 rows, two thirds of the frame, from rest, until it is lost near the ground",
}


def test_complete_falls_of_an_event_camera_are_accepted_but_one(real):
    accepted = set()
    for (clip, start), rows in _segments(real / "falling" / "real_tracks.csv").items():
        if len(rows) >= 4 and judge(_track(rows)).kind is not VerdictKind.REJECTED:
            accepted.add((clip, start))
    assert len(accepted & set(COMPLETE)) >= len(COMPLETE) - 1
    assert accepted <= set(COMPLETE)


def _segments(path):
    segments, key, last = {}, None, None
    for row in csv.DictReader(path.read_text().splitlines()):
        at = float(row["t_s"])
        if key is None or row["clip"] != key[0] or at - last > 0.5:
            key = (row["clip"], at)
        segments.setdefault(key, []).append(row)
        last = at
    return segments


def _track(rows):
    """The rows as a track; every link is as surprising as in an empty scene."""
    boxes = [[float(row[k]) for k in ("t_s", "x_px", "y_px", "w_px", "h_px")] for row in rows]
    seconds = boxes[-1][0] - boxes[0][0]
    return Track(
        points=[(t, (x + w / 2) / 346, (y + h / 2) / 260) for t, x, y, w, h in boxes],
        size=sorted((w * h) ** 0.5 for *_, w, h in boxes)[len(boxes) // 2] / 260,
        contrast=50,
        coverage=min(1.0, len(boxes) / (seconds * 15 + 1)),
        log_nfa=8.0 - 4 * len(boxes),
        frame=(346, 260),
        fps=15,
        decided_s=boxes[-1][0],
    )
