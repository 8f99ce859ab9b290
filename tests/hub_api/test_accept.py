"""Accepting a case by the link in a message: by whom, once, for a while, and never by looking."""

import asyncio
from dataclasses import replace

import pytest

from hub.access.accept_links import LASTS_MS, key_of
from hub.access.sessions import new_token
from hub.config import Role
from hub.pipeline import CaseAct, OpenCase
from hub.store.people.links import draw_link
from hub.store.schema import accept_link, case_history
from wire import Text

NOTE = "沪A12345 wang, card 00112233"


async def a_case(house, category="flooding"):
    act = OpenCase("court", category, Text(zh=NOTE, en=NOTE), "li", NOTE, "gate-east")
    return await asyncio.wrap_future(house.pipeline.act(act, house.clock.now()))


async def a_link(house, case, *, post="patrol-lead", account=None, personal=True):
    token = new_token()
    await house.services.desk.write(
        lambda connection: draw_link(
            connection,
            key_of(token),
            site="court",
            case=case,
            post=post,
            account=account,
            personal=personal,
            now=house.clock.now(),
        )
    )
    return f"/accept/{token}"


def fill_post(house, post, account):
    """The organisation says who fills the post."""
    org = house.services.directory.org
    posts = tuple(
        one.model_copy(update={"account": account}) if one.id == post else one
        for one in org.tree.posts
    )
    filled = replace(org, tree=org.tree.model_copy(update={"posts": posts}))
    directory = replace(house.services.directory, org=filled)
    accepting = replace(house.services.accepting, directory=directory)
    house.app.app.state.services = replace(house.services, accepting=accepting, directory=directory)


async def history(house, case):
    return await house.services.read(
        lambda reader: [
            (row.action, row.actor, row.detail)
            for row in reader.execute(case_history.select().where(case_history.c.case_id == case))
        ]
    )


async def test_looking_changes_nothing_and_the_button_accepts_once_as_the_recipient(house):
    case = await a_case(house)
    path = await a_link(house, case)
    scanner = await house.browser()
    for _ in range(3):
        page = await scanner.get(path)
        assert page.status_code == 200
        assert "确认受理" in page.text
        assert (await scanner.head(path)).status_code in {200, 404, 405}
    assert [row[0] for row in await history(house, case)] == ["discover"]
    phone = await house.browser(headers={"Accept-Language": "en-GB"})
    done = await phone.post(path)
    assert done.status_code == 200
    assert "Accepted" in done.text
    steps = await history(house, case)
    assert steps[-1] == ("accept", "post:patrol-lead", {"via": "patrol-lead"})
    again = await phone.post(path)
    assert again.status_code == 410
    assert "works once" in again.text
    assert (await phone.get(path)).status_code == 410
    assert len(await history(house, case)) == 2


async def test_of_two_that_press_at_once_one_accepts_and_the_other_is_told(house):
    case = await a_case(house)
    path = await a_link(house, case)
    phone = await house.browser()
    answers = await asyncio.gather(*(phone.post(path) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 410, 410, 410]
    assert [row[0] for row in await history(house, case)] == ["discover", "accept"]


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ("time", 410, "过期"),
        ("taken", 409, "已经有人接单"),
        ("other-post", 403, "已换人"),
        ("unknown", 404, "无效"),
    ],
)
async def test_a_link_that_is_no_good_any_more_says_why_and_does_nothing(
    house, change, status, says
):
    case = await a_case(house)
    path = await a_link(house, case)
    if change == "time":
        house.hand.pass_s(LASTS_MS / 1000)
    elif change == "taken":
        act = CaseAct("court", case, "take", "wang", Role.GUARD)
        await asyncio.wrap_future(house.pipeline.act(act, house.clock.now()))
    elif change == "other-post":
        fill_post(house, "patrol-lead", "zhao")
    else:
        path = f"/accept/{new_token()}"
    before = await history(house, case)
    phone = await house.browser()
    for answer in (await phone.get(path), await phone.post(path)):
        assert answer.status_code == status
        assert says in answer.text
    assert await history(house, case) == before
    admin = await house.person("root", Role.ADMIN)
    acts = (await admin.get("/api/audit?site=court")).json()["items"]
    refused = [row for row in acts if row["outcome"].startswith("link-")]
    assert [row["object"] for row in refused] == ([] if change == "unknown" else [case])


async def test_what_went_to_a_group_takes_the_recipients_own_login(house):
    fill_post(house, "patrol-lead", "wang")
    case = await a_case(house)
    path = await a_link(house, case, account="wang", personal=False)
    wang = await house.person("wang", Role.GUARD, "court")
    other = await house.person("zhao", Role.SUPERVISOR, "court")
    stranger = await house.browser()
    assert (await stranger.post(path)).status_code == 401
    refused = await other.http.post(path)
    assert refused.status_code == 403
    assert "发给别人" in refused.text
    assert (await wang.http.post(path)).status_code == 200
    assert (await history(house, case))[-1][:2] == ("accept", "wang")
    admin = await house.person("root", Role.ADMIN)
    entries = (await admin.get("/api/audit?site=court")).json()["items"]
    assert any(row["action"] == "case.accept" and row["actor"] == "wang" for row in entries)


async def test_another_person_who_is_logged_in_may_not_even_with_a_personal_link(house):
    fill_post(house, "patrol-lead", "wang")
    case = await a_case(house)
    path = await a_link(house, case, account="wang", personal=True)
    await house.make_user("wang", Role.GUARD, "yard")
    other = await house.person("zhao", Role.SUPERVISOR, "court")
    assert (await other.http.post(path)).status_code == 403
    stranger = await house.browser()
    refused = await stranger.post(path)
    assert refused.status_code == 403
    assert "不负责这个小区" in refused.text


async def test_neither_the_page_nor_the_database_tells_more_than_it_should(house):
    case = await a_case(house)
    path = await a_link(house, case)
    page = await (await house.browser()).get(path)
    for secret in ("沪A12345", "wang", "00112233"):
        assert secret not in page.text
    assert "script" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    keys = await house.services.read(lambda r: list(r.scalars(accept_link.select())))
    assert path.removeprefix("/accept/") not in keys
