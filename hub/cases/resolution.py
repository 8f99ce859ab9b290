"""How a case ended, as a closed list: the figures on false alarms are counted from it."""

from dataclasses import dataclass

from wire import Text


@dataclass(frozen=True, slots=True)
class Resolution:
    """One way to end.

    genuine: what the alert said was so; None when that stays open.
    standard: something was put right here, so the closing standard has to be met.
    """

    id: str
    name: Text
    genuine: bool | None
    standard: bool = False


RESOLUTIONS: dict[str, Resolution] = {
    one.id: one
    for one in (
        Resolution("resolved", Text(zh="已排除", en="Put right"), genuine=True, standard=True),
        Resolution("repaired", Text(zh="已维修", en="Repaired"), genuine=True, standard=True),
        Resolution(
            "persuaded", Text(zh="已劝导", en="Spoken to, complied"), genuine=True, standard=True
        ),
        Resolution(
            "handed-over", Text(zh="移交其他部门", en="Handed to another body"), genuine=True
        ),
        Resolution(
            "self-recovered",
            Text(zh="自行恢复", en="Recovered by itself"),
            genuine=True,
            standard=True,
        ),
        Resolution("drill", Text(zh="演练或测试", en="Drill or test"), genuine=None),
        Resolution("false-alarm", Text(zh="误报", en="False alarm"), genuine=False),
        Resolution("device-fault", Text(zh="设备故障", en="Device fault"), genuine=False),
        Resolution("duplicate", Text(zh="重复案件", en="Duplicate"), genuine=None),
        Resolution("not-found", Text(zh="现场未发现", en="Nothing found on site"), genuine=None),
    )
}
