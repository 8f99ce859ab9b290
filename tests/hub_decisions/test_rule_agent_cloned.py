from hub.rules.agent_cloned import CLONED, AgentClonedRule
from hub.rules.contract import Reading
from hub.rules.hub_certificates import DAYS, ENDING, NAME, HubCertificatesRule, Settings

A, B, C = "a" * 16, "b" * 16, "c" * 16
S = 1000


def played(*heard, alone_s=600):
    """(second, run, state) one after the other; what was found, by second."""
    rule = AgentClonedRule("gates", alone_s * S)
    state, found = rule.initial(), []
    for second, run, *more in heard:
        signals = {"state": more[0] if more else "online", "run": run}
        reading = Reading("court", "gates", "agent", second * S, second * S, signals)
        state, findings = rule.step(state, reading, second * S)
        found += [(one.condition, one.active, one.at // S) for one in findings]
    return found


def test_heartbeats_of_one_machine_are_nothing():
    assert played(*((second, A) for second in range(0, 100, 5))) == []


def test_restarts_are_nothing_however_many():
    assert played(*((second, f"{second:016x}") for second in range(200))) == []


def test_two_that_alternate_are_alarmed_at_the_first_return():
    """The clone at 10 s throws the other off, which is back at once: within 5 s in any case."""
    assert played((0, A), (5, A), (10, B), (11, A)) == [(CLONED, True, 11)]
    assert played((0, A), (5, A), (7, B), (10, A), (12, B), (15, A)) == [(CLONED, True, 10)]


def test_what_the_first_says_after_a_third_came_counts_too():
    assert played((0, A), (5, B), (10, C), (12, A)) == [(CLONED, True, 12)]


def test_a_last_will_and_data_without_a_number_say_nothing_of_who_speaks():
    heard = [(0, A), (5, B), (6, A, "offline"), (7, ""), (8, B)]
    assert played(*heard) == []


def test_it_is_over_when_a_single_one_was_heard_for_long():
    heard = [(0, A), (5, B), (7, A), *((second, A) for second in range(10, 700, 5))]
    assert played(*heard) == [(CLONED, True, 7), (CLONED, False, 610)]
    again = [*heard, (705, B), (706, A)]
    assert played(*again)[-1] == (CLONED, True, 706)


def test_a_certificate_that_ends_soon_is_told_once_and_is_over_when_it_was_renewed():
    rule, found = HubCertificatesRule("hub", Settings(days=30.0)), []
    state = rule.initial()
    for days in (200.0, 31.0, 29.9, 20.0, -1.0, 364.0, 300.0):
        signals = {DAYS: days, NAME: "court/gates"}
        reading = Reading("court", "hub", "hub", 5, 5, signals)
        state, findings = rule.step(state, reading, 5)
        found += [(one.condition, one.active, one.detail["value"]) for one in findings]
    assert found == [(ENDING, True, 29.9), (ENDING, False, 364.0)]
    disk = Reading("court", "hub", "hub", 5, 5, {"disk_free_gb": 1.0})
    assert rule.step(state, disk, 5) == (state, ())
