"""What is wrong with a line of a list, and what to do about it, in words that people read."""

from dataclasses import dataclass
from typing import Final

from hub.households.columns import BY_ID
from wire import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """line: as a spreadsheet counts, the header is 1. column: an id, or None for the whole line.

    Never says what stands there: it may be somebody's name.
    """

    line: int
    column: str | None
    what: Text
    todo: Text

    @property
    def place(self) -> Text | None:
        """What the column is called."""
        return None if self.column is None else BY_ID[self.column].name


def missing(column: str) -> tuple[Text, Text]:
    """Something that every line needs."""
    name = BY_ID[column].name
    return (
        Text(zh="没有填写", en="is empty"),
        Text(zh=f"请填写{name.zh}", en=f"Fill in the {name.en.lower()}"),
    )


UNKNOWN_BUILDING: Final = (
    Text(zh="小区里没有这栋楼", en="is no building of this site"),
    Text(zh="请按系统里的楼栋名称填写", en="Write it as the site calls it"),
)
BAD_ROOM: Final = (
    Text(zh="格式不对", en="is not of the form of a room or entrance"),
    Text(zh="只用字母、数字、汉字和连字符,最多16个字", en="Letters, digits, dashes; 16 at most"),
)
BAD_NAME: Final = (
    Text(zh="不是姓名", en="is no name"),
    Text(zh="最多40个字,不要以符号开头", en="40 characters at most, beginning with a letter"),
)
BAD_PHONE: Final = (
    Text(zh="不是电话号码", en="is no telephone number"),
    Text(zh="手机填11位数字,固话带区号", en="11 digits of a mobile number, or one with area code"),
)
UNKNOWN_TAG: Final = (
    Text(zh="没有这个标签", en="is no tag that is configured"),
    Text(zh="请使用已配置的标签,多个用顿号分开", en="Use configured tags, separated by commas"),
)
BAD_CARD: Final = (
    Text(zh="不是卡号", en="is no card number"),
    Text(zh="填写门禁上报的卡号,4到64位,设为文本格式", en="As the gate tells it, 4 to 64, as text"),
)
BAD_PLATE: Final = (
    Text(zh="不是车牌号", en="is no plate"),
    Text(zh="请核对省份、字母和位数", en="Check province, letter and length"),
)
BAD_DATE: Final = (
    Text(zh="不是日期", en="is no date"),
    Text(zh="请写成 2026-01-31", en="Write it as 2026-01-31"),
)
ENDS_FIRST: Final = (
    Text(zh="早于入住日期", en="is before the first day"),
    Text(zh="请核对两个日期", en="Check both dates"),
)
SAYS_NOTHING: Final = (
    Text(zh="没有姓名、卡号或车牌", en="names no person, card or car"),
    Text(zh="至少填写一项,或删除这一行", en="Fill in one of them, or remove the line"),
)
FORMULA: Final = (
    Text(zh="是公式,系统不计算公式", en="is a formula; none is worked out here"),
    Text(zh="请复制后“粘贴为数值”", en="Copy it and paste it as a value"),
)
ELSEWHERE: Final = (
    Text(zh="已登记在另一户", en="is registered with another household"),
    Text(zh="先在那一户结束登记,再导入", en="End it there first, then import it again"),
)
TOO_LONG: Final = (
    Text(zh="内容太长", en="is too long"),
    Text(zh="每格最多200个字", en="200 characters at most in a cell"),
)
