"""What can be made to happen, as data: names, places, options, and the alarms that are due."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from simulators.facade.live import Harmless as Sight
from simulators.facade.live import Thrown
from simulators.injectable import Injectable, Option, Steps, Value, incident
from simulators.scenario import Harmless, Leak, Recover
from simulators.scenery import Blindness
from simulators.site import Device, Site
from simulators.wiring import allowed_open_s
from wire import Text

_BELOW_MPA: Final = 0.04


def _leak(site: Site, device: Device, given: Mapping[str, Value]) -> Steps:
    to_mpa = max(0.0, site.sensor(device).limit_mpa() - _BELOW_MPA)
    leak = Leak(target=device.id, to_mpa=to_mpa, over_s=4.0)
    return [(leak, float(given["lasts_s"])), (Recover(target=device.id), 0.0)]


def _prop(_site: Site, device: Device, given: Mapping[str, Value]) -> Steps:
    open_s = allowed_open_s(device) + float(given["over_s"])
    return [(incident({"do": "prop-door", "gate": device.id, "open_s": open_s}), 0.0)]


def _throw(site: Site, device: Device, given: Mapping[str, Value]) -> Steps:
    """No higher than the building."""
    floors, _ = site.facades()[device.id]
    thrown = {**given, "floor": min(int(given["floor"]), floors)}
    return [(incident({"do": "throw", "camera": device.id, **thrown}), 0.0)]


def _seconds(name: str, text: Text, usual: float, least: float, most: float) -> Option:
    return Option(name, text, usual, least=least, most=most, unit="s")


def _choice(
    name: str, text: Text, usual: str, of: Sequence[str], words: Mapping[str, Text]
) -> Option:
    return Option(name, text, usual, {one: words[one] for one in of})


_LASTS: Final = Text(zh="持续", en="Lasts")
_WHAT: Final = Text(zh="什么", en="What")
_FLOOR: Final = Option("floor", Text(zh="去几层", en="To floor"), 5, least=2, most=40)
_THROWN: Final = {
    "bag": Text(zh="垃圾袋", en="Bag of rubbish"),
    "bottle": Text(zh="瓶子", en="Bottle"),
    "flower-pot": Text(zh="花盆", en="Flower pot"),
    "paper": Text(zh="纸张", en="Sheet of paper"),
    "plastic-bag": Text(zh="塑料袋", en="Plastic bag"),
}
_SIGHTS: Final = {
    "bird": Text(zh="飞鸟", en="Birds"),
    "insect": Text(zh="飞虫", en="Insects"),
    "leaf": Text(zh="落叶", en="Leaves"),
    "rain": Text(zh="下雨", en="Rain"),
    "laundry": Text(zh="晾晒衣物", en="Laundry"),
    "light": Text(zh="窗户亮灯", en="Lights in windows"),
    "shake": Text(zh="镜头晃动", en="Camera shakes"),
}
_RIDERS: Final = {
    "person": Text(zh="一个人", en="One person"),
    "two-people": Text(zh="两个人", en="Two people"),
    "stroller": Text(zh="婴儿车", en="Stroller"),
    "wheelchair": Text(zh="轮椅", en="Wheelchair"),
    "bicycle": Text(zh="自行车", en="Bicycle"),
}
_HOWS: Final = {
    "covered": Text(zh="被遮挡", en="Covered"),
    "black": Text(zh="黑屏", en="Black"),
    "moved": Text(zh="被转动", en="Turned away"),
    "frozen": Text(zh="画面冻结", en="Frozen picture"),
    "no-signal": Text(zh="无信号", en="No signal"),
}

INJECTABLES: Final = (
    Injectable(
        "leak",
        "gauge",
        "sensor",
        Text(zh="消防水压下降", en="Fire-water pressure drops"),
        Text(
            zh="管网漏水，压力 4 秒内跌破下限，之后自动恢复。",
            en="The riser leaks: below its limit within 4 s, and closed again after a while.",
        ),
        ("pressure-low",),
        (_seconds("lasts_s", _LASTS, 60, 10, 1800),),
        _leak,
    ),
    Injectable(
        "ebike-enters",
        "elevator",
        "car",
        Text(zh="电动车进电梯，听劝退出", en="E-bike enters, and turns back"),
        Text(
            zh="轿门保持、语音劝阻后推车离开。",
            en="The door is held, the voice speaks, and they leave again.",
        ),
        ("ebike-in-elevator",),
        (_FLOOR,),
    ),
    Injectable(
        "ebike-rides",
        "elevator",
        "car",
        Text(zh="电动车进电梯，不听劝", en="E-bike enters, and stays"),
        Text(zh="门一关就上楼。", en="It rides up as soon as the door closes."),
        ("ebike-in-elevator",),
        (_FLOOR,),
    ),
    Injectable(
        "throw",
        "fall",
        "facade",
        Text(zh="高空抛物", en="Something falls from a window"),
        Text(zh="从楼上窗口抛出一件东西。", en="Thrown from a window high up."),
        ("falling-object", "drifting-object"),
        (
            _choice("what", _WHAT, "bag", get_args(Thrown), _THROWN),
            Option("floor", Text(zh="楼层", en="Floor"), 11, least=6, most=60),
        ),
        _throw,
    ),
    Injectable(
        "force-door",
        "doorOpen",
        "gate",
        Text(zh="强行开门", en="Door is forced"),
        Text(zh="门锁着被撞开。", en="A locked door is broken open."),
        ("door-forced",),
        (_seconds("open_s", Text(zh="开着", en="Stays open"), 6, 2, 20),),
    ),
    Injectable(
        "prop-door",
        "door",
        "gate",
        Text(zh="门被顶住不关", en="Door is propped open"),
        Text(zh="刷卡开门后用东西顶住。", en="Opened with a card, then held by something."),
        ("door-held-open",),
        (_seconds("over_s", Text(zh="超时", en="Beyond what is allowed"), 20, 5, 600),),
        _prop,
    ),
    Injectable(
        "deny",
        "key",
        "gate",
        Text(zh="连续刷错卡", en="Wrong cards, again and again"),
        Text(zh="用未登记的卡连刷，第 5 次应当报警。", en="Unknown cards; the fifth is too many."),
        ("door-denied-repeatedly",),
        (
            Option("tries", Text(zh="次数", en="Tries"), 5, least=5, most=20),
            _seconds("every_s", Text(zh="间隔", en="Every"), 2, 1, 20),
        ),
    ),
    Injectable(
        "strike-barrier",
        "barrier",
        "barrier",
        Text(zh="撞杆", en="Barrier is struck"),
        Text(zh="车辆撞断道闸杆，稍后修复。", en="A car breaks the arm; it is put back later."),
        ("barrier-struck",),
        (_seconds("repair_s", Text(zh="多久修好", en="Repaired after"), 40, 5, 1800),),
    ),
    Injectable(
        "tailgate",
        "barrierUp",
        "barrier",
        Text(zh="车辆尾随", en="Car slips through behind another"),
        Text(zh="前车放行，后车紧跟闯入。", en="One is let pass, another one follows close."),
        ("tailgating",),
    ),
    Injectable(
        "blind-camera",
        "camera",
        "camera",
        Text(zh="摄像机被破坏", en="Camera is tampered with"),
        Text(zh="遮挡、黑屏、转动、冻结或断线。", en="Covered, black, turned, frozen or cut off."),
        ("camera-blind", "camera-moved"),
        (
            _choice("how", Text(zh="方式", en="How"), "covered", get_args(Blindness), _HOWS),
            _seconds("for_s", _LASTS, 40, 20, 3600),
        ),
    ),
    Injectable(
        "silence",
        "silent",
        "controller",
        Text(zh="设备失联", en="Device falls silent"),
        Text(
            zh="断电或断网，不再有任何上报；超过该类设备的容忍时间才算失联。",
            en="No power, no network: not a word. It counts once its kind's patience is over.",
        ),
        ("device-silent",),
        (_seconds("for_s", _LASTS, 150, 120, 3600),),
    ),
    Injectable(
        "harmless-ride",
        "person",
        "car",
        Text(zh="正常乘梯", en="A harmless ride"),
        Text(zh="不是电动车，不应报警。", en="No e-bike: nothing may alarm."),
        (),
        (
            _choice("subject", Text(zh="谁", en="Who"), "stroller", get_args(Harmless), _RIDERS),
            _FLOOR,
        ),
    ),
    Injectable(
        "harmless-view",
        "eye",
        "facade",
        Text(zh="外立面干扰", en="Harmless sights at a front"),
        Text(zh="不是坠物，不应报警。", en="Nothing falls: nothing may alarm."),
        (),
        (
            _choice("what", _WHAT, "bird", get_args(Sight), _SIGHTS),
            _seconds("for_s", _LASTS, 8, 1, 120),
        ),
    ),
)
"""In the order in which they are shown."""
