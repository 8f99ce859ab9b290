"""Pedestrian gates and smart doors: a controller with a reader, a lock and a door contact."""

from wire.envelope import Lane
from wire.kinds.base import ActionSpec, Kind, SignalSpec, SignalType
from wire.text import Text

KIND = Kind(
    id="gate",
    name=Text(zh="人行门禁", en="Pedestrian gate"),
    icon="door",
    lane=Lane.EVENT,
    signals=(
        SignalSpec(
            id="event",
            name=Text(zh="事件", en="Event"),
            type=SignalType.CHOICE,
            choices={
                "granted": Text(zh="通行", en="Granted"),
                "denied": Text(zh="拒绝", en="Denied"),
                "exit-button": Text(zh="出门按钮", en="Exit button"),
                "remote-open": Text(zh="远程开门", en="Opened remotely"),
                "opened": Text(zh="门已打开", en="Door opened"),
                "closed": Text(zh="门已关闭", en="Door closed"),
                "state": Text(zh="状态心跳", en="State"),
            },
        ),
        SignalSpec(id="open", name=Text(zh="门磁", en="Door open"), type=SignalType.BOOL),
        SignalSpec(
            id="fire",
            name=Text(zh="消防联动输入", en="Fire input"),
            type=SignalType.BOOL,
        ),
        SignalSpec(
            id="credential",
            name=Text(zh="凭证", en="Credential"),
            type=SignalType.TEXT,
            sensitive=True,
        ),
        SignalSpec(
            id="method",
            name=Text(zh="开门方式", en="Method"),
            type=SignalType.CHOICE,
            choices={
                "card": Text(zh="刷卡", en="Card"),
                "code": Text(zh="密码", en="Code"),
                "phone": Text(zh="手机", en="Phone"),
                "face": Text(zh="人脸(设备端)", en="Face (on the device)"),
            },
        ),
        SignalSpec(
            id="listed",
            name=Text(zh="设备自带名单命中", en="On the device's own list"),
            type=SignalType.TEXT,
            sensitive=True,
        ),
        SignalSpec(
            id="direction",
            name=Text(zh="方向", en="Direction"),
            type=SignalType.CHOICE,
            choices={"in": Text(zh="进", en="In"), "out": Text(zh="出", en="Out")},
        ),
        SignalSpec(
            id="reason",
            name=Text(zh="原因", en="Reason"),
            type=SignalType.CHOICE,
            choices={
                "unknown-credential": Text(zh="未登记凭证", en="Unknown credential"),
                "expired": Text(zh="已过期", en="Expired"),
                "not-allowed-here": Text(zh="无此门权限", en="Not allowed here"),
                "not-allowed-now": Text(zh="不在允许时段", en="Not allowed now"),
            },
        ),
    ),
    actions=(
        ActionSpec(id="open", name=Text(zh="开门", en="Open")),
        ActionSpec(id="hold-open", name=Text(zh="保持常开", en="Hold open"), max_lease_s=120),
        ActionSpec(id="release", name=Text(zh="恢复上锁", en="Release")),
    ),
    rules=("door", "door-denied", "device-silent"),
    passages=True,
    silent_after_s=90,
)
