"""Checks a report's signals against what its kind says they can be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import SignalValue
from wire.kinds import Kind, SignalSpec, SignalType


@dataclass(frozen=True, slots=True)
class Checked:
    """What a report says, once what its kind does not know or allow is gone.

    signals: good values that are not sensitive.
    sensitive: good values that are, in clear: for hashing and sealing only.
    rejected: names of signals whose value the kind refuses.
    """

    signals: dict[str, SignalValue]
    sensitive: dict[str, str]
    rejected: tuple[str, ...]


def check_signals(kind: Kind, signals: Mapping[str, SignalValue]) -> Checked:
    """Sort a report's signals. A name that the kind does not know, or a null, is ignored."""
    good: dict[str, SignalValue] = {}
    sensitive: dict[str, str] = {}
    rejected: list[str] = []
    for name, value in signals.items():
        spec = kind.signal(name)
        if spec is None or value is None:
            continue
        if not _GOOD[spec.type](spec, value):
            rejected.append(name)
        elif spec.sensitive:
            sensitive[name] = str(value)
        else:
            good[name] = value
    return Checked(good, sensitive, tuple(rejected))


def _number(spec: SignalSpec, value: SignalValue) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (spec.low is None or value >= spec.low) and (spec.high is None or value <= spec.high)


def _bool(_spec: SignalSpec, value: SignalValue) -> bool:
    return isinstance(value, bool)


def _text(_spec: SignalSpec, value: SignalValue) -> bool:
    return isinstance(value, str)


def _choice(spec: SignalSpec, value: SignalValue) -> bool:
    return isinstance(value, str) and value in spec.choices


_GOOD: dict[SignalType, Callable[[SignalSpec, SignalValue], bool]] = {
    SignalType.NUMBER: _number,
    SignalType.BOOL: _bool,
    SignalType.TEXT: _text,
    SignalType.CHOICE: _choice,
}
