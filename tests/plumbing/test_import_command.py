"""`gatehouse import residents`, as a person runs it beside a hub that has run."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from hub.store import open_store
from hub.store.schema import audit, person
from hub.store.secrets import load_secrets

ROOT = Path(__file__).parents[2]
LIST = "楼栋,房号,姓名,车牌\n1号楼,101,甲乙,粤B12345\n9号楼,1,丙丁,x\n"


def bring(folder, *options):
    config = folder / "hub.toml"
    site = ROOT / "configs" / "sites" / "jinxiu.toml"
    config.write_text(f'data = "data"\nsites = ["{site}"]\n[mqtt]\nurl = "mqtt://localhost"\n')
    (folder / "list.csv").write_text(LIST, encoding="gb18030")
    command = [sys.executable, "-m", "gatehouse.cli", "import", "residents", folder / "list.csv"]
    command += ["--site", "jinxiu", "--config", config, *options]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    said = {"capture_output": True, "encoding": "utf-8", "timeout": 200}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, **said)


def test_a_list_is_taken_in_by_line_and_told_on_the_trail(tmp_path):
    load_secrets(tmp_path / "data" / "secrets")
    store = open_store(tmp_path / "data" / "hub.db")
    done = bring(tmp_path, "--by-line")
    assert done.returncode == 1, done.stderr
    assert "registered: 1 households, 1 people, 1 cards and cars" in done.stdout
    assert "line 3, 楼栋 Building: " in done.stderr
    assert "丙丁" not in done.stderr + done.stdout
    with store.reader.connect() as reader:
        assert [row.name_masked for row in reader.execute(select(person))] == ["甲••"]
        (entry,) = reader.execute(select(audit))
    store.close()
    assert (entry.action, entry.actor, entry.detail["wrong"]) == ("household.import", "system", 1)
