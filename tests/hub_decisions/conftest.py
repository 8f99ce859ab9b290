"""A rule on the bench: readings in, findings out, ticked exactly when it asks for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.config import AlarmType
from hub.rules import (
    Finding,
    Reading,
    Rule,
    RuleSettings,
    bind_agent,
    bind_device,
    bind_shared,
)
from tests import shipped
from wire.kinds import load as load_kinds

CONFIGS = Path(__file__).parents[2] / "configs"


class Bench:
    """Feeds one rule as the pipeline does. Times are seconds from an arbitrary start."""

    def __init__(self, rule: Rule[Any], kind: str, start: int = 1_800_000_000_000) -> None:
        self.rule = rule
        self.kind = kind
        self.start = start
        self.state = rule.initial()
        self.findings: list[Finding] = []

    def ms(self, seconds: float) -> int:
        return self.start + round(seconds * 1000)

    def say(
        self,
        at: float,
        *,
        received: float | None = None,
        late: bool = False,
        device: str = "subject",
        **signals: Any,
    ) -> "Bench":
        """One reading; everything that is due before it is received is ticked first."""
        heard = self.ms(at if received is None else received)
        self.run_to(heard)
        reading = Reading("jinxiu", device, self.kind, self.ms(at), heard, signals, late)
        self.state, found = self.rule.step(self.state, reading, heard)
        self.findings.extend(found)
        return self

    def tick(self, at: float) -> "Bench":
        """One tick at exactly this time, due or not."""
        self.state, found = self.rule.tick(self.state, self.ms(at))
        self.findings.extend(found)
        return self

    def until(self, at: float) -> "Bench":
        """Let time pass, ticking when it is due."""
        self.run_to(self.ms(at))
        return self

    def run_to(self, now: int) -> None:
        while (due := self.rule.due(self.state)) is not None and due <= now:
            self.state, found = self.rule.tick(self.state, max(due, self.start))
            self.findings.extend(found)

    def seen(self) -> list[tuple[str, bool, float]]:
        """The findings as (condition, active, seconds)."""
        return [(one.condition, one.active, (one.at - self.start) / 1000) for one in self.findings]


@pytest.fixture(scope="session")
def configs() -> Path:
    return CONFIGS


@pytest.fixture(scope="session")
def alarms() -> dict[str, AlarmType]:
    return shipped.alarms()


@pytest.fixture(scope="session")
def rule_settings() -> RuleSettings:
    return shipped.settings()


@pytest.fixture
def bench(rule_settings: RuleSettings) -> Callable[..., Bench]:
    """`bench("door", "gate-east")`: a rule of the shipped site, with the shipped settings."""
    site = shipped.site()

    def make(rule_id: str, subject: str) -> Bench:
        device = site.device(subject)
        if device is None:
            agent = site.agent(subject)
            assert agent is not None
            rules, kind = bind_agent(site, agent, rule_settings), "agent"
        else:
            kind = device.kind
            kinds = load_kinds()
            rules = (
                *bind_device(site, device, kinds[kind], rule_settings),
                *bind_shared(site, device, kinds[kind], rule_settings),
            )
        return Bench(next(rule for rule in rules if rule.id == rule_id), kind)

    return make
