"""Exports of access traces: who asks, who else approves, and until when. Decisions; no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from hub.errors import NotAllowedError
from wire import Text

DAY_MS: Final = 24 * 3_600_000
WAITS_MS: Final = 7 * DAY_MS
"""A request that nobody has decided on by then is void."""


class ExportState(StrEnum):
    """Where an export stands."""

    REQUESTED = "requested"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Export:
    """One export. Times: ms.

    query: device, subject (mark), start, end. pictures: with them. plain: credentials in clear.
    done, total: rows and pictures. size, sha256: of the file as it is downloaded. until: when a
    request is void, or the file is deleted. note: why it was refused, or has failed.
    """

    id: str
    site: str
    state: ExportState
    requester: str
    asked_at: int
    purpose: str
    reason: str
    case_id: str | None
    query: Mapping[str, Any]
    pictures: bool
    plain: bool
    until: int
    decider: str | None = None
    decided_at: int | None = None
    note: str | None = None
    done: int = 0
    total: int = 0
    made_at: int | None = None
    size: int | None = None
    sha256: str | None = None

    def at(self, now: int) -> "Export":
        """The export as it stands: what waited or lay there for too long has expired by itself."""
        open_ = self.state in {ExportState.REQUESTED, ExportState.READY}
        return replace(self, state=ExportState.EXPIRED) if open_ and now >= self.until else self


def decided(
    export: Export, *, approve: bool, actor: str, note: str | None, now: int, days: int
) -> Export:
    """The export after a second person's word. Raises NotAllowedError."""
    if export.at(now).state is not ExportState.REQUESTED:
        raise NotAllowedError(NOT_WAITING)
    if actor == export.requester:
        raise NotAllowedError(SECOND_PERSON)
    state = ExportState.MAKING if approve else ExportState.REFUSED
    until = now + days * DAY_MS if approve else export.until
    return replace(export, state=state, decider=actor, decided_at=now, note=note, until=until)


def withdrawn(export: Export, *, actor: str, now: int) -> Export:
    """The request taken back by whoever asked. Raises NotAllowedError."""
    if export.at(now).state is not ExportState.REQUESTED or actor != export.requester:
        raise NotAllowedError(NOT_WAITING)
    return replace(export, state=ExportState.WITHDRAWN)


def check_download(export: Export, *, actor: str, now: int) -> None:
    """Raises NotAllowedError, which says why, unless this person may fetch the file now."""
    if actor != export.requester:
        raise NotAllowedError(NOT_YOURS)
    why = _NO_FILE.get(export.at(now).state)
    if why is not None:
        raise NotAllowedError(why)


SECOND_PERSON: Final = Text(
    zh="需要另一个人批准，不能批准自己的申请。", en="Somebody else has to approve what you ask for."
)
NOT_WAITING: Final = Text(zh="这条申请已处理过或已到期。", en="This request waits no more.")
NOT_YOURS: Final = Text(zh="只有申请人可以下载。", en="Only whoever asked for it may download it.")
_NO_FILE: Final = {
    ExportState.REQUESTED: Text(zh="还没有批准。", en="It is not approved yet."),
    ExportState.REFUSED: Text(zh="申请被拒绝了。", en="It was refused."),
    ExportState.WITHDRAWN: Text(zh="申请已撤回。", en="It was taken back."),
    ExportState.MAKING: Text(zh="正在生成，请稍候。", en="It is being made."),
    ExportState.FAILED: Text(zh="没有生成成功。", en="It could not be made."),
    ExportState.EXPIRED: Text(
        zh="已过期，文件已删除；需要请重新申请。", en="It has expired and is deleted: ask anew."
    ),
}
