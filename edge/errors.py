"""What can go wrong at an edge agent, by name."""


class EdgeError(Exception):
    """Base of everything that this package raises on purpose."""


class ConfigError(EdgeError):
    """A mistake in a configuration file; one line that names file and key."""


class OutboxError(EdgeError):
    """The outbox could not do what was asked; nothing of it was stored."""


class OutboxFullError(OutboxError):
    """There is no room, and nothing of less worth left to drop."""


class OutboxClosedError(OutboxError):
    """The agent is stopping: the outbox takes nothing more."""


class DeviceError(EdgeError):
    """A device did not answer, or did not do what it was told; one line for people."""


class FootageError(EdgeError):
    """A recording cannot be looked through; one line for people that names the file."""
