"""What elevator cars add to the signals of a camera."""

from typing import Final

from wire.elevator import (
    ALARM,
    BOXES,
    DOOR_OPEN,
    FLOOR,
    HELD,
    MODEL,
    MOVING,
    SCORE,
    SUSPICION,
    VISION,
)
from wire.kinds.base import SignalSpec, SignalType
from wire.text import Text


def _share(name: str, text: Text) -> SignalSpec:
    return SignalSpec(id=name, name=text, type=SignalType.NUMBER, unit="1", low=0, high=1)


SEEN_SIGNALS: Final = (
    _share(SCORE, Text(zh="电动车得分", en="E-bike score")),
    SignalSpec(id=BOXES, name=Text(zh="电动车位置", en="E-bike boxes"), type=SignalType.TEXT),
    _share(SUSPICION, Text(zh="疑似阈值", en="Suspicion threshold")),
    _share(ALARM, Text(zh="报警阈值", en="Alarm threshold")),
    SignalSpec(id=MODEL, name=Text(zh="识别模型", en="Model"), type=SignalType.TEXT),
    SignalSpec(
        id=VISION,
        name=Text(zh="识别状态", en="Detection"),
        type=SignalType.CHOICE,
        choices={
            "ok": Text(zh="正常", en="Working"),
            "fault": Text(zh="故障", en="Fault"),
        },
    ),
)
"""What the detector says about one frame; with `vision` at `fault` it says nothing else."""

CAR_SIGNALS: Final = (
    SignalSpec(id=DOOR_OPEN, name=Text(zh="轿门开", en="Door open"), type=SignalType.BOOL),
    SignalSpec(id=MOVING, name=Text(zh="运行中", en="Moving"), type=SignalType.BOOL),
    SignalSpec(
        id=FLOOR,
        name=Text(zh="楼层", en="Floor"),
        type=SignalType.NUMBER,
        unit="F",
        low=-20,
        high=300,
    ),
    SignalSpec(id=HELD, name=Text(zh="开门保持", en="Door held"), type=SignalType.BOOL),
    SignalSpec(id="fire", name=Text(zh="消防联动输入", en="Fire input"), type=SignalType.BOOL),
)
"""What contacts and registers beside the car say; each only where it is wired."""
