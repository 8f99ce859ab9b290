"""Tells the streams of a session that it has ended."""

from asyncio import Event
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class EndedSessions:
    """Streams wait here, each by its session's key. For one event loop."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[Event]] = defaultdict(set)

    @contextmanager
    def watch(self, key: str) -> Iterator[Event]:
        """An event that is set when the session with this key ends."""
        ended = Event()
        self._waiting[key].add(ended)
        try:
            yield ended
        finally:
            self._waiting[key].discard(ended)
            if not self._waiting[key]:
                del self._waiting[key]

    def announce_all(self) -> None:
        """The hub is stopping: no stream goes on."""
        self.announce(tuple(self._waiting))

    def announce(self, keys: Iterable[str]) -> None:
        """These sessions have ended."""
        for key in keys:
            for ended in tuple(self._waiting.get(key, ())):
                ended.set()
