"""What every rule promises, whatever it is told."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.config import load_alarms, load_rules, load_site
from hub.rules import (
    Reading,
    bind_agent,
    bind_device,
    bind_shared,
    decode_state,
    encode_state,
    read_settings,
)
from hub.rules.registry import load
from wire.kinds import load as load_kinds

START = 1_800_000_000_000

pressures = st.one_of(
    st.floats(0, 1.2).map(lambda value: round(value, 3)),
    st.sampled_from([None, 0.06, 0.07, 0.08, 0.16, -3.0, 99.0, True, "x", math.inf]),
)
events = st.sampled_from(
    ["granted", "denied", "exit-button", "remote-open", "opened", "closed", "state", None, "odd"]
)
flags = st.sampled_from([True, False, None])
SIGNALS = {
    "water-pressure": st.fixed_dictionaries({"pressure": pressures}),
    "gate": st.fixed_dictionaries({"event": events}, optional={"open": flags, "fire": flags}),
    "barrier": st.fixed_dictionaries(
        {
            "event": st.sampled_from(
                [
                    *("seen", "passed", "passed", "opened", "opened", "closed", "struck"),
                    *("held", "released", "remote-open", "manual-open", "state", None, "odd"),
                ]
            )
        },
        optional={
            "arm": st.sampled_from(["open", "closed", "moving", "broken", None, 1.0]),
            "loop": flags,
            "fire": flags,
            "plate": st.sampled_from(["a1" * 32, "b2" * 32, None]),
            "plate_grammar": st.sampled_from(["ok", "odd", None]),
            "confidence": st.sampled_from([99.0, 20.0, None, True]),
            "direction": st.sampled_from(["in", "out", None]),
            "result": st.sampled_from(["allowed", "denied", None]),
        },
    ),
    "agent": st.one_of(
        st.just({}), st.fixed_dictionaries({"state": st.sampled_from(["online", "offline"])})
    ),
}


@st.composite
def stories(draw, kind):
    """Readings and ticks in the hub's order; event times stray, and some are late."""
    now, story = START, []
    for _ in range(draw(st.integers(1, 40))):
        now += draw(st.integers(0, 30_000))
        if draw(st.booleans()) and draw(st.booleans()):
            story.append(now)
            continue
        at = now - draw(st.sampled_from([0, 0, 0, 50, 900, 4000, 40_000, -2000]))
        late = draw(st.integers(0, 9)) == 0
        signals = draw(SIGNALS[kind])
        story.append(Reading("jinxiu", "subject", kind, at, now, signals, late))
    return story


def rules_of(configs):
    site = load_site(configs / "sites" / "jinxiu.toml")
    alarms = load_alarms(configs / "alarms")
    given_settings = read_settings(
        load_rules(configs / "rules"), alarms, directory=configs / "rules"
    )
    gauge, gate, agent = site.device("fw-b2-top"), site.device("gate-east"), site.agents[0]
    barrier = site.device("barrier-in")
    kinds = load_kinds()
    return [
        *(
            ("water-pressure", r)
            for r in bind_device(site, gauge, kinds[gauge.kind], given_settings)
        ),
        *(("gate", r) for r in bind_device(site, gate, kinds[gate.kind], given_settings)),
        *(
            ("barrier", r)
            for bind in (bind_device, bind_shared)
            for r in bind(site, barrier, kinds["barrier"], given_settings)
        ),
        *(("agent", r) for r in bind_agent(site, agent, given_settings)),
    ]


@pytest.fixture(scope="module")
def cast(configs):
    return rules_of(configs)


def play(rule, story, state=None):
    """Run a story, ticking whatever is due before each line, as the pipeline does."""
    state = rule.initial() if state is None else state
    findings = []
    for line in story:
        now = line.received if isinstance(line, Reading) else line
        while (due := rule.due(state)) is not None and due <= now:
            moment = max(due, START)
            state, found = rule.tick(state, moment)
            findings.extend(found)
        if isinstance(line, Reading):
            state, found = rule.step(state, line, now)
        else:
            state, found = rule.tick(state, now)
        findings.extend(found)
    return state, findings


def each_rule(check):
    """Run a property for each rule with stories of its kind."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def run(cast, data):
        kind, rule = data.draw(st.sampled_from(cast), label="rule")
        check(rule, data.draw(stories(kind), label="story"), data)

    return run


@each_rule
def test_a_state_survives_being_stored(rule, story, data):
    state, _ = play(rule, story)
    text = encode_state(state)
    again = decode_state(rule.state_type, text)
    assert again == state
    assert encode_state(again) == text


@each_rule
def test_a_restart_anywhere_changes_nothing(rule, story, data):
    cut = data.draw(st.integers(0, len(story)))
    whole_state, whole = play(rule, story)
    state, first = play(rule, story[:cut])
    stored = decode_state(rule.state_type, encode_state(state))
    state, second = play(rule, story[cut:], stored)
    assert (state, first + second) == (whole_state, whole)


@each_rule
def test_a_second_tick_at_the_same_moment_does_nothing(rule, story, data):
    state, _ = play(rule, story)
    now = max(one.received if isinstance(one, Reading) else one for one in story)
    now += data.draw(st.integers(0, 200_000))
    ticked, _ = rule.tick(state, now)
    assert rule.tick(ticked, now) == (ticked, ())


@each_rule
def test_nothing_happens_before_it_is_due(rule, story, data):
    state, _ = play(rule, story)
    due = rule.due(state)
    now = max(one.received if isinstance(one, Reading) else one for one in story)
    moment = now + 3_600_000 if due is None else max(START, due - 1)
    if due is None or moment < due:
        assert rule.tick(state, moment) == (state, ())


@each_rule
def test_a_tick_moves_what_was_due(rule, story, data):
    """Otherwise the pipeline would tick for ever."""
    state, _ = play(rule, story)
    for _ in range(20):
        due = rule.due(state)
        if due is None:
            return
        state, _ = rule.tick(state, max(due, START))
        after = rule.due(state)
        assert after is None or after > due


@each_rule
def test_what_ends_has_begun(rule, story, data):
    _, findings = play(rule, story)
    standing = set()
    for one in findings:
        key = (one.condition, one.late)
        if one.active:
            standing.add(key)
        else:
            assert key in standing, findings
            standing.discard(key)


@each_rule
def test_findings_name_the_rules_own_conditions_and_plain_figures(rule, story, data):
    _, findings = play(rule, story)
    for one in findings:
        assert one.condition in load()[rule.id].conditions
        for value in one.detail.values():
            assert value is None or isinstance(value, int | float | str | bool)
            assert not isinstance(value, float) or math.isfinite(value)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_late_readings_never_change_what_is_found_live(cast, data):
    """But for grants: a door's live side may hear of one that came late."""
    kind, rule = data.draw(st.sampled_from([one for one in cast if one[0] == "water-pressure"]))
    story = data.draw(stories(kind))
    # Time passes all the same when a late reading is left out.
    live_only = [one.received if isinstance(one, Reading) and one.late else one for one in story]
    _, with_late = play(rule, story)
    _, without = play(rule, live_only)
    if rule.id == "device-silent":
        return
    assert [one for one in with_late if not one.late] == without


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_forced_openings_are_the_same_in_any_order_within_ten_seconds(cast, data):
    rule = next(rule for kind, rule in cast if rule.id == "door")
    at, told = START, []
    for _ in range(data.draw(st.integers(1, 6))):
        at += data.draw(st.integers(1100, 2500))
        event = data.draw(st.sampled_from(["opened", "closed", "granted", "denied"]))
        told.append(Reading("jinxiu", "subject", "gate", at, 0, {"event": event}))
    told = [one for one in told if one.at - told[0].at < 9_000]
    heard = told[-1].at + 100
    expected = forced_in(rule, told, heard)
    shuffled = data.draw(st.permutations(told))
    assert forced_in(rule, shuffled, heard) == expected


def forced_in(rule, told, heard):
    story = [one._replace(received=heard) for one in told]
    _, findings = play(rule, [*story, heard + 1000])
    return {one.at for one in findings if one.condition == "door-forced" and one.active}
