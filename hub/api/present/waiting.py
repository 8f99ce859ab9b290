"""Requests that wait for a second person, as answers: each sort in the same shape."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import Need
from hub.api.directory import Directory
from hub.api.models.waiting import Waiting, WaitingKind, WaitingStep
from hub.api.openings import Opening
from hub.config import Role
from hub.store.reads.page import Record
from hub.store.reads.waiting import Requests
from wire import Text

_APPROVE: Final = Text(zh="批准", en="Approve")
_REFUSE: Final = Text(zh="不批准", en="Refuse")
_WITHDRAW: Final = Text(zh="撤回", en="Withdraw")
_SHOWN: Final = 6
"""Doors that are named one by one; of more the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request before it is known who looks.

    row: id, reason, asked_at, until. able: whoever looks may decide on it. path: of its steps,
    under the site's; withdraw: of that step, where it stands elsewhere. steps: to agree, to refuse.
    """

    kind: WaitingKind
    row: Mapping[str, Any]
    by: str
    able: bool
    path: str
    what: Text
    facts: list[Text]
    withdraw: str | None = None
    steps: tuple[str, str] = ("approve", "refuse")
    span: tuple[int | None, int | None] = (None, None)
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class Presenter:
    """Shows what an actor may decide on, and what of their own waits; of the rest nothing."""

    directory: Directory
    actor: Actor
    site: str

    def all(self, openings: Iterable[Opening], found: Requests) -> list[Waiting]:
        """What there is for this person: the most urgent sort first, of each the oldest first."""
        asked = [
            *(self._opening(one) for one in openings),
            *(self._export(row) for row in found.exports),
            *(self._watch(row) for row in found.watches),
            *(self._service(row) for row in found.services),
            *(self._erasure(row, found.whose.get(row["id"])) for row in found.erasures),
        ]
        return [one for each in asked if (one := self._shown(each)) is not None]

    def _opening(self, one: Opening) -> _Asked:
        facts = self.directory.devices[self.site]
        known = [facts[name] for name in one.devices if name in facts]
        things = []
        for each in known:
            spec = next(spec for spec in each.kind.actions if spec.id == one.action)
            things.append(each.thing(self.site, Role(spec.role), spec.id))
        able = may(
            self.actor, Permission.DEVICE_COMMAND, Thing(self.site, Role.SUPERVISOR)
        ) and all(may(self.actor, Permission.DEVICE_COMMAND, thing) for thing in things)
        names = [each.name for each in known]
        count = len(one.devices)
        held = one.action == "hold-open"
        return _Asked(
            kind=WaitingKind.OPENING,
            row={"id": one.id, "reason": one.reason, "asked_at": one.asked_at, "until": one.until},
            by=one.asked_by,
            able=able,
            path=f"openings/{one.id}/actions",
            what=Text(
                zh=f"{'保持开启' if held else '打开'} {count} 扇门",
                en=f"{'Hold' if held else 'Open'} {count} doors{' open' if held else ''}",
            ),
            facts=[_named(names)],
        )

    def _export(self, row: Record) -> _Asked:
        query = row["query"]
        facts = [self._purpose(row["purpose"])]
        if query.get("device"):
            facts.append(self.directory.subject(self.site, query["device"])[0])
        if query.get("subject"):
            mark = query["subject"]
            facts.append(Text(zh=f"人员或车辆 {mark}", en=f"Somebody: {mark}"))
        if row["pictures"]:
            facts.append(Text(zh="含图片", en="with pictures"))
        if row["plain"]:
            facts.append(Text(zh="卡号车牌为明文", en="cards and plates in clear"))
        if row["case_id"]:
            facts.append(Text(zh=f"案件 {row['case_id']}", en=f"Case {row['case_id']}"))
        return _Asked(
            kind=WaitingKind.EXPORT,
            row=row,
            by=row["requester"],
            able=may(self.actor, Permission.EXPORT_DECIDE, Thing(self.site)),
            path=f"exports/{row['id']}/actions",
            withdraw=f"exports/{row['id']}/withdraw",
            what=Text(zh=f"导出 {row['total']} 条通行记录", en=f"Export {row['total']} passages"),
            facts=facts,
            span=(query["start"], query["end"]),
        )

    def _watch(self, row: Record) -> _Asked:
        facts = [] if not row["case_id"] else [_case(row["case_id"])]
        return _Asked(
            kind=WaitingKind.WATCH,
            row=row,
            by=row["requester"],
            able=may(self.actor, Permission.WATCH_MANAGE, Thing(self.site)),
            path=f"watchlist/{row['id']}/actions",
            withdraw=f"watchlist/{row['id']}/actions/end",
            what=Text(zh=f"布控 {row['masked']}", en=f"Watch for {row['masked']}"),
            facts=facts,
        )

    def _service(self, row: Record) -> _Asked:
        device, place = self.directory.subject(self.site, row["device"])
        condition = self.directory.conditions.get(row["condition"])
        name = Text.plain(row["condition"]) if condition is None else condition.name
        facts = [
            *(() if place is None else (place,)),
            Text(zh=f"工作票 {row['permit']}", en=f"Permit {row['permit']}"),
            Text(zh=f"替代措施：{row['substitute']}", en=f"Instead: {row['substitute']}"),
        ]
        able = self.actor.role.at_least(Role.SUPERVISOR)
        return _Asked(
            kind=WaitingKind.SERVICE,
            row={**row, "asked_at": row["requested_at"]},
            by=row["requested_by"],
            able=able and may(self.actor, Permission.ALERT_ACT, Thing(self.site)),
            path=f"holds/{row['id']}/actions",
            withdraw=f"holds/{row['id']}/actions/end",
            what=Text(
                zh=f"停用报警：{device.zh} {name.zh}", en=f"Out of service: {device.en}, {name.en}"
            ),
            facts=facts,
        )

    def _erasure(self, row: Record, whose: Record | None) -> _Asked:
        person = row["kind"] == "person"
        path = f"erasures/{row['id']}"
        return _Asked(
            kind=WaitingKind.ERASURE,
            row={**row, "until": None},
            by=row["asked_by"],
            able=may(self.actor, Permission.ERASURE_SIGN, Thing(self.site)),
            path=path,
            steps=("sign", "refuse"),
            withdraw=f"{path}/withdraw",
            what=Text(
                zh="抹除一个人的数据" if person else "抹除整户数据",
                en="Erase a person's data" if person else "Erase a household's data",
            ),
            facts=[] if whose is None else [self._place(whose)],
            preview=f"/api/sites/{self.site}/{path}",
        )

    def _shown(self, one: _Asked) -> Waiting | None:
        """None: it is nothing to this person."""
        mine = one.by == self.actor.name
        if not (mine or one.able):
            return None
        base, row = f"/api/sites/{self.site}/", one.row
        if mine:
            back = base + (one.withdraw or f"{one.path}/withdraw")
            actions = [_step("withdraw", _WITHDRAW, back, None)]
        else:
            yes, no = one.steps
            # what goes for good is signed without a word
            last = one.kind is WaitingKind.ERASURE
            actions = [
                _step(yes, _APPROVE, f"{base}{one.path}/{yes}", None if last else "note"),
                _step(
                    no, _REFUSE, f"{base}{one.path}/{no}", "reason" if last else "note", needed=True
                ),
            ]
        return Waiting(
            kind=one.kind,
            id=row["id"],
            what=one.what,
            facts=one.facts,
            from_at=one.span[0],
            to_at=one.span[1],
            reason=row["reason"],
            asked_by=one.by,
            asked_at=row["asked_at"],
            until=row["until"],
            mine=mine,
            preview=None if mine else one.preview,
            actions=actions,
        )

    def _purpose(self, name: str) -> Text:
        known = self.directory.purposes.get(name)
        return Text.plain(name) if known is None else known.name

    def _place(self, row: Record) -> Text:
        building = self.directory.whole_or_building(self.site, row["building"])
        rest = [row["entrance"], row["room"], row.get("name_masked")]
        said = " ".join(part for part in rest if part)
        return Text(zh=f"{building.zh} {said}", en=f"{building.en} {said}")


def _step(name: str, said: Text, post: str, field: Any, *, needed: bool = False) -> WaitingStep:
    asks = [Need.NOTE] if field is not None else []
    return WaitingStep(
        id=name,
        name=said,
        allowed=True,
        why=None,
        needs=asks if needed else [],
        takes=[] if needed else asks,
        post=post,
        field=field,
    )


def _case(name: str) -> Text:
    return Text(zh=f"案件 {name}", en=f"Case {name}")


def _named(names: list[Text]) -> Text:
    first, more = names[:_SHOWN], len(names) - _SHOWN

    def joined(parts: Iterator[str], between: str, rest: str) -> str:
        return between.join(parts) + (rest if more > 0 else "")

    return Text(
        zh=joined((one.zh for one in first), "、", f" 等 {len(names)} 处"),
        en=joined((one.en for one in first), ", ", f" and {more} more"),
    )
