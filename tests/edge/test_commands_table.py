import random
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.actuation import verifier
from edge.commands import STATES, Fault, Scope, judge
from edge.lease_diagram import PAGE, page
from edge.leases import TABLE, Effect, LeaseEvent, LeaseState, move
from wire import Command, ReceiptState
from wire.command import NONCE_TTL_S
from wire.kinds import load as load_kinds

HUB = Ed25519PrivateKey.generate()
STRANGER = Ed25519PrivateKey.generate()
KINDS = load_kinds()
SCOPE = Scope(
    site="jinxiu",
    agent="gates",
    kinds={"gate-east": KINDS["gate"], "fw-1": KINDS["water-pressure"]},
    verify=verifier(HUB.public_key().public_bytes_raw().hex()),
)
GOOD = Command(
    id="1" * 32,
    site="jinxiu",
    agent="gates",
    device="gate-east",
    action="open",
    nonce="2" * 32,
    operator="guard-1",
)
HOLD = GOOD.model_copy(update={"action": "hold-open", "lease_s": 60.0})


def verdict(command: Command, *, age_s: float | None = 1.0, executed: bool = False) -> Fault | None:
    return judge(command.signed(HUB.sign), SCOPE, nonce_age_s=age_s, executed=executed)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"action": "release"}, None),
        ({"site": "other"}, Fault.ELSEWHERE),
        ({"agent": "other"}, Fault.ELSEWHERE),
        ({"device": "gate-west"}, Fault.UNKNOWN_DEVICE),
        ({"action": "explode"}, Fault.UNKNOWN_ACTION),
        ({"device": "fw-1"}, Fault.UNKNOWN_ACTION),
        ({"lease_s": 5.0}, Fault.WRONG_LEASE),
        ({"renews": "3" * 32}, Fault.WRONG_LEASE),
        ({"action": "hold-open"}, Fault.WRONG_LEASE),
        ({"action": "hold-open", "lease_s": 120.0}, None),
        ({"action": "hold-open", "lease_s": 0.1, "renews": "3" * 32}, None),
    ],
)
def test_signed_command(change: dict[str, object], fault: Fault | None) -> None:
    assert verdict(GOOD.model_copy(update=change)) is fault


def test_lease_longer_than_the_action_allows_is_refused() -> None:
    kind = KINDS["gate"]
    short = tuple(
        spec.model_copy(update={"max_lease_s": 30.0}) if spec.max_lease_s else spec
        for spec in kind.actions
    )
    scope = replace(SCOPE, kinds={"gate-east": kind.model_copy(update={"actions": short})})
    signed = HOLD.signed(HUB.sign)
    assert judge(signed, scope, nonce_age_s=1.0, executed=False) is Fault.WRONG_LEASE


@pytest.mark.parametrize(
    ("age_s", "fault"),
    [(0.0, None), (NONCE_TTL_S, None), (NONCE_TTL_S + 0.001, Fault.LATE), (None, Fault.LATE)],
)
def test_age_is_that_of_the_nonce(age_s: float | None, fault: Fault | None) -> None:
    assert verdict(GOOD, age_s=age_s) is fault


@pytest.mark.parametrize("age_s", [1.0, None])
def test_command_taken_on_before_is_not_done_again(age_s: float | None) -> None:
    assert verdict(GOOD, age_s=age_s, executed=True) is Fault.REPEATED


@pytest.mark.parametrize(
    "forged",
    [
        GOOD,
        GOOD.signed(STRANGER.sign),
        GOOD.signed(HUB.sign).model_copy(update={"device": "gate-west"}),
        GOOD.signed(HUB.sign).model_copy(update={"nonce": "4" * 32}),
        HOLD.signed(HUB.sign).model_copy(update={"lease_s": 120.0}),
        GOOD.model_copy(update={"site": "elsewhere"}).signed(STRANGER.sign),
        GOOD.signed(lambda _: b"\x00" * 64),
    ],
    ids=["unsigned", "stranger", "device", "nonce", "lease", "elsewhere", "zeros"],
)
def test_forged_command_is_seen_before_anything_else(forged: Command) -> None:
    assert judge(forged, SCOPE, nonce_age_s=None, executed=True) is Fault.FORGED


LIE = {
    "site": "elsewhere",
    "agent": "other",
    "device": "gate-west",
    "action": "release",
    "nonce": "4" * 32,
    "operator": "somebody",
    "id": "5" * 32,
    "case": "c-1",
}


def spoilt(
    draw: random.Random, good: Command, how: str
) -> tuple[Command, float | None, bool, Fault]:
    """A good command made bad, the age of its nonce, whether it ran before, and what is wrong."""
    age_s: float | None = draw.uniform(0.0, NONCE_TTL_S)
    if how == "bit":
        bits = bytearray(bytes.fromhex(good.signature))
        place = draw.randrange(len(bits) * 8)
        bits[place // 8] ^= 1 << place % 8
        return good.model_copy(update={"signature": bits.hex()}), age_s, False, Fault.FORGED
    if how == "field":
        field = draw.choice(sorted(LIE))
        return good.model_copy(update={field: LIE[field]}), age_s, False, Fault.FORGED
    if how == "stranger":
        return good.signed(STRANGER.sign), age_s, False, Fault.FORGED
    if how == "replayed":
        return good, age_s, True, Fault.REPEATED
    if how == "late":
        late_s = NONCE_TTL_S + draw.choice([0.001, 1.0, 3600.0, 1e9]) * draw.uniform(1.0, 9.0)
        return good, draw.choice([None, late_s]), False, Fault.LATE
    place = draw.choice(["site", "agent", "device"])
    elsewhere = good.model_copy(update={place: LIE[place]}).signed(HUB.sign)
    fault = Fault.UNKNOWN_DEVICE if place == "device" else Fault.ELSEWHERE
    return elsewhere, age_s, False, fault


def test_of_10000_forged_replayed_late_or_misdirected_commands_none_is_obeyed() -> None:
    draw = random.Random(1)
    ways = ("bit", "field", "stranger", "replayed", "late", "elsewhere")
    for number in range(10_000):
        action, lease_s = draw.choice([("open", 0.0), ("hold-open", draw.uniform(0.1, 120.0))])
        plain = GOOD.model_copy(
            update={"id": f"{number:032x}", "action": action, "lease_s": lease_s}
        )
        good = plain.signed(HUB.sign)
        if number % 20 == 0:
            assert judge(good, SCOPE, nonce_age_s=NONCE_TTL_S, executed=False) is None
        bad, age_s, executed, fault = spoilt(draw, good, ways[number % len(ways)])
        assert judge(bad, SCOPE, nonce_age_s=age_s, executed=executed) is fault


def test_without_a_pinned_key_nothing_is_obeyed() -> None:
    scope = replace(SCOPE, verify=None)
    assert judge(GOOD.signed(HUB.sign), scope, nonce_age_s=0.0, executed=False) is Fault.NO_KEY


def test_every_fault_has_its_receipt_and_a_repetition_has_none() -> None:
    assert set(STATES) == set(Fault)
    assert STATES[Fault.LATE] is ReceiptState.EXPIRED
    assert [fault for fault, state in STATES.items() if state is None] == [Fault.REPEATED]


def test_committed_diagram_is_that_of_the_table() -> None:
    root = Path(__file__).parents[2]
    assert (root / PAGE).read_text(encoding="utf-8") == page()


def test_every_lease_state_can_reach_free() -> None:
    def reaches_free(state: LeaseState) -> bool:
        seen, edge = {state}, {state}
        while edge:
            edge = {move(now, event).state for now in edge for event in LeaseEvent} - seen
            seen |= edge
        return LeaseState.FREE in seen

    assert all(reaches_free(state) for state in LeaseState)


@pytest.mark.parametrize("state", list(LeaseState))
def test_fire_overrides_every_state_and_never_locks(state: LeaseState) -> None:
    step = move(state, LeaseEvent.FIRE)
    assert step.state is LeaseState.FIRE
    assert not {Effect.LET_GO, Effect.SEND} & set(step.effects)


@pytest.mark.parametrize("event", [event for event in LeaseEvent if event != LeaseEvent.PULSE])
def test_in_fire_nothing_is_sent_but_a_momentary_opening(event: LeaseEvent) -> None:
    step = move(LeaseState.FIRE, event)
    assert not {Effect.SEND, Effect.LET_GO, Effect.GRANT} & set(step.effects)
    assert step.state is (LeaseState.FREE if event is LeaseEvent.FIRE_OVER else LeaseState.FIRE)


@pytest.mark.parametrize("state", [LeaseState.HELD, LeaseState.RELEASING])
def test_lease_is_ended_wherever_a_hold_is_left(state: LeaseState) -> None:
    """From a held device, every way to free or fire tells the hub that the lease is over."""
    for (now, _), step in TABLE.items():
        if now is state and step.state in {LeaseState.FREE, LeaseState.FIRE}:
            assert Effect.END in step.effects


def test_order_and_lapse_let_go_of_a_held_device() -> None:
    for event in (LeaseEvent.RELEASE, LeaseEvent.LAPSED, LeaseEvent.HOLD_FAILED):
        assert move(LeaseState.HELD, event).effects == (Effect.LET_GO,)
