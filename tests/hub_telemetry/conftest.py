import contextlib

import pytest

from tests.hub_telemetry.rig import Rig, proxied
from tests.hub_telemetry.servers import InfluxDb1Server, TelemetryServer, VictoriaMetricsServer

SERVERS = {"victoriametrics": VictoriaMetricsServer, "influxdb": InfluxDb1Server}


def started(kind: str, folder) -> TelemetryServer:
    server = SERVERS[kind](folder)
    if server.installed() is None:
        pytest.skip(f"{server.program} is not installed")
    server.start()
    return server


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The running server of a kind, one for all tests of a file."""
    running: dict[str, TelemetryServer] = {}

    def serve(kind: str) -> TelemetryServer:
        if kind not in running:
            running[kind] = started(kind, tmp_path_factory.mktemp(kind))
        return running[kind]

    yield serve
    for server in running.values():
        server.kill()


@contextlib.contextmanager
def a_rig(kind: str, server: TelemetryServer, folder):
    with proxied(kind, server.url) as proxy, Rig(folder, kind, proxy.url) as made:
        made.proxy = proxy
        yield made


@pytest.fixture(params=["sqlite", *SERVERS])
def rig(request, shared, tmp_path):
    """Each back end."""
    kind = request.param
    with Rig(tmp_path, kind) if kind == "sqlite" else a_rig(kind, shared(kind), tmp_path) as made:
        yield made


@pytest.fixture(params=list(SERVERS))
def served(request, shared, tmp_path):
    """Each back end that is a server, behind a proxy of the test's own."""
    with a_rig(request.param, shared(request.param), tmp_path) as made:
        yield made


@pytest.fixture(params=list(SERVERS))
def own(request, tmp_path):
    """`(kind, server)` for one test alone, which may kill it."""
    server = started(request.param, tmp_path)
    yield request.param, server
    server.kill()
