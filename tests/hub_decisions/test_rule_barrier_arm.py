import pytest

from hub.config import load_site
from hub.rules import bind_device
from wire.kinds import load

STRUCK, HELD = "barrier-struck", "barrier-held-up"


@pytest.fixture
def rig(bench):
    return bench("barrier-arm", "barrier-in")


def test_blow_alarms_until_the_arm_works_again(rig):
    rig.say(0, event="state", arm="closed").say(10, event="struck", arm="broken")
    rig.say(20, event="state", arm="broken").say(40, event="state", arm="moving")
    assert rig.seen() == [(STRUCK, True, 10)]
    assert rig.say(60, event="state", arm="closed").seen()[1:] == [(STRUCK, False, 60)]


def test_broken_arm_alarms_even_when_nobody_told_of_the_blow(rig):
    assert rig.say(5, event="state", arm="broken").seen() == [(STRUCK, True, 5)]


def test_second_blow_on_a_broken_arm_is_the_same_alarm(rig):
    rig.say(5, event="struck").say(6, event="struck").say(7, event="state", arm="broken")
    assert rig.seen() == [(STRUCK, True, 5)]


def test_blow_told_after_the_arm_was_found_whole_is_over_at_once(rig):
    rig.say(10, event="closed").say(8, received=11, event="struck", arm="broken")
    assert rig.seen() == [(STRUCK, True, 8), (STRUCK, False, 10)]


def test_arm_that_stands_up_with_nothing_in_sight_is_held_up(rig):
    rig.say(0, event="opened", arm="open").until(60.4)
    assert rig.seen() == []
    assert rig.until(60.5).seen() == [(HELD, True, 60)]
    assert rig.findings[0].detail == {"up_since": rig.start, "allowed_s": 60.0}
    assert rig.say(100, event="closed").seen()[1:] == [(HELD, False, 100)]


@pytest.mark.parametrize("event", ["passed", "seen", "remote-open", "manual-open"])
def test_vehicle_or_order_gives_the_arm_its_whole_time_once_more(rig, event):
    rig.say(0, event="opened").say(50, event=event).until(110)
    assert rig.seen() == []
    assert rig.until(111).seen() == [(HELD, True, 110)]


def test_stream_of_cars_keeps_the_arm_up_without_alarm(rig):
    rig.say(0, event="opened")
    for at in range(0, 600, 20):
        rig.say(at, event="seen").say(at + 5, event="passed")
    assert rig.say(600, event="closed").until(1000).seen() == []


def test_vehicle_on_the_loop_explains_the_arm_until_it_leaves(rig):
    rig.say(0, event="opened").say(1, event="state", loop=True, arm="open")
    assert rig.until(500).seen() == []
    rig.say(500, event="state", loop=False, arm="open")
    assert rig.until(559).seen() == []
    assert rig.until(561).seen() == [(HELD, True, 560)]


def test_fire_keeps_the_arm_up_without_alarm(rig):
    rig.say(0, event="state", arm="open", fire=True).until(1000)
    assert rig.seen() == []
    assert rig.say(1000, event="state", arm="open", fire=False).until(1061).seen() == [
        (HELD, True, 1060)
    ]


def test_lease_keeps_the_arm_up_as_long_as_a_lease_can_last(rig):
    rig.say(0, event="held").say(1, event="opened").until(179)
    assert rig.seen() == []
    assert rig.until(181).seen() == [(HELD, True, 180)]


def test_end_of_the_lease_is_told_and_counts(rig):
    rig.say(0, event="held").say(1, event="opened").say(30, event="released")
    assert rig.until(91).seen() == [(HELD, True, 90)]


def test_lowered_arm_ends_the_waiting(rig):
    rig.say(0, event="opened").say(59.9, event="closed").until(500)
    assert rig.seen() == []


def test_older_position_than_the_newest_moves_nothing(rig):
    rig.say(10, event="closed").say(5, received=11, event="opened").until(500)
    assert rig.seen() == []


def test_hub_that_was_away_waits_for_the_backlog_before_it_speaks(rig):
    rig.say(0, event="opened").tick(300)
    assert rig.seen() == []
    assert rig.say(20, received=302, event="closed").until(900).seen() == []


def test_hub_that_was_away_speaks_when_no_backlog_comes(rig):
    rig.say(0, event="opened").tick(300)
    assert rig.until(306).seen() == [(HELD, True, 60)]


def test_damage_ends_being_held_up(rig):
    rig.say(0, event="opened").until(61).say(70, event="struck")
    assert rig.seen() == [(HELD, True, 60), (STRUCK, True, 70), (HELD, False, 70)]


def test_late_blow_is_found_late_and_the_live_side_knows_nothing(rig):
    rig.say(1000, event="closed")
    live = rig.state.live
    rig.say(0, received=1001, late=True, event="struck", arm="broken")
    assert [(one.condition, one.active, one.late) for one in rig.findings] == [(STRUCK, True, True)]
    assert rig.state.live == live


def test_site_may_give_one_arm_more_time(configs, rule_settings):
    site = load_site(configs / "sites" / "jinxiu.toml")
    device = site.device("barrier-out").model_copy(update={"settings": {"max_up_s": 300}})
    rules = bind_device(site, device, load()["barrier"], rule_settings)
    assert next(one for one in rules if one.id == "barrier-arm").max_up == 300_000
