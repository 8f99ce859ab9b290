import pytest

from hub.errors import BadRequestError, NotAllowedError
from hub.pipeline.signals import Checks
from hub.traces.biometric import holds_template
from hub.traces.watch import LONGEST_MS, Sort, WatchEntry, WatchState, check_end, decided, ended
from wire.kinds import load as load_kinds

NOW = 1_760_000_000_000
ENTRY = WatchEntry(
    id="a" * 32,
    site="court",
    sort=Sort.PLATE,
    subject="f" * 64,
    sealed=b"x",
    masked="粤B·••••5",
    reason="stolen",
    case_id=None,
    requester="li",
    asked_at=NOW,
    state=WatchState.REQUESTED,
    until=NOW + 1000,
)


def test_another_person_approves_and_it_ends_by_itself():
    active = decided(ENTRY, approve=True, actor="wang", note=None, now=NOW)
    assert (active.state, active.decider) == (WatchState.ACTIVE, "wang")
    assert active.at(NOW + 999).state is WatchState.ACTIVE
    over = active.at(NOW + 1000)
    assert (over.state, over.ended_at, over.ended_by) == (WatchState.ENDED, NOW + 1000, None)


@pytest.mark.parametrize("approve", [True, False])
def test_nobody_decides_what_they_asked_for(approve):
    with pytest.raises(NotAllowedError):
        decided(ENTRY, approve=approve, actor="li", note=None, now=NOW)


def test_what_is_over_is_neither_approved_nor_ended_again():
    gone = ended(ENTRY, actor="li", note=None, now=NOW)
    refused = decided(ENTRY, approve=False, actor="wang", note="no", now=NOW)
    for one in (gone, refused):
        with pytest.raises(NotAllowedError):
            decided(one, approve=True, actor="wang", note=None, now=NOW)
        with pytest.raises(NotAllowedError):
            ended(one, actor="wang", note=None, now=NOW)
    with pytest.raises(NotAllowedError):
        decided(ENTRY, approve=True, actor="wang", note=None, now=NOW + 1000)


@pytest.mark.parametrize("until", [NOW, NOW - 1, NOW + LONGEST_MS + 1])
def test_an_entry_without_a_near_end_is_none(until):
    with pytest.raises(BadRequestError):
        check_end(until, NOW)


@pytest.mark.parametrize(
    "field",
    [
        {"face_template": "AAEC"},
        {"template": 1.0},
        {"feature": "x"},
        {"embedding_0": 0.25},
        {"blob": "A" * 129},
        {"credential": "A" * 129},
        {"listed": "A" * 200},
    ],
)
def test_a_template_in_a_report_is_dropped_and_counted(field):
    checked = Checks(load_kinds()["gate"].signals).check({"event": "granted", **field})
    assert checked.rejected == tuple(field)
    assert (checked.signals, checked.sensitive) == ({"event": "granted"}, {})


def test_an_unknown_name_that_is_no_template_is_ignored():
    checked = Checks(load_kinds()["gate"].signals).check({"event": "granted", "shade": "blue"})
    assert checked.rejected == ()


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (b'{"signals":{"face_feature":[0.1,0.2]}}', True),
        (b'{"Template" : "AA=="}', True),
        (b'{"signals":{"event":"granted"}}', False),
        (b'{"note":"a template"}', False),
    ],
)
def test_a_message_that_names_a_template_is_known_by_its_beginning(message, found):
    assert holds_template(message) is found
