"""The life cycle of an alert as a Mermaid diagram, from its table."""

from collections.abc import Iterable, Mapping

from hub.alerts.model import AlertState
from hub.alerts.table import STATE_NAMES, TRANSITIONS, AlertEvent
from wire import Text

EVENT_NAMES: dict[AlertEvent, Text] = {
    AlertEvent.BEGIN: Text(zh="发生", en="begins"),
    AlertEvent.BEGIN_LATE: Text(zh="迟到数据中发生", en="found in late data"),
    AlertEvent.RETURN: Text(zh="恢复", en="ends"),
    AlertEvent.RESUME: Text(zh="短时再现", en="comes back at once"),
    AlertEvent.ACKNOWLEDGE: Text(zh="确认", en="acknowledged"),
}

Arrow = tuple[str, str, str]
"""From, to, label; `[*]` is the start or the end."""


def page() -> str:
    """The Markdown page."""
    arrows: list[Arrow] = [
        (_node(state), _node(target), _label(EVENT_NAMES[event]))
        for (state, event), target in TRANSITIONS.items()
    ]
    arrows.append((_node(AlertState.NORMAL), "[*]", ""))
    return markdown(
        "The life of an alert",
        "hub/alerts/table.py",
        {_node(state): _label(name) for state, name in STATE_NAMES.items()},
        arrows,
    )


def markdown(title: str, source: str, nodes: Mapping[str, str], arrows: Iterable[Arrow]) -> str:
    """A page with one state diagram; says where it comes from and how to renew it."""
    lines = [f'    state "{label}" as {node}' for node, label in nodes.items()]
    for one, other, label in arrows:
        lines.append(f"    {one} --> {other}" + (f": {label}" if label else ""))
    body = "\n".join(lines)
    return (
        f"# {title}\n\n"
        f"Generated from `{source}` by `python -m hub.cases.diagram`; a test keeps it current.\n\n"
        f"```mermaid\nstateDiagram-v2\n{body}\n```\n"
    )


def _node(state: AlertState | None) -> str:
    return "[*]" if state is None else state.value.replace("-", "_")


def _label(name: Text) -> str:
    return f"{name.zh} {name.en.lower()}"
