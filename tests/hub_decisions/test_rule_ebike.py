"""The elevator session on the bench: frames and contacts in, findings and wishes out."""

from pathlib import Path

import pytest

from hub.config import load_site
from hub.rules import bind_device
from hub.rules.ebike_session import HOLDING, TABLE, Effect, Event, Phase, move
from tests.hub_decisions.conftest import Bench
from wire.elevator import Seen, encode_seen
from wire.kinds import load as load_kinds

EBIKE = "ebike-in-elevator"
INSIDE = (0.4, 0.4, 0.6, 0.8)
BEYOND = (0.4, 0.0, 0.6, 0.15)  # through the open door, above the sill
SITE = """
id = "court"
name = { zh = "测试院", en = "Test court" }
building_class = "residential-high-rise"

[[agent]]
id = "lift"
name = { zh = "梯", en = "Lift" }

[[agent.device]]
id = "subject"
kind = "elevator-camera"
name = { zh = "梯", en = "Lift" }
place = { zh = "梯", en = "Lift" }
rules = ["ebike"]
settings = { cabin = [[0.0, 0.2], [1.0, 0.2], [1.0, 1.0], [0.0, 1.0]] }
"""


class Car(Bench):
    """Frames every 0.4 s, as under a watch lease."""

    def frames(self, start, end, score, *, box=INSIDE, **more):
        steps = round((end - start) / 0.4)
        for step in range(steps):
            self.frame(start + step * 0.4, score, box=box, **more)
        return self

    def frame(self, at, score, *, box=INSIDE, received=None, late=False, **more):
        boxes = encode_seen([Seen(score, box)] if score else [])
        says = {"ebike_boxes": boxes, "ebike_score": score, "vision": "ok"}
        says |= {"suspicion_from": 0.3, "alarm_from": 0.5, "model": "m"}
        return self.say(at, received=received, late=late, **says, **more)

    def order(self, at, action):
        self.run_to(self.ms(at))
        self.state, found = self.rule.ordered(self.state, action, self.ms(at))
        self.findings.extend(found)
        return self

    def wishes(self, at):
        self.run_to(self.ms(at))
        return {one.action: one for one in self.rule.wishes(self.state, self.ms(at))}

    @property
    def phase(self):
        return self.state.phase.value

    @property
    def outcomes(self):
        return [one.detail["outcome"] for one in self.findings if not one.active]


@pytest.fixture
def car(tmp_path: Path, rule_settings):
    file = tmp_path / "site.toml"
    file.write_text(SITE, encoding="utf-8")
    site = load_site(file)
    device = site.device("subject")
    (rule,) = bind_device(site, device, load_kinds()["elevator-camera"], rule_settings)
    return Car(rule, "elevator-camera")


def test_one_suspicious_frame_makes_the_hub_look_closely_and_no_more(car):
    car.frame(0, 0.9)
    assert car.phase == "suspicion"
    assert set(car.wishes(0.1)) == {"watch"}
    assert car.seen() == []


def test_a_second_frame_holds_the_door_and_speaks(car):
    car.frames(0, 0.8, 0.4)
    assert car.phase == "pre-hold"
    assert set(car.wishes(0.5)) == {"watch", "hold", "play-voice"}
    assert car.seen() == []


def test_frames_beyond_the_alarm_threshold_confirm_it(car):
    car.frames(0, 1.2, 0.9)
    assert car.phase == "confirmed"
    assert car.seen() == [(EBIKE, True, 0)]
    assert car.findings[0].detail["session"] == "confirmed"


def test_one_that_leaves_while_the_door_is_held_was_dissuaded(car):
    car.frames(0, 4, 0.9).frames(4, 8, 0)
    assert car.outcomes == ["dissuaded"]
    assert car.phase == "idle"
    assert car.wishes(8.1) == {}


def test_suspicion_alone_is_let_go_and_then_left_in_peace(car):
    car.frames(0, 9, 0.4)
    assert car.phase == "quiet"
    assert "hold" not in car.wishes(9)
    assert car.frames(9, 48, 0.4).phase == "quiet"
    assert car.seen() == []
    assert car.frames(60, 61, 0.4).phase == "pre-hold"


def test_in_quiet_time_a_certain_one_is_an_alarm_without_a_hold(car):
    car.frames(0, 9, 0.4).frames(9, 12, 0.9)
    assert car.phase == "let-go"
    assert [one[1] for one in car.seen()] == [True]
    assert "hold" not in car.wishes(12)


def test_one_confirmed_in_quiet_time_is_a_session_of_its_own(car):
    car.frames(0, 5, 0.4).say(5, door_open=False, moving=True).frames(5.2, 9, 0.4)
    assert car.phase == "quiet"
    car.frames(9.2, 20, 0).say(20, door_open=True, moving=False)
    car.frames(20.2, 21.4, 0.9)
    assert car.phase == "let-go"  # and not riding, as the ride before it was
    assert car.seen() == [(EBIKE, True, 20.2)]
    assert car.findings[0].detail["score"] == pytest.approx(0.9)


def test_one_confirmed_on_its_way_in_quiet_time_rides(car):
    car.frames(0, 9, 0.4).frames(9, 20, 0)
    car.say(20, door_open=False, moving=True).frames(20.2, 22, 0.9)
    assert car.phase == "riding"
    assert {one[2] for one in car.seen()} == {20.2}


def test_after_a_dismissed_one_the_next_is_a_session_of_its_own(car):
    car.frames(0, 4, 0.9).order(4, "release").frames(4.2, 9, 0.9)
    car.frames(9.2, 13, 0).frames(30, 32, 0.9)
    assert [one for one in car.seen() if one[1]] == [(EBIKE, True, 0), (EBIKE, True, 30)]


def test_no_frame_is_no_absence_but_ends_the_hold(car):
    car.frames(0, 4, 0.9)
    assert "hold" in car.wishes(5)
    assert "hold" not in car.wishes(9.7)
    assert car.phase == "let-go"
    assert car.outcomes == []
    car.until(200)
    assert car.outcomes == ["unknown"]


def test_a_detector_that_fails_counts_as_no_frame(car):
    car.frames(0, 4, 0.9)
    for step in range(20):
        car.say(4 + step * 0.4, vision="fault")
    assert car.phase == "let-go"
    assert car.outcomes == []


def test_a_covered_camera_says_nothing(car):
    car.frames(0, 4, 0.9).say(4, picture="covered")
    car.frames(4.1, 12, 0)
    assert car.outcomes == []
    car.say(12, picture="ok").frames(12.1, 16, 0)
    assert car.outcomes == ["left"]


def test_a_hold_is_capped_and_the_alarm_stands(car):
    car.frames(0, 92, 0.9)
    assert car.phase == "let-go"
    assert car.findings[-1].active
    assert car.findings[-1].detail["held_s"] == pytest.approx(90, abs=1)
    assert "hold" not in car.wishes(92)


def test_holds_in_a_row_share_one_cap(car):
    start = 0.0
    held = 0.0
    for _ in range(8):
        for step in range(50):
            at = start + step * 0.4
            car.frame(at, 0.9)
            held += 0.4 * ("hold" in car.wishes(at + 0.01))
        car.frames(start + 20, start + 24, 0)
        start += 26
    assert held <= 91


def test_staff_release_ends_the_session_until_it_has_gone(car):
    car.frames(0, 4, 0.9).order(4, "release")
    assert car.outcomes == ["by-staff"]
    assert car.frames(4.1, 100, 0.9).phase == "dismissed"
    assert "hold" not in car.wishes(100)
    car.frames(100, 104, 0).frames(110, 112, 0.9)
    assert car.phase == "confirmed"


def test_what_is_still_seen_long_after_staff_let_go_alarms_again_without_a_hold(car):
    car.frames(0, 4, 0.9).order(4, "release").frames(4.4, 1800, 0.9)
    assert car.phase == "dismissed"
    before = len(car.seen())
    held = False
    for step in range(100):
        at = 1800.4 + step * 0.4
        held |= "hold" in car.frame(at, 0.9).wishes(at)
    assert not held
    ((condition, active, at),) = set(car.seen()[before:])  # told again once it counts as riding
    assert (condition, active) == (EBIKE, True)
    assert 1790 <= at <= 1815
    car.order(1841, "release").frames(1841.2, 1900, 0.9)
    assert car.phase == "dismissed"


def test_a_still_car_is_watched_on_after_staff_release_or_the_next_one_would_not_be_seen(car):
    car.frames(0, 4, 0.9).order(4, "release").frames(4.2, 6, 0.9)
    at = 6.0
    while "watch" in car.wishes(at):  # without, a still car shows one frame in 30 s
        car.frame(at, 0)
        at += 0.5
    assert 6 + 2.5 <= at < 12
    car.frames(60, 62, 0.9)
    assert [one for one in car.seen() if one[1]] == [(EBIKE, True, 0), (EBIKE, True, 60)]


def test_a_fire_ends_the_hold_and_forbids_another(car):
    car.frames(0, 4, 0.9).say(4, fire=True)
    assert car.phase == "let-go"
    car.frames(4.1, 8, 0).frames(9, 12, 0.9)
    assert "hold" not in car.wishes(12)


def test_a_car_that_leaves_with_it_says_to_which_floor(car):
    car.frames(0, 92, 0.9, door_open=True, floor=1.0)
    car.say(92, door_open=False, moving=True).frames(93, 100, 0.9)
    assert car.phase == "riding"
    car.say(100, door_open=True, moving=False, floor=9.0).frames(101, 105, 0)
    assert car.outcomes == ["rode"]
    assert car.findings[-1].detail["floor"] == 9


def test_without_contacts_one_that_stays_on_is_riding(car):
    car.frames(0, 115, 0.9)
    assert car.phase == "riding"


def test_without_contacts_a_clear_cabin_ends_the_ride(car):
    car.frames(0, 115, 0.9).frames(115, 119, 0)
    assert car.outcomes == ["rode"]


@pytest.fixture
def riding(car):
    """Since 4 s, with the door shut; last seen at 8.6 s."""
    car.frames(0, 4, 0.9, door_open=True, moving=False, floor=1.0)
    car.say(4, door_open=False, moving=True).frames(4.2, 8.9, 0.9)
    assert car.phase == "riding"
    return car


def test_behind_a_shut_door_one_that_is_not_recognised_is_still_there(riding):
    riding.frames(9, 20, 0).frames(20, 24, 0.9).frames(24, 30, 0)
    assert riding.phase == "riding"
    riding.say(30, door_open=True, moving=False, floor=9.0).frames(30.2, 34, 0)
    assert riding.outcomes == ["rode"]
    assert {one[2] for one in riding.seen() if one[1]} == {0}


def test_a_car_that_stands_with_its_door_shut_lets_none_out_either(riding):
    riding.say(9, door_open=False, moving=False).frames(9.2, 20, 0)
    assert riding.phase == "riding"


def test_what_was_not_seen_before_the_door_opened_is_not_gone_when_it_does(riding):
    riding.frames(9, 20, 0).say(20.1, door_open=True, moving=False)
    riding.frames(20.2, 22.2, 0).frames(22.2, 23, 0.9).frames(23, 25, 0)
    assert riding.phase == "riding"
    assert riding.frames(25, 26.5, 0).outcomes == ["rode"]


def test_one_that_left_before_the_door_shut_again_is_gone(riding):
    riding.say(9, door_open=True, moving=False).frames(9.2, 10, 0.9)
    riding.say(10, door_open=False, moving=False).frames(10.2, 13, 0)
    assert riding.outcomes == ["rode"]


def test_a_door_that_nothing_was_heard_of_for_long_may_be_open(riding):
    riding.frames(9, 70, 0.9).frames(70, 73.5, 0)
    assert riding.phase == "riding"
    assert riding.frames(73.5, 80, 0).outcomes == ["rode"]


def test_a_shut_door_does_not_keep_for_ever_what_nothing_shows(riding):
    for at in range(9, 90, 27):
        riding.say(at, door_open=False, moving=False).frames(at + 0.2, at + 27, 0)
    assert riding.phase == "riding"
    assert riding.frames(90, 105, 0).outcomes == ["rode"]


def test_a_door_contact_that_is_not_wired_leaves_it_to_the_motion(car):
    car.frames(0, 4, 0.9).say(4, moving=True).frames(4.2, 8, 0.9).frames(8, 14, 0)
    assert car.phase == "riding"
    assert car.say(14, moving=False).frames(14.2, 18, 0).outcomes == ["rode"]


def test_a_door_that_shuts_behind_one_let_go_keeps_it_too(car):
    car.frames(0, 4, 0.9, door_open=True).say(4, fire=True)
    car.say(5, door_open=False, moving=False).frames(5.2, 5.5, 0.9).frames(5.6, 12, 0)
    assert car.phase == "let-go"
    assert car.say(12, door_open=True).frames(12.2, 16, 0).outcomes == ["left"]


def test_one_that_staff_let_ride_makes_no_second_alarm_on_its_way(riding):
    riding.order(9, "release").frames(9.2, 20, 0).frames(20, 24, 0.9)
    assert riding.phase == "dismissed"
    assert riding.outcomes == ["by-staff"]
    riding.say(24, door_open=True, moving=False).frames(24.2, 28, 0)
    assert riding.phase == "idle"


def test_one_beyond_the_open_door_does_not_count(car):
    assert car.frames(0, 8, 0.9, box=BEYOND).phase == "idle"


def test_a_backlog_never_holds_a_door(car):
    for step in range(20):
        car.frame(step * 0.4, 0.9, received=20 + step * 0.01)
        assert "hold" not in car.wishes(20 + step * 0.01)
    assert car.phase == "let-go"
    assert car.seen()[0] == (EBIKE, True, 0)


def test_late_frames_are_recorded_silently(car):
    for step in range(10):
        car.frame(step * 0.4, 0.9, received=400, late=True)
    for step in range(10, 20):
        car.frame(step * 0.4, 0, received=400, late=True)
    assert [(one.active, one.late) for one in car.findings] == [(True, True), (False, True)]
    assert car.phase == "idle"


def test_the_same_frame_twice_is_one(car):
    for _ in range(5):
        car.frame(0, 0.9)
    assert car.phase == "suspicion"


def test_the_voice_is_repeated_while_the_door_is_held_and_told_apart(car):
    said = set()
    for step in range(100):
        car.frame(step * 0.4, 0.9)
        if wish := car.wishes(step * 0.4 + 0.01).get("play-voice"):
            said.add(wish.once)
    assert len(said) == 4


@pytest.mark.parametrize("text", ["x", "1,2,3", "1,2,3,4,5,6", "900,1,1,1,9999", "-1,0,0,0,0", ";"])
def test_boxes_that_cannot_be_read_are_no_frame(car, text):
    car.say(0, ebike_boxes=text, vision="ok", suspicion_from=0.3, alarm_from=0.5)
    assert car.state.heard is None


def test_every_phase_can_reach_idle():
    reaches = {Phase.IDLE}
    while True:
        more = {phase for (phase, _), made in TABLE.items() if made.phase in reaches} - reaches
        if not more:
            break
        reaches |= more
    assert reaches == set(Phase)


def test_the_table_fails_open():
    for phase in HOLDING:
        for event in (Event.LOST, Event.CAP, Event.FIRE, Event.STAFF, Event.CLEAR):
            made = move(phase, event)
            assert made.phase not in HOLDING
            assert Effect.RELEASE in made.effects
    for (phase, _), made in TABLE.items():
        held, holds = phase in HOLDING, made.phase in HOLDING
        assert (Effect.HOLD in made.effects) == (holds and not held)
        assert (Effect.RELEASE in made.effects) == (held and not holds)
