"""Runs the rules: state in, reading or time, state out. State is read once and written once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from hub.pipeline.registry import Registry, Watched
from hub.pipeline.work import Work
from hub.rules import (
    Finding,
    HearsOrders,
    Reading,
    Rule,
    decode_state,
    encode_state,
)
from hub.store.trouble import told
from hub.store.write.counters import Count
from hub.store.write.rule_states import (
    Key,
    StoredState,
    due_states,
    load_states,
    log_tick,
    save_states,
)

log = structlog.get_logger(__name__)

TICK_LIMIT: Final = 2000
"""States that one tick steps in one transaction; the rest follow with the next."""


@dataclass(slots=True)
class _Held:
    """A state in memory, and the row that it equals."""

    value: Any
    stored: StoredState | None


class RuleSteps:
    """The rule states of all sites. `forget` after a transaction that was rolled back."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._held: dict[Key, _Held] = {}
        self._loaded: set[str] = set()
        self._touched: set[Key] = set()

    @property
    def touched(self) -> int:
        """States that the present transaction has stepped."""
        return len(self._touched)

    def forget(self) -> None:
        """Drop everything: what is in memory may be ahead of the database."""
        self._held.clear()
        self._loaded.clear()
        self._touched.clear()

    def step(self, work: Work, subject: Watched, readings: Sequence[Reading]) -> list[Finding]:
        """Show readings to every rule that watches their subject; findings in their order."""
        found: list[tuple[int, Finding]] = []
        for key, rule in subject.keyed:
            held = self._held.get(key) or self._state(work.connection, key, rule)
            step = rule.step
            for place, reading in enumerate(readings):
                try:
                    held.value, findings = step(held.value, reading, reading.received)
                except Exception as error:  # noqa: BLE001 - a bug in one rule must not stop the line
                    _failed(work, key, error)
                    continue
                self._touched.add(key)
                if findings:
                    found.extend((place, finding) for finding in findings)
        if not found:
            return []
        found.sort(key=itemgetter(0))
        return [finding for _, finding in found]

    def wake(self, work: Work) -> None:
        """Begin the rules that wait for time alone: a device that never spoke is silent too."""
        for key, rule in self._registry.rules():
            held = self._state(work.connection, key, rule)
            if held.stored is None and rule.due(held.value) is not None:
                self._touched.add(key)

    def ordered(self, work: Work, subject: Watched, action: str) -> list[Finding]:
        """Tell the rules that ask for it what somebody has ordered their subject to do."""
        found: list[Finding] = []
        for key, rule in subject.keyed:
            if isinstance(rule, HearsOrders):
                held = self._state(work.connection, key, rule)
                held.value, findings = rule.ordered(held.value, action, work.now)
                self._touched.add(key)
                found.extend(findings)
        return found

    def tick(self, work: Work) -> list[tuple[str, Finding]]:
        """Let time pass for every rule that waits for it; findings with their sites."""
        due = due_states(work.connection, work.now, TICK_LIMIT)
        found: list[tuple[str, Finding]] = []
        for one in due:
            rule = self._registry.rule(*one.key)
            if rule is None:  # the site file has dropped it: its state is kept, its timer is not
                save_states(work.connection, [StoredState(one.key, one.state, None)])
                continue
            found.extend((one.key[0], finding) for finding in self._tick_one(work, one, rule))
        if due:
            log_tick(work.connection, at=work.now, states=len(due), findings=len(found))
        return found

    def save(self, work: Work) -> None:
        """Write the states that have changed; what they wish goes out with the commit."""
        changed: list[StoredState] = []
        for key in sorted(self._touched):
            held = self._held[key]
            rule = self._registry.rule(*key)
            due_at = None if rule is None else rule.due(held.value)
            wishing = self._registry.wishing(key)
            if wishing is not None:
                work.wishes[key] = wishing.wishes(held.value, work.now)
            row = StoredState(key, encode_state(held.value), due_at)
            if row != held.stored:
                changed.append(row)
                held.stored = row
                work.timer(due_at)
        self._touched.clear()
        save_states(work.connection, changed)

    def _tick_one(self, work: Work, one: StoredState, rule: Rule[Any]) -> Iterable[Finding]:
        held = self._state(work.connection, one.key, rule)
        try:
            held.value, findings = rule.tick(held.value, work.now)
        except Exception as error:  # noqa: BLE001 - as in `step`
            _failed(work, one.key, error)
            # Without its timer, or it would fail every second; the next reading sets it again.
            save_states(work.connection, [StoredState(one.key, one.state, None)])
            return ()
        self._touched.add(one.key)
        return findings

    def _state(self, connection: Connection, key: Key, rule: Rule[Any]) -> _Held:
        self._load(connection, key[0])
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _Held(rule.initial(), None)
        return held

    def _load(self, connection: Connection, site: str) -> None:
        if site in self._loaded:
            return
        for one in load_states(connection, site):
            rule = self._registry.rule(*one.key)
            if rule is not None:
                self._held[one.key] = _Held(_decoded(rule, one), one)
        self._loaded.add(site)


def _failed(work: Work, key: Key, error: Exception) -> None:
    site, rule, subject = key
    log.error("rules.rule_failed", site=site, rule=rule, subject=subject, **told(error))
    work.count(site, Count.RULE_ERRORS)


def _decoded(rule: Rule[Any], one: StoredState) -> Any:
    """The state; a fresh one where a newer version of the rule cannot read what an older wrote."""
    try:
        return decode_state(rule.state_type, one.state)
    except ValueError:
        log.warning("rules.state_restarted", rule=rule.id, site=one.key[0], subject=one.key[2])
        return rule.initial()
