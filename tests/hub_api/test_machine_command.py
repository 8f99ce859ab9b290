"""`gatehouse machine`: credentials from the server's own shell, beside a hub that runs."""

import asyncio
import sys

import pytest

from gatehouse import machine, user
from gatehouse.cli import main
from hub.config import Role
from hub.store.people.factors import Factor, put_factor
from tests.hub_api.house import T0
from tests.hub_api.test_reports import System

HUB = 'data = "."\nsites = ["court.toml", "yard.toml"]\n[mqtt]\nurl = "mqtt://localhost:1883"\n'


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Runs it beside the hub of this folder; its status and what it printed."""
    for part in (machine, user):  # it is the whole process's
        monkeypatch.setattr(part, "log_to_stderr", lambda: None)
    file = tmp_path / "hub.toml"
    file.write_text(HUB, encoding="utf-8")

    def run(*arguments, first=None):
        monkeypatch.setattr(
            sys, "argv", ["gatehouse", *(first or ["machine"]), *arguments, "--config", str(file)]
        )
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


async def in_thread(command, *arguments):
    return await asyncio.to_thread(command, *arguments)


async def test_a_credential_from_the_shell_opens_is_listed_without_it_and_is_on_record(
    house, command
):
    status, out, err = await in_thread(command, "add", "12345", "--site", "court")
    assert status == 0, err
    credential = out.strip()
    assert credential not in err
    hotline = System(await house.browser(), credential)
    assert (await hotline.report()).status_code == 201
    assert (await hotline.report("20260101-0002", site="yard")).status_code == 404
    status, listed, _ = await in_thread(command, "list")
    (name,) = [line.split()[0] for line in listed.splitlines()]
    assert credential.split("_")[2] not in listed
    status, out, _ = await in_thread(command, "revoke", name)
    assert (status, out) == (0, f"{name} 12345: ended\n")
    assert (await hotline.report()).status_code == 401
    assert "ended" in (await in_thread(command, "list"))[1]
    boss = await house.person("boss", Role.ADMIN)
    acts = (await boss.get("/api/audit")).json()["items"]
    mine = [one["action"] for one in acts if one["actor"].startswith("shell:")]
    assert mine == ["machine.end", "machine.make"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "a:b"), "name"),
        (("add", "12345", "--site", "nowhere"), "sites"),
        (("revoke", "0" * 16), "machine"),
    ],
)
async def test_what_is_wrong_is_one_line_and_nothing_is_made(house, command, arguments, said):
    status, out, err = await in_thread(command, *arguments)
    assert (status, out) == (2, "")
    assert said in err.splitlines()[-1]
    assert (await in_thread(command, "list"))[1] == ""


def test_where_there_is_no_hub_yet_it_says_so_and_makes_none(tmp_path, command):
    status, _, err = command("list")
    assert status == 2
    assert "start the hub once" in err
    assert not (tmp_path / "hub.db").exists()


async def test_a_renewed_credential_has_an_end_of_its_own_and_use(house, command):
    said = ("add", "12345", "--use", "read", "--days", "3")
    reader = System(await house.browser(), (await in_thread(command, *said))[1].strip())
    assert (await reader.get()).status_code == 200
    assert (await reader.report()).json()["code"] == "out-of-scope"
    (name,) = [line.split()[0] for line in (await in_thread(command, "list"))[1].splitlines()]
    status, out, _ = await in_thread(command, "renew", name, "--days", "30")
    assert status == 0
    assert (await System(await house.browser(), out.strip()).get()).status_code == 200
    assert (await in_thread(command, "add", "x", "--use", "everything"))[0] == 2


async def test_a_lost_factor_is_taken_away_at_the_server_and_that_is_on_record(house, command):
    boss = await house.person("boss", Role.ADMIN)
    factor = Factor("boss", b"sealed", created_at=T0, confirmed_at=T0)
    with house.store.writer.connect() as connection, connection.begin():
        put_factor(connection, factor)

    def reset(name):
        return command("reset-factor", name, first=["user"])

    status, out, err = await asyncio.to_thread(reset, "boss")
    assert (status, out.split(":")[0]) == (0, "boss"), err
    assert (await boss.get("/api/me")).status_code == 401
    boss = await house.log_in("boss")
    (act,) = (await boss.get("/api/audit", params={"action": "second-factor.reset"})).json()[
        "items"
    ]
    assert (act["actor"][:6], act["object"]) == ("shell:", "boss")
    for name in ("boss", "nobody"):
        assert (await asyncio.to_thread(reset, name))[0] == 2
