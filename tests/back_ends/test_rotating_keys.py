"""A new hash key: whoever was known by a hash is known by the new one, on both databases."""

import json
import re
import secrets
from dataclasses import replace

import pytest
from sqlalchemy import LargeBinary, insert, select

from hub.store import open_store
from hub.store.rekeying import files
from hub.store.rekeying.columns import HASHES, LISTED_ANEW, TEXTS, WITHOUT
from hub.store.rekeying.rotating import Rotation
from hub.store.schema import (
    credential,
    household,
    looked,
    looked_at,
    metadata,
    observation,
    passage,
    passer,
    person,
    plate_form,
    rule_state,
    watch_entry,
)
from hub.store.seal import RECEIPTS, Seal
from hub.store.secrets import WeakSecretError, load_secrets
from tests.hub_machinery.estate import SITE, T0, Agent, gate
from tests.hub_machinery.test_barriers import PLATE, passed, seen
from tests.hub_machinery.test_kill_anywhere import CrashError, crash_after

CARD, NAME, PHONE = "card-00112233", "张伟", "13800138000"
GONE = "f" * 64
"""A hash whose value is kept nowhere."""


@pytest.fixture
def filled(line):
    """A store, closed to everybody else, and its folder of keys."""
    line.handle(Agent("barriers").message(seen(T0), passed(T0 + 5_000, "in")))
    line.handle(Agent().message(gate(T0 + 9_000, "granted", credential=CARD)))
    seal, folder, where = line.seal, line.folder / "secrets", line.where
    mark = seal.hash(SITE, CARD)
    stamps = {"created_at": T0, "changed_at": T0, "version": 1}
    home = {"id": "h" * 32, "site": SITE, "building": "b1", "room": "101", **stamps}
    known = {
        "id": "c" * 32,
        "site": SITE,
        "household": "h" * 32,
        "kind": "card",
        "subject": mark,
        "sealed": seal.seal(SITE, CARD.encode()),
        "masked": "x",
        **stamps,
    }
    resident = {
        "id": "p" * 32,
        "site": SITE,
        "household": "h" * 32,
        "name": seal.seal(SITE, NAME.encode()),
        "name_hash": seal.hash(SITE, f"name\n{NAME}"),
        "name_masked": "x",
        "phone": seal.seal(SITE, PHONE.encode()),
        "phone_hash": seal.hash(SITE, f"phone\n{PHONE}"),
        "phone_masked": "x",
        **stamps,
    }
    watched = {
        "id": "w" * 32,
        "site": SITE,
        "sort": "plate",
        "subject": GONE,
        "masked": "x",
        "reason": "x",
        "requester": "wang",
        "asked_at": T0,
        "state": "ended",
        "until": T0,
    }
    rows = (
        (household, home),
        (credential, known),
        (person, resident),
        (watch_entry, watched),
        (watch_entry, {**watched, "id": "v" * 32, "subject": seal.hash(SITE, PLATE)}),
        (looked, {"audit_id": 1, "site": SITE, "actor": "wang", "at": T0, "person": mark}),
        (looked_at, {"audit_id": 1, "site": SITE, "subject": mark, "at": T0}),
    )
    line.stop()
    store = open_store(where)
    with store.writer.connect() as connection, connection.begin():
        for table, values in rows:
            connection.execute(insert(table).values(**values))
    yield store, folder
    store.close()
    line.start()


def hashes(store):
    """Every hash of the listed columns, by table and column."""
    with store.reader.connect() as connection, connection.begin():
        found = {
            f"{column.table.name}.{column.name}": sorted(
                connection.scalars(select(column).where(column.is_not(None)))
            )
            for column in HASHES
        }
        texts = connection.execute(select(observation.c.signals)).scalars().all()
        found["signals"] = sorted(re.findall(r"[0-9a-f]{64}", json.dumps(texts)))
        states = connection.execute(select(rule_state.c.state)).scalars().all()
        found["states"] = sorted(re.findall(r"[0-9a-f]{64}", json.dumps(states)))
    return found


def rotate(store, folder):
    now, after = files.begin(folder, files.HASH_KEY)
    Rotation(store.writer, Seal(now), Seal(after), lambda _: None).run()
    files.finish(folder, files.HASH_KEY)
    return Seal(now), Seal(after)


def test_every_hash_follows_and_nobody_is_two_people(filled):
    store, folder = filled
    before = hashes(store)
    old, new = rotate(store, folder)
    values = (CARD, PLATE, f"name\n{NAME}", f"phone\n{PHONE}")
    pairs = {old.hash(SITE, one): new.hash(SITE, one) for one in values}
    after = hashes(store)
    assert {
        name: sorted(pairs.get(one, one) for one in was) for name, was in before.items()
    } == after
    left = {one for found in after.values() for one in found}
    assert left & set(pairs) == set()
    assert GONE in left  # its value is kept nowhere: it stays, known by nothing
    assert before["passage.subject"] != after["passage.subject"]
    assert len(before["signals"]) >= 3
    with store.reader.connect() as connection, connection.begin():
        assert connection.execute(select(plate_form)).all() == []
        assert not any(connection.scalars(select(passer.c.listed)))
        kept = connection.execute(
            select(passage.c.sealed).where(passage.c.subject == new.hash(SITE, CARD))
        ).scalar_one()
    assert load_secrets(folder).hash_key != b""
    assert Seal(load_secrets(folder)).open(SITE, kept).decode() == CARD
    assert Seal(load_secrets(folder)).hash(SITE, CARD) == new.hash(SITE, CARD)
    assert new.hash(RECEIPTS, "receipt|0123") == old.hash(RECEIPTS, "receipt|0123")


def test_a_rotation_that_was_killed_anywhere_goes_on_with_the_same_key(filled):
    store, folder = filled
    now, after = files.begin(folder, files.HASH_KEY)
    for statements in range(0, 60, 7):
        try:
            with crash_after(store.writer, statements):
                Rotation(store.writer, Seal(now), Seal(after), lambda _: None).run()
        except CrashError:
            with pytest.raises(WeakSecretError, match="half renewed"):
                load_secrets(folder)
    assert files.begin(folder, files.HASH_KEY) == (now, after)
    _, new = rotate(store, folder)
    once = hashes(store)
    assert new.hash(SITE, CARD) in once["passage.subject"]
    Rotation(store.writer, Seal(now), Seal(after), lambda _: None).run()
    assert hashes(store) == once


def test_keys_are_not_renewed_under_a_running_hub_nor_twice_at_once(tmp_path):
    with (
        files.keys_held(tmp_path, alone=False),
        files.keys_held(tmp_path, alone=False),
        pytest.raises(files.KeysInUseError),
        files.keys_held(tmp_path, alone=True),
    ):
        pass
    with files.keys_held(tmp_path, alone=True):
        for alone in (True, False):
            with pytest.raises(files.KeysInUseError), files.keys_held(tmp_path, alone=alone):
                pass
    with files.keys_held(tmp_path, alone=True):
        pass


def test_a_second_rotation_keeps_the_receipts_first_key(tmp_path):
    first = load_secrets(tmp_path)
    for _ in range(2):
        files.begin(tmp_path, files.HASH_KEY)
        files.finish(tmp_path, files.HASH_KEY)
    last = load_secrets(tmp_path)
    assert last == replace(first, hash_key=last.hash_key)
    assert last.hash_key != first.hash_key
    assert secrets.compare_digest(last.receipt_key, first.hash_key)


def test_every_column_that_looks_like_a_keyed_hash_is_listed():
    """A new one? Say in hub/store/rekeying/columns.py what a new hash key means for it."""
    listed = {*HASHES, *TEXTS, *LISTED_ANEW, *WITHOUT}
    looks = re.compile(r"subject|person|hash|form$")
    suspects = {
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if looks.search(column.name) and not isinstance(column.type, LargeBinary)
    }
    missing = sorted(f"{one.table.name}.{one.name}" for one in suspects - listed)
    assert missing == []
    sealed = {
        column.table.name
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and "subject" in table.columns
    }
    assert sealed == {"passage", "passer", "watch_entry", "credential"}, "see rotating.SEALED"
