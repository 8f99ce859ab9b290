"""Classes of records, legal holds and erasures as answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hub.api.models import keeping as shown
from hub.store.keeping.backlog import Backlog
from hub.store.keeping.classes import CLASSES, RecordClass
from hub.store.keeping.holds import Span
from hub.store.reads.page import Record
from wire import Text

_PARTS: Final = {
    "people": Text(zh="登记的人员", en="People on the register"),
    "credentials": Text(zh="卡和车牌", en="Cards and plates"),
    "passages": Text(zh="通行记录(抹去身份)", en="Passages, of whom nobody tells any more"),
    "observations": Text(zh="设备原始上报(抹去身份)", en="What devices reported, likewise"),
    "pictures": Text(zh="通行图片", en="Pictures of passages"),
    "clips": Text(zh="通行时的报警片段和截图", en="Clips and stills of alarms while they passed"),
    "letters": Text(zh="死信中的卡号车牌", en="Dead letters that name them"),
    "looks": Text(zh="谁查过此人的记录", en="Who looked at them"),
}
_NEEDED: Final = Text(
    zh="未结案件或法律保全需要,期满自动删除",
    en="an open case or a legal hold needs it; it goes when its time is over",
)
_WHY: Final = {
    "looks": Text(zh="审计留痕至少保留三年", en="the audit trail is kept three years at least"),
}
_ALWAYS: Final = (
    shown.ErasurePart(
        part="other-clips",
        name=Text(zh="其他报警视频片段", en="Other clips of alarms"),
        count=0,
        why=Text(
            zh="无法按人检索,按各自期限删除", en="nobody can be looked for in them; they go in time"
        ),
    ),
    shown.ErasurePart(
        part="backups",
        name=Text(zh="备份", en="Backups"),
        count=0,
        why=Text(
            zh="恢复备份时按删除名单再次删除；备份本身随轮换失效",
            en="a restore erases anew by the list; the copies go as backups are replaced",
        ),
    ),
)


def show_classes(days: Mapping[str, int], standing: Mapping[str, Backlog]) -> list[shown.KeptClass]:
    """The table of classes, with how far the removal has come."""
    return [_class(one, days[one.id], standing[one.id]) for one in CLASSES]


def show_hold(row: Record, spans: Sequence[Span]) -> shown.LegalHold:
    """A legal hold."""
    return shown.LegalHold(
        id=row["id"],
        case=row["case_id"],
        authority=row["authority"],
        reason=row["reason"],
        placed_by=row["placed_by"],
        placed_at=row["placed_at"],
        until=row["until_at"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        end_reason=row["end_reason"],
        spans=[
            shown.HeldSpan(device=one.device, from_at=one.from_at, to_at=one.to_at) for one in spans
        ],
    )


def show_erasure(row: Record, report: Mapping[str, Any] | None = None) -> shown.Erasure:
    """A request. report: what would go, of one that waits."""
    said = row["report"] or report or {"erased": {}, "kept": {}}
    kept = [_part(name, count, _WHY.get(name, _NEEDED)) for name, count in said["kept"].items()]
    return shown.Erasure(
        id=row["id"],
        kind=row["kind"],
        target=row["target"],
        state=row["state"],
        reason=row["reason"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        erased=[_part(name, count, None) for name, count in said["erased"].items()],
        kept=[*kept, *_ALWAYS] if said["erased"] else kept,
    )


def _part(name: str, count: int, why: Text | None) -> shown.ErasurePart:
    return shown.ErasurePart(part=name, name=_PARTS[name], count=count, why=why)


def _class(one: RecordClass, days: int, stands: Backlog) -> shown.KeptClass:
    return shown.KeptClass(
        id=one.id,
        name=one.name,
        setting=one.days if isinstance(one.days, str) else None,
        days=days,
        oldest=stands.oldest,
        overdue=stands.overdue,
        held=stands.held,
        note=one.note,
    )
