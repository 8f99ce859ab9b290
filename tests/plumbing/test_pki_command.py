"""`gatehouse pki` and `gatehouse agent` as people type them; the hub itself is in other tests."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from gatehouse.cli import app
from hub.pki import PkiError
from tests.hub_machinery.certified import SHIPPED

SITES = SHIPPED.parent / "sites"


@pytest.fixture
def run(tmp_path):
    shutil.copy(SITES / "jinxiu.toml", tmp_path / "site.toml")
    config = tmp_path / "hub.toml"
    config.write_text(
        'data = "data"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n', "utf-8"
    )

    def run(*words, config=config):
        done = CliRunner().invoke(app, [*words, "--config", str(config)], catch_exceptions=True)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_an_authority_a_claim_and_the_broker_s_files(run, tmp_path):
    with pytest.raises(PkiError, match="gatehouse pki init"):
        run("pki", "claim", "--site", "jinxiu", "--agent", "water-west", "--serial", "SN-1")
    fingerprint = run("pki", "init").split()[-1]
    told = run("pki", "claim", "--site", "jinxiu", "--agent", "water-west", "--serial", "SN-1")
    assert f"--fingerprint {fingerprint}" in told
    assert "gatehouse agent enrol" in told
    with pytest.raises(PkiError, match="no agent"):
        run("pki", "claim", "--site", "jinxiu", "--agent", "nobody", "--serial", "SN-1")
    out = tmp_path / "broker"
    out.mkdir()
    told = run("pki", "broker", "--host", "broker.example", "--out", str(out))
    assert 'url = "mqtts://127.0.0.1:8884"' in told
    assert 'url = "mqtts://broker.example:8883"' in told
    written = (out / "mosquitto.conf").read_text("utf-8")
    assert "allow_anonymous true" not in written
    assert written.count("require_certificate true") == 2
    assert "max_packet_size" in written
    rows = [json.loads(line) for line in run("pki", "list", "--json").splitlines()]
    assert {row["name"]: row["use"] for row in rows} == {
        "broker.example": "server",
        "hub": "client",
    }
    before = (out / "certs" / "crl.pem").read_text()
    assert "1 certificate(s) revoked" in run("pki", "revoke", "hub", "--reason", "换机")
    run("pki", "lists", str(out))
    assert (out / "certs" / "crl.pem").read_text() != before
    with pytest.raises(PkiError, match="no certificate that is good"):
        run("pki", "revoke", "jinxiu/water-west", "--reason", "x")


def test_an_agent_says_that_it_has_none(run, tmp_path):
    edge = tmp_path / "edge.toml"
    shutil.copy(SHIPPED.parent / "edge" / "pressure.toml", edge)
    assert "not enrolled" in run("agent", "status", config=edge)
