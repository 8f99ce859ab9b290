"""Everything the hub refuses, by name. What HTTP makes of them stands once, in `hub.api`.

A message is one line for people, without a secret, plate or name in it.
"""

from pathlib import Path

from wire import Text


class HubError(Exception):
    """Base of the hub's own errors. `code` is stable and kebab-case; clients may match on it."""

    code: str = "hub-error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class ConfigError(HubError):
    """A configuration that cannot be used; `str()` is the one line that its author needs.

    key: where in the file (`agent[0].device[2].kind`), or empty when the file itself is at fault.
    """

    code = "bad-config"

    def __init__(self, file: Path | str, key: str, problem: str) -> None:
        place = f"{file}: {key}" if key else str(file)
        super().__init__(f"{place}: {problem}")
        self.file = Path(file)
        self.key = key
        self.problem = problem


class NotFoundError(HubError):
    """What was asked for is not there, or not to be seen by whoever asks."""

    code = "not-found"

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"no {what} {name!r}")
        self.what = what
        self.name = name


class NotAllowedError(HubError):
    """Known, and refused as things stand; `why` is for the person who tried."""

    code = "not-allowed"

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class ConflictError(HubError):
    """Someone else was faster: the version that the change was based on is no longer current."""

    code = "conflict"


class BadRequestError(HubError):
    """The request itself is wrong; `field` names the part, where one part is."""

    code = "bad-request"

    def __init__(self, problem: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(f"{field}: {problem}" if field else problem, code=code)
        self.field = field


class UnavailableError(HubError):
    """Right, but not now: a queue is full, a store is away, the hub is stopping."""

    code = "unavailable"
