"""Camera child processes, on real streams over loopback and on hostile ones."""

import asyncio
import io
import os
import signal
import time
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from aiohttp import web
from av.video.frame import VideoFrame

from edge.camera import process as process_module
from edge.camera.process import CameraProcess
from edge.camera.source import RECORDING_ENDED, Source
from simulators.camera import CameraServer, SimulatedCamera
from simulators.scenery import still_room, with_passer

pytestmark = pytest.mark.socket


class Heard:
    """What the child says."""

    def __init__(self):
        self.said = []

    def __call__(self, message, body):
        self.said.append((message, body))

    def of(self, do):
        return [message for message, _ in self.said if message["do"] == do]

    @property
    def picture(self):
        seen = [m for m, _ in self.said if m["do"] in {"seen", "lost"}]
        return None if not seen else seen[-1].get("picture", "lost")


def source(url, **more):
    zero = time.monotonic()
    return Source(url=url, origin=time.time_ns() // 1_000_000, zero=zero, **more)


@asynccontextmanager
async def watching(url, **more):
    heard = Heard()
    camera = CameraProcess("cam", source(url, **more), heard)
    task = asyncio.create_task(camera.run())
    try:
        yield camera, heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def serving(*chunks, pause_s=0.0, hang_s=0.0, kind="video/mp2t"):
    """An HTTP server that sends these bytes, with pauses, then hangs for a while, then closes."""

    async def answer(request):
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
            await asyncio.sleep(pause_s)
        await asyncio.sleep(hang_s)
        return response

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def recorded(*sizes, form="mpegts", codec="h264", fps=10, count=20):
    """A stream whose pictures change their size on the way."""
    made = b""
    for number, (width, height) in enumerate(sizes):
        sink = io.BytesIO()
        with av.open(sink, "w", format=form) as output:
            stream = output.add_stream(codec, rate=fps)
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.codec_context.max_b_frames = 0
            for tick in range(count):
                draw = np.random.default_rng(tick)
                picture = draw.integers(0, 255, (height, width, 3), dtype=np.uint8)
                frame = VideoFrame.from_ndarray(picture, format="bgr24")
                frame.pts, frame.time_base = number * count + tick, Fraction(1, fps)
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
        made += sink.getvalue()
    return made


@pytest.mark.parametrize("form", ["mpegts", "mjpeg"])
async def test_a_stream_is_seen_and_its_frames_are_jpegs(form, until):
    scene = with_passer(still_room(1), period_s=4, on_s=3)
    camera = SimulatedCamera("cam", scene, form=form)
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (_, heard):
        await until(lambda: heard.picture == "ok" and len(heard.of("frame")) >= 3)
        jpeg = next(body for message, body in heard.said if message["do"] == "frame")
        assert jpeg.startswith(b"\xff\xd8\xff")
        await until(lambda: any(m["fps"] and 7 < m["fps"] < 13 for m in heard.of("seen")))
        assert heard.of("seen")[-1]["width"] == 640


async def test_a_lost_signal_is_told_at_once_and_the_camera_comes_back(until):
    camera = SimulatedCamera("cam", still_room(2))
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (_, heard):
        await until(lambda: heard.picture == "ok")
        camera.blinds.blindness = "no-signal"
        await until(lambda: heard.picture == "lost")
        camera.blinds.blindness = None
        await until(lambda: heard.picture == "ok")


async def test_a_clip_covers_what_was_asked_for_and_a_still_comes_first(until, tmp_path):
    camera = SimulatedCamera("cam", still_room(3))
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (cam, heard):
        await until(lambda: heard.picture == "ok")
        await asyncio.sleep(3)
        now = time.time_ns() // 1_000_000
        path = tmp_path / "clip"
        order = {"do": "clip", "id": "c1", "from": now - 2000, "to": now + 1500, "path": str(path)}
        assert cam.order(order)
        await until(lambda: heard.of("clip"))
        assert heard.of("still")[0]["of"] == "c1"
        told = heard.of("clip")[0]
        assert told["from"] <= now - 2000
        assert told["to"] >= now + 1200
        with av.open(str(path)) as clip:
            assert clip.streams.video[0].codec_context.name == "h264"
            assert clip.duration / 1e6 == pytest.approx((told["to"] - told["from"]) / 1000, abs=0.4)


async def test_a_watched_camera_sends_two_a_second_until_the_lease_ends(until):
    camera = SimulatedCamera("cam", still_room(4))
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (cam, heard):
        await until(lambda: heard.picture == "ok" and heard.of("frame"))
        cam.order({"do": "watch", "seconds": 3})

        def watched():
            return [message["at"] for message in heard.of("frame") if message["why"] == "watch"]

        await until(lambda: len(watched()) >= 2)
        await asyncio.sleep(5)
        assert watched()[-1] - watched()[0] <= 3500


async def test_a_live_view_ends_with_its_lease(until):
    camera = SimulatedCamera("cam", still_room(4))
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (cam, heard):
        await until(lambda: heard.picture == "ok")
        cam.order({"do": "live", "seconds": 2})

        def shown():
            return [message for message in heard.of("frame") if message["why"] == "live"]

        await until(shown)
        await asyncio.sleep(3)
        assert shown()[-1]["at"] - shown()[0]["at"] <= 2500


async def test_a_killed_child_is_started_again(until):
    camera = SimulatedCamera("cam", still_room(5))
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (cam, heard):
        await until(lambda: heard.picture == "ok")
        pid = cam.pid
        os.kill(pid, signal.SIGKILL)
        await until(lambda: heard.picture == "lost")
        await until(lambda: heard.picture == "ok" and cam.pid != pid)
        assert cam.restarts == 1


async def test_a_hanging_child_is_killed_and_started_again(until, monkeypatch):
    monkeypatch.setattr(process_module, "SILENT_S", 5.0)
    camera = SimulatedCamera("cam", still_room(6))
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (cam, heard):
        await until(lambda: heard.picture == "ok")
        os.kill(cam.pid, signal.SIGSTOP)
        await until(lambda: cam.restarts >= 1 and heard.picture == "ok")
        assert "said nothing" in heard.of("lost")[0]["why"]


def corrupt_avi():
    """48 by 48, such as aborts OpenCV's own reader: its index and its chunks lie."""
    good = bytearray(recorded((48, 48), form="avi", codec="mjpeg", count=5))
    for place in range(200, len(good) - 64, 97):
        good[place : place + 3] = b"\xff\x00\xff"
    return bytes(good)


def bomb():
    """A small picture that says of itself to be 65,500 by 65,500."""
    stream = bytearray(recorded((64, 48), form="mjpeg", codec="mjpeg", count=5))
    at = -1
    while (at := stream.find(b"\xff\xc0", at + 1)) >= 0:
        stream[at + 5 : at + 9] = (65_500).to_bytes(2, "big") * 2
    return bytes(stream)


HOSTILE = {
    "decompression bomb": (bomb, "image/jpeg"),
    "corrupt 48x48 avi": (corrupt_avi, "video/avi"),
    "truncated jpeg": (lambda: recorded((64, 48), form="mjpeg", codec="mjpeg")[:900], "image/jpeg"),
    "noise": (lambda: np.random.default_rng(1).bytes(300_000), "video/mp2t"),
    "playlist": (lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n", "application/x-mpegurl"),
    "nothing": (lambda: b"", "video/mp2t"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_stream_reaches_nobody_and_the_next_camera_is_served(name, until):
    make, kind = HOSTILE[name]
    good = SimulatedCamera("cam", still_room(7))
    async with (
        serving(make(), kind=kind) as url,
        CameraServer({"cam": good}) as server,
        watching(url) as (_, bad_heard),
        watching(server.url("cam")) as (_, good_heard),
    ):
        await until(lambda: bad_heard.of("lost"))
        await until(lambda: good_heard.picture == "ok")


async def test_a_server_that_hangs_is_given_up(until, monkeypatch):
    async with serving(hang_s=60) as url, watching(url) as (_, heard):
        await until(lambda: heard.of("lost"))


async def test_a_stream_may_change_its_size(until):
    sizes = recorded((320, 240)), recorded((160, 120))
    async with serving(*sizes, pause_s=1.5) as url, watching(url) as (_, heard):
        await until(lambda: {m["width"] for m in heard.of("seen")} >= {320, 160}, 60)
        await until(lambda: heard.of("lost"))
        assert heard.of("lost")[0]["why"] == "the stream has ended"


async def test_a_recording_is_shown_whole_and_once(until, tmp_path):
    video = tmp_path / "room.mkv"
    video.write_bytes(recorded((320, 240), form="matroska", count=15))
    async with watching(str(video)) as (_, heard):
        await until(lambda: heard.of("lost"))
        assert heard.of("lost")[0]["why"] == RECORDING_ENDED
        assert heard.of("frame")[0]["why"] == "sign-of-life"  # its only key frame is its first
        beats = len(heard.of("beat"))
        await until(lambda: len(heard.of("beat")) >= beats + 2)
        assert len(heard.of("lost")) == 1


async def test_five_pictures_a_second_are_enough(until):
    camera = SimulatedCamera("cam", still_room(8), fps=5)
    async with CameraServer({"cam": camera}) as server, watching(server.url("cam")) as (_, heard):
        await until(lambda: any(m["fps"] for m in heard.of("seen")))
        assert heard.picture == "ok"
        assert all((m["fps"] or 0) < 6 for m in heard.of("seen"))  # fewer on a busy machine


async def test_a_login_in_the_address_is_repeated_nowhere(until):
    async with watching("http://viewer:opensesame@127.0.0.1:9/x") as (cam, heard):
        await until(lambda: heard.of("lost"))
        assert "opensesame" not in str(heard.said)
        shown = Path(f"/proc/{cam.pid}/cmdline").read_bytes()  # noqa: ASYNC240 - no real file
        assert b"opensesame" not in shown
