"""A building without power or network: one alarm that explains all that is silent with it."""

import pytest

from hub.pipeline import Priority
from hub.rules import Finding
from hub.rules.hub_broker import CONNECTED
from hub.store.schema import alert
from tests.hub_machinery import estate
from tests.hub_machinery.estate import SITE, T0, a_line, done

DEVICE = """
[[agent.device]]
id = "{id}"
kind = "gate"
name = {{ zh = "门", en = "{id}" }}
place = {{ zh = "门", en = "Door" }}
building = "{building}"
"""


def a_site():
    """Two buildings. In b1 stand agents gates and cars; far stands in b2 and speaks for both."""
    text = f'id = "{SITE}"\nname = {{ zh = "院", en = "Court" }}\n'
    for building in ("b1", "b2"):
        text += f'[[building]]\nid = "{building}"\nname = {{ zh = "楼", en = "{building}" }}\n'
        text += "floors = 9\n"
    for agent, where, devices in (
        ("gates", "b1", {"door-1": "b1", "door-2": "b2"}),
        ("cars", "b1", {"car-1": "b1"}),
        ("far", "b2", {"far-1": "b1", "far-2": "b2"}),
    ):
        text += f'[[agent]]\nid = "{agent}"\nbuilding = "{where}"\n'
        text += "".join(DEVICE.format(id=one, building=at) for one, at in devices.items())
    return text


class Court:
    def __init__(self, line):
        self.line, self.now = line, T0

    def find(self, condition, device, *, active=True):
        self.now += 1000
        finding = Finding(condition, device, active=active, at=self.now)
        pipeline = self.line.pipeline
        alerting = pipeline._alerting
        done(pipeline.write(Priority.LIFE, self.now, lambda w: alerting.apply(w, SITE, finding)))

    def silent(self, *names):
        for name in names:
            agent = name in {"gates", "cars", "far"}
            self.find("agent-silent" if agent else "device-silent", name)

    def heard(self, name):
        agent = name in {"gates", "cars", "far"}
        self.find("agent-silent" if agent else "device-silent", name, active=False)

    def to(self, seconds):
        self.now += seconds * 1000
        done(self.line.pipeline.tick(self.now))

    def state(self, device, condition):
        found = self.line.rows(alert, alert.c.device == device, alert.c.condition == condition)
        return found[-1] if found else None

    @property
    def dark(self):
        return self.state("b1", "building-dark")


@pytest.fixture
def court(tmp_path, monkeypatch):
    monkeypatch.setattr(estate, "SITE_FILE", a_site())
    with a_line(tmp_path) as line:
        yield Court(line)


def test_a_building_is_dark_once_all_that_bears_witness_of_it_is_silent(court):
    court.silent("gates", "cars")
    assert court.dark is None  # far-1 stands in it too, and is heard of
    court.silent("far-1")
    assert (court.dark["state"], court.dark["priority"]) == ("unacknowledged", "P1")
    assert court.dark["detail"] == {"silent": 3, "of": 3}
    assert court.dark["case_id"] is not None
    children = court.line.rows(alert, alert.c.parent == court.dark["id"])
    assert {row["device"]: row["state"] for row in children} == {
        "gates": "suppressed",
        "cars": "suppressed",
        "far-1": "suppressed",
    }
    assert court.dark["children"] == 3


def test_what_falls_silent_in_a_dark_building_is_explained_and_counted(court):
    court.silent("gates", "cars", "far-1")
    court.silent("door-1")  # behind gates, which is explained itself
    assert court.state("door-1", "device-silent")["state"] == "suppressed"
    court.find("pressure-low", "car-1")  # life safety is never explained away
    assert court.state("car-1", "pressure-low")["state"] == "unacknowledged"
    court.find("door-forced", "far-1")
    assert court.state("far-1", "door-forced")["state"] == "unacknowledged"
    court.silent("far-2")
    assert court.state("far-2", "device-silent")["state"] == "unacknowledged"  # another building


def test_a_device_behind_a_silent_agent_bears_no_witness(court):
    court.silent("far", "far-1", "far-2", "gates")
    assert court.dark is None
    court.silent("cars")
    assert court.dark["detail"] == {"silent": 2, "of": 2}


def test_the_first_that_is_heard_again_ends_it_and_who_stays_silent_is_told_of(court):
    court.silent("gates", "cars", "far-1")
    court.heard("cars")
    assert court.dark["returned_at"] is not None
    assert court.state("gates", "agent-silent")["state"] == "suppressed"
    court.to(130)
    assert court.state("gates", "agent-silent")["state"] == "unacknowledged"


def test_one_silent_agent_alone_is_no_dark_building(court):
    court.silent("far")
    assert court.state("b2", "building-dark") is None


def test_while_the_hub_itself_is_cut_off_that_is_the_one_alarm_and_no_building_is_told_as_dark(
    court,
):
    court.find("hub-cut-off", "hub")
    court.silent("gates", "cars", "far-1", "far", "far-2")
    told = [
        row["condition"]
        for row in court.line.rows(alert)
        if row["state"] in {"unacknowledged", "acknowledged"}
    ]
    assert told == ["hub-cut-off"]
    assert court.dark["state"] == "suppressed"
    assert court.dark["case_id"] is None
    court.find("hub-cut-off", "hub", active=False)
    court.heard("far")  # what lives is heard again; the building is dark all the same
    court.to(130)
    assert court.state("far", "agent-silent")["returned_at"] is not None
    assert court.dark["state"] == "unacknowledged"


def test_what_the_hub_says_of_its_broker_becomes_the_alarm_after_its_delay_and_ends_it(court):
    def say(connected, at):
        done(court.line.pipeline.felt({CONNECTED: connected}, at))

    say(False, T0)
    court.to(10)
    assert court.state("hub", "hub-cut-off") is None
    court.to(6)
    assert court.state("hub", "hub-cut-off")["at"] == T0
    court.line.restart()
    say(True, court.now)
    court.to(6)
    assert court.state("hub", "hub-cut-off")["returned_at"] is not None
