"""What the figures ask somebody to look at, in sentences. Nothing here does I/O."""

from collections.abc import Iterator, Sequence
from typing import Final

from hub.bulletins.figures import Hot, MatterOf, Part, PatrolOf, ScoreOf
from wire import Text

FEW: Final = 3
"""Fewer cases than this say nothing about whoever handled them."""

MOST_NOTES: Final = 8
_ROSE: Final = 1.5
_LOW: Final = 0.8
_LOW_RATING: Final = 3.5


def notes(
    score: ScoreOf,
    hot: Sequence[Hot],
    matters: Sequence[MatterOf],
    parts: Sequence[Part],
    patrols: Sequence[PatrolOf] = (),
) -> list[Text]:
    """The most pressing first."""
    found = [
        *_matters(matters),
        *_late(score, parts),
        *_patrols(patrols),
        *_rose(hot),
        *_rated(parts),
    ]
    return found[:MOST_NOTES]


def _matters(matters: Sequence[MatterOf]) -> Iterator[Text]:
    for one in matters[:3]:
        yield Text(
            zh=f"{one.place.zh}：{one.name.zh}被反映 {one.count} 次，{_zh(one.open_now)}。",
            en=f"{one.place.en}: {one.name.en}, {one.count} reports; {_en(one.open_now)}.",
        )


def _late(score: ScoreOf, parts: Sequence[Part]) -> Iterator[Text]:
    all_of = round((score.on_time or 0) * 100)
    if score.on_time is not None and score.closed >= FEW and score.on_time < _LOW:
        yield Text(
            zh=f"全小区按时办结率 {all_of}%，低于 {_LOW:.0%}。",
            en=f"The whole site closed {all_of}% on time, below {_LOW:.0%}.",
        )
    for part in parts:
        share = part.score.on_time
        if part.score.opened == score.opened:
            continue  # it is the whole site
        if share is not None and part.score.closed >= FEW and share < _LOW:
            percent = round(share * 100)
            yield Text(
                zh=f"{part.name.zh}按时办结率 {percent}%，全小区为 {all_of}%。",
                en=f"{part.name.en} closed {percent}% on time; the whole site {all_of}%.",
            )


def _patrols(patrols: Sequence[PatrolOf]) -> Iterator[Text]:
    for one in patrols:
        if one.missed:
            yield Text(
                zh=f"{one.name.zh}漏巡 {one.missed} 次，应巡 {one.rounds} 次。",
                en=f"{one.name.en}: {one.missed} of {one.rounds} rounds were missed.",
            )


def _rose(hot: Sequence[Hot]) -> Iterator[Text]:
    for one in hot:
        if one.count >= FEW and one.before > 0 and one.count >= one.before * _ROSE:
            yield Text(
                zh=f"{one.name.zh}由上期 {one.before} 件升至 {one.count} 件。",
                en=f"{one.name.en} rose from {one.before} to {one.count}.",
            )


def _rated(parts: Sequence[Part]) -> Iterator[Text]:
    for part in parts:
        rated = part.score.rated
        if rated is not None and part.score.ratings >= FEW and rated < _LOW_RATING:
            yield Text(
                zh=f"{part.name.zh}满意度 {rated:.1f} 分，低于 {_LOW_RATING} 分。",
                en=f"{part.name.en} is rated {rated:.1f}, below {_LOW_RATING}.",
            )


def _zh(open_now: int) -> str:
    return f"仍有 {open_now} 件未结" if open_now else "均已办结"


def _en(open_now: int) -> str:
    return f"{open_now} still open" if open_now else "all closed"
