"""Backed up under load, restored elsewhere, and gone on with: counted by a ledger outside."""

import hashlib
import json
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import make_url

from hub.backup import BackupError, make, restore
from hub.backup.sealing import seal, unseal
from hub.config import load_hub
from hub.config.store_table import PASSWORD_VARIABLE
from hub.evidence import EvidenceFiles
from hub.store.schema import alert, case_, change, observation, passage
from tests.back_ends.day import a_day, digest, world
from tests.hub_machinery.estate import SITE, SITE_FILE, T0, Agent, a_line, gate
from tests.shipped import CONFIGS

ROOT = Path(__file__).parents[2]
CLIP = b"a clip"
CLIP_SHA = hashlib.sha256(CLIP).hexdigest()


class Place:
    """A hub's configuration, data and database; a second one has the same sites."""

    def __init__(self, folder, where):
        folder.mkdir()
        self.folder, self.data = folder, folder / "data"
        self.where = self.data / "hub.db" if where is None else where
        (folder / "site.toml").write_text(SITE_FILE, encoding="utf-8")
        store = "" if where is None else f'[store]\nurl = "{where._replace(password=None)}"\n'
        self.file = folder / "hub.toml"
        self.file.write_text(
            f'data = "data"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n{store}'
        )
        self.config = load_hub(self.file, shipped=CONFIGS)
        self.data.mkdir()

    def line(self):
        return a_line(self.data, self.where)


@pytest.fixture
def places(where, tmp_path, request, monkeypatch):
    """Where a hub is, and where it is to be restored."""
    if isinstance(where, Path):
        yield Place(tmp_path / "old", None), Place(tmp_path / "new", None)
        return
    server = request.getfixturevalue("postgresql")
    monkeypatch.setenv(PASSWORD_VARIABLE, server.password)
    server.create(f"{where.database}_new")
    new = make_url(server.url(f"{where.database}_new"))
    yield Place(tmp_path / "old", where), Place(tmp_path / "new", new)
    server.drop(f"{where.database}_new")


class Sender:
    """An agent with an outbox: a row leaves it when the hub has acknowledged it, not before."""

    def __init__(self):
        self.agent = Agent()
        self.unsent = {}
        self.made = 0
        self.acked = {}

    def speak(self, count):
        for _ in range(count):
            self.made += 1
            self.unsent[self.made] = gate(T0 + self.made * 1_000, "granted",
                                          credential=f"card-{self.made:08d}")  # fmt: skip

    def send(self, line):
        floor = min(self.unsent)
        now = T0 + self.made * 1_000
        messages = [
            self.agent.message(one, seq=seq, floor=floor, now=now)
            for seq, one in sorted(self.unsent.items())
        ]
        (ack,) = line.handle(*messages, now=now)
        for seq in [one for one in self.unsent if one <= ack.upto]:
            del self.unsent[seq]
            self.acked[seq] = time.monotonic()


def quiet(_line):
    return


def test_backup_under_load_restored_and_gone_on_with(places, tmp_path):
    old, new = places
    sender, target, over = Sender(), tmp_path / "backup", threading.Event()
    with old.line() as line:
        evidence = EvidenceFiles(old.data / "evidence")
        evidence.append(SITE, CLIP_SHA, 0, CLIP)
        evidence.complete(SITE, CLIP_SHA)

        def load():
            while not over.is_set() or sender.made < 600:
                sender.speak(5)
                sender.send(line)

        loading = threading.Thread(target=load)
        loading.start()
        deadline = time.monotonic() + 60
        while sender.made < 200:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        make(old.config, target, passphrase="correct horse", version="0", progress=quiet)
        over.set()
        loading.join(60)
        assert len(line.rows(observation)) == sender.made
        sender.speak(7)  # said while the hub is away
    restore(new.config, target, passphrase="correct horse", progress=quiet)
    assert (new.data / "secrets" / "hash.key").read_text() == (
        old.data / "secrets" / "hash.key"
    ).read_text()
    (clip,) = [one for one in (new.data / "evidence").rglob("*") if one.is_file()]
    assert (clip.name, clip.read_bytes()) == (CLIP_SHA, CLIP)
    with new.line() as line:
        held = {row["seq"] for row in line.rows(observation)}
        assert held == set(range(1, len(held) + 1))  # one moment of the past, without gaps
        assert 150 < len(held) < sender.made
        sender.send(line)
        sender.speak(5)
        sender.send(line)
        assert not sender.unsent
        seqs = sorted(row["seq"] for row in line.rows(observation))
        # What was acknowledged after the backup is in no outbox: it is told, to the envelope.
        between = sender.made - 12 - len(held)
        assert seqs == [*sorted(held), *range(sender.made - 11, sender.made + 1)]
        assert line.counters()["declared_dropped"] == between
        assert len(line.rows(passage)) == len(seqs)
        assert line.counters()["stored"] == len(seqs)


def test_a_restored_hub_is_the_same_and_numbers_go_on(places, tmp_path):
    old, new = places
    with old.line() as line:
        a_day(line, seed=7, steps=40)
        before = world(line)
    make(old.config, tmp_path / "b.tar", passphrase=None, version="0", progress=quiet)
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600
    restore(new.config, tmp_path / "b.tar", passphrase=None, progress=quiet)
    with new.line() as line:
        assert digest(world(line)) == digest(before)
        positions = [row["position"] for row in line.rows(change)]
        line.handle(Agent("gates", boot="00000000000000dd").message(
            gate(T0 + 10**9, "granted", credential="card-99999999")))  # fmt: skip
        ids = [row["id"] for row in line.rows(passage)]
        assert len(ids) == len(set(ids)) == len(before["passage"]) + 1
        assert max(row["position"] for row in line.rows(change)) >= max(positions)
        assert len(line.rows(alert)) == len(before["alert"]) > 0
        assert len(line.rows(case_)) == len(before["case_"])


def test_nothing_live_is_overwritten(places, tmp_path):
    old, _ = places
    with old.line() as line:
        make(old.config, tmp_path / "b", passphrase=None, version="0", progress=quiet)
        with pytest.raises(BackupError, match="exists already"):
            make(old.config, tmp_path / "b", passphrase=None, version="0", progress=quiet)
        with pytest.raises(BackupError, match="not overwritten"):
            restore(old.config, tmp_path / "b", passphrase=None, progress=quiet)
        line.handle(Agent().message(gate(T0, "state")))


# --- what does not depend on the database ---------------------------------------------------------


@pytest.fixture
def backed_up(tmp_path):
    old, new = Place(tmp_path / "old", None), Place(tmp_path / "new", None)
    with old.line():
        make(old.config, tmp_path / "b", passphrase="correct horse", version="0", progress=quiet)
    return tmp_path / "b", old, new


def test_keys_are_sealed_and_the_rest_is_for_its_owner_alone(backed_up):
    folder, old, _ = backed_up
    key = (old.data / "secrets" / "signing.key").read_text().strip()
    for path in folder.rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert key.encode() not in path.read_bytes()
    names = set(json.loads((folder / "manifest.json").read_text())["files"])
    assert {"configs/hub.toml", "configs/sites/site.toml", "secrets.sealed"} <= names
    assert any(name.startswith("configs/rules/") for name in names)


@pytest.mark.parametrize("passphrase", [None, "wrong"])
def test_without_the_passphrase_nothing_is_restored(backed_up, passphrase):
    folder, _, new = backed_up
    with pytest.raises(BackupError, match="passphrase"):
        restore(new.config, folder, passphrase=passphrase, progress=quiet)
    assert not any(new.data.iterdir())


@pytest.mark.parametrize("harm", ["changed", "cut", "missing", "unfinished", "outside"])
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_written(backed_up, harm):
    folder, _, new = backed_up
    victim = folder / "database" / "hub.db"
    manifest = folder / "manifest.json"
    if harm == "changed":
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
    elif harm == "cut":
        victim.write_bytes(victim.read_bytes()[:-1])
    elif harm == "missing":
        victim.unlink()
    elif harm == "unfinished":
        manifest.unlink()
    else:
        manifest.write_text(manifest.read_text().replace("configs/hub.toml", "../hub.toml"))
    with pytest.raises(BackupError):
        restore(new.config, folder, passphrase="correct horse", progress=quiet)
    assert not any(new.data.iterdir())


def test_sealing_gives_back_what_it_was_given():
    files = {"hash.key": "00ff\n"}
    sealed = seal(files, "p")
    assert unseal(sealed, "p") == files
    assert seal(files, "p") != sealed


def test_the_command_line_shows_progress_and_warns_of_open_keys(tmp_path):
    old = Place(tmp_path / "old", None)
    with old.line():
        made = _gatehouse("backup", str(tmp_path / "b"), "--config", str(old.file))
        assert made.returncode == 0, made.stderr
        assert "database copied" in made.stderr
        assert "WARNING: the hub's keys" in made.stderr
        again = _gatehouse("restore", str(tmp_path / "b"), "--config", str(old.file))
        assert again.returncode == 2
        assert again.stderr.splitlines()[-1].startswith("gatehouse: there is a hub's database")


def _gatehouse(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "gatehouse.cli", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
