"""The command line, and the composition of a whole estate in one process."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gatehouse")
except PackageNotFoundError:  # run from a checkout that was not installed
    __version__ = "0.0.0"
