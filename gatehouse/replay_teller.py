"""What a replay prints: each finding as the hub comes to it, with its moment in the footage."""

import json
from typing import Any, Final

from simulators.hubclient import StreamEvent
from wire.elevator import SCORE, SUSPICION

_STEP_S: Final = 10.0
"""Between lines that only say how far it is, footage seconds."""


class Teller:
    """Prints what happens to one camera. as_json: one JSON object a line."""

    def __init__(self, device: str, *, as_json: bool) -> None:
        self.device = device
        self._as_json = as_json
        self._began: int | None = None
        self._ended: int | None = None
        self._told_s = 0.0
        self._sighted = False
        self._alerts: dict[str, tuple[Any, ...]] = {}
        self._ordered: set[tuple[str, str]] = set()

    def take(self, event: StreamEvent) -> None:
        """One event of the hub's stream."""
        match event.name:
            case "reading" if event.data["device"] == self.device:
                self._reading(event.data["signals"])
            case "alert":
                self._alert(event.data["body"])
            case "command":
                self._command(event.data["body"])

    @property
    def has_begun(self) -> bool:
        """Whether it is known when the first picture came."""
        return self._began is not None

    def began(self, at: int) -> None:
        """When the first picture came."""
        self._began = at

    def over(self, at: int) -> None:
        """The last picture has been played; what begins later is not the footage's."""
        self._ended = at

    def end(self, alerts: dict[str, Any]) -> None:
        """Everything has been told; `alerts` is the hub's own list."""
        mine = [one for one in alerts["items"] if self._is_mine(one)]
        for one in reversed(mine):
            self._alert(one)
        seconds = 0.0 if self._ended is None else self._moment(self._ended)
        self.say("end", {"seconds": seconds, "alerts": len(mine)})

    def say(self, event: str, what: dict[str, Any]) -> None:
        """Print one event; `what` is in the order in which it is printed."""
        if self._as_json:
            print(json.dumps({"event": event, **what}, ensure_ascii=False), flush=True)
            return
        at = "" if "at_s" not in what else f"{what['at_s']:8.1f} s  "
        rest = [f"{name} {_shown(value)}" for name, value in what.items() if name != "at_s"]
        print(f"{at}{event}: {', '.join(rest)}", flush=True)

    def _is_mine(self, alert: dict[str, Any]) -> bool:
        late = self._ended is not None and alert["at"] >= self._ended
        return alert["device"] == self.device and not late

    def _reading(self, signals: dict[str, dict[str, Any]]) -> None:
        moment = max((one["at"] for one in signals.values()), default=None)
        if moment is None:
            return
        at_s = self._moment(moment)
        score, least = (signals.get(name, {}).get("value", 0.0) for name in (SCORE, SUSPICION))
        sighted = bool(least) and score >= least
        if sighted or self._sighted:
            if sighted or self._sighted != sighted:
                self.say("sighting", {"at_s": at_s, "score": score})
            self._sighted, self._told_s = sighted, at_s
        elif at_s - self._told_s >= _STEP_S:
            self._told_s = at_s
            self.say("playing", {"at_s": at_s})

    def _alert(self, alert: dict[str, Any]) -> None:
        said = (alert["state"], alert["returned_at"] is None, json.dumps(alert["detail"]))
        if not self._is_mine(alert) or self._alerts.get(alert["id"]) == said:
            return
        self._alerts[alert["id"]] = said
        self.say(
            "alert",
            {
                "at_s": self._moment(alert["at"]),
                "condition": alert["condition"],
                "priority": alert["priority"],
                "active": alert["returned_at"] is None,
                "detail": alert["detail"],
            },
        )

    def _command(self, command: dict[str, Any]) -> None:
        """What the rules want done; each action once in each state that it comes to."""
        key = (command["action"], command["state"])
        if command["device"] != self.device or key in self._ordered:
            return
        self._ordered.add(key)
        at_s = self._moment(command["created_at"])
        order = {"at_s": at_s, "action": command["action"], "state": command["state"]}
        why = command["history"][-1]["detail"] if command["history"] else ""
        self.say("order", {**order, "why": why} if why else order)

    def _moment(self, at: int) -> float:
        """Seconds since the first picture."""
        return 0.0 if self._began is None else max(0.0, round((at - self._began) / 1000, 1))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={_shown(one)}" for name, one in value.items() if one is not None)
    if isinstance(value, list):
        return f"{len(value)} points"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )
