"""What `gatehouse pki broker` writes, on the real broker: who is let in, and who may say what."""

import ssl

import pytest

from hub.mqtt import LinkSettings
from hub.mqtt.probe import lets_in_anybody
from simulators.mosquitto import HOST, Mosquitto, find_mosquitto
from tests.hub_machinery.certified import SITE, Broker, Client, an_enrolment, enrolled, until

pytestmark = pytest.mark.socket


class Estate:
    def __init__(self, folder):
        self.secrets = folder / "secrets"
        self.enrolment = an_enrolment(self.secrets)
        self.agents = {
            name: enrolled(self.enrolment, folder / name, name)
            for name in ("gates", "water", "lifts")
        }
        (folder / "broker").mkdir()
        self.broker = Broker(folder / "broker", self.secrets)
        self.ca = self.secrets / "pki-ca.crt"

    def agent(self, name, *, client_id=None, port=None):
        files = self.agents[name]
        return Client(
            port or self.broker.port,
            client_id or f"{SITE}/{name}",
            ca=files.authority_file,
            cert=files.certificate_file,
            key=files.key_file,
        )

    def hub(self, name="hub"):
        cert, key = self.broker.hub_certificate, self.broker.hub_key
        return Client(self.broker.hub_port, name, ca=self.ca, cert=cert, key=key)


@pytest.fixture(scope="module")
def estate(tmp_path_factory):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    made = Estate(tmp_path_factory.mktemp("certified"))
    with made.broker:
        yield made


def test_agents_speak_for_themselves_and_only_the_hub_commands(estate):
    hub, bulk, gates, water = (
        estate.hub(), estate.hub("hub-bulk"), estate.agent("gates"), estate.agent("water")
    )  # fmt: skip
    assert all(one.welcome for one in (hub, bulk, gates, water))
    hub.subscribe("gatehouse/1/+/+/up/+")
    hub.subscribe("gatehouse/1/+/+/cmd")
    for topic in ("gatehouse/1/court/gates/cmd", "gatehouse/1/court/water/cmd", "#", "$SYS/#"):
        gates.subscribe(topic)
    gates.subscribe("gatehouse/1/court/water/up/event")
    hub.publish("gatehouse/1/court/water/cmd", b"for the other")
    water.publish("gatehouse/1/court/water/up/event", b"of the other")
    until(lambda: ("gatehouse/1/court/water/up/event", b"of the other") in hub.heard)
    gates.publish("gatehouse/1/court/gates/up/event", b"as itself")
    hub.publish("gatehouse/1/court/gates/cmd", b"for it")
    until(lambda: gates.heard)
    assert gates.heard == [("gatehouse/1/court/gates/cmd", b"for it")]
    for topic in (
        "gatehouse/1/court/water/up/event",
        "gatehouse/1/court/gates/cmd",
        "gatehouse/1/court/hub/status",
        "gatehouse/1/yard/gates/up/event",
    ):
        liar = estate.agent("gates")
        liar.publish(topic, b"forged")
        assert liar.gone.wait(45), topic  # 2.0.11 hangs up; later ones only drop it
        liar.close()
    hub.publish("gatehouse/1/court/gates/up/event", b"the end")
    until(lambda: ("gatehouse/1/court/gates/up/event", b"the end") in hub.heard)
    assert b"forged" not in [payload for _, payload in hub.heard]
    for one in (hub, bulk, gates, water):
        one.close()


def test_nobody_comes_in_without_a_certificate_of_this_authority(estate, tmp_path):
    other = an_enrolment(tmp_path / "other")
    forged = enrolled(other, tmp_path / "agent", "gates")
    cert, key = forged.certificate_file, forged.key_file
    for shown in ({}, {"user": "hub"}, {"user": "court/gates"}, {"cert": cert, "key": key}):
        port = estate.broker.hub_port if shown.get("user") == "hub" else estate.broker.port
        try:
            stranger = Client(port, "court/gates", ca=estate.ca, **shown)
        except (ssl.SSLError, ConnectionResetError, BrokenPipeError):
            continue
        assert not stranger.welcome
        stranger.close()


def test_a_client_id_is_the_certificate_s_name_whatever_it_says(estate):
    """Else any agent could throw any other off, again and again."""
    victim = estate.agent("water")
    assert victim.welcome
    liar = estate.agent("gates", client_id="court/water")
    assert liar.welcome
    victim.subscribe("gatehouse/1/court/water/cmd")
    hub = estate.hub()
    assert hub.welcome
    hub.publish("gatehouse/1/court/water/cmd", b"still here")
    until(lambda: victim.heard)
    assert not victim.gone.is_set()
    second = estate.agent("gates", client_id="something-else")
    assert second.welcome
    assert liar.gone.wait(45)  # it threw off itself: its name is one
    for one in (victim, liar, second, hub):
        one.close()


def test_an_agent_says_nothing_on_the_hub_s_listener(estate):
    agent = estate.agent("gates", port=estate.broker.hub_port)
    if agent.welcome:
        agent.publish("gatehouse/1/court/gates/up/event", b"forged")
        assert agent.gone.wait(45)
    agent.close()


def test_a_revoked_agent_is_cut_off_and_not_let_in_again(estate):
    lifts, water, hub = estate.agent("lifts"), estate.agent("water"), estate.hub()
    assert lifts.welcome
    assert water.welcome
    assert hub.welcome
    hub.subscribe("gatehouse/1/+/+/up/+")
    lifts.publish("gatehouse/1/court/lifts/up/event", b"before")
    until(lambda: ("gatehouse/1/court/lifts/up/event", b"before") in hub.heard)
    assert len(estate.enrolment.revoke("court/lifts", "stolen")) == 1
    estate.broker.reload()
    lifts.talk_until_gone("gatehouse/1/court/lifts/up/event")  # though it was connected
    back = estate.agent("lifts")
    assert not back.welcome
    water.publish("gatehouse/1/court/water/up/event", b"others go on")
    until(lambda: ("gatehouse/1/court/water/up/event", b"others go on") in hub.heard)
    estate.agents["lifts"] = enrolled(estate.enrolment, estate.secrets.parent / "new", "lifts")
    estate.broker.reload()

    def comes_in_again():
        anew = estate.agent("lifts")
        anew.publish("gatehouse/1/court/lifts/up/event", b"enrolled anew")
        heard = anew.welcome and not anew.gone.wait(0.5)
        anew.close()
        return heard

    until(comes_in_again)
    until(lambda: ("gatehouse/1/court/lifts/up/event", b"enrolled anew") in hub.heard)
    for one in (lifts, water, hub, back):
        one.close()


def test_the_hub_s_probe_tells_a_closed_broker_from_an_open_one(estate, tmp_path):
    closed = LinkSettings(HOST, estate.broker.port, "hub", tls=ssl.create_default_context())
    assert not lets_in_anybody(closed)
    with Mosquitto(tmp_path) as anonymous:
        assert lets_in_anybody(LinkSettings(HOST, anonymous.port, "hub", "hub", "x"))
    with pytest.raises(OSError, match="refused"):
        lets_in_anybody(LinkSettings(HOST, anonymous.port, "hub"))
