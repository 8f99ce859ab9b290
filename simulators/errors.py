"""What can be wrong with a simulation."""


class SimulatorError(Exception):
    """Base of everything this package raises on purpose."""


class ConfigError(SimulatorError):
    """A scenario or site file that cannot be used: one line naming the file and the key."""


class HubError(SimulatorError):
    """The hub's API answered something else than what was asked of it."""
