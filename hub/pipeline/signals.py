"""Checks a report's signals against what its kind says they can be."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.traces.biometric import LONGEST, is_template
from wire import SignalValue
from wire.kinds import SignalSpec, SignalType


class Checked(NamedTuple):
    """What a report says, once what its kind does not know or allow is gone.

    signals: good values that are not sensitive.
    sensitive: good values that are, in clear: for hashing and sealing only.
    rejected: names of signals whose value the kind refuses.
    """

    signals: dict[str, SignalValue]
    sensitive: dict[str, str]
    rejected: tuple[str, ...]


_NUMBERS: Final = frozenset((int, float))
"""Not bool, which is an int to `isinstance`."""

_Good = Callable[[SignalValue], bool]


class Checks:
    """A kind's signals, by name, each with its test: made once, used for every report.

    numbers: names of its signals that are numbers, in the kind's order.
    """

    def __init__(self, specs: Sequence[SignalSpec]) -> None:
        self._signals: dict[str, tuple[_Good, bool]] = {}
        for spec in specs:
            self._signals.setdefault(spec.id, (_TESTS[spec.type](spec), spec.sensitive))
        self.numbers = tuple(spec.id for spec in specs if spec.type is SignalType.NUMBER)

    def check(self, signals: Mapping[str, SignalValue]) -> Checked:
        """Sort a report's signals. A name that the kind does not know, or a null, is ignored.

        What looks like a face's template under such a name is rejected, and so counted.
        """
        good: dict[str, SignalValue] = {}
        sensitive: dict[str, str] = {}
        rejected: tuple[str, ...] = ()
        known = self._signals
        for name, value in signals.items():
            test = known.get(name)
            if test is None or value is None:
                if value is not None and is_template(name, value):
                    rejected += (name,)
                continue
            if not test[0](value):
                rejected += (name,)
            elif test[1]:
                sensitive[name] = str(value)
            else:
                good[name] = value
        return Checked(good, sensitive, rejected)


def _number(spec: SignalSpec) -> _Good:
    low = -float("inf") if spec.low is None else spec.low
    high = float("inf") if spec.high is None else spec.high

    def good(value: SignalValue) -> bool:
        return type(value) in _NUMBERS and low <= value <= high  # type: ignore[operator]

    return good


def _bool(_spec: SignalSpec) -> _Good:
    return lambda value: isinstance(value, bool)


def _text(spec: SignalSpec) -> _Good:
    if spec.sensitive:
        return lambda value: isinstance(value, str) and len(value) <= LONGEST
    return lambda value: isinstance(value, str)


def _choice(spec: SignalSpec) -> _Good:
    choices = frozenset(spec.choices)
    return lambda value: isinstance(value, str) and value in choices


_TESTS: dict[SignalType, Callable[[SignalSpec], _Good]] = {
    SignalType.NUMBER: _number,
    SignalType.BOOL: _bool,
    SignalType.TEXT: _text,
    SignalType.CHOICE: _choice,
}
