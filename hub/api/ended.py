"""Tells the streams of a session that it has ended."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager


class EndedSessions:
    """Streams wait here, each by its session's key. For one event loop."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[Callable[[], None]]] = defaultdict(set)

    @contextmanager
    def watch(self, key: str, over: Callable[[], None]) -> Iterator[None]:
        """Meanwhile `over` is called, perhaps more than once, when the session with this key ends.

        It must not block or raise.
        """
        self._waiting[key].add(over)
        try:
            yield
        finally:
            self._waiting[key].discard(over)
            if not self._waiting[key]:
                del self._waiting[key]

    def announce_all(self) -> None:
        """The hub is stopping: no stream goes on."""
        self.announce(tuple(self._waiting))

    def announce(self, keys: Iterable[str]) -> None:
        """These sessions have ended."""
        for key in keys:
            for over in tuple(self._waiting.get(key, ())):
                over()
