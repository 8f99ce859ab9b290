"""The figures of a site over a time, as analysis, weekly report and monthly notice show them."""

from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hub.cases.assessment import Score
from wire import Text

Kind = Literal["weekly", "monthly"]


class Figure(BaseModel):
    """Base: frozen, and what is kept stays readable when fields are added."""

    model_config = ConfigDict(frozen=True)


class ScoreOf(Figure):
    """How cases were handled. Shares 0 to 1; null where nothing can be said.

    on_time, false_alarms: of the closed. reopened: cases. hours: the median from report to close.
    """

    opened: int
    closed: int
    open_now: int
    on_time: float | None
    reopened: int
    rated: float | None
    ratings: int
    false_alarms: float | None
    hours: float | None

    @staticmethod
    def of(score: Score) -> "ScoreOf":
        """As the decision made it."""
        return ScoreOf(**asdict(score))


class Part(Figure):
    """A grid, a community or a department and its score. level: null for a department."""

    id: str
    name: Text
    level: Text | None
    score: ScoreOf


class Hot(Figure):
    """A category: now, in the time before, and by span of the trend."""

    category: str
    name: Text
    count: int
    before: int
    trend: list[int]


class Bar(Figure):
    """How many cases began in a day or a week that begins at `at`."""

    at: int
    count: int


class Source(Figure):
    """How many cases came by a way."""

    source: str
    name: Text
    count: int


class MatterOf(Figure):
    """One matter, many complaints (一事多诉). cases: ids, newest first."""

    place: Text
    category: str
    name: Text
    count: int
    open_now: int
    last_at: int
    cases: list[str]


class Overdue(Figure):
    """An open case that is late."""

    number: str
    name: Text
    place: Text | None
    opened_at: int


class Emergency(Figure):
    """A mode that was in force."""

    name: Text
    area: Text
    begun_at: int
    ended_at: int | None


class PatrolOf(Figure):
    """How a plan was walked. rounds: that were due by plan and are over; late: done, but late.

    points: of these rounds; unseen: that nobody looked at. findings: of all its rounds.
    """

    plan: str
    name: Text
    rounds: int
    done: int
    late: int
    incomplete: int
    missed: int
    points: int
    unseen: int
    findings: int


class Figures(Figure):
    """A site from `since` up to `until`.

    before: the same length of time ahead of it. bars: by day. spans: where the weeks of each
    `trend` begin. persons, complaints: people with many complaints, and how many those are;
    who they are is not said here. patrols: as they were walked.
    notes: what whoever answers for it should look at.
    """

    site: str
    site_name: Text
    since: int
    until: int
    utc_offset: float
    score: ScoreOf
    before: ScoreOf
    bars: list[Bar]
    spans: list[int]
    hot: list[Hot]
    sources: list[Source]
    units: list[Part]
    departments: list[Part]
    matters: list[MatterOf]
    persons: int
    complaints: int
    overdue: list[Overdue]
    emergencies: list[Emergency]
    notes: list[Text]
    patrols: list[PatrolOf] = []
