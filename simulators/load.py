"""Raw MQTT load: real envelopes from many simulated agents, counted against the hub's own acks.

One message carries one observation, unless told otherwise. Nothing is sent twice. A worker process
serves a share of the agents over one connection: what is measured is broker and hub, and the
generator's own CPU time is reported, so that its ceiling is not mistaken for theirs.
"""

import math
import multiprocessing
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from simulators.errors import ConfigError
from simulators.loadworker import Share, Tally, work
from simulators.scorecard import percentile

SITE = "load"
PER_WORKER = 8000
"""Messages per second that one worker process is asked for at most: a quarter of a core, and fewer
processes cost less of the machine that is measured."""

_START_DELAY_S = 1.5
"""Workers connect and subscribe before they begin to send."""


class LoadLatency(TypedDict):
    """Seconds from publishing to the ack; None when nothing was acknowledged."""

    p50: float | None
    p99: float | None


class LoadReport(TypedDict):
    """seconds: from the first message to the last ack. rate: acked / seconds, in messages.

    cpu_s: processor time of the generator, all its processes.
    """

    agents: int
    sent: int
    acked: int
    seconds: float
    rate: float
    ack_latency_s: LoadLatency
    workers: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Load:
    """What to generate: `rate` messages per second from `agents` agents for `seconds`.

    broker: `mqtt://[user:password@]host[:port]`. wait_s: for acks after the last message.
    batch: observations in each message.
    window: the most messages of one worker that may wait for their ack, as with a real agent;
        where it holds the load up, less than `rate` comes. None: nothing holds it up.
    hub: False counts the broker's own acks, and measures generator and broker alone.
    """

    agents: int
    rate: float
    seconds: float
    broker: str
    wait_s: float = 30.0
    batch: int = 1
    window: int | None = None
    hub: bool = True


def agent_name(number: int) -> str:
    """Agents count from 1."""
    return f"load-{number:04d}"


def run(load: Load) -> LoadReport:
    """Generate the load and wait for the acks. Raises ConfigError, OSError (broker away)."""
    if load.agents < 1 or load.rate <= 0 or load.seconds <= 0:
        raise ConfigError("load: agents, rate and seconds must be above 0")
    workers = min(load.agents, max(1, math.ceil(load.rate / PER_WORKER)))
    shares = _shares(load, workers)
    before = _cpu_s()
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        pending = [pool.apply_async(work, (share, _START_DELAY_S)) for share in shares]
        tallies = [one.get(load.seconds + load.wait_s + 60.0) for one in pending]
        pool.close()
        pool.join()
    return _report(load, tallies, workers=workers, cpu_s=_cpu_s() - before)


def write_site(path: Path, agents: int) -> None:
    """Write the site file that lets a hub take this load in: site `load`, one sensor per agent."""
    text = ['id = "load"', 'name = { zh = "负载测试", en = "Load test" }']
    for number in range(1, agents + 1):
        name = agent_name(number)
        text += [
            "",
            "[[agent]]",
            f'id = "{name}"',
            "",
            "[[agent.device]]",
            f'id = "{name}-p"',
            'kind = "water-pressure"',
            f'name = {{ zh = "负载传感器{number}", en = "Load sensor {number}" }}',
            'place = { zh = "无", en = "Nowhere" }',
            "settings = { elevation_m = 0.0, protects_to_m = 10.0 }",
        ]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _shares(load: Load, workers: int) -> list[Share]:
    names = [agent_name(number) for number in range(1, load.agents + 1)]
    return [
        Share(
            SITE,
            tuple(names[place::workers]),
            rate=load.rate * len(names[place::workers]) / load.agents,
            seconds=load.seconds,
            broker=load.broker,
            wait_s=load.wait_s,
            batch=load.batch,
            window=load.window,
            hub=load.hub,
        )
        for place in range(workers)
    ]


def _report(load: Load, tallies: list[Tally], *, workers: int, cpu_s: float) -> LoadReport:
    latencies = sorted(value for tally in tallies for value in tally.latencies)
    acked = sum(tally.acked for tally in tallies)
    first = min(tally.first for tally in tallies)
    seconds = max(tally.last for tally in tallies) - first
    return {
        "agents": load.agents,
        "sent": sum(tally.sent for tally in tallies),
        "acked": acked,
        "seconds": round(seconds, 3),
        "rate": round(acked / seconds, 1) if seconds > 0 else 0.0,
        "ack_latency_s": {
            "p50": round(percentile(latencies, 50), 4) if latencies else None,
            "p99": round(percentile(latencies, 99), 4) if latencies else None,
        },
        "workers": workers,
        "cpu_s": round(cpu_s, 2),
    }


def _cpu_s() -> float:
    """Processor seconds of this process and of its finished children."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
