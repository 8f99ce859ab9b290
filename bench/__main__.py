"""All measurements, one after the other, and how they compare with the last recorded ones.

    python -m bench [--full | --storage] [--record]

Every line is JSON. The last ones are the measures: the median of the rounds. `--record` keeps them
in bench/results.jsonl and writes docs/performance.md anew.
"""

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime

from bench import document, record
from bench.plans import PLANS
from bench.report import ROOT


def main() -> None:
    """Measure; on stderr, what fell behind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="all cases, three rounds, ~20 minutes")
    parser.add_argument("--storage", action="store_true", help="the stores at ten million rows")
    parser.add_argument("--record", action="store_true", help="keep the figures")
    parser.add_argument("--only", help="benches to run, such as ingest,day")
    wish = parser.parse_args()
    plan = "storage" if wish.storage else "full" if wish.full else "short"
    lines = _run(plan, set(wish.only.split(",")) if wish.only else None)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    records = record.gather(lines, plan=plan, at=at)
    for one in records:
        print(json.dumps({key: one[key] for key in ("measure", "value", "unit", "runs")}))
    for told in record.worse(records, record.load()):
        print(f"slower than last time: {told}", file=sys.stderr)
    if wish.record:
        record.add(records)
        document.write()


def _run(plan: str, only: set[str] | None) -> list[record.Line]:
    rounds, benches = PLANS[plan]
    lines: list[record.Line] = []
    for _ in range(rounds):
        for name, *arguments in benches:
            if only is None or name in only:
                lines += _run_one(name, arguments)
    return lines


def _run_one(name: str, arguments: list[str]) -> list[record.Line]:
    """The lines that one bench prints; one that fails is told of, and the others go on."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(done.stdout, end="", flush=True)
    if done.returncode:
        print(f"bench.{name} failed ({done.returncode})", file=sys.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


if __name__ == "__main__":
    main()
