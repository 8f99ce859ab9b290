"""Puts a site's figures together from what the store holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from hub.alerts.modes import WHOLE_SITE
from hub.bulletins.figures import (
    Bar,
    Emergency,
    Figures,
    Hot,
    MatterOf,
    Overdue,
    Part,
    PatrolOf,
    ScoreOf,
    Source,
)
from hub.bulletins.notes import notes
from hub.bulletins.patrols import walked
from hub.cases.assessment import (
    DAY_MS,
    WEEK_MS,
    Fact,
    Matter,
    by_category,
    by_span,
    complainants,
    matters,
    score,
    scores,
)
from hub.cases.model import SOURCE_NAMES, CaseSource
from hub.config import Catalogue, Mode, Site
from hub.config.org import Org
from hub.pipeline.registry import Registry
from hub.store.reads.facts import facts_between
from hub.store.reads.modes import switches_between
from hub.store.reads.patrols import rounds_between
from hub.store.write.patrols import round_of
from wire import Text

WEEKS: Final = 8
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Compiler:
    """areas: the names of sites and of their buildings: `site` and `site/building`."""

    catalogue: Catalogue
    org: Org
    registry: Registry
    modes: Mapping[str, Mode]
    areas: Mapping[str, Text]

    def facts(self, reader: Connection, site: str, since: int, until: int) -> list[Fact]:
        """The cases of a time."""
        return facts_between(reader, site, since, until)

    def figures(self, reader: Connection, site: str, since: int, until: int) -> Figures:
        """All of a site's figures from `since` up to `until`."""
        now = self.facts(reader, site, since, until)
        before = self.facts(reader, site, since - (until - since), since)
        spans = [until - WEEK_MS * row for row in range(WEEKS, 0, -1)]
        trend = by_span(self.facts(reader, site, spans[0], until), spans, until)
        hot = self._hot(now, before, trend)
        parts = [*self._units(site, now), *self._departments(now)]
        found = [self._matter(one) for one in matters(now)]
        people = complainants(now)
        total = ScoreOf.of(score(now))
        patrols = self._patrols(reader, site, since, until)
        return Figures(
            site=site,
            site_name=self.areas.get(site, Text.plain(site)),
            since=since,
            until=until,
            utc_offset=self.org.roster.utc_offset,
            score=total,
            before=ScoreOf.of(score(before)),
            bars=self._bars(now, since, until),
            spans=spans,
            hot=hot,
            sources=_sources(now),
            units=[part for part in parts if part.level is not None],
            departments=[part for part in parts if part.level is None],
            matters=found[:MOST],
            persons=len(people),
            complaints=sum(one.count for one in people),
            overdue=[self._overdue(one) for one in now if one.late and one.closed_at is None][
                :MOST
            ],
            emergencies=self._emergencies(reader, site, since, until),
            notes=notes(total, hot, found, parts, patrols),
            patrols=patrols,
        )

    def name(self, category: str) -> Text:
        """What a category is called; one that has left the catalogue, by its id."""
        known = self.catalogue.categories.get(category)
        return Text.plain(category) if known is None else known.name

    def midnight(self, now: int) -> datetime:
        """The beginning of the day on the organisation's clock, as its own local time."""
        offset = timedelta(hours=self.org.roster.utc_offset)
        local = datetime.fromtimestamp(now / 1000, UTC) + offset
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    def moment(self, local: datetime) -> int:
        """The ms of a local time."""
        return round((local.timestamp() - self.org.roster.utc_offset * 3600) * 1000)

    def _bars(self, facts: Sequence[Fact], since: int, until: int) -> list[Bar]:
        begin = self.moment(self.midnight(since))
        days = list(range(begin, until, DAY_MS))
        counts = [0] * len(days)
        for one in facts:
            counts[(one.opened_at - begin) // DAY_MS] += 1
        return [Bar(at=at, count=count) for at, count in zip(days, counts, strict=True)]

    def _hot(
        self, now: Sequence[Fact], before: Sequence[Fact], trend: Mapping[str, list[int]]
    ) -> list[Hot]:
        earlier = by_category(before)
        return [
            Hot(
                category=category,
                name=self.name(category),
                count=count,
                before=earlier.get(category, 0),
                trend=trend.get(category, [0] * WEEKS),
            )
            for category, count in list(by_category(now).items())[:MOST]
        ]

    def _units(self, site: str, facts: Sequence[Fact]) -> list[Part]:
        """The levels of the organisation from the smallest part of the site up to all of it."""
        order = {level.id: row for row, level in enumerate(self.org.tree.levels)}
        whole = next((order[unit.level] for unit in self.org.chain_of(site)), 0)
        levels = {one.id: one.name for one in self.org.tree.levels if order[one.id] >= whole}
        parts: list[Part] = []
        for level in reversed(levels):
            at_level = {one.id: self._unit(site, one, level) for one in facts}
            for unit, own in scores(facts, _by(at_level)).items():
                known = self.org.tree.unit(unit)
                if known is not None:
                    own_score = ScoreOf.of(own)
                    parts.append(
                        Part(id=unit, name=known.name, level=levels[level], score=own_score)
                    )
        return parts

    def _unit(self, site: str, fact: Fact, level: str) -> str | None:
        building = None if fact.device is None else self.registry.building(site, fact.device)
        chain = self.org.chain_of(site, building)
        return next((unit.id for unit in chain if unit.level == level), None)

    def _departments(self, facts: Sequence[Fact]) -> list[Part]:
        return [
            Part(
                id=name,
                name=self.catalogue.departments[name].name,
                level=None,
                score=ScoreOf.of(own),
            )
            for name, own in scores(facts, self._department).items()
        ]

    def _department(self, fact: Fact) -> str | None:
        if fact.department in self.catalogue.departments:
            return fact.department
        category = self.catalogue.categories.get(fact.category)
        return None if category is None else category.lead

    def _matter(self, one: Matter) -> MatterOf:
        return MatterOf(
            place=one.place,
            category=one.category,
            name=self.name(one.category),
            count=one.count,
            open_now=one.open_now,
            last_at=one.last_at,
            cases=list(one.cases[:MOST]),
        )

    def _overdue(self, one: Fact) -> Overdue:
        return Overdue(
            number=one.number,
            name=self.name(one.category),
            place=one.place,
            opened_at=one.opened_at,
        )

    def _emergencies(
        self, reader: Connection, site: str, since: int, until: int
    ) -> list[Emergency]:
        found = []
        for row in switches_between(reader, site, since, until):
            mode = self.modes.get(row["mode"])
            found.append(
                Emergency(
                    name=Text.plain(row["mode"]) if mode is None else mode.name,
                    area=self._area(site, row["area"]),
                    begun_at=row["begun_at"],
                    ended_at=row["ended_at"],
                )
            )
        return found

    def _area(self, site: str, area: str) -> Text:
        if area.startswith("@"):
            unit = self.org.tree.unit(area[1:])
            return Text.plain(area[1:]) if unit is None else unit.name
        name = site if area == WHOLE_SITE else f"{site}/{area}"
        return self.areas.get(name, Text.plain(name))

    def _patrols(self, reader: Connection, site: str, since: int, until: int) -> list[PatrolOf]:
        return walked([round_of(row) for row in rounds_between(reader, site, since, until)])


def _sources(facts: Sequence[Fact]) -> list[Source]:
    counted = dict.fromkeys(CaseSource, 0)
    for one in facts:
        counted[CaseSource(one.source)] += 1
    return [
        Source(source=source.value, name=SOURCE_NAMES[source], count=count)
        for source, count in counted.items()
        if count
    ]


def _by(names: Mapping[str, str | None]) -> Callable[[Fact], str | None]:
    return lambda one: names[one.id]


def areas_of(sites: Iterable[Site]) -> dict[str, Text]:
    """What sites and their buildings are called, for `Compiler`."""
    found: dict[str, Text] = {}
    for site in sites:
        found[site.id] = site.name
        found |= {f"{site.id}/{building.id}": building.name for building in site.buildings}
    return found
