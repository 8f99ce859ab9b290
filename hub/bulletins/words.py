"""The words of bulletins, in both languages."""

from typing import Final, Literal

from wire import Text

Language = Literal["zh", "en"]

WORDS: Final = {
    "weekly": Text(zh="民声快报", en="Weekly report"),
    "monthly": Text(zh="提示单", en="Monthly notice"),
    "to": Text(
        zh="致：物业服务中心、各网格、社区居委会", en="To: property, grids, community office"
    ),
    "hub": Text(zh="Gatehouse 小区智慧安防", en="Gatehouse"),
    "made": Text(zh="生成于", en="Made on"),
    "opened": Text(zh="新增案件", en="New cases"),
    "closed": Text(zh="已办结", en="Closed"),
    "on-time": Text(zh="按时办结", en="On time"),
    "rated": Text(zh="满意度", en="Rating"),
    "false": Text(zh="误报", en="False alarms"),
    "open": Text(zh="未办结", en="Open"),
    "reopened": Text(zh="重新打开", en="Reopened"),
    "hours": Text(zh="办结用时中位数", en="Median hours"),
    "before": Text(zh="上期", en="before"),
    "days": Text(zh="每日新增", en="New cases by day"),
    "hot": Text(zh="高频诉求", en="What came most often"),
    "trend": Text(zh="近八周", en="last 8 weeks"),
    "now": Text(zh="本期", en="now"),
    "sources": Text(zh="来源", en="How they came in"),
    "matters": Text(zh="一事多诉", en="One matter, many complaints"),
    "persons": Text(
        zh="一人多诉：{n} 人，共 {m} 件（按隐私要求不列明，系统内凭用途查看）",
        en="One person, many complaints: people {n}, cases {m} (who: ask the console)",
    ),
    "units": Text(zh="网格与社区考核", en="Grids and communities"),
    "departments": Text(zh="单位考核", en="Departments and firms"),
    "overdue": Text(zh="超时未结", en="Open and overdue"),
    "notes": Text(zh="提示事项", en="Please look at"),
    "patrols": Text(zh="巡查巡检", en="Patrols"),
    "rounds": Text(zh="应巡", en="Due"),
    "walked": Text(zh="已巡", en="Done"),
    "incomplete": Text(zh="未巡全", en="Incomplete"),
    "missed": Text(zh="漏巡", en="Missed"),
    "findings": Text(zh="发现问题", en="Findings"),
    "emergencies": Text(zh="应急状态", en="Emergencies"),
    "none": Text(zh="无", en="None"),
    "name": Text(zh="名称", en="Name"),
    "cases": Text(zh="件数", en="Cases"),
    "place": Text(zh="地点", en="Place"),
    "category": Text(zh="类别", en="Category"),
    "times": Text(zh="次数", en="Times"),
    "number": Text(zh="编号", en="Number"),
    "since": Text(zh="立案", en="Since"),
    "signed": Text(zh="签收人", en="Received by"),
    "date": Text(zh="日期", en="Date"),
    "measures": Text(zh="整改措施与时限", en="Measures, by when"),
    "still": Text(zh="仍在应急", en="still in force"),
}


def word(key: str, language: Language) -> str:
    """A word in a language."""
    text: str = getattr(WORDS[key], language)
    return text


def say(text: Text | None, language: Language) -> str:
    """A text in a language; nothing for none."""
    return "" if text is None else str(getattr(text, language))
