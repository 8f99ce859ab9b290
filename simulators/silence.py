"""Controllers that fall silent: nothing leaves them, not even their signs of life."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from simulators.ledger import Ledger
from simulators.matching import SILENCE
from wire import Clock


class Speaking(Protocol):
    """A controller that gives signs of life."""

    def report_state(self) -> None:
        """Give one."""
        ...


@dataclass
class Silences:
    """patience_s: by controller, how long it may say nothing before that is remarkable.

    silent: the controllers that say nothing now; whoever has them speak passes them over.
    """

    clock: Clock
    ledger: Ledger
    controllers: Mapping[str, Speaking]
    patience_s: Mapping[str, float]
    silent: set[str] = field(default_factory=set)

    async def fall(self, controller: str, for_s: float) -> None:
        """Have a controller say its last word, and nothing more for some seconds.

        Whoever calls this keeps people and cars away from it. A silence that is shorter than its
        patience is no truth.
        """
        speaker, patience_s = self.controllers[controller], self.patience_s[controller]
        if controller in self.silent:
            return
        speaker.report_state()
        self.silent.add(controller)
        try:
            if for_s > patience_s:
                due = self.clock.now() + round(patience_s * 1000)
                shown = self.ledger.read() + self.clock.real_seconds(patience_s)
                self.ledger.write_truth(SILENCE, controller, due, shown=shown)
            await asyncio.sleep(self.clock.real_seconds(for_s))
        finally:
            self.silent.discard(controller)
            speaker.report_state()
