"""The table of docs/retention.md: `python -m hub.store.keeping.page` prints it."""

from typing import Final

from hub.config import EvidenceConfig, RetentionConfig
from hub.store.keeping.classes import CLASSES, STANDING, RecordClass

_HEAD: Final = """\
| class | days | setting | tables | held by law | |
| --- | --- | --- | --- | --- | --- |
"""


def table() -> str:
    """The classes, and below them what goes by nothing but itself."""
    rows = "".join(_row(one) for one in CLASSES)
    standing = "".join(
        f"- {', '.join(f'`{name}`' for name in one.tables)}: {one.why.en}\n" for one in STANDING
    )
    return f"{_HEAD}{rows}\nNot by time, as they say how things stand now:\n\n{standing}"


def _row(one: RecordClass) -> str:
    setting = "" if isinstance(one.days, int) else f"`{one.days}`"
    tables = ", ".join(
        [f"`{name}` by `{column}`" for name, column in one.tables.items()]
        + [f"`{name}`" for name in one.along]
    )
    held = "yes" if one.held else ""
    note = "" if one.note is None else one.note.en
    return f"| {one.name.en} | {_days(one)} | {setting} | {tables} | {held} | {note} |\n"


def _days(one: RecordClass) -> int:
    if isinstance(one.days, int):
        return one.days
    table, name = one.days.split(".")
    config = RetentionConfig() if table == "retention" else EvidenceConfig()
    days: int = getattr(config, name)
    return days


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - a program that prints a page
