import pytest

DEVICE, AGENT = "device-silent", "agent-silent"


def device(bench):
    return bench(DEVICE, "fw-b1-top")  # its kind may be silent for 60 s


def agent(bench):
    return bench(AGENT, "water-west")


def test_a_device_is_silent_after_its_kinds_time(bench):
    rig = device(bench).say(0, pressure=0.1).say(30, pressure=0.1)
    assert rig.until(89.9).seen() == []
    assert rig.until(90).seen() == [(DEVICE, True, 90)]
    assert rig.findings[0].detail == {"last_heard": rig.ms(30), "allowed_s": 60}


def test_a_device_that_never_spoke_is_silent_too(bench):
    rig = device(bench)
    assert rig.rule.due(rig.state) == 0
    rig.tick(5)
    assert rig.until(64.9).seen() == []
    assert rig.until(65).seen() == [(DEVICE, True, 65)]


def test_one_word_does_not_bring_a_silent_device_back(bench):
    rig = device(bench).say(0, pressure=0.1).until(60)
    rig.say(100, pressure=0.1).say(104.9, pressure=0.1)
    assert rig.seen() == [(DEVICE, True, 60)]
    assert rig.say(105, pressure=0.1).seen() == [(DEVICE, True, 60), (DEVICE, False, 100)]


def test_words_too_far_apart_do_not_bring_it_back_either(bench):
    rig = device(bench).say(0, pressure=0.1).until(60)
    for at in (100, 200, 300):
        rig.say(at, pressure=0.1)
    assert rig.seen() == [(DEVICE, True, 60)]


def test_a_backlog_does_not_make_a_dead_device_look_alive(bench):
    rig = device(bench).say(0, pressure=0.1).until(60)
    for at in range(1, 30):
        rig.say(at, received=500, late=True, pressure=0.1)
    assert rig.until(600).seen() == [(DEVICE, True, 60)]


def test_a_clock_ahead_does_not_buy_time(bench):
    rig = device(bench).say(3600, received=0, pressure=0.1)
    assert rig.until(60).seen() == [(DEVICE, True, 60)]


def test_after_its_own_absence_the_hub_waits_once_more(bench):
    rig = device(bench).say(0, pressure=0.1).tick(1000)
    assert rig.seen() == []
    assert rig.until(1060).seen() == [(DEVICE, True, 1060)]


def test_after_its_own_absence_the_hub_hears_a_living_device(bench):
    rig = device(bench).say(0, pressure=0.1).tick(1000).say(1010, pressure=0.1)
    assert rig.until(1069).seen() == []


def test_neither_heartbeats_nor_data_for_30_s_is_a_silent_agent(bench):
    rig = agent(bench).say(0, state="online").say(3)
    assert rig.until(32.9).seen() == []
    assert rig.until(33).seen() == [(AGENT, True, 33)]
    assert rig.findings[0].detail == {"last_heard": rig.ms(3), "last_will": False}


@pytest.mark.parametrize("sign", [{}, {"state": "online"}])
def test_either_sign_alone_keeps_an_agent_alive(bench, sign):
    rig = agent(bench)
    for at in range(0, 600, 25):
        rig.say(at, **sign)
    assert rig.seen() == []


def test_a_last_will_counts_when_nothing_is_heard_after_it(bench):
    rig = agent(bench).say(0, state="online").say(2, state="offline")
    assert rig.until(11.9).seen() == []
    assert rig.until(12).seen() == [(AGENT, True, 12)]


def test_a_last_will_alone_does_not_decide(bench):
    rig = agent(bench).say(0, state="online").say(2, state="offline").say(5)
    assert rig.until(34).seen() == []


def test_a_link_that_flaps_for_ten_minutes_is_one_episode_at_most(bench):
    rig = agent(bench).say(0, state="online")
    for at in range(2, 600, 4):
        rig.say(at, state="offline").say(at + 2, state="online")
    assert rig.seen() == []


def test_a_silent_agent_is_back_when_it_is_heard_for_a_while(bench):
    rig = agent(bench).say(0, state="online").until(30)
    for at in (50, 55, 59.9):
        rig.say(at, state="online")
    assert rig.seen() == [(AGENT, True, 30)]
    assert rig.say(60).seen() == [(AGENT, True, 30), (AGENT, False, 50)]


def test_another_last_will_starts_the_coming_back_anew(bench):
    rig = agent(bench).say(0, state="online").until(30)
    rig.say(50, state="online").say(55, state="offline").say(56, state="online")
    rig.say(61, state="online")
    assert rig.seen() == [(AGENT, True, 30)]
    assert rig.say(66, state="online").seen() == [(AGENT, True, 30), (AGENT, False, 56)]


def test_a_dead_agent_is_told_once(bench):
    rig = agent(bench).say(0, state="online").until(30)
    for at in range(31, 2000, 7):
        rig.say(at, state="offline").tick(at + 1)
    assert rig.seen() == [(AGENT, True, 30)]


def test_after_its_own_absence_the_hub_gives_agents_their_time(bench):
    rig = agent(bench).say(0, state="online").tick(1000).say(1020, state="online")
    assert rig.until(1049).seen() == []
