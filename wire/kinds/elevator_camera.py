"""Cameras in elevator cars, with the speaker and the door contact beside them."""

from wire.envelope import Lane
from wire.kinds import camera
from wire.kinds.base import ActionSpec, Kind
from wire.kinds.elevator import CAR_SIGNALS, SEEN_SIGNALS
from wire.text import Text

KIND = Kind(
    id="elevator-camera",
    name=Text(zh="电梯摄像机", en="Elevator camera"),
    icon="camera",
    lane=Lane.EVENT,
    signals=(*camera.SIGNALS, *SEEN_SIGNALS, *CAR_SIGNALS),
    actions=(
        ActionSpec(id="play-voice", name=Text(zh="语音劝阻", en="Play the voice message")),
        ActionSpec(id="hold", name=Text(zh="保持开门", en="Hold the door"), max_lease_s=120),
        ActionSpec(id="release", name=Text(zh="恢复运行", en="Release")),
        *camera.REQUESTS,
    ),
    rules=("ebike", "detector-health", *camera.RULES),
    silent_after_s=camera.SILENT_AFTER_S,
)
