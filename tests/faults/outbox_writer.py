"""Appends to the outbox named on the command line for ever, and tells each number it was given.

What the outbox refuses is appended again, as a driver's device would say it again.
"""

import asyncio
import sys
from pathlib import Path

from edge.errors import OutboxError
from edge.outbox import Outbox
from wire import ContentType, Lane


async def drive(outbox: Outbox, lane: Lane) -> None:
    while True:
        try:
            seq = await outbox.append(lane, ContentType.OBSERVATIONS, b"body of one" * 20, 1)
        except OutboxError:
            continue
        sys.stdout.write(f"told {lane} {seq}\n")
        sys.stdout.flush()


async def main() -> None:
    async with Outbox(Path(sys.argv[1])) as outbox:
        await asyncio.gather(*(drive(outbox, lane) for lane in Lane for _ in range(2)))


asyncio.run(main())
