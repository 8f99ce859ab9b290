"""How many observations per second the hub makes durable, through a real Mosquitto.

    python -m bench.ingest [--seconds S]

Agents keep a window of unacknowledged messages open, as the real ones do, so that the hub is always
busy and nothing is dropped on the way. Generator, broker and hub share the machine: the generator's
own ceiling (to the broker, without a hub) and its processor time are printed beside the figures.
"""

import argparse
from typing import Final

from bench.report import emit
from bench.stand import broker_alone, broker_and_hub
from bench.usage import Usage
from simulators.load import Load, LoadReport, run

AGENTS: Final = 50
RATE: Final = 16000.0
"""Asked for, in messages per second: two generator processes, more than the hub can take."""

WINDOW: Final = 900
"""Messages, of each process; with two of them below the hub's receive maximum of 2,000."""

LEAST_WINDOW: Final = 50

BATCHES: Final = (1, 10, 100)


def main() -> None:
    """Print a line for the generator's ceiling, and one for each batch size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="for each measurement")
    seconds = parser.parse_args().seconds
    with broker_alone() as broker:
        load = _load(broker.url, min(seconds, 4.0), hub=False)
        emit("ingest", "generator and broker, no hub", **_figures(run(load), 1))
    for batch in BATCHES:
        with broker_and_hub(AGENTS) as (broker, hub):
            before = Usage.of(hub.pid)
            report = run(_load(broker.url, seconds, batch=batch))
            after = Usage.of(hub.pid)
        emit(
            "ingest",
            f"hub, {batch} in a message",
            **_figures(report, batch),
            hub_cpu_s=round(after.cpu_s - before.cpu_s, 2),
            hub_cpu_us_per_observation=_each(after.cpu_s - before.cpu_s, report, batch),
            hub_rss_mb=after.rss_mb,
            hub_peak_mb=after.peak_mb,
        )


def _load(broker: str, seconds: float, *, batch: int = 1, hub: bool = True) -> Load:
    window = max(LEAST_WINDOW, WINDOW // batch)
    return Load(AGENTS, RATE, seconds, broker, batch=batch, window=window, hub=hub)


def _figures(report: LoadReport, batch: int) -> dict[str, object]:
    return {
        "observations_per_s": round(report["rate"] * batch),
        "messages": report["sent"],
        "acked": report["acked"],
        "seconds": report["seconds"],
        "ack_latency_s": report["ack_latency_s"],
        "generator_cpu_s": report["cpu_s"],
        "generator_processes": report["workers"],
    }


def _each(cpu_s: float, report: LoadReport, batch: int) -> float:
    return round(cpu_s / max(1, report["acked"] * batch) * 1e6, 1)


if __name__ == "__main__":
    main()
