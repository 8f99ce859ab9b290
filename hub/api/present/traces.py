"""Answers from the index of passages."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from hub.api.directory import Directory
from hub.api.models.traces import (
    Besides,
    BesidesList,
    Companion,
    CompanionList,
    Elsewhere,
    ElsewhereList,
    Found,
    FoundList,
    HabitsAnswer,
    Inside,
    InsideList,
)
from hub.api.present.passage import mark, show_passage
from hub.store.reads import companions
from hub.store.reads.habits import Times
from hub.store.reads.page import Record, RecordPage
from hub.traces import habits
from hub.traces.likeness import Likeness


def show_found(found: Sequence[tuple[Likeness, Record]], *, more: bool) -> FoundList:
    """What a search found, in its order."""
    items = [Found(**_passer(row), likeness=likeness.value) for likeness, row in found]
    return FoundList(items=items, more=more)


def show_inside(
    found: RecordPage,
    exits: Mapping[bool, Sequence[int]],
    directory: Directory,
    *,
    site: str,
    now: int,
    since: int,
) -> InsideList:
    """Who is inside. exits: of nobody knows whom, newest first, by whether vehicles take them."""
    left = {plate: sorted(moments) for plate, moments in exits.items()}
    items = []
    for row in found.records:
        name, place = directory.subject(site, row["way_device"])
        moments = left.get(row["plate"], [])
        unknown = len(moments) - bisect_right(moments, row["way_at"])
        items.append(
            Inside(
                **_passer(row),
                entered_at=row["way_at"],
                device=row["way_device"],
                device_name=name,
                place=place,
                unknown_exits=unknown,
                sure=unknown == 0,
            )
        )
    return InsideList(items=items, next=found.next, now=now, since=since)


def show_companions(rows: Sequence[Record], *, of: int, within: int) -> CompanionList:
    """Who passes when somebody else does. within: ms."""
    items = [
        Companion(
            subject=mark(row["subject"]),
            credential=row["masked"],
            times=row["times"],
            same_way=row["same_way"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in rows
    ]
    return CompanionList(items=items, of=of, most=companions.MOST, within_s=within / 1000)


def show_habits(
    subject: str, times: Times, unusual: Sequence[Record], directory: Directory, site: str
) -> HabitsAnswer:
    """When somebody passes, and on what that rests."""
    known = times.habits
    return HabitsAnswer(
        subject=mark(subject),
        first_at=times.first_at,
        last_at=times.last_at,
        hours=list(known.hours),
        passages=known.passages,
        days=known.days,
        enough=known.enough,
        rare_share=habits.RARE,
        least_passages=habits.LEAST_PASSAGES,
        least_days=habits.LEAST_DAYS,
        unusual_hours=list(known.rare),
        unusual=[show_passage(row, directory, site) for row in unusual],
    )


def show_elsewhere(found: RecordPage, home: Sequence[str], basis: str) -> ElsewhereList:
    """Vehicles from elsewhere."""
    items = [Elsewhere(**_passer(row), head=row["head"]) for row in found.records]
    return ElsewhereList(items=items, next=found.next, home=list(home), basis=basis)


def show_besides(
    found: RecordPage, followed: Mapping[int, Record], directory: Directory, site: str
) -> BesidesList:
    """Openings that no credential explains."""
    items = []
    for row in found.records:
        before = followed.get(row["id"])
        items.append(
            Besides(
                passage=show_passage(row, directory, site),
                followed=None if before is None else show_passage(before, directory, site),
            )
        )
    return BesidesList(items=items, next=found.next)


def _passer(row: Record) -> dict[str, object]:
    return {
        "subject": mark(row["subject"]),
        "credential": row["masked"],
        "plate": bool(row["plate"]),
        "seen_at": row["seen_at"],
    }
