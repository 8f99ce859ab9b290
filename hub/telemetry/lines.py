"""Points in InfluxDB's line protocol, which VictoriaMetrics reads too.

One measurement with one field, told apart by tags; a moment in ms. Ids and signals hold nothing
that the protocol would need escaped.

    gatehouse,device=fw-1,signal=pressure,site=jinxiu value=0.31 1760000000000
"""

import re
from typing import Final

from hub.telemetry.port import Point
from hub.telemetry.server import MEASUREMENT

_DEVICE: Final = re.compile(rb",device=([^, ]+)")

PROBE: Final = f"{MEASUREMENT}_probe,site=none value=1 ".encode()
"""The beginning of a line that any working server takes; the moment, in ms, completes it."""


def line_of(point: Point) -> str:
    """One point; its number comes back as it was, for Python writes the shortest that does."""
    tags = f"device={point.device},signal={point.signal},site={point.site}"
    return f"{MEASUREMENT},{tags} value={point.value!r} {point.at}"


def device_of(line: bytes) -> str:
    """The device that a line tells of."""
    found = _DEVICE.search(line)
    return found[1].decode() if found else ""
