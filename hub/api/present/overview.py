"""An estate in numbers, as answers."""

from collections import defaultdict
from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models.overview import (
    AgeCount,
    DetectorCount,
    DetectorFigures,
    DetectorVerdicts,
    DeviceVerdicts,
    OpenCases,
    Overview,
    Passing,
    StateCount,
    Verdicts,
)
from hub.cases import STATE_NAMES, CaseState
from hub.cases.verdicts import DETECTORS, Detector, Tally, by_device, by_span, tally
from hub.store.reads import overview as reads
from hub.store.reads.alarms import Span

DAY_MS: Final = reads.DAY_MS
BY_DAY_UP_TO_MS: Final = 15 * DAY_MS
"""Longer times are told week by week."""

AGES_MS: Final = (DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 30 * DAY_MS)
LAST_DAY: Final = 6
"""The number of today among the days of a week."""

_CONDITIONS: Final = [name for one in DETECTORS for name in one.conditions]


def detector_figures(reader: Connection, directory: Directory, span: Span) -> DetectorFigures:
    """What staff found where detectors had alarmed."""
    length = span.until - span.since
    step = DAY_MS if length <= BY_DAY_UP_TO_MS else 7 * DAY_MS
    begins = [*range(span.since, span.until, step)]
    told = reads.verdicts(reader, span, _CONDITIONS, step)

    def shown(one: Detector) -> DetectorVerdicts:
        own = [row for row in told if row.condition in one.conditions]
        return DetectorVerdicts(
            id=one.id,
            name=one.name,
            conditions=list(one.conditions),
            verdicts=_verdicts(tally(own)),
            spans=[_verdicts(row) for row in by_span(own, len(begins))],
            devices=[
                DeviceVerdicts(
                    device=name,
                    device_name=directory.subject(span.site, name)[0],
                    verdicts=_verdicts(row),
                )
                for name, row in by_device(own).items()
            ],
        )

    return DetectorFigures(
        since=span.since,
        until=span.until,
        utc_offset=directory.org.roster.utc_offset,
        spans=begins,
        detectors=[shown(one) for one in DETECTORS],
    )


def overview(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, now: int
) -> Overview:
    """How the estate stands, as `actor` may see it."""
    today = day_begin(now, directory.org.roster.utc_offset)
    states = reads.open_by_state(reader, site, now, AGES_MS, actor.department)
    week = Span(site, today - 6 * DAY_MS, now + 1)
    told = reads.verdicts(reader, week, _CONDITIONS, DAY_MS)
    rows = {row["state"]: row for row in states}
    return Overview(
        at=now,
        today=today,
        cases=OpenCases(
            count=sum(row["count"] for row in states),
            late=sum(row["late"] for row in states),
            hour=sum(row["hour"] for row in states),
            states=[
                StateCount(
                    state=state.value,
                    name=STATE_NAMES[state],
                    count=row["count"],
                    late=row["late"],
                    hour=row["hour"],
                )
                for state in CaseState
                if (row := rows.get(state.value)) is not None
            ],
            ages=[
                AgeCount(below_ms=below, count=sum(row[f"age_{number}"] for row in states))
                for number, below in enumerate((*AGES_MS, None))
            ],
        ),
        passages=_passages(reads.passings(reader, Span(site, today, now + 1)), directory, site),
        detectors=[
            DetectorCount(
                id=one.id,
                name=one.name,
                today=tally(row for row in own if row.span == LAST_DAY).alarms,
                week=tally(own).alarms,
                false=tally(own).false,
            )
            for one in DETECTORS
            for own in [[row for row in told if row.condition in one.conditions]]
        ],
    )


def day_begin(now: int, utc_offset: float) -> int:
    """When the day began on a clock so many hours from UTC, ms."""
    shift = round(utc_offset * 3_600_000)
    return now - (now + shift) % DAY_MS


def _passages(counted: list[reads.Passing], directory: Directory, site: str) -> list[Passing]:
    by_kind: defaultdict[str, list[reads.Passing]] = defaultdict(list)
    for one in counted:
        facts = directory.devices[site].get(one.device)
        if facts is not None:
            by_kind[facts.kind.id].append(one)
    return [
        Passing(
            kind=kind,
            kind_name=directory.kinds[kind].name,
            came=sum(one.came for one in own),
            went=sum(one.went for one in own),
            passed=sum(one.passed for one in own),
            denied=sum(one.denied for one in own),
        )
        for kind, own in sorted(by_kind.items())
    ]


def _verdicts(one: Tally) -> Verdicts:
    return Verdicts(**asdict(one))
