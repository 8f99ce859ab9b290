"""How a case begins: from an alert, or because a person reports something."""

from hub.alerts import Alert
from hub.cases.given import checked_note
from hub.cases.model import SYSTEM, Case, CaseSource, HistoryEntry, case_id_of_alert
from hub.cases.table import START
from hub.config import AlarmType, Category
from hub.errors import BadRequestError
from wire import Text


def open_from_alert(
    alert: Alert,
    *,
    alarm: AlarmType,
    category: Category,
    number: str,
    now: int,
    place: Text | None = None,
    building: str | None = None,
    actor: str = SYSTEM,
) -> tuple[Case, HistoryEntry]:
    """The case that an alert becomes, by itself (`SYSTEM`) or because a person said so."""
    case = Case(
        id=case_id_of_alert(alert.id),
        site=alert.site,
        number=number,
        category=category.id,
        title=alarm.name,
        priority=alert.priority,
        state=START,
        opened_at=now,
        updated_at=now,
        device=alert.device,
        place=place,
        building=building,
        alert=alert.id,
        source=CaseSource.ALARM,
    )
    return case, HistoryEntry(now, actor, "discover", None, START, detail={"alert": alert.id})


def open_by_hand(  # noqa: PLR0913 - a case's fields, all by name
    *,
    case_id: str,
    site: str,
    category: Category,
    title: Text,
    number: str,
    now: int,
    actor: str,
    note: str,
    device: str | None = None,
    place: Text | None = None,
    building: str | None = None,
    floor: int | None = None,
    source: CaseSource = CaseSource.PERSON,
    photos: int = 0,
) -> tuple[Case, HistoryEntry]:
    """The case that somebody reports; its photos show how it was found.

    Raises BadRequestError: `category`, `title`, `note`.
    """
    if not category.manual:
        raise BadRequestError("is opened by alerts only", field="category")
    if not title.zh.strip() or not title.en.strip():
        raise BadRequestError("is empty", field="title")
    case = Case(
        id=case_id,
        site=site,
        number=number,
        category=category.id,
        title=title,
        priority=category.priority,
        state=START,
        opened_at=now,
        updated_at=now,
        device=device,
        place=place,
        building=building,
        floor=floor,
        source=source,
        photos_before=photos,
    )
    return case, HistoryEntry(now, actor, "discover", None, START, note=checked_note(note))
