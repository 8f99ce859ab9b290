"""What is wrong with a document: the loader's own lines, each at its key."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hub.config.table import key_of, problem_of
from hub.editing.schema import Document
from wire import Text

MOST: Final = 50

_ZH: Final[dict[str, str]] = {
    "missing": "必填",
    "extra_forbidden": "没有这个配置项",
    "greater_than": "必须大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "必须小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "enum": "只能是其中之一：{expected}",
    "literal_error": "只能是其中之一：{expected}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "tuple_type": "应为列表",
    "dict_type": "应为一组配置项",
    "model_type": "应为一组配置项",
    "date_from_datetime_parsing": "不是有效日期",
    "date_parsing": "不是有效日期",
}
"""By pydantic's type of error. What the models say in words of their own is in English alone."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake. part: the part of the configuration in which it stands.

    key: where, as the loader names it (`desk[0].shift[1].to`); empty for the file as a whole.
    """

    part: str
    key: str
    problem: Text


def faults_of(part: str, model: type[BaseModel], document: Document) -> list[Fault]:
    """What the model says of the document, each mistake at its place; the first `MOST`."""
    try:
        model.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return [Fault(part, key_of("", one["loc"]), _words(one, model)) for one in found[:MOST]]
    return []


def plain(part: str, key: str, problem: str) -> Fault:
    """A line of the loader."""
    return Fault(part, key, Text(zh=_chinese(problem), en=problem))


_LINES: Final = {
    "is used already": "编号重复",
    "is missing": "必填",
    "is not a time of day": "不是有效时刻，例如 08:00",
    'is not a time such as "15m"': "不是有效时长，例如 15m 或 4h",
    "ends before it begins": "结束早于开始",
    "lies before it begins": "结束日期早于开始日期",
    "is not in this folder": "目录里没有这个编号",
    "in the configuration": "配置里没有这个编号",
    "no post ": "组织里没有这个岗位",
    "no unit ": "组织里没有这个单位",
    "no level ": "组织里没有这个层级",
    "no building ": "没有这栋楼",
    "no device ": "没有这台设备",
    "is not within": "超出范围",
}
"""Chinese for lines that are not pydantic's own; the English one stands behind it."""


def _chinese(problem: str) -> str:
    found = next((zh for words, zh in _LINES.items() if words in problem), None)
    return problem if found is None else f"{found}（{problem}）"


def _words(fault: ErrorDetails, model: type[BaseModel]) -> Text:
    en = problem_of(fault, model)
    zh = _ZH.get(fault["type"])
    if zh is None:
        return Text(zh=_chinese(en), en=en)
    context = {
        name: f"{one:g}" if isinstance(one, float) else one
        for name, one in fault.get("ctx", {}).items()
    }
    try:
        return Text(zh=zh.format(**context), en=en)
    except KeyError:
        return Text(zh=_chinese(en), en=en)
