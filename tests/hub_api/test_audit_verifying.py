"""Every way to tamper with a chain is found, and the first entry that is wrong is named."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.access.audit import GENESIS, Act, Entry, link
from hub.access.checkpoints import (
    ANCHOR,
    Checkpoint,
    Signer,
    UnreadableCheckpointError,
    genuine,
    read_line,
)
from hub.access.verifying import Wrong, verify

HUB, OTHER = Signer(bytes(range(32))), Signer(bytes(range(1, 33)))
T0 = 1_760_000_000_000


def act(number, note="x"):
    detail = {"note": note, "n": number, "ratio": number / 7}
    return Act(T0 + number, "wang", "case.accept", f"case-{number}", "court", "ok", detail)


def linked(acts, prev=GENESIS, first=1):
    """Entries as the hub writes them; ids have gaps, as sequences of a database do."""
    entries = []
    for number, one in enumerate(acts, first):
        entries.append(Entry(number * 3, one, prev, link(one, prev)))
        prev = entries[-1].hash
    return entries


def signed(entries, number, signer=HUB):
    """A checkpoint after the entry with this number."""
    entry = entries[number - 1]
    return signer.sign(Checkpoint("court", T0, entry.id, number, entry.hash))


def judge(entries, checkpoints=(), anchor=None):
    return verify(
        "court", entries, public_key=HUB.public_key, anchor=anchor, checkpoints=checkpoints
    )


def fault_of(entries, checkpoints=(), anchor=None):
    fault = judge(entries, checkpoints, anchor).fault
    return None if fault is None else (fault.wrong, fault.number, fault.id)


chains = st.integers(2, 12).map(lambda count: linked([act(one) for one in range(count)]))
EDITS = {
    "at": lambda one: replace(one, act=replace(one.act, at=one.act.at + 1)),
    "actor": lambda one: replace(one, act=replace(one.act, actor="li")),
    "action": lambda one: replace(one, act=replace(one.act, action="case.reject")),
    "object": lambda one: replace(one, act=replace(one.act, object="case-0815")),
    "site": lambda one: replace(one, act=replace(one.act, site="yard")),
    "outcome": lambda one: replace(one, act=replace(one.act, outcome="refused")),
    "detail": lambda one: replace(one, act=replace(one.act, detail={**one.act.detail, "n": -1})),
    "prev": lambda one: replace(one, prev="0" * 63 + "1"),
    "hash": lambda one: replace(one, hash=one.hash[:-1] + ("0" if one.hash[-1] != "0" else "1")),
}


def drawn_checkpoints(data, entries):
    numbers = data.draw(st.sets(st.integers(1, len(entries)), max_size=3))
    return [signed(entries, number) for number in numbers]


@given(chains, st.data())
def test_a_whole_chain_is_whole_with_any_checkpoints_of_it(entries, data):
    found = judge(entries, drawn_checkpoints(data, entries))
    assert found.fault is None
    assert found.entries == len(entries)


@pytest.mark.parametrize("field", EDITS)
@settings(max_examples=25)
@given(entries=chains, data=st.data())
def test_an_edited_entry_is_named(field, entries, data):
    kept = drawn_checkpoints(data, entries)
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:place], EDITS[field](entries[place]), *entries[place + 1 :]]
    assert fault_of(changed, kept) == (Wrong.CHANGED, place + 1, entries[place].id)


@given(chains, st.data())
def test_the_entry_after_a_deleted_one_is_named(entries, data):
    place = data.draw(st.integers(0, len(entries) - 2))
    left = [*entries[:place], *entries[place + 1 :]]
    assert fault_of(left) == (Wrong.BROKEN, place + 1, entries[place + 1].id)


@given(chains, st.data())
def test_the_first_of_two_that_changed_places_is_named(entries, data):
    first = data.draw(st.integers(0, len(entries) - 2))
    second = data.draw(st.integers(first + 1, len(entries) - 1))
    swapped = list(entries)
    swapped[first] = replace(entries[second], id=entries[first].id)
    swapped[second] = replace(entries[first], id=entries[second].id)
    assert fault_of(swapped) == (Wrong.BROKEN, first + 1, entries[first].id)


@given(chains, st.data())
def test_what_follows_a_forged_entry_is_named(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    prev = GENESIS if place == 0 else entries[place - 1].hash
    forged = Entry(entries[place].id - 1, act(99), prev, link(act(99), prev))
    more = [*entries[:place], forged, *entries[place:]]
    assert fault_of(more) == (Wrong.BROKEN, place + 2, entries[place].id)


@given(chains, st.data())
def test_an_end_that_was_cut_off_shows_against_a_checkpoint_and_only_there(entries, data):
    left = data.draw(st.integers(0, len(entries) - 1))
    number = data.draw(st.integers(left + 1, len(entries)))
    assert fault_of(entries[:left]) is None
    assert fault_of(entries[:left], [signed(entries, number)]) == (Wrong.TRUNCATED, left + 1, None)


@given(chains, st.data())
def test_an_end_that_was_written_anew_shows_against_a_checkpoint_and_only_there(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    prev = GENESIS if place == 0 else entries[place - 1].hash
    acts = [act(one, "not so") for one in range(place, len(entries))]
    anew = [*entries[:place], *linked(acts, prev, place + 1)]
    assert fault_of(anew) is None
    good = [signed(entries, number) for number in range(1, place + 1)]
    found = judge(anew, [*good, signed(entries, len(entries))]).fault
    assert (found.wrong, found.number) == (Wrong.REWRITTEN, len(entries))
    assert found.since == (entries[place - 1].id if place else 0)


def anchor_at(entries, number, signer=HUB):
    entry = entries[number - 1]
    return signer.sign(Checkpoint("court", T0, entry.id, number, entry.hash, sort=ANCHOR))


@given(chains, st.data())
def test_what_remains_after_a_signed_anchor_is_whole_and_nothing_else_is(entries, data):
    removed = data.draw(st.integers(1, len(entries) - 1))
    rest = entries[removed:]
    kept = [signed(entries, number) for number in range(1, len(entries) + 1)]
    anchor = anchor_at(entries, removed)
    found = judge(rest, kept, anchor)
    assert (found.fault, found.checkpoints) == (None, len(rest))
    assert fault_of(rest) == (Wrong.BROKEN, 1, rest[0].id)
    assert fault_of(rest[1:], kept, anchor)[:2] in {
        (Wrong.BROKEN, removed + 1),
        (Wrong.TRUNCATED, removed + 1),
    }
    for forged in (
        anchor_at(entries, removed, OTHER),
        replace(anchor, count=removed - 1),
        replace(anchor, hash="0" * 64),
        replace(HUB.sign(replace(anchor, sort="checkpoint")), sort=ANCHOR),
    ):
        assert fault_of(rest, (), forged)[0] is Wrong.ANCHOR


@pytest.mark.parametrize(
    "forge",
    [
        lambda one: replace(one, count=one.count + 1),
        lambda one: replace(one, upto=one.upto + 1),
        lambda one: replace(one, at=one.at + 1),
        lambda one: replace(one, hash="0" * 64),
        lambda one: replace(one, signature=""),
        lambda one: replace(one, signature="no hex"),
        OTHER.sign,
    ],
)
def test_a_checkpoint_that_the_hub_did_not_sign_is_told(forge):
    entries = linked([act(one) for one in range(4)])
    forged = forge(signed(entries, 3))
    assert not genuine(forged, HUB.public_key)
    assert fault_of(entries, [forged])[0] is Wrong.CHECKPOINT


def test_a_checkpoint_survives_its_file_and_another_line_is_none():
    one = signed(linked([act(0)]), 1)
    assert read_line(one.line()) == one
    for line in ("", "{}", "[1]", one.line()[:-2], one.line().replace('"upto": 3', '"upto": "3"')):
        with pytest.raises(UnreadableCheckpointError):
            read_line(line)
