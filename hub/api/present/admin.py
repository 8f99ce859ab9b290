"""The configuration's files as answers."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from hub.access.permissions import DEPARTMENTAL, GRANTS, Scope
from hub.api.configuring import Configuring
from hub.api.models.admin import (
    ConfigChange,
    ConfigCheck,
    ConfigChoice,
    ConfigDocument,
    ConfigFault,
    ConfigPart,
    ConfigParts,
    ConfigPast,
    Detector,
    RightInfo,
)
from hub.editing.bench import ORIGINAL, Draft
from hub.editing.parts import HUB, Part
from hub.editing.schema import OF, schema_of
from hub.editing.shelf import version_of
from wire import Text

_TITLES: Final = {
    "org/tree": Text(zh="组织架构与岗位", en="Organisation and posts"),
    "org/desks": Text(zh="值班台与值班表", en="Desks and roster"),
    "org/rights": Text(zh="权限限制", en="Limits of rights"),
    "notify/channels": Text(zh="通知渠道", en="Notification channels"),
    HUB: Text(zh="主机配置", en="The hub's own file"),
    "cases/calendars": Text(zh="工作日历", en="Calendars"),
    "cases/departments": Text(zh="处置部门", en="Departments"),
    "cases/escalation": Text(zh="催办与升级", en="Reminders and escalation"),
    "cases/purposes": Text(zh="查询事由", en="Purposes of looks"),
    "cases/tags": Text(zh="住户标签", en="Residents' tags"),
}


def parts(desk: Configuring, seen: Iterable[Part]) -> ConfigParts:
    """A list of parts, and whether the hub could start with what stands there."""
    return ConfigParts(parts=[part(desk, one) for one in seen], fault=desk.bench.fault())


def part(desk: Configuring, one: Part) -> ConfigPart:
    """One part as it stands on the disk."""
    shelf = desk.bench.shelf
    text = shelf.text(one)
    version, own = version_of(text), shelf.is_own(one)
    past = next((past for past in shelf.history(one) if past.version == version), None)
    return ConfigPart(
        area=one.area,
        name=one.name,
        title=_title(one, text),
        editable=one.editable,
        own=own,
        stale=shelf.is_stale(one),
        pending=desk.is_pending(one, version),
        at_once=one.at_once,
        version=version,
        saved_at=past.at if past and past.by else None,
        saved_by=past.by if past and past.by else None,
    )


def document(desk: Configuring, one: Part, past: str | None) -> ConfigDocument:
    """A part with all that its form needs, and no more. past: an earlier text of it."""
    form = schema_of(one.model)
    asked = set(_chosen(form))
    return ConfigDocument(
        part=part(desk, one),
        document=desk.bench.document(one, past),
        form=form,
        choices={
            what: [ConfigChoice(id=name, name=text) for name, text in found]
            for what, found in desk.bench.choices().items()
            if what in asked
        },
        text=desk.bench.text(one, past),
    )


def _chosen(form: Any) -> Iterator[str]:
    """The lists that its fields choose from: one who answers for one site sees no other's names."""
    if isinstance(form, dict):
        if isinstance(form.get(OF), str):
            yield form[OF]
        for each in form.values():
            yield from _chosen(each)
    elif isinstance(form, list):
        for each in form:
            yield from _chosen(each)


def check(one: Part, draft: Draft) -> ConfigCheck:
    """What came of looking a change through."""
    return ConfigCheck(
        ok=not draft.faults,
        faults=[
            ConfigFault(**asdict(fault) | {"problem": fault.problem}) for fault in draft.faults
        ],
        changes=[ConfigChange(**asdict(change)) for change in draft.changes],
        comments_kept=draft.comments_kept,
        at_once=one.at_once,
    )


def history(desk: Configuring, one: Part) -> list[ConfigPast]:
    """Earlier texts, newest first; the file that `hub.toml` names last, where it is there."""
    shelf = desk.bench.shelf
    found = [
        ConfigPast(id=past.id, at=past.at or None, by=past.by or None, version=past.version)
        for past in shelf.history(one)
    ]
    original = shelf.original(one)
    if original:
        found.append(ConfigPast(id=ORIGINAL, at=None, by=None, version=version_of(original)))
    return found


def rights() -> list[RightInfo]:
    """Everything that can be done, and who may."""
    return [
        RightInfo(
            id=one.value,
            role=grant.role,
            about_site=grant.scope is Scope.SITE,
            departmental=one in DEPARTMENTAL,
        )
        for one, grant in GRANTS.items()
    ]


def detectors(folder: Path | None, in_use: str | None) -> list[Detector]:
    """The models of a folder with their cards; a broken one is left out: it cannot be used."""
    paths = [] if folder is None else sorted(folder.glob("*/model.toml"))
    found = (_detector(path, in_use) for path in paths)
    return [one for one in found if one is not None]


def _detector(path: Path, in_use: str | None) -> Detector | None:
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = said.get("thresholds", {})
        return Detector(
            name=said["name"],
            version=said["version"],
            labels=said["labels"],
            width=said["input"]["width"],
            height=said["input"]["height"],
            suspicion=limits.get("suspicion"),
            alarm=limits.get("alarm"),
            bytes=(path.parent / Path(said["file"]).name).stat().st_size,
            sha256=said["sha256"],
            in_use=said["name"] == in_use,
            card=(path.parent / Path(said["card"]).name).read_text(encoding="utf-8"),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _title(one: Part, text: str) -> Text:
    """What a file calls itself, or what its first tables are called."""
    if one.id in _TITLES:
        return _TITLES[one.id]
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return Text.plain(one.name)
    rows = [*said.get("class", ()), *said.get("plan", ())]
    names = [found for row in [said, *rows] if (found := _text(row.get("name")))]
    if one.area == "patrols":
        names = [Text(zh=f"{said.get('site')} 巡查计划", en=f"Patrols of {said.get('site')}")]
    if not names:
        return Text.plain(one.name)
    return Text(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))


def _text(value: object) -> Text | None:
    if not (isinstance(value, dict) and {"zh", "en"} <= set(value)):
        return None
    return Text(zh=str(value["zh"]), en=str(value["en"]))
