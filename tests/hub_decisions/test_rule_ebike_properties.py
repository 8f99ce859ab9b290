"""Whatever frames and contacts say, in whatever order: the hold is capped, fresh and lets go."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.rules import Reading, decode_state, encode_state
from hub.rules.ebike import EbikeRule
from hub.rules.ebike_settings import Own, Settings, limits_of
from hub.rules.ebike_state import State
from wire.elevator import Seen, encode_seen

START = 1_800_000_000_000
LIMITS = limits_of(Settings(hold_cap_s=30.0, hold_rest_s=40.0, quiet_s=10.0), Own())
RULE = EbikeRule("lift", LIMITS)

scores = st.sampled_from([0.0, 0.0, 0.4, 0.9, 0.9])


@st.composite
def readings(draw):
    """Mostly frames at 2.5 a second, now and then a contact, a gap, a fault or a backlog."""
    now, told = START, []
    for _ in range(draw(st.integers(1, 80))):
        now += draw(st.sampled_from([400, 400, 400, 400, 400, 3000, 20_000]))
        at = now - draw(st.sampled_from([0, 0, 0, 100, 900, 5000, 9000, -3000]))
        kind = draw(st.integers(0, 19))
        if kind == 0:
            says = {"fire": draw(st.booleans())}
        elif kind == 1:
            says = {"door_open": draw(st.booleans()), "moving": draw(st.booleans()), "floor": 3.0}
        elif kind == 2:
            says = {"ordered": "release"}  # no reading: see `stepped`
        elif kind == 3:
            says = {"vision": "fault"}
        elif kind == 4:
            says = {"picture": draw(st.sampled_from(["ok", "black"]))}
        else:
            score = draw(scores)
            seen = [Seen(score, (0.2, 0.2, 0.8, 0.8))] if score else []
            says = {"ebike_boxes": encode_seen(seen), "vision": "ok"}
            says |= {"suspicion_from": 0.3, "alarm_from": 0.5}
        told.append(Reading("s", "lift", "elevator-camera", at, now, says, late=kind == 5))
    return told


def stepped(state, one):
    if "ordered" in one.signals:
        return RULE.ordered(state, one.signals["ordered"], one.received)[0]
    return RULE.step(state, one, one.received)[0]


def played(story, state=None):
    """Every moment at which something can change, with the state from then on."""
    state = State() if state is None else state
    for one in story:
        while (due := RULE.due(state)) is not None and due <= one.received:
            state, _ = RULE.tick(state, due)
            yield due, state
        state = stepped(state, one)
        yield one.received, state
    while (due := RULE.due(state)) is not None:
        state, _ = RULE.tick(state, due)
        yield due, state


def hold_spans(story):
    """[from, to) of the time in which a hold is wished; a wish ends by its own `until` at last."""
    spans, steps = [], list(played(story))
    for index, (now, state) in enumerate(steps):
        wish = next((w for w in RULE.wishes(state, now) if w.action == "hold"), None)
        if wish is None:
            continue
        end = steps[index + 1][0] if index + 1 < len(steps) else wish.until
        end = min(end, wish.until)
        if spans and spans[-1][1] == now:
            spans[-1][1] = end
        elif end > now:
            spans.append([now, end])
    return spans


@settings(max_examples=100, deadline=None)
@given(readings())
def test_no_hold_is_longer_than_the_cap_nor_holds_in_a_row(story):
    total, last = 0, None
    for start, end in hold_spans(story):
        if last is not None and start - last >= LIMITS.rest:
            total = 0
        total, last = total + end - start, end
        assert total <= LIMITS.cap


@settings(max_examples=100, deadline=None)
@given(readings())
def test_no_hold_outlives_the_last_frame_that_shows_one(story):
    shows = [
        min(one.received, one.at)
        for one in story
        if "ebike_boxes" in one.signals and one.signals["ebike_boxes"] and not one.late
    ]
    heard = [one.received for one in story if one.signals.get("ebike_boxes") and not one.late]
    for start, end in hold_spans(story):
        before = [at for at, came in zip(shows, heard, strict=True) if came < end]
        assert before
        assert end <= max(before) + LIMITS.fresh
        assert start >= min(heard)


@settings(max_examples=50, deadline=None)
@given(readings())
def test_the_session_comes_to_rest_when_nothing_more_is_said(story):
    *_, (_, last) = played(story)
    assert last.phase.value == "idle"
    assert RULE.wishes(last, START + 10**9) == ()


@settings(max_examples=50, deadline=None)
@given(readings(), st.data())
def test_duplicates_change_nothing(story, data):
    twice = []
    for one in story:
        twice.append(one)
        if "ebike_boxes" in one.signals and data.draw(st.booleans()):
            twice.append(one._replace())
    once_spans = hold_spans(story)
    assert hold_spans(twice) == once_spans


@settings(max_examples=50, deadline=None)
@given(readings(), st.data())
def test_a_crash_anywhere_leaves_the_same_wishes(story, data):
    cut = data.draw(st.integers(0, len(story)))
    state = State()
    for one in story[:cut]:
        while (due := RULE.due(state)) is not None and due <= one.received:
            state, _ = RULE.tick(state, due)
        state = stepped(state, one)
    stored = decode_state(State, encode_state(state))
    assert stored == state
    now = story[cut - 1].received if cut else START
    assert RULE.wishes(stored, now) == RULE.wishes(state, now)


@settings(max_examples=50, deadline=None)
@given(st.lists(scores, min_size=1, max_size=120))
def test_behind_a_shut_door_one_ride_is_one_alarm(shown):
    state, found = State(), []

    def say(at, says):
        nonlocal state
        now = START + at
        while (due := RULE.due(state)) is not None and due <= now:
            state, made = RULE.tick(state, due)
            found.extend(made)
        state, made = RULE.step(state, Reading("s", "lift", "elevator-camera", now, now, says), now)
        found.extend(made)

    def frame(at, score):
        seen = encode_seen([Seen(score, (0.2, 0.2, 0.8, 0.8))] if score else [])
        say(at, {"ebike_boxes": seen, "vision": "ok", "suspicion_from": 0.3, "alarm_from": 0.5})

    for step in range(5):
        frame(step * 400, 0.9)
    say(2_000, {"door_open": False, "moving": True})
    for step, score in enumerate([0.9, 0.9, *shown]):
        frame(2_200 + step * 400, score)
    assert state.phase.value == "riding"
    end = 2_400 + (len(shown) + 2) * 400
    say(end, {"door_open": True, "moving": False})
    for step in range(10):
        frame(end + 200 + step * 400, 0)
    assert [one.detail["outcome"] for one in found if not one.active] == ["rode"]
    assert {one.at for one in found if one.active} == {START}
