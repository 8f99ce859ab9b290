"""Vehicle barriers: one lane's arm, its loop, and the plate camera beside it."""

from wire.envelope import Lane
from wire.kinds.base import ActionSpec, Kind, SignalSpec, SignalType
from wire.text import Text

KIND = Kind(
    id="barrier",
    name=Text(zh="车辆道闸", en="Vehicle barrier"),
    icon="barrier",
    lane=Lane.EVENT,
    subject="plate",
    signals=(
        SignalSpec(
            id="event",
            name=Text(zh="事件", en="Event"),
            type=SignalType.CHOICE,
            choices={
                "seen": Text(zh="识别车辆", en="Vehicle seen"),
                "passed": Text(zh="车辆通过", en="Vehicle passed"),
                "opened": Text(zh="闸杆已升起", en="Arm raised"),
                "closed": Text(zh="闸杆已落下", en="Arm lowered"),
                "struck": Text(zh="闸杆被撞", en="Arm struck"),
                "held": Text(zh="保持常开", en="Held open"),
                "released": Text(zh="恢复自动", en="Hold ended"),
                "remote-open": Text(zh="远程开闸", en="Opened remotely"),
                "manual-open": Text(zh="岗亭手动开闸", en="Opened from the booth"),
                "state": Text(zh="状态心跳", en="State"),
            },
        ),
        SignalSpec(
            id="arm",
            name=Text(zh="闸杆", en="Arm"),
            type=SignalType.CHOICE,
            choices={
                "open": Text(zh="升起", en="Up"),
                "closed": Text(zh="落下", en="Down"),
                "moving": Text(zh="运行中", en="Moving"),
                "broken": Text(zh="脱落或损坏", en="Off or broken"),
            },
        ),
        SignalSpec(id="loop", name=Text(zh="地感有车", en="Loop occupied"), type=SignalType.BOOL),
        SignalSpec(id="fire", name=Text(zh="消防联动输入", en="Fire input"), type=SignalType.BOOL),
        SignalSpec(
            id="plate",
            name=Text(zh="车牌", en="Plate"),
            type=SignalType.TEXT,
            sensitive=True,
            mask="plate",
        ),
        SignalSpec(
            id="plate_kind",
            name=Text(zh="号牌种类", en="Plate kind"),
            type=SignalType.CHOICE,
            choices={
                "ordinary": Text(zh="普通汽车", en="Ordinary"),
                "new-energy-small": Text(zh="小型新能源", en="New-energy, small"),
                "new-energy-large": Text(zh="大型新能源", en="New-energy, large"),
                "police": Text(zh="警用", en="Police"),
                "trailer": Text(zh="挂车", en="Trailer"),
                "training": Text(zh="教练车", en="Driving school"),
                "hong-kong": Text(zh="港车", en="Hong Kong"),
                "macau": Text(zh="澳车", en="Macau"),
                "embassy": Text(zh="使馆", en="Embassy"),
                "consulate": Text(zh="领馆", en="Consulate"),
                "emergency": Text(zh="应急救援", en="Fire and rescue"),
            },
        ),
        SignalSpec(
            id="plate_grammar",
            name=Text(zh="号牌规则", en="Plate grammar"),
            type=SignalType.CHOICE,
            choices={
                "ok": Text(zh="符合", en="Well formed"),
                "odd": Text(zh="不符合", en="Not a plate's form"),
            },
        ),
        SignalSpec(
            id="plate_colour",
            name=Text(zh="号牌颜色", en="Plate colour"),
            type=SignalType.CHOICE,
            choices={
                "blue": Text(zh="蓝", en="Blue"),
                "yellow": Text(zh="黄", en="Yellow"),
                "green": Text(zh="绿", en="Green"),
                "yellow-green": Text(zh="黄绿", en="Yellow and green"),
                "white": Text(zh="白", en="White"),
                "black": Text(zh="黑", en="Black"),
            },
        ),
        SignalSpec(
            id="confidence",
            name=Text(zh="识别置信度", en="Confidence"),
            type=SignalType.NUMBER,
            unit="%",
            low=0,
            high=100,
        ),
        SignalSpec(
            id="method",
            name=Text(zh="识别方式", en="Method"),
            type=SignalType.CHOICE,
            choices={"plate": Text(zh="车牌识别", en="Plate")},
        ),
        SignalSpec(
            id="direction",
            name=Text(zh="方向", en="Direction"),
            type=SignalType.CHOICE,
            choices={"in": Text(zh="进", en="In"), "out": Text(zh="出", en="Out")},
        ),
        SignalSpec(
            id="result",
            name=Text(zh="名单结果", en="List result"),
            type=SignalType.CHOICE,
            choices={
                "allowed": Text(zh="放行", en="Allowed"),
                "denied": Text(zh="不放行", en="Denied"),
            },
        ),
        SignalSpec(
            id="reason",
            name=Text(zh="原因", en="Reason"),
            type=SignalType.CHOICE,
            choices={
                "not-listed": Text(zh="未登记", en="Not on the list"),
                "expired": Text(zh="已过期", en="Expired"),
                "blocked": Text(zh="禁止入内", en="Blocked"),
                "unpaid": Text(zh="未缴费", en="Not paid"),
                "full": Text(zh="车位已满", en="Car park full"),
                "no-plate": Text(zh="无牌车", en="No plate"),
            },
        ),
        SignalSpec(id="picture", name=Text(zh="抓拍图", en="Picture"), type=SignalType.TEXT),
    ),
    actions=(
        ActionSpec(id="open", name=Text(zh="开闸", en="Open")),
        ActionSpec(id="hold-open", name=Text(zh="保持常开", en="Hold open"), max_lease_s=120),
        ActionSpec(id="release", name=Text(zh="恢复自动", en="Release")),
    ),
    rules=("barrier-arm", "barrier-tailgating", "barrier-plate", "barrier-visits", "device-silent"),
    passages=True,
    silent_after_s=90,
)
