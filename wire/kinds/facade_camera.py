"""Cameras that look up at a building's front, for what falls from it."""

from wire.envelope import Lane
from wire.kinds import camera
from wire.kinds.base import Kind, SignalSpec, SignalType
from wire.text import Text

_LOOKING = (
    SignalSpec(
        id="looked_fps",
        name=Text(zh="抛物分析帧率", en="Looked at for falls"),
        type=SignalType.NUMBER,
        unit="1/s",
        low=0,
        high=240,
    ),
    SignalSpec(
        id="passed_over",
        name=Text(zh="未分析画面占比", en="Pictures not looked at"),
        type=SignalType.NUMBER,
        unit="%",
        low=0,
        high=100,
    ),
)

KIND = Kind(
    id="facade-camera",
    name=Text(zh="高空抛物摄像机", en="Facade camera"),
    icon="camera",
    lane=Lane.EVENT,
    signals=(*camera.SIGNALS, *_LOOKING),
    actions=camera.REQUESTS,
    rules=("falling-object", *camera.RULES),
    silent_after_s=camera.SILENT_AFTER_S,
)
