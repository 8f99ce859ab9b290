"""The configuration from the console: seen without secrets, checked, saved once, on record."""

import json
import stat

import pytest

from hub.config import Role
from hub.config.own import CHANNELS

ALARM = "/api/admin/config/alarms/door-forced"
ROSTER = "/api/admin/config/org/desks"
NOTIFY = "/api/admin/config/notify/channels"
ADDRESS, SIGNED = "wecom://robot-key-of-the-estate", "SEC-sign-of-the-estate"


async def read(person, path):
    answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def changed(person, path, **said):
    """A change of the document's top, as a wish."""
    found = await read(person, path)
    return {"version": found["part"]["version"], "document": {**found["document"], **said}}


async def test_a_file_is_read_changed_and_saved_with_its_comments_history_and_record(house):
    boss = await house.person("root", Role.ADMIN)
    before = await read(boss, ALARM)
    assert before["form"]["title"] == "AlarmType"
    assert before["form"]["$defs"]["CasePolicy"]["properties"]["category"]["x-of"] == "categories"
    assert "intrusion" in {one["id"] for one in before["choices"]["categories"]}
    wish = await changed(boss, ALARM, respond_s=120)
    looked = (await boss.post(ALARM + "/check", wish)).json()
    assert looked == {
        "ok": True,
        "faults": [],
        "changes": [{"key": "respond_s", "before": 180, "after": 120}],
        "comments_kept": True,
        "at_once": False,
    }
    assert (await read(boss, ALARM))["part"]["own"] is False, "a check changes nothing"
    saved = (await boss.post(ALARM, wish)).json()
    assert saved["part"]["own"]
    assert saved["part"]["pending"]
    assert saved["part"]["saved_by"] == "root"
    assert "# What the guard does now" in saved["text"]
    past = await read(boss, ALARM + "/history")
    assert [one["by"] for one in past] == ["root", None, None]
    back = {"version": saved["part"]["version"], "past": "original"}
    undone = (await boss.post(ALARM, back)).json()["part"]
    assert (undone["own"], undone["pending"]) == (False, False)
    trail = await read(boss, "/api/audit?action=config.change")
    assert [row["object"] for row in trail["items"]] == ["alarms/door-forced"] * 2
    assert trail["items"][1]["detail"]["keys"] == ["respond_s"]


async def test_a_mistake_is_told_at_its_key_and_never_saved(house):
    boss = await house.person("root", Role.ADMIN)
    wish = await changed(boss, ALARM, respond_s=-1, nonsense=1, case={"category": "no-such"})
    looked = (await boss.post(ALARM + "/check", wish)).json()
    assert not looked["ok"]
    found = {one["key"]: one["problem"] for one in looked["faults"]}
    assert set(found) == {"respond_s", "nonsense"}
    assert found["respond_s"]["zh"] == "必须大于 0"
    refused = await boss.post(ALARM, wish)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-config")
    assert {one["field"] for one in refused.json()["errors"]} == set(found)
    wish = await changed(boss, ALARM, case={"category": "no-such"})
    across = (await boss.post(ALARM + "/check", wish)).json()
    assert "no category 'no-such'" in across["faults"][0]["problem"]["en"]
    broken = {"version": wish["version"], "text": "id = [oops"}
    assert "is not TOML" in (await boss.post(ALARM + "/check", broken)).text
    assert (await read(boss, ALARM))["part"]["own"] is False


async def test_the_second_of_two_writers_is_told_and_overwrites_nothing(house):
    boss = await house.person("root", Role.ADMIN)
    first = await changed(boss, ALARM, respond_s=120)
    second = await changed(boss, ALARM, respond_s=90)
    assert (await boss.post(ALARM, first)).status_code == 200
    for path in (ALARM, ALARM + "/check"):
        late = await boss.post(path, second)
        assert (late.status_code, late.json()["code"]) == (409, "config-changed")
    assert (await read(boss, ALARM))["document"]["respond_s"] == 120


async def test_secrets_are_in_no_answer_and_stay_unless_they_are_given_anew(house):
    boss = await house.person("root", Role.ADMIN)
    address = {"url": ADDRESS, "secret": SIGNED}
    wish = await changed(boss, NOTIFY, channel=[{"id": "wecom", "to": {"*": address}}])
    answers = [await boss.post(NOTIFY + "/check", wish), await boss.post(NOTIFY, wish)]
    assert [one.status_code for one in answers] == [200, 200], answers[1].text
    file = house.bench.config.own_folder / CHANNELS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = await changed(boss, NOTIFY)
    row = again["document"]["channel"][0]
    assert row["to"]["*"] == {"url": "********", "secret": "********"}
    row["to"]["patrol-lead"] = {"url": "wecom://another"}
    answers.append(await boss.post(NOTIFY + "/check", again))
    assert [one["key"] for one in answers[-1].json()["changes"]] == [
        "channel[wecom].to.patrol-lead"
    ]
    answers.append(await boss.post(NOTIFY, again))
    assert ADDRESS in file.read_text(encoding="utf-8"), "what was hidden is kept"
    moved = await changed(boss, NOTIFY)
    moved["document"]["channel"][0]["id"] = "other"
    lost = (await boss.post(NOTIFY + "/check", moved)).json()
    assert {one["key"] for one in lost["faults"]} >= {"channel[0].to.*.url"}
    past = await read(boss, NOTIFY + "/history")
    paths = (NOTIFY, f"{NOTIFY}?past={past[0]['id']}", "/api/admin/config", "/api/audit")
    answers += [await boss.get(path) for path in paths]
    told = "".join(one.text for one in answers)
    assert "robot-key" not in told
    assert "SEC-sign" not in told
    assert "wecom://another" not in told
    assert answers[4].json()["text"] is None


async def test_a_roster_takes_effect_at_once_unless_it_names_what_is_not_running_yet(house):
    boss = await house.person("root", Role.ADMIN)
    away = {
        "post": "control-room-day",
        "from": "2025-10-01",
        "to": "2025-10-31",
        "substitute": "control-room-reserve",
    }
    wish = await changed(boss, ROSTER, absence=[away])
    looked = (await boss.post(ROSTER + "/check", wish)).json()
    assert (looked["ok"], looked["at_once"]) == (True, True)
    saved = (await boss.post(ROSTER, wish)).json()
    assert not saved["part"]["pending"]
    assert "from = 2025-10-01\n" in saved["text"], "a day stays a day"
    org = house.directory.org
    assert org.filled(("control-room-day",), house.clock.now())[0].id == "control-room-reserve"
    tree = "/api/admin/config/org/tree"
    posts = (await read(boss, tree))["document"]["post"]
    new = {"id": "new-post", "name": {"zh": "新岗", "en": "New"}}
    assert (await boss.post(tree, await changed(boss, tree, post=[*posts, new]))).is_success
    wish = await changed(boss, ROSTER, absence=[{**away, "substitute": "new-post"}])
    assert (await boss.post(ROSTER, wish)).json()["part"]["pending"]
    now = house.clock.now()
    for query, found in (
        ("action=config.", 3),
        ("action=config.&object=org/d", 2),
        ("action=config", 0),
        (f"action=config.&since={now + 1}", 0),
        (f"object=org/&until={now - 1}", 0),
    ):
        assert len((await read(boss, f"/api/audit?{query}"))["items"]) == found, query
    assert org.filled(("control-room-day",), house.clock.now())[0].id == "control-room-reserve"


@pytest.mark.parametrize("path", ["hub/hub", "sites/court"])
async def test_the_hubs_own_file_and_a_sites_id_are_not_written(house, path):
    boss = await house.person("root", Role.ADMIN)
    found = await read(boss, f"/api/admin/config/{path}")
    wish = {"version": found["part"]["version"], "document": {**found["document"], "id": "other"}}
    refused = await boss.post(f"/api/admin/config/{path}", wish)
    assert (refused.status_code, refused.json()["code"]) in {
        (422, "read-only"),
        (422, "bad-config"),
    }
    assert found["part"]["editable"] == (path != "hub/hub")


async def test_who_answers_for_one_site_sees_its_file_alone(house):
    mine = await house.person("chief", Role.ADMIN, "court")
    listed = (await read(mine, "/api/admin/config"))["parts"]
    assert [f"{one['area']}/{one['name']}" for one in listed] == ["sites/court"]
    for path in (ALARM, ROSTER, NOTIFY, "/api/admin/config/sites/yard"):
        assert (await mine.get(path)).status_code == 404
        assert (await mine.post(path, {"version": "x", "text": ""})).status_code == 404
    assert (await mine.post("/api/admin/channels/wecom/test", {})).status_code == 404
    guard = await house.person("wang", Role.SUPERVISOR)
    assert (await guard.get("/api/admin/config")).status_code == 403


async def test_a_test_message_goes_out_by_what_is_saved_and_is_on_record(house, monkeypatch):
    boss = await house.person("root", Role.ADMIN)
    to = {"*": {"url": "json://10.1.2.3/hook"}}
    wish = await changed(boss, NOTIFY, channel=[{"id": "hook", "to": to}])
    assert (await boss.post(NOTIFY, wish)).is_success
    sent = []
    monkeypatch.setattr(
        "hub.api.configuring.send",
        lambda channel, address, message, *_, **__: sent.append(
            (channel.id, address.url.get_secret_value(), message.title.zh)
        ),
    )
    answer = await boss.post("/api/admin/channels/hook/test", {"post": "patrol-lead"})
    assert answer.json() == {"sent": True, "why": None}
    assert sent == [("hook", "json://10.1.2.3/hook", "【测试】通知渠道测试")]
    assert (await boss.post("/api/admin/channels/none/test", {})).status_code == 404
    trail = await read(boss, "/api/audit?action=channel.test")
    assert trail["items"][-1]["object"] == "hook"
    assert "json://" not in json.dumps(trail)


async def test_models_come_with_their_card_and_rights_with_their_roles(house):
    boss = await house.person("root", Role.ADMIN)
    (model,) = await read(boss, "/api/admin/models")
    assert model["card"].startswith("# ebike-first")
    assert model["alarm"] > model["suspicion"]
    rights = {one["id"]: one["role"] for one in await read(boss, "/api/admin/rights")}
    assert (rights["config.manage"], rights["alert.act"]) == ("admin", "guard")


async def test_a_form_brings_the_names_it_chooses_from_and_none_of_another_site(house):
    """Whoever answers for one site sees its file, and nothing of the others."""
    boss = await house.person("root", Role.ADMIN, "court")
    (part,) = (await read(boss, "/api/admin/config"))["parts"]
    assert (part["area"], part["name"]) == ("sites", "court")
    found = await read(boss, "/api/admin/config/sites/court")
    assert set(found["choices"]) == {"kinds"}
    assert "yard" not in json.dumps(found)
    for path in (ALARM, NOTIFY, "/api/admin/config/sites/yard", "/api/admin/config/sites/%2e%2e"):
        assert (await boss.get(path)).status_code == 404


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a\x00b", "\ud800"])
async def test_a_text_that_is_none_is_a_fault_of_its_writer(house, text):
    boss = await house.person("root", Role.ADMIN)
    version = (await read(boss, ALARM))["part"]["version"]
    body = json.dumps({"version": version, "text": text})
    headers = {"X-CSRF-Token": boss.csrf, "Content-Type": "application/json"}
    answer = await boss.http.post(ALARM + "/check", content=body, headers=headers)
    assert answer.status_code in {200, 422}, answer.text
    assert answer.status_code == 422 or not answer.json()["ok"]
    body = json.dumps({"version": version, "document": {"id": text}})
    answer = await boss.http.post(ALARM + "/check", content=body, headers=headers)
    assert answer.status_code in {200, 422}, answer.text


async def test_no_token_changes_the_files_that_say_who_may_do_what(house):
    boss = await house.person("root", Role.ADMIN)
    wish = {
        "name": "script",
        "permissions": ["config.manage"],
        "sites": ["*"],
        "ends_at": house.clock.now() + 1000,
    }
    assert (await boss.post("/api/me/tokens", wish)).status_code == 403
