"""The front end on a live camera: slow pictures, another size, a stall; alone and in its child."""

import asyncio
import time
from fractions import Fraction

import av
import pytest
from av.video.frame import VideoFrame

from edge.camera.faller import Faller
from edge.camera.process import CameraProcess
from edge.camera.source import RECORDING_ENDED, Source
from edge.vision.falling.watch import MEASURED, STALL_S, Watch
from hub.rules.facade import FacadeSite, Label, events_of
from simulators.facade import Scene, render
from wire.tracks import Track

SMALL = Scene(seed=11, rows=240, fps=10, seconds=5.5, fall="heavy", size_px=7, decoys=())
LARGE = Scene(seed=12, rows=360, fps=10, seconds=5.5, fall="heavy", size_px=8, decoys=())


def watched(watch, clip, *, begins_s=0.0, until_s=100.0):
    """What is told of a clip, on a camera's own clock."""
    told = []
    for index, frame in enumerate(clip.frames):
        if index / clip.fps >= until_s:
            break
        told += watch.look(frame, begins_s + index / clip.fps)
    return told


def check_fall(told, clip):
    """Of one stream, and what has ended of it is the clip's one fall, from its floor."""
    assert len({one.stream for one in told}) == 1
    ended = [one.track for one in told if one.final]
    (event,) = events_of(ended, FacadeSite.model_validate(clip.site))
    assert event.verdict.label is Label.FALLING
    assert abs(event.verdict.origin.floor - clip.falls[0].floor) <= 1
    assert ended[0].frame == (clip.width, clip.height)


def test_five_pictures_a_second_are_enough_and_it_is_told_while_it_falls():
    clip = render(Scene(seed=11, rows=360, fps=5, seconds=7, fall="heavy", size_px=9, decoys=()))
    watch = Watch()
    told = watched(watch, clip)
    assert watch.fps == pytest.approx(5, rel=0.01)
    first = next(one for one in told if not one.final)
    assert first.track.points[-1][0] < clip.falls[0].points[-1][0]
    check_fall(told + watch.restart(), clip)


def test_another_size_in_mid_fall_ends_its_track_and_the_next_fall_is_seen_whole():
    watch, small, large = Watch(), render(SMALL), render(LARGE)
    cut_s = small.falls[0].points[-1][0] - 0.3
    before = watched(watch, small, until_s=cut_s)
    growing = {one.number for one in before} - {one.number for one in before if one.final}
    assert growing
    after = watched(watch, large, begins_s=cut_s)
    ended = [one for one in after if one.stream == before[0].stream]
    assert {one.number for one in ended if one.final} == growing
    assert all(one.track.frame == (small.width, small.height) for one in ended)
    check_fall([one for one in after if one not in ended] + watch.restart(), large)


def test_a_stall_begins_anew_and_joins_nothing_across_it():
    watch, first, second = Watch(), render(SMALL), render(SMALL)
    stalled_s = first.falls[0].points[-1][0] - 0.3
    before = watched(watch, first, until_s=stalled_s)
    begins_s = stalled_s + STALL_S + 1
    after = watched(watch, second, begins_s=begins_s)
    ended = [one for one in after if one.stream == before[0].stream]
    assert ended
    assert all(one.final and one.track.points[-1][0] < stalled_s for one in ended)
    rest = [one for one in after if one not in ended]
    assert all(one.track.points[0][0] >= begins_s for one in rest)
    check_fall(rest + watch.restart(), second)


def test_pictures_that_come_in_fits_and_starts_end_no_track_and_unlearn_no_tree():
    clip = render(
        Scene(seed=11, rows=360, fps=30, seconds=6, fall="heavy", size_px=9, decoys=("tree",))
    )
    watch, told, rates = Watch(), [], set()
    for tick, frame in enumerate(clip.frames):
        if tick % (1, 3, 2)[tick // 24 % 3] == 0:  # every one, every third, every second, by turns
            told += watch.look(frame, tick / clip.fps)
            rates.add(watch.fps)
    assert len(rates - {None}) > 2
    check_fall(told + watch.restart(), clip)


def test_pictures_that_come_twice_or_out_of_order_are_no_new_rate():
    watch = Watch()
    picture = next(render(SMALL).frames)
    for tick in range(2 * MEASURED):
        assert watch.look(picture, tick / 10) == watch.look(picture, tick / 10) == []
    assert watch.fps == pytest.approx(10)
    assert watch.look(picture, 0.05) == []
    assert watch.fps == pytest.approx(10)


async def test_a_live_stream_is_never_held_up_and_a_recording_loses_nothing(until):
    clip = render(SMALL)
    pictures = list(clip.frames)
    live = Faller(lambda _: None)
    for tick, luma in enumerate(pictures * 3):
        live.offer(luma, tick / 10)  # far faster than they can be looked at
    assert live.looked.passed_over > 0
    told = []
    recorded = Faller(told.append, waits=True)
    for tick, luma in enumerate(pictures):
        recorded.offer(luma, tick / 10)
    recorded.end()
    await until(lambda: any(one.final for one in told), 60)
    check_fall(told, clip)
    assert recorded.looked.passed_over == 0


@pytest.mark.socket
async def test_the_child_of_a_facade_camera_tells_the_fall_of_a_recording(tmp_path, until):
    clip = render(LARGE)
    video = tmp_path / "fall.mkv"
    write(video, clip)
    said = []
    source = Source(
        url=str(video),
        origin=time.time_ns() // 1_000_000,
        zero=time.monotonic(),
        rate=3.0,
        falls=True,
    )
    camera = CameraProcess("cam", source, lambda message, _: said.append(message))
    task = asyncio.create_task(camera.run())
    try:
        await until(lambda: any(one.get("why") == RECORDING_ENDED for one in said), 60)
        await until(lambda: any(one["do"] == "track" and one["final"] for one in said), 60)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    told = [one for one in said if one["do"] == "track"]
    assert not told[0]["final"]
    ended = [Track.model_validate(one["track"]) for one in told if one["final"]]
    (event,) = events_of(ended, FacadeSite.model_validate(clip.site))
    assert event.verdict.label is Label.FALLING
    assert abs(event.verdict.origin.floor - clip.falls[0].floor) <= 1
    fell_s = clip.falls[0].points[-1][0] - clip.falls[0].points[0][0]
    assert 0 < told[-1]["at"] - told[0]["at"] < fell_s * 1000 + 500  # moments of the picture
    assert {one["tracks_dropped"] for one in said if one["do"] == "seen"} == {0}


def write(path, clip):
    with av.open(str(path), "w") as output:
        stream = output.add_stream("h264", rate=round(clip.fps))
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
        stream.options = {"crf": "16", "preset": "ultrafast"}
        for tick, luma in enumerate(clip.frames):
            frame = VideoFrame.from_ndarray(luma, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = tick, Fraction(1, round(clip.fps))
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
