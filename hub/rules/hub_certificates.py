"""Certificates of agents, broker and hub, before one ends: then nobody is let in with it."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject

ENDING: Final = "certificate-ending"
DAYS: Final = "certificate_days"
NAME: Final = "certificate_name"


class Settings(Table):
    """`configs/rules/hub-certificates.toml`.

    days: left of the certificate that ends first. Agents renew theirs with a third of its time
    left; who is below this has not.
    """

    days: Annotated[float, Field(gt=0, le=365)] = 30.0


class Own(Table):
    """Nothing that a site could say of the hub."""


@dataclass(frozen=True, slots=True)
class State:
    """Whether one is about to end."""

    ending: bool = False


@dataclass(frozen=True, slots=True)
class HubCertificatesRule:
    """Bound to the hub, at one of its sites."""

    hub: str
    settings: Settings

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "hub-certificates"

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
        days = reading.signals.get(DAYS)
        if not isinstance(days, float) or (days < self.settings.days) == state.ending:
            return state, ()
        detail = {
            "value": round(days, 1),
            "unit": "d",
            "limit": self.settings.days,
            "certificate": str(reading.signals.get(NAME, "")),
        }
        found = Finding(ENDING, self.hub, active=not state.ending, at=reading.at, detail=detail)
        return State(not state.ending), (found,)

    def tick(
        self,
        state: State,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. Only what was looked up tells."""
        return state, ()

    def due(self, state: State) -> int | None:  # noqa: ARG002 - the contract's
        """See `Rule`."""
        return None


def _bind(subject: Subject[Settings, Own]) -> HubCertificatesRule:
    return HubCertificatesRule(subject.id, subject.settings)


RULE = RuleSpec(
    id="hub-certificates",
    subject="hub",
    conditions=(ENDING,),
    settings=Settings,
    own=Own,
    bind=_bind,
)
