"""Readers and floor buttons in elevator cars, where a controller reports who called which floor."""

from wire.envelope import Lane
from wire.kinds.base import Kind, SignalSpec, SignalType
from wire.text import Text

KIND = Kind(
    id="elevator-panel",
    name=Text(zh="梯控面板", en="Elevator panel"),
    icon="door",
    lane=Lane.EVENT,
    signals=(
        SignalSpec(
            id="event",
            name=Text(zh="事件", en="Event"),
            type=SignalType.CHOICE,
            choices={
                "granted": Text(zh="刷卡选层", en="Floor granted"),
                "denied": Text(zh="拒绝", en="Denied"),
                "called": Text(zh="按键选层", en="Floor called"),
                "state": Text(zh="状态心跳", en="State"),
            },
        ),
        SignalSpec(
            id="credential",
            name=Text(zh="凭证", en="Credential"),
            type=SignalType.TEXT,
            sensitive=True,
        ),
        SignalSpec(
            id="method",
            name=Text(zh="方式", en="Method"),
            type=SignalType.CHOICE,
            choices={
                "card": Text(zh="刷卡", en="Card"),
                "code": Text(zh="密码", en="Code"),
                "phone": Text(zh="手机", en="Phone"),
                "face": Text(zh="人脸(设备端)", en="Face (on the device)"),
            },
        ),
        SignalSpec(
            id="floor",
            name=Text(zh="所选楼层", en="Floor called"),
            type=SignalType.NUMBER,
            unit="F",
            low=-20,
            high=300,
        ),
        SignalSpec(
            id="floors",
            name=Text(zh="可选楼层", en="Floors freed"),
            type=SignalType.TEXT,
        ),
        SignalSpec(
            id="reason",
            name=Text(zh="原因", en="Reason"),
            type=SignalType.CHOICE,
            choices={
                "unknown-credential": Text(zh="未登记凭证", en="Unknown credential"),
                "expired": Text(zh="已过期", en="Expired"),
                "not-allowed-here": Text(zh="无此层权限", en="Not allowed here"),
                "not-allowed-now": Text(zh="不在允许时段", en="Not allowed now"),
            },
        ),
    ),
    rules=("device-silent",),
    passages=True,
    silent_after_s=180,
)
