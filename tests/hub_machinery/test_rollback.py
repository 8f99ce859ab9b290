"""An upgrade that is taken back, step by step as docs/install.md says it."""

import pytest

from hub.store.schema import passage
from hub.store.upgrade import TooNewError, newest_revision
from tests.hub_machinery.estate import T0, Agent, a_line, gate
from tests.hub_machinery.test_store import _add_revision


def test_the_copy_from_before_an_upgrade_brings_all_of_that_time_back_and_the_rest_is_counted(
    tmp_path, monkeypatch
):
    old, agent = newest_revision(), Agent()
    path, bak = tmp_path / "hub.db", tmp_path / f"hub.db.{old}.bak"
    with a_line(tmp_path) as line:
        line.handle(agent.message(gate(T0, "granted", credential="card-00112233")))
    with monkeypatch.context() as newer:
        _add_revision(tmp_path, newer, "op.add_column('meta', sa.Column('more', sa.String))")
        with a_line(tmp_path) as line:
            line.handle(agent.message(gate(T0 + 1, "granted", credential="card-00112233")))
            assert len(line.rows(passage)) == 2
    with pytest.raises(TooNewError), a_line(tmp_path):
        pass
    path.rename(tmp_path / "hub.db.newer")
    for log in ("hub.db-wal", "hub.db-shm"):
        (tmp_path / log).unlink(missing_ok=True)
    bak.rename(path)
    with a_line(tmp_path) as line:
        assert [row["at"] for row in line.rows(passage)] == [T0]
        message = agent.message(gate(T0 + 2, "granted", credential="card-00112233"), floor=3)
        line.handle(message)
        assert [row["at"] for row in line.rows(passage)] == [T0, T0 + 2]
        assert line.counters()["declared_dropped"] == 1
