"""What a site's screens are told, in words: said once for all who see it alike."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models.stream import ReadingEvent
from hub.api.present.change import show_change
from hub.api.present.device import readings
from hub.api.sse import sse
from hub.live import Changed, Event, Live, Telling

_NOBODY = ""


def say(telling: Telling, directory: Directory, actor: Actor, *, site: str) -> bytes:
    """Changes and readings as server-sent events, as `actor` sees them.

    Whoever has the same role and sites is told the same words, made for somebody without a name:
    only who is named in one of the changes may be shown something of their own. The caller has
    made sure that `actor` may read the site.
    """
    named = actor.name in telling.made("names", _names)
    viewer = actor if named else replace(actor, name=_NOBODY)
    return telling.made(
        (site, viewer), partial(_said, directory=directory, actor=viewer, site=site)
    )


def newest(telling: Telling, position: int) -> int:
    """The last position that is told, or `position` where there are only readings."""
    return telling.made("newest", _last) or position


def _last(events: tuple[Event, ...]) -> int:
    return max((one.position for one in events if isinstance(one, Changed)), default=0)


def _names(events: tuple[Event, ...]) -> frozenset[str]:
    """Every word that could be a person's name."""
    bodies = [one.body for one in events if isinstance(one, Changed) and one.body is not None]
    return frozenset(_texts(bodies))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _said(events: tuple[Event, ...], *, directory: Directory, actor: Actor, site: str) -> bytes:
    return b"".join(_event(event, directory, actor, site) for event in events)


def _event(event: Event, directory: Directory, actor: Actor, site: str) -> bytes:
    if isinstance(event, Changed):
        shown = show_change(event, directory, actor, site=site)
        return b"" if shown is None else sse(event.type, shown, position=event.position)
    if isinstance(event, Live):
        return _reading(event, directory, site)
    return b""


def _reading(event: Live, directory: Directory, site: str) -> bytes:
    facts = directory.devices[site].get(event.device)
    if facts is None:
        return b""
    shown = readings(facts, event.signals)
    body = ReadingEvent(device=event.device, signals=shown, received_at=event.received_at)
    return sse("reading", body)
