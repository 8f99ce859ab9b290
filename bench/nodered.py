"""The same flow through Node-RED: MQTT in, a function, SQLite. Nothing where it is not installed.

    python -m bench.nodered [--seconds S] [--node-red COMMAND]

What is measured is looser than the hub's: Node-RED subscribes at QoS 1 and acknowledges before it
has stored, one INSERT per message with `synchronous=FULL`, no rules, no dedupe. Rows are counted in
its database while the generator, with the hub's own messages, sends as much as it can.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.report import emit
from bench.stand import broker_alone
from bench.usage import Usage
from simulators.load import Load, run

START_S: Final = 60.0
_AGENTS: Final = 50
_RATE: Final = 8_000.0

_FUNCTION: Final = """
const body = msg.payload.toString().split('\\n');
const header = JSON.parse(body[0]);
const one = JSON.parse(body[1])[0];
msg.topic = 'INSERT INTO point VALUES ($boot, $seq, $device, $at, $value)';
msg.params = {$boot: header.boot, $seq: header.seq, $device: one.device, $at: one.at,
              $value: one.signals.pressure};
return one.signals.pressure >= 0 ? msg : null;
"""


def main() -> None:
    """Print a line, or say why there is none."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--node-red", default=shutil.which("node-red"), help="its command")
    wish = parser.parse_args()
    if wish.node_red is None:
        print("node-red is not installed: left out")
        return
    with TemporaryDirectory(prefix="bench-") as name, broker_alone() as broker:
        folder = Path(name)
        rows = folder / "flow.db"
        with closing(sqlite3.connect(rows)) as base:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("CREATE TABLE point (boot, seq, device, at, value)")
        flow = folder / "flows.json"
        flow.write_text(json.dumps(_flow(broker.port, rows)), encoding="utf-8")
        modules = Path(wish.node_red).resolve().parents[2]
        settings = folder / "settings.js"
        settings.write_text(
            f"module.exports = {{uiPort: 0, httpAdminRoot: false, flowFile: {str(flow)!r}, "
            f"userDir: {name!r}, nodesDir: [{str(modules / 'node-red-node-sqlite')!r}], "
            "logging: {console: {level: 'info'}}};",
            encoding="utf-8",
        )
        log = folder / "log"
        with log.open("wb") as sink:
            node = subprocess.Popen(
                [wish.node_red, "--settings", str(settings)], stdout=sink, stderr=sink
            )
        try:
            _wait_for(log, "Connected to broker")
            figures = _measure(broker.url, rows, node, wish)
            if figures["stored_by_then"]:
                emit("nodered", "MQTT in, function, SQLite", **figures)
            else:
                print("node-red stored nothing (is node-red-node-sqlite built?): left out")
        finally:
            node.terminate()
            node.wait(30)


def _measure(url: str, rows: Path, node: Any, wish: Any) -> dict[str, Any]:
    before, began = Usage.of(node.pid), time.monotonic()
    report = run(Load(_AGENTS, _RATE, wish.seconds, url, window=900, hub=False))
    took_s = time.monotonic() - began
    after = Usage.of(node.pid)
    with closing(sqlite3.connect(rows)) as base:
        count = int(base.execute("SELECT count(*) FROM point").fetchone()[0])
    return {
        "observations_per_s": round(count / took_s),
        "sent": report["sent"],
        "stored_by_then": count,
        "seconds": round(took_s, 2),
        "cpu_us_per_observation": round((after.cpu_s - before.cpu_s) / max(1, count) * 1e6, 1),
        "peak_mb": after.peak_mb,
    }


def _flow(port: int, rows: Path) -> list[dict[str, Any]]:
    return [
        {"id": "tab", "type": "tab", "label": "bench"},
        {
            "id": "broker",
            "type": "mqtt-broker",
            "broker": "127.0.0.1",
            "port": str(port),
            "clientid": "",
            "autoConnect": True,
            "protocolVersion": "4",
            "keepalive": "60",
            "cleansession": True,
        },
        {
            "id": "in",
            "type": "mqtt in",
            "z": "tab",
            "topic": "gatehouse/1/+/+/up/+",
            "qos": "1",
            "datatype": "buffer",
            "broker": "broker",
            "wires": [["function"]],
        },
        {
            "id": "function",
            "type": "function",
            "z": "tab",
            "func": _FUNCTION,
            "outputs": 1,
            "wires": [["sqlite"]],
        },
        {"id": "base", "type": "sqlitedb", "db": str(rows), "mode": "RWC"},
        {
            "id": "sqlite",
            "type": "sqlite",
            "z": "tab",
            "mydb": "base",
            "sqlquery": "msg.topic",
            "wires": [[]],
        },
    ]


def _wait_for(log: Path, text: str) -> None:
    deadline = time.monotonic() + START_S
    while text not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > deadline:
            raise TimeoutError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        time.sleep(0.1)


if __name__ == "__main__":
    main()
