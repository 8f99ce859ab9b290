"""Cameras that look up at a building's front, for what falls from it."""

from wire.envelope import Lane
from wire.kinds import camera
from wire.kinds.base import Kind
from wire.text import Text

KIND = Kind(
    id="facade-camera",
    name=Text(zh="高空抛物摄像机", en="Facade camera"),
    icon="camera",
    lane=Lane.EVENT,
    signals=camera.SIGNALS,
    actions=camera.REQUESTS,
    rules=camera.RULES,
    silent_after_s=camera.SILENT_AFTER_S,
)
