"""A plate that was probably misread: the camera doubts it, or no plate is written so.

The form is judged by the edge agent (`plate_grammar`), since only the plate's hash comes here.
"""

from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.spell import Spell

MISREAD = "plate-misread"


class Settings(Table):
    """`configs/rules/barrier-plate.toml`.

    min_confidence: percent; a reading that the camera trusts less is doubtful. quiet_s: the
    alarm is over so long after the last doubtful reading.
    """

    min_confidence: Annotated[float, Field(ge=0, le=100)] = 75.0
    quiet_s: Annotated[float, Field(ge=1, le=3600)] = 60.0


class Own(Table):
    """What the site file says of one barrier's camera."""

    min_confidence: Annotated[float, Field(ge=0, le=100)] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Doubtful readings in a row, told in time and told late."""

    live: Spell = field(default_factory=Spell)
    late: Spell = field(default_factory=Spell)


@dataclass(frozen=True, slots=True)
class PlateRule:
    """Bound to one barrier. quiet: ms."""

    device: str
    min_confidence: float
    quiet: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "barrier-plate"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(
        self,
        state: State,
        reading: Reading,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        if reading.signals.get("event") != "seen" or reading.signals.get("plate") is None:
            return state, ()
        at = min(reading.at, reading.received)
        spell, over = self._calmed(state.late if reading.late else state.live, at)
        found = over
        if self._doubtful(reading):
            spell = spell.again(at)
            found = (*over, self._finding(reading, spell, at))
        found = tuple(replace(one, late=reading.late) for one in found)
        return replace(state, late=spell) if reading.late else replace(state, live=spell), found

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        live, found = self._calmed(state.live, now)
        late, past = self._calmed(state.late, now)
        return State(live, late), (*found, *(replace(one, late=True) for one in past))

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        ends = (state.live.ends_at(self.quiet), state.late.ends_at(self.quiet))
        return min((end for end in ends if end is not None), default=None)

    def _doubtful(self, reading: Reading) -> bool:
        if reading.signals.get("plate_grammar") == "odd":
            return True
        confidence = reading.signals.get("confidence")
        return isinstance(confidence, int | float) and confidence < self.min_confidence

    def _finding(self, reading: Reading, spell: Spell, at: int) -> Finding:
        detail = {
            "confidence": reading.signals.get("confidence"),
            "grammar": reading.signals.get("plate_grammar"),
            "readings": spell.count,
        }
        return Finding(MISREAD, self.device, active=True, at=at, detail=detail)

    def _calmed(self, spell: Spell, now: int) -> tuple[Spell, tuple[Finding, ...]]:
        end = spell.ends_at(self.quiet)
        if end is None or now < end:
            return spell, ()
        return Spell(), (Finding(MISREAD, self.device, active=False, at=end),)


def _bind(subject: Subject[Settings, Own]) -> PlateRule:
    own = subject.own.min_confidence
    least = subject.settings.min_confidence if own is None else own
    return PlateRule(subject.id, least, round(subject.settings.quiet_s * 1000))


RULE = RuleSpec(
    id="barrier-plate",
    subject="device",
    conditions=(MISREAD,),
    settings=Settings,
    own=Own,
    bind=_bind,
)
