"""The audit trail's chains on both databases: tampering with rows, retention, the command line."""

import asyncio
import json

import pytest
from sqlalchemy import URL, select, text

from gatehouse import audit as command
from hub.access.audit import Act
from hub.access.checkpoints import Signer
from hub.access.verifying import Wrong
from hub.pipeline import Writer
from hub.pipeline.audit_keeping import DAY_MS, AuditKeeping
from hub.store import open_store
from hub.store.people import chains
from hub.store.people.chains import remove_beginning, tip_of
from hub.store.people.checkpoint_files import read_checkpoints
from hub.store.people.trail import append_act
from hub.store.schema import audit
from hub.store.secrets import load_secrets
from tests.hub_api.house import SITE

T0 = 1_760_000_000_000
DAYS = 1095


@pytest.fixture
def store(where):
    opened = open_store(where)
    yield opened
    opened.close()


@pytest.fixture
def signer(tmp_path):
    return Signer(load_secrets(tmp_path / "data" / "secrets").signing_key)


def write(store, count, *, site="court", at=T0):
    with store.writer.connect() as connection, connection.begin():
        for number in range(count):
            detail = {"n": number, "words": "门禁 ✓", "ratio": 0.1 + number, "none": None}
            append_act(
                connection,
                Act(at + number, "wang", "case.accept", f"c-{number}", site, detail=detail),
            )


def sql(store, statement, **values):
    with store.writer.connect() as connection, connection.begin():
        connection.execute(text(statement), values)


def ids(store, chain="court"):
    with store.reader.connect() as connection, connection.begin():
        mine = select(audit.c.id).where(audit.c.chain == chain).order_by(audit.c.id)
        return list(connection.scalars(mine))


def judge(store, signer, checkpoints=(), chain="court"):
    with store.reader.connect() as connection, connection.begin():
        return chains.judge(connection, chain, signer.public_key, checkpoints)


def checkpoint(store, signer, chain="court"):
    with store.reader.connect() as connection, connection.begin():
        return signer.sign(tip_of(connection, chain, T0))


@pytest.mark.parametrize(
    "change",
    [
        "at = at + 1",
        "actor = 'li'",
        "action = 'case.reject'",
        "object = 'c-99'",
        "outcome = 'no'",
        "detail = '{}'",
        f"prev = '{'0' * 64}'",
        f"hash = '{'0' * 64}'",
    ],
)
def test_a_row_whose_column_was_changed_is_named(store, signer, change):
    write(store, 5)
    row = ids(store)[2]
    assert judge(store, signer).fault is None
    sql(store, f"UPDATE audit SET {change} WHERE id = :id", id=row)
    fault = judge(store, signer).fault
    assert (fault.wrong, fault.number, fault.id) == (Wrong.CHANGED, 3, row)


def test_rows_moved_removed_and_cut_off_are_named(store, signer):
    write(store, 6)
    write(store, 2, site="yard")
    rows, kept = ids(store), [checkpoint(store, signer), checkpoint(store, signer, "yard")]
    assert judge(store, signer, kept).checkpoints == 1
    sql(store, "UPDATE audit SET chain = 'yard' WHERE id = :id", id=rows[5])
    assert judge(store, signer, kept).fault.wrong is Wrong.TRUNCATED
    assert judge(store, signer, chain="yard").fault.wrong is Wrong.CHANGED
    sql(store, "DELETE FROM audit WHERE id = :id", id=rows[5])
    assert judge(store, signer, kept, "yard").fault is None
    fault = judge(store, signer, kept).fault
    assert (fault.wrong, fault.number) == (Wrong.TRUNCATED, 6)
    assert judge(store, signer).fault is None
    sql(store, "UPDATE audit SET id = :new WHERE id = :id", id=rows[1], new=rows[5])
    fault = judge(store, signer).fault
    assert (fault.wrong, fault.id) == (Wrong.BROKEN, rows[2])
    sql(store, "DELETE FROM audit WHERE chain = 'yard'")
    assert judge(store, signer, kept, "yard").fault.wrong is Wrong.TRUNCATED


def test_what_was_kept_long_enough_goes_and_the_rest_stays_verifiable(store, signer, tmp_path):
    old, young = T0, T0 + 10 * DAY_MS
    write(store, 4, at=old)
    before = checkpoint(store, signer)
    write(store, 3, at=young)
    write(store, 2, site="yard", at=old)
    after = checkpoint(store, signer)
    now = old + DAYS * DAY_MS + DAY_MS
    with Writer(store.writer) as writer:
        keeping = AuditKeeping(store.reader, writer, signer, tmp_path / "off", DAYS, lambda: now)
        assert asyncio.run(keeping.forget_once()) == 4 + 1  # the newest of a chain stays
        assert asyncio.run(keeping.forget_once()) == 0
        assert [one.chain for one in keeping.sign_once()] == ["court", "yard"]
        assert keeping.sign_once() == []
        write(store, 1, at=now)
        assert [(one.chain, one.count) for one in keeping.sign_once()] == [("court", 8)]
    kept = [before, after, *read_checkpoints(tmp_path / "off")]
    found = judge(store, signer, kept)
    assert (found.fault, found.entries, found.checkpoints) == (None, 4, 3)
    assert judge(store, signer, kept, "yard").fault is None
    sql(store, "DELETE FROM audit WHERE id = :id", id=ids(store)[0])
    assert judge(store, signer).fault.wrong is Wrong.BROKEN
    sql(store, "UPDATE audit_anchor SET removed = removed + 1")
    assert judge(store, signer).fault.wrong is Wrong.ANCHOR


def test_a_removal_takes_no_more_than_a_chunk_and_stops_at_the_first_young_one(
    store, signer, monkeypatch
):
    monkeypatch.setattr("hub.store.people.chains.CHUNK", 3)
    write(store, 5, at=T0)
    write(store, 2, at=T0 + 100)
    removed = []
    for _ in range(4):
        with store.writer.connect() as connection, connection.begin():
            done = remove_beginning(
                connection, "court", before=T0 + 50, now=T0 + 200, sign=signer.sign
            )
            removed.append(done)
    assert removed == [3, 2, 0, 0]
    assert judge(store, signer).fault is None


def config_of(folder, where):
    (folder / "site.toml").write_text(SITE.format(site="court"), encoding="utf-8")
    server = ""
    if isinstance(where, URL):
        password = where.password or ""
        (folder / "password").write_text(password, encoding="utf-8")
        (folder / "password").chmod(0o600)
        server = f'[store]\nurl = "{where._replace(password=None)}"\npassword_file = "password"\n'
    file = folder / "hub.toml"
    data = "data" if isinstance(where, URL) else "."
    file.write_text(
        f'data = "{data}"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n{server}',
        encoding="utf-8",
    )
    return file


def test_the_command_says_in_one_line_what_is_wrong(where, tmp_path, capsys):
    store, config = open_store(where), config_of(tmp_path, where)
    data = tmp_path / "data" if isinstance(where, URL) else tmp_path
    load_secrets(data / "secrets")
    write(store, 3)
    assert command.checkpoint(config, tmp_path / "kept") == 0
    assert command.check(config, None, tmp_path / "kept", None, as_json=False) == 0
    last = ids(store)[-1]
    sql(store, "DELETE FROM audit WHERE id = :id", id=last)
    assert command.check(config, "court", None, None, as_json=False) == 0
    assert command.check(config, None, tmp_path / "kept", None, as_json=False) == 1
    assert "court: NOT WHOLE: the end is missing, from number 3 on" in capsys.readouterr().out
    first = ids(store)[0]
    sql(store, "UPDATE audit SET actor = 'li' WHERE id = :id", id=first)
    assert command.check(config, "court", None, None, as_json=True) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["fault"] == {"wrong": "changed", "number": 1, "id": first, "since": None}
    assert command.check(config, None, tmp_path / "kept", "ab" * 32, as_json=False) == 1
    assert "was not signed by this hub" in capsys.readouterr().out
    store.close()
