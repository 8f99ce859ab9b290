"""What every camera kind has: the state of its picture, and what the hub may ask of it."""

from typing import Final

from wire.kinds.base import ActionSpec, SignalSpec, SignalType
from wire.text import Text

PICTURE: Final = "picture"

WATCH: Final = "watch"
LIVE: Final = "live"
CLIP: Final = "clip"

MAX_WATCH_S: Final = 30.0
"""A watch or live lease lasts this long at most unless it is renewed."""

SIGNALS: Final = (
    SignalSpec(
        id=PICTURE,
        name=Text(zh="画面", en="Picture"),
        type=SignalType.CHOICE,
        choices={
            "ok": Text(zh="正常", en="OK"),
            "frozen": Text(zh="画面冻结", en="Frozen"),
            "black": Text(zh="黑屏", en="Black"),
            "covered": Text(zh="镜头被遮挡", en="Covered"),
            "moved": Text(zh="镜头被移动", en="Moved"),
            "no-signal": Text(zh="无视频信号", en="No signal"),
        },
    ),
    SignalSpec(
        id="fps",
        name=Text(zh="帧率", en="Frame rate"),
        type=SignalType.NUMBER,
        unit="1/s",
        low=0,
        high=240,
    ),
    SignalSpec(
        id="width",
        name=Text(zh="画面宽度", en="Picture width"),
        type=SignalType.NUMBER,
        unit="px",
        low=0,
        high=16384,
    ),
    SignalSpec(
        id="height",
        name=Text(zh="画面高度", en="Picture height"),
        type=SignalType.NUMBER,
        unit="px",
        low=0,
        high=16384,
    ),
    SignalSpec(id="codec", name=Text(zh="编码", en="Codec"), type=SignalType.TEXT),
)

REQUESTS: Final = (
    ActionSpec(
        id=WATCH,
        name=Text(zh="加密取帧", en="Watch closely"),
        max_lease_s=MAX_WATCH_S,
        by_hub=True,
    ),
    ActionSpec(
        id=LIVE, name=Text(zh="实时画面", en="Live view"), max_lease_s=MAX_WATCH_S, by_hub=True
    ),
    ActionSpec(id=CLIP, name=Text(zh="取录像", en="Fetch a clip"), by_hub=True),
)

RULES: Final = ("camera-health", "device-silent")
SILENT_AFTER_S: Final = 90.0
"""Three of its reports, each 30 s apart, are missing."""
