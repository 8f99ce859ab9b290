"""The shipped units: systemd reads them without a word, and hub and agents keep their promises."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from gatehouse.service_manager import sign_of_life
from tests.faults.town import a_gate_agent, a_hub, write_site

UNITS = Path(__file__).parents[2] / "configs" / "systemd"


def test_systemd_finds_no_fault(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    units = []
    for unit in UNITS.glob("*.service"):
        text = unit.read_text("utf-8").replace("/opt/gatehouse/current/bin/gatehouse", "/bin/true")
        here = tmp_path / unit.name.replace("@", "@gates")
        here.write_text(text, "utf-8")
        units.append(here)
    assert len(units) == 2
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_service_manager_there_is_nothing_to_tell(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert sign_of_life() is None


@pytest.mark.socket
@pytest.mark.slow
def test_hub_and_agent_say_that_they_are_ready_and_live(mosquitto, tmp_path, monkeypatch):
    write_site(tmp_path, {"gates": {"gate-1": "gate"}})
    agent, _url, _token = a_gate_agent(tmp_path, mosquitto.url, "gates", ["gate-1"])
    for service in (a_hub(tmp_path, mosquitto), agent):
        path = str(tmp_path / f"{service.part}.socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(60)
            monkeypatch.setenv("NOTIFY_SOCKET", path)
            with service:
                first, second = manager.recv(100), manager.recv(100)
        assert first == second == b"READY=1\nWATCHDOG=1"
