"""RTSP, against GStreamer's own server (a system package)."""

import asyncio
import shutil
import socket
import subprocess
import time

import pytest

from edge.camera.process import CameraProcess
from edge.camera.source import Source

pytestmark = pytest.mark.socket

PYTHON = "/usr/bin/python3"
SERVER = """
import sys, gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory.new()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1"
    " ! x264enc tune=zerolatency key-int-max=10 speed-preset=ultrafast"
    " ! rtph264pay name=pay0 pt=96 )"
)
factory.set_shared(True)
server.get_mount_points().add_factory("/camera", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


def has_server():
    if shutil.which(PYTHON) is None:
        return False
    look = (
        "import gi; gi.require_version('GstRtspServer', '1.0'); "
        "from gi.repository import Gst, GstRtspServer; Gst.init(None); "
        "assert all(Gst.ElementFactory.find(n) for n in ('x264enc', 'rtph264pay', 'videotestsrc'))"
    )
    return subprocess.run([PYTHON, "-c", look], capture_output=True, check=False).returncode == 0


@pytest.fixture
def rtsp():
    if not has_server():
        pytest.skip("GStreamer's RTSP server is not installed")
    with subprocess.Popen([PYTHON, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"rtsp://127.0.0.1:{int(server.stdout.readline())}/camera"
        finally:
            server.kill()


async def test_an_rtsp_camera_is_seen_and_gives_a_clip(rtsp, until, tmp_path):
    said = []
    zero = time.monotonic()
    source = Source(url=rtsp, origin=time.time_ns() // 1_000_000, zero=zero)
    camera = CameraProcess("cam", source, lambda message, body: said.append(message))
    task = asyncio.create_task(camera.run())

    def of(do):
        return [message for message in said if message["do"] == do]

    try:
        await until(lambda: any(m["picture"] == "ok" for m in of("seen")), 20)
        assert of("seen")[-1]["codec"] == "h264"
        await asyncio.sleep(4)
        now = time.time_ns() // 1_000_000
        path = tmp_path / "clip"
        camera.order(
            {"do": "clip", "id": "c", "from": now - 3000, "to": now + 500, "path": str(path)}
        )
        await until(lambda: of("clip"))
        assert path.read_bytes()[4:8] == b"ftyp"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_rtsp_server_that_is_not_there_is_told(until):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = []
    source = Source(url=f"rtsp://127.0.0.1:{port}/x", origin=0, zero=0.0)
    camera = CameraProcess("cam", source, lambda message, body: said.append(message["do"]))
    task = asyncio.create_task(camera.run())
    try:
        await until(lambda: "lost" in said)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
