"""A new sealing key: all that was under seal opens with it and not with the old one, killed or not,
on both databases."""

import secrets

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary, insert, select

from hub.backup import make
from hub.config import HubConfig
from hub.config.store_table import StoreConfig
from hub.store.rekeying import files
from hub.store.rekeying.columns import SEALED
from hub.store.rekeying.resealing import Resealing
from hub.store.schema import dead_letter, export, machine, metadata, observation, second_factor
from hub.store.seal import CALLBACKS, PEOPLE, Seal
from hub.store.secrets import WeakSecretError, load_secrets
from tests.back_ends.test_rotating_keys import CARD, NAME, PHONE, PLATE, filled
from tests.hub_machinery.estate import SITE, T0
from tests.hub_machinery.test_kill_anywhere import CrashError, crash_after

__all__ = ["filled"]
KEY = files.SEALING_KEY
DAMAGED = secrets.token_bytes(40)


@pytest.fixture
def sealed(filled, tmp_path):
    """The same store, with what people's telephones and other systems share, and an export."""
    store, folder = filled
    seal = Seal(load_secrets(folder))
    name = "a" * 32
    asked = {"requester": "li", "asked_at": T0, "purpose": "police", "reason": "x", "until": T0}
    asked |= {"query": {}, "pictures": False, "plain": False, "state": "ready"}
    asked |= {"decider": "boss", "decided_at": T0}
    known = {"name": "12345", "sites": ["*"], "per_minute": 60, "created_at": T0, "changed_at": T0}
    known |= {"created_by": "boss", "secret_hash": "0" * 64}
    app = {"created_at": T0, "last_step": 0, "recovery": []}
    letter = {"site": SITE, "topic": "x", "received_at": T0, "reason": "x", "detail": "x"}
    rows = (
        (second_factor, {"user": "li", "sealed": seal.seal(PEOPLE, b"totp"), **app}),
        (machine, {"id": "m1", "callback_secret": seal.seal(CALLBACKS, b"hook"), **known}),
        (dead_letter, {"sealed": seal.seal(SITE, b"head"), "size": 4, **letter}),
        (dead_letter, {"sealed": DAMAGED, "size": 4, **letter}),
        (export, {"id": name, "site": SITE, **asked}),
    )
    with store.writer.connect() as connection, connection.begin():
        for table, values in rows:
            connection.execute(insert(table).values(**values))
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / f"{name}.sealed").write_bytes(seal.seal(SITE, b"zip"))
    (exports / f"{'b' * 32}.sealed").write_bytes(b"of no export")
    return store, folder, exports


def everything(store, exports):
    """(site, sealed) of each value there is."""
    found = [(SITE, path.read_bytes()) for path in sorted(exports.glob("*.sealed"))]
    with store.reader.connect() as connection, connection.begin():
        for column, label in SEALED.items():
            for (value,) in connection.execute(select(column).where(column.is_not(None))):
                if column is observation.c.sealed:
                    found += [(SITE, bytes.fromhex(one)) for one in (value or {}).values()]
                else:
                    found.append((label or SITE, value))
    return [one for one in found if one[1] != DAMAGED]


def opened(seal, values):
    return sorted(seal.open(site, value) for site, value in values)


def reseal(store, folder, exports):
    now, after = files.begin(folder, KEY)
    one = Resealing(store.writer, Seal(now), Seal(after), exports, lambda _: None)
    one.run()
    return one, Seal(now), Seal(after)


def test_killed_anywhere_all_opens_with_the_new_key_alone_in_the_end(sealed):
    store, folder, exports = sealed
    (exports / f"{'b' * 32}.sealed").unlink()
    first, key = load_secrets(folder), (folder / KEY).read_bytes()
    before = opened(Seal(first), everything(store, exports))
    assert {one.decode() for one in before} == {
        CARD, PLATE, NAME, PHONE, "totp", "hook", "head", "zip",
    }  # fmt: skip
    now, after = files.begin(folder, KEY)
    for statements in range(0, 24, 3):
        try:
            with crash_after(store.writer, statements):
                Resealing(store.writer, Seal(now), Seal(after), exports, lambda _: None).run()
        except CrashError:
            with pytest.raises(WeakSecretError, match="rotate sealing"):
                load_secrets(folder)
            with pytest.raises(WeakSecretError, match="rotate sealing"):
                files.begin(folder, files.HASH_KEY)  # one at a time
    one, old, new = reseal(store, folder, exports)
    assert one.lost == 1  # and it stays as it is
    assert reseal(store, folder, exports)[0].done == 0
    files.finish(folder, KEY)
    last = load_secrets(folder)
    values = everything(store, exports)
    assert opened(Seal(last), values) == opened(new, values) == before
    for site, value in values:
        with pytest.raises(InvalidTag):
            old.open(site, value)
    assert last.sealing_key != first.sealing_key
    assert (last.hash_key, last.signing_key) == (first.hash_key, first.signing_key)
    assert all(key.strip() not in path.read_bytes() for path in folder.iterdir())


def test_a_file_of_no_export_goes_and_is_not_sealed(sealed):
    store, folder, exports = sealed
    reseal(store, folder, exports)
    assert [path.stem for path in exports.iterdir()] == ["a" * 32]


def test_no_backup_is_made_while_half_is_under_another_key(tmp_path):
    data = tmp_path / "data"
    load_secrets(data / "secrets")
    files.begin(data / "secrets", KEY)
    config = HubConfig.model_construct(data=data, source=tmp_path, store=StoreConfig())
    with pytest.raises(WeakSecretError, match="half renewed"):
        make(config, tmp_path / "copy", passphrase=None, version="0", progress=lambda _: None)


def test_every_column_under_seal_is_listed():
    """A new one? Say in hub/store/rekeying/columns.py for what it is sealed."""
    binary = {
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) or column.name == "sealed"
    }
    assert {f"{one.table.name}.{one.name}" for one in binary} == {
        f"{one.table.name}.{one.name}" for one in SEALED
    }
