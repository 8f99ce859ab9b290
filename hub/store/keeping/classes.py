"""Every table, by how long its rows are kept; a table that stands nowhere here fails a test.

docs/retention.md shows this: `python -m hub.store.keeping.page` writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from wire import Text


@dataclass(frozen=True, slots=True)
class RecordClass:
    """Rows that are kept for the same reason and time.

    days: the setting of hub.toml, or a number that is fixed. tables: by name, the column from which
    the time counts; where it is empty they are not due yet. along: tables whose rows go with these.
    held: a legal hold on a case keeps those that belong to it.
    """

    id: str
    name: Text
    days: str | int
    tables: Mapping[str, str]
    along: tuple[str, ...] = ()
    held: bool = False
    note: Text | None = None


CLASSES: Final = (
    RecordClass(
        "passages",
        Text(zh="通行记录", en="Passages"),
        "retention.passages_days",
        {"passage": "received_at", "passer": "received_at", "watch_hit": "received_at"},
        along=("plate_form",),
        held=True,
        note=Text(zh="30到365天", en="30 to 365 days"),
    ),
    RecordClass(
        "observations",
        Text(zh="设备原始上报", en="What devices reported"),
        "retention.observations_days",
        {"observation": "received_at", "source_record": "received_at", "tick_log": "at"},
        held=True,
    ),
    RecordClass(
        "points",
        Text(zh="遥测原始点", en="Telemetry, as it came"),
        "retention.telemetry_days",
        {"point": "at"},
        note=Text(zh="整小时删除", en="whole hours at a time"),
    ),
    RecordClass(
        "rollups",
        Text(zh="遥测小时值", en="Telemetry, by the hour"),
        "retention.telemetry_hours_days",
        {"rollup": "at"},
        note=Text(
            zh="分钟值按 retention.telemetry_minutes_days",
            en="by the minute: retention.telemetry_minutes_days",
        ),
    ),
    RecordClass(
        "evidence",
        Text(zh="视频片段与图片", en="Clips and pictures"),
        "evidence.clip_days",
        {"evidence": "updated_at"},
        held=True,
        note=Text(
            zh="文件按类别:evidence.*_days;记录随后按 retention.cases_days;未结案件的一直保留",
            en="files by class: evidence.*_days, and while their case is open; their record then "
            "as long as cases",
        ),
    ),
    RecordClass(
        "alerts",
        Text(zh="已关闭的报警", en="Alarms that are over"),
        "retention.alerts_days",
        {
            "alert": "closed_at",
            "annunciation": "at",
            "flood": "ended_at",
            "alarm_hold": "ended_at",
        },
        along=("alert_history",),
        held=True,
    ),
    RecordClass(
        "cases",
        Text(zh="已办结的案件", en="Cases that are closed"),
        "retention.cases_days",
        {
            "case_": "closed_at",
            "command": "created_at",
            "bulletin": "made_at",
            "mode_switch": "ended_at",
            "patrol_round": "ended_at",
            "watch_entry": "until",
        },
        along=("case_history", "case_link", "report", "command_history"),
        held=True,
    ),
    RecordClass(
        "contacts",
        Text(zh="报事人电话", en="Reporters' telephone numbers"),
        30,
        {},
        held=True,
        note=Text(zh="案件办结后30天清空", en="emptied 30 days after the case was closed"),
    ),
    RecordClass(
        "residents",
        Text(zh="到期的住户、人员和凭证", en="Households, people, credentials that have ended"),
        "retention.households_days",
        {"household": "until_at", "person": "until_at", "credential": "until_at"},
        along=("person_tag",),
        note=Text(zh="没有截止日期的保留", en="those without an end stay"),
    ),
    RecordClass(
        "audit",
        Text(zh="审计与查询留痕", en="The audit trail, and who looked at whom"),
        "retention.audit_days",
        {
            "audit": "at",
            "look": "at",
            "looked": "at",
            "looked_at": "at",
            "export": "asked_at",
            "erasure": "decided_at",
            "legal_hold": "ended_at",
        },
        along=("hold_span",),
        note=Text(zh="至少三年", en="three years at least"),
    ),
    RecordClass(
        "dead-letters",
        Text(zh="死信、通知、受理链接", en="Dead letters, notifications, links"),
        "retention.dead_letters_days",
        {
            "dead_letter": "received_at",
            "notification": "ended_at",
            "accept_link": "expires_at",
        },
    ),
    RecordClass(
        "feed",
        Text(zh="变更流", en="The feed of changes"),
        "retention.feed_days",
        {"change": "at"},
        note=Text(zh="每个小区最新一行保留", en="the newest row of each site stays"),
    ),
    RecordClass("sessions", Text(zh="登录会话", en="Sessions"), 2, {"session": "created_at"}),
    RecordClass(
        "report-keys",
        Text(zh="上报幂等键", en="Keys of reports"),
        7,
        {"report_key": "at"},
    ),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Tables that say how things stand now: a row goes when what it speaks of goes."""

    tables: tuple[str, ...] = field(default=())
    why: Text = field(default=Text(zh="", en=""))


STANDING: Final = (
    Standing(
        ("agent", "device_health", "rule_state", "alarm_point", "patrol_plan"),
        Text(zh="当前状态", en="how devices, rules and plans stand now"),
    ),
    Standing(
        ("stream", "site_counter", "meta", "case_number", "household_revision"),
        Text(zh="水位与计数", en="watermarks and counts; nobody is in them"),
    ),
    Standing(
        ("series", "stale_hour", "telemetry_total", "telemetry_spool"),
        Text(zh="遥测目录与待发", en="telemetry's index, and what waits for its server"),
    ),
    Standing(
        ("user_", "second_factor", "api_token", "machine", "case_view"),
        Text(zh="账号与凭证", en="accounts and what opens them, until somebody ends them"),
    ),
    Standing(
        ("audit_anchor",),
        Text(zh="审计链的起点", en="where a chain of the audit trail begins"),
    ),
)


def classed() -> dict[str, str]:
    """By table, the id of its class; `standing` for those that have none."""
    found = {table: one.id for one in CLASSES for table in (*one.tables, *one.along)}
    return found | {table: "standing" for one in STANDING for table in one.tables}
