"""Things that stand in the site `yard` alone, to be asked for from the site `court`.

`make_foreign` makes one of each; a route whose path names a new thing needs one here. The name in
`{braces}` of the path is the key.
"""

import asyncio
import secrets

from sqlalchemy import insert, select

from hub.api.openings import Opening
from hub.config import Role
from hub.pipeline import OpenCase
from hub.store.schema import (
    case_view,
    command,
    credential,
    erasure,
    export,
    household,
    legal_hold,
    passage,
    patrol_round,
    person,
    report,
    watch_entry,
)
from tests.hub_api.test_evidence import Agent
from wire import Lane, Observation, Text

YARD = "yard"
HOUR = 3_600_000
DEVICE = "gate-yard"
"""A gate that the other site alone has; `cam-yard` is its camera."""

OF_ANOTHER_THING = frozenset({"site", "action", "point", "token", "sha256", "name"})
"""Names in paths that are no thing of a site: steps, points of a round that is named itself, what
opens a page by itself, people and machines."""


async def make_foreign(house) -> dict[str, str]:
    """The id of one thing of each sort, by the name that paths give it."""
    return {
        "device": DEVICE,
        "alert": await _alert(house),
        **await _passage(house),
        "case": await _case(house),
        "view": _row(
            house,
            case_view,
            id=secrets.token_hex(8),
            owner="yard-chief",
            site=YARD,
            name="night",
            asked={},
            at=house.clock.now(),
        ),
        "hold": await _hold(house),
        "switch": await _switch(house),
        "bulletin": await _bulletin(house),
        "round": _row(
            house,
            patrol_round,
            id=secrets.token_hex(16),
            site=YARD,
            plan="night",
            name={"zh": "巡", "en": "Round"},
            state="walking",
            due_at=house.clock.now(),
            late_at=house.clock.now() + HOUR,
            ends_at=house.clock.now() + HOUR,
            points=[{"id": POINT, "name": {"zh": "点", "en": "Point"}} | _NO_MORE],
            visits=[],
            planned=False,
            version=1,
        ),
        "plan": _plan(house),
        "command": _row(
            house,
            command,
            id=secrets.token_hex(16),
            site=YARD,
            agent="more",
            device=DEVICE,
            action="open",
            operator="li",
            reason="x",
            lease_s=0.0,
            state="sent",
            created_at=house.clock.now(),
            updated_at=house.clock.now(),
            version=1,
        ),
        "opening": _opening(house),
        "evidence": await _evidence(house),
        "export": _row(
            house,
            export,
            id=secrets.token_hex(16),
            site=YARD,
            state="requested",
            requester="li",
            asked_at=house.clock.now(),
            purpose="police",
            reason="x",
            query={"device": None, "subject": None, "start": 0, "end": 1},
            pictures=False,
            plain=False,
            until=house.clock.now() + HOUR,
        ),
        "entry": _row(
            house,
            watch_entry,
            id=secrets.token_hex(16),
            site=YARD,
            sort="credential",
            subject="f" * 64,
            masked="••••",
            reason="x",
            requester="li",
            asked_at=house.clock.now(),
            state="requested",
            until=house.clock.now() + HOUR,
        ),
        **_household(house),
    }


BODIES = {
    "POST /api/sites/{site}/holds/{hold}/actions/{action}": {"note": "x"},
    "POST /api/sites/{site}/cases/{case}/questions": {"text": "where?"},
    "POST /api/sites/{site}/passages/{passage}/unmask": {"reason": "x"},
    "POST /api/sites/{site}/subjects/{mark}/unmask": {"reason": "x"},
    "POST /api/sites/{site}/modes/{switch}/actions/{action}": {"reason": "over"},
    "POST /api/sites/{site}/rounds/{round}/points/{point}": {"result": "fine"},
    "POST /api/sites/{site}/devices/{device}/commands": {"action": "open", "reason": "x"},
    "POST /api/sites/{site}/people/{person}/unmask": {"reason": "x"},
    "POST /api/sites/{site}/erasures/{erasure}/refuse": {"reason": "not them"},
    "POST /api/sites/{site}/legal-holds/{legal_hold}/release": {"reason": "over"},
    "PATCH /api/sites/{site}/households/{household}": {"version": 1},
    "PUT /api/sites/{site}/devices/{device}/drawing": {"version": "0", "drawing": {}},
    "POST /api/sites/{site}/households/{household}/people": {"name": "x"},
    "PATCH /api/sites/{site}/households/{household}/people/{person}": {"version": 1},
    "POST /api/sites/{site}/households/{household}/credentials": {"kind": "card", "value": "c-01"},
    "PATCH /api/sites/{site}/households/{household}/credentials/{credential}": {"version": 1},
}
"""What a route that names a thing has to be sent, so that it gets as far as the thing."""

SPARE = "f" * 32
"""A person, and a credential, that are removed before the others are asked for."""

INSTEAD = {
    "DELETE /api/sites/{site}/credentials/{credential}": {"credential": SPARE},
    "DELETE /api/sites/{site}/people/{person}": {"person": SPARE},
    "GET /api/sites/{site}/devices/{device}/live": {"device": "cam-yard"},
    "GET /api/sites/{site}/devices/{device}/drawing": {"device": "cam-yard"},
    "PUT /api/sites/{site}/devices/{device}/drawing": {"device": "cam-yard"},
    "GET /api/sites/{site}/devices/{device}/telemetry": {"device": "fw-yard"},
}
"""A route that wants another thing of that name."""

QUERIES = {
    "GET /api/sites/{site}/devices/{device}/telemetry": "?signal=pressure",
    "POST /api/sites/{site}/cases/{case}/contact": "?look=LOOK",
    "POST /api/sites/{site}/passages/{passage}/unmask": "?look=LOOK",
    "POST /api/sites/{site}/subjects/{mark}/unmask": "?look=LOOK",
    "GET /api/sites/{site}/watchlist/{entry}/hits": "?look=LOOK",
    "POST /api/sites/{site}/people/{person}/unmask": "?look=LOOK",
    "GET /api/sites/{site}/households/{household}/tally": "?look=LOOK",
}
"""`LOOK` stands for one that the asking person declared in the site that the path names."""

ACTIONS = {
    "openings": "approve",
    "alerts": "acknowledge",
    "holds": "approve",
    "cases": "accept",
    "modes": "end",
    "watchlist": "approve",
    "exports": "approve",
}
"""A step that exists, by the sort of thing."""

PERSON = "e" * 32
POINT = "p1"
"""Of the round above."""


_NO_MORE = {"device": None, "place": None, "look": [], "category": "fire-lane"}


def _plan(house) -> str:
    """A round that the other site alone walks."""
    plan = next(iter(house.directory.patrols["court"].values()))
    house.directory.patrols[YARD] = {"yard-night": plan.model_copy(update={"id": "yard-night"})}
    return "yard-night"


def _row(house, table, **values) -> str:
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(insert(table).values(**values))
    return values["id"]


def _household(house) -> dict[str, str]:
    made = {"site": YARD, "created_at": 0, "changed_at": 0, "version": 1}
    home = {**made, "household": secrets.token_hex(16)}
    _row(house, household, id=home["household"], building="b1", room="1", **made)
    sealed = house.seal.seal(YARD, b"x")
    for name in (SPARE, PERSON):
        _row(house, person, id=name, name=sealed, name_hash=name, name_masked="x••", **home)
        said = {"kind": "card", "subject": name, "sealed": sealed, "masked": "••••"}
        _row(house, credential, id=name, **said, **home)
    asked = {"kind": "person", "target": PERSON, "state": "asked", "asked_by": "li"}
    _row(house, erasure, id=SPARE, site=YARD, reason="x", asked_at=0, **asked)
    hold = {"case_id": "x", "authority": "x", "placed_by": "li", "placed_at": 0}
    _row(house, legal_hold, id=SPARE, site=YARD, reason="x", until_at=2**50, **hold)
    return {
        "household": home["household"],
        "person": PERSON,
        "credential": PERSON,
        "erasure": SPARE,
        "legal_hold": SPARE,
    }


async def _gate(house, **signals) -> None:
    now = house.clock.now()
    said = Observation(device=DEVICE, kind="gate", at=now, seen=now, signals=signals)
    await house.say("more", said, lane=Lane.EVENT, site=YARD)


async def _passage(house) -> dict[str, str]:
    await _gate(house, event="granted", credential="CARD-YARD-0815")
    with house.store.reader.connect() as connection:
        row = connection.execute(
            select(passage).where(passage.c.site == YARD, passage.c.subject.is_not(None))
        ).one()
    return {"passage": str(row.id), "mark": row.subject[:12]}


def _opening(house) -> str:
    """An order of doors that waits for a second person; these are kept in memory alone."""
    now = house.clock.now()
    one = Opening("0f" * 8, YARD, (DEVICE,), "open", 0.0, "x", "li", now, now + HOUR)
    house.services.openings._known[one.id] = one
    return one.id


async def _alert(house) -> str:
    await _gate(house, event="opened", open=True)
    house.hand.pass_s(2)
    await asyncio.wrap_future(house.pipeline.tick(house.clock.now()))
    chief = await house.person("yard-chief", Role.ADMIN, YARD)
    return (await chief.get(f"/api/sites/{YARD}/alerts")).json()["items"][0]["id"]


async def _case(house) -> str:
    act = OpenCase(YARD, "fire-lane", Text.plain("boxes"), "li", "boxes")
    case = await asyncio.wrap_future(house.pipeline.act(act, house.clock.now()))
    phone = house.seal.seal(YARD, b"13800138000")
    values = {"reporter": "resident", "contact": phone, "created_at": house.clock.now()}
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(insert(report).values(case_id=case, site=YARD, **values))
    return case


async def _hold(house) -> str:
    chief = await house.log_in("yard-chief")
    asked = {
        "device": "fw-1",
        "condition": "pressure-low",
        "reason": "drained",
        "permit": "W-1",
        "substitute": "fire watch",
        "until": house.clock.now() + HOUR,
    }
    return (await chief.post(f"/api/sites/{YARD}/holds", asked)).json()["id"]


async def _switch(house) -> str:
    chief = await house.log_in("yard-chief")
    asked = {"mode": "flood", "reason": "typhoon", "until": house.clock.now() + HOUR}
    return (await chief.post(f"/api/sites/{YARD}/modes", asked)).json()["id"]


async def _evidence(house) -> str:
    agent = Agent(house, YARD)
    content = b"a clip"
    note = await agent.announce(content)
    await agent.bring(content)
    return note.id


async def _bulletin(house) -> str:
    chief = await house.log_in("yard-chief")
    return (await chief.post(f"/api/sites/{YARD}/bulletins", {"kind": "weekly"})).json()["id"]
