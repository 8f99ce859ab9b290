"""Pressure sensors in fire-water and drinking-water pipes."""

from wire.envelope import Lane
from wire.kinds.base import Kind, SignalSpec, SignalType
from wire.text import Text

KIND = Kind(
    id="water-pressure",
    name=Text(zh="水压传感器", en="Water pressure sensor"),
    icon="gauge",
    lane=Lane.TELEMETRY,
    signals=(
        SignalSpec(
            id="pressure",
            name=Text(zh="压力", en="Pressure"),
            type=SignalType.NUMBER,
            unit="MPa",
            urgent_change=0.02,
            low=-0.1,
            high=6.0,
        ),
        SignalSpec(
            id="battery",
            name=Text(zh="电池电压", en="Battery"),
            type=SignalType.NUMBER,
            unit="V",
            low=0,
            high=48,
        ),
    ),
    rules=("pressure", "device-silent"),
    silent_after_s=60,
)
