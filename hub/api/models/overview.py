"""An estate in numbers: what its detectors are worth, and how it stands today."""

from hub.api.models.base import Answer, At
from wire import Text


class Verdicts(Answer):
    """What staff found where it had alarmed.

    untold: cases that ended without saying whether the alarm was right. open: not reported yet.
    share: the true ones of those told to be true or false, low and high its 95 % interval
    (Wilson 1927); null where nobody has said anything.
    """

    alarms: int
    true: int
    false: int
    untold: int
    open: int
    share: float | None
    low: float | None
    high: float | None


class DeviceVerdicts(Answer):
    """The same of one device."""

    device: str
    device_name: Text
    verdicts: Verdicts


class DetectorVerdicts(Answer):
    """A detector, in all, span by span, and by device with the most false alarms first."""

    id: str
    name: Text
    conditions: list[str]
    verdicts: Verdicts
    spans: list[Verdicts]
    devices: list[DeviceVerdicts]


class DetectorFigures(Answer):
    """Detectors by staff's verdict, from `since` to `until`. spans: where each of them begins."""

    since: At
    until: At
    utc_offset: float
    spans: list[At]
    detectors: list[DetectorVerdicts]


class StateCount(Answer):
    """Open cases in a state. late: the deadline of their step is over; hour: within the hour."""

    state: str
    name: Text
    count: int
    late: int
    hour: int


class AgeCount(Answer):
    """Open cases below an age, and not below the one before. below_ms: null for all others."""

    below_ms: int | None
    count: int


class OpenCases(Answer):
    """The open cases that whoever asks may see."""

    count: int
    late: int
    hour: int
    states: list[StateCount]
    ages: list[AgeCount]


class Passing(Answer):
    """How many passed today by devices of a kind. came, went: where the device tells which."""

    kind: str
    kind_name: Text
    came: int
    went: int
    passed: int
    denied: int


class DetectorCount(Answer):
    """Alarms of a detector today and in the last seven days, and how many of these were false."""

    id: str
    name: Text
    today: int
    week: int
    false: int


class Overview(Answer):
    """The estate now. today: when the day began on the organisation's clock."""

    at: At
    today: At
    cases: OpenCases
    passages: list[Passing]
    detectors: list[DetectorCount]
