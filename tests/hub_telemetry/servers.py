"""Real telemetry servers as child processes, and a proxy that can come between."""

import os
import shutil
import signal
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3

from simulators.processes import free_port

HOST = "127.0.0.1"
START_WITHIN_S = 60.0


class TelemetryServer:
    """A server on one port, its data in `folder`; `kill` leaves it as a crash would."""

    program = ""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._http = urllib3.PoolManager(timeout=10, retries=False)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def installed(cls) -> str | None:
        return shutil.which(cls.program)

    def command(self) -> tuple[list[str], dict[str, str]]:
        """Arguments and environment."""
        raise NotImplementedError

    def ready(self) -> bool:
        return self.get("/health").status == 200

    def start(self) -> None:
        arguments, environment = self.command()
        log = self.folder / f"{self.program}.log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [self.program, *arguments], stdout=out, stderr=out, env=os.environ | environment
            )
        deadline = time.monotonic() + START_WITHIN_S
        while not self._answers():
            assert self._process.poll() is None, log.read_text()[-800:]
            assert time.monotonic() < deadline, "did not start in time"
            time.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def get(self, path: str, **fields: str):
        return self._http.request("GET", self.url + path, fields=fields)

    def _answers(self) -> bool:
        try:
            return self.ready()
        except urllib3.exceptions.HTTPError:
            return False


class VictoriaMetricsServer(TelemetryServer):
    program = "victoria-metrics"

    def command(self):
        flags = {
            "storageDataPath": self.folder / "victoria",
            "httpListenAddr": f"{HOST}:{self.port}",
            "retentionPeriod": "100y",
            "dedup.minScrapeInterval": "1ms",
            "search.latencyOffset": "1s",
            "memory.allowedBytes": "64MB",
        }
        return [f"-{name}={value}" for name, value in flags.items()], {}


class InfluxDb1Server(TelemetryServer):
    """InfluxDB 1.x. Its v2 write endpoint came with 1.8; for older ones `AsV2` stands in."""

    program = "influxd"

    def command(self):
        data = self.folder / "influx"
        environment = {
            "HTTP_BIND_ADDRESS": f"{HOST}:{self.port}",
            "BIND_ADDRESS": f"{HOST}:{free_port()}",
            "META_DIR": str(data / "meta"),
            "DATA_DIR": str(data / "data"),
            "DATA_WAL_DIR": str(data / "wal"),
            "REPORTING_DISABLED": "true",
            "MONITOR_STORE_ENABLED": "false",
            "HTTP_LOG_ENABLED": "false",
        }
        return ["run", "-config", os.devnull], {f"INFLUXDB_{k}": v for k, v in environment.items()}

    def ready(self) -> bool:
        return self.get("/ping").status == 204

    def start(self) -> None:
        super().start()
        query = {"q": 'CREATE DATABASE "gatehouse"'}
        assert self._http.request("POST", f"{self.url}/query", fields=query).status == 200


class Proxy:
    """Passes requests on to `to`, each as `meddle` says.

    meddle: takes path, query and body; an answer `(status, body)` instead, or None to pass it on.
    It may wait, and it may change the query, a dict. v1_write: v2 writes become v1 writes, which is
    all that InfluxDB 1.8 does with them.
    """

    def __init__(self, to: str, *, v1_write: bool = False) -> None:
        self.meddle = lambda _path, _query, _body: None
        self.to, self.v1_write = to, v1_write
        self.authorization: set[str] = set()
        self._pool = urllib3.PoolManager(maxsize=8, timeout=30, retries=False)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                proxy._pass(self, b"")

            def do_POST(self) -> None:
                proxy._pass(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_) -> None:
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _pass(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = urlsplit(handler.path)
        path, query = parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}
        if "Authorization" in handler.headers:
            self.authorization.add(handler.headers["Authorization"])
        answer = self.meddle(path, query, body)
        if answer is None:
            answer = self._forward(handler, path, query, body)
        status, said = answer
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    def _forward(self, handler, path, query, body) -> tuple[int, bytes]:
        if self.v1_write and path == "/api/v2/write":
            path, query = "/write", {"db": query["bucket"], "precision": query["precision"]}
        headers = {"Content-Encoding": handler.headers.get("Content-Encoding", "identity")}
        url = f"{self.to}{path}?{urlencode(query)}"
        try:
            got = self._pool.request(handler.command, url, body=body or None, headers=headers)
        except urllib3.exceptions.HTTPError:
            return 502, b"no server"
        return got.status, got.data
