"""Hands one message after another to a hub's line, and again when refused; tells what is stored."""

import sys
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tests.hub_machinery.estate import T0, Agent, a_line, gate


def main() -> None:
    agent = Agent()
    with a_line(Path(sys.argv[1]).parent, Path(sys.argv[1])) as line:
        for number in range(1, 1_000_000):
            message = agent.message(gate(T0 + number, "state"))
            while True:
                try:
                    (ack,) = line.handle(message)
                except DBAPIError:
                    continue
                break
            sys.stdout.write(f"told event {ack.upto}\n")
            sys.stdout.flush()


main()
