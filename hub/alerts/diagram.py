"""The life cycle of an alert as a Mermaid diagram, from its table."""

from collections.abc import Iterable, Mapping

from hub.alerts.model import AlertState
from hub.alerts.table import STATE_NAMES, TRANSITIONS, AlertEvent
from wire import Text

EVENT_NAMES: dict[AlertEvent, Text] = {
    AlertEvent.BEGIN: Text(zh="发生", en="begins"),
    AlertEvent.BEGIN_LATE: Text(zh="迟到数据中发生", en="found in late data"),
    AlertEvent.BEGIN_SHELVED: Text(zh="搁置期间发生", en="begins while shelved"),
    AlertEvent.BEGIN_SUPPRESSED: Text(zh="上级警报期间发生", en="begins below its parent"),
    AlertEvent.BEGIN_OUT_OF_SERVICE: Text(zh="停用期间发生", en="begins while out of service"),
    AlertEvent.RETURN: Text(zh="恢复", en="ends"),
    AlertEvent.RETURN_LATCHING: Text(zh="恢复（锁存）", en="ends, latching"),
    AlertEvent.RESUME: Text(zh="再现", en="comes back"),
    AlertEvent.ACKNOWLEDGE: Text(zh="确认", en="acknowledged"),
    AlertEvent.ACKNOWLEDGE_LATCHING: Text(zh="确认（锁存）", en="acknowledged, latching"),
    AlertEvent.RESET: Text(zh="复位", en="reset"),
    AlertEvent.FOLD: Text(zh="并入抖动警报", en="folded into a chattering one"),
    AlertEvent.SHELVE: Text(zh="搁置", en="shelved"),
    AlertEvent.UNSHELVE: Text(zh="搁置结束", en="shelf ends"),
    AlertEvent.SUPPRESS: Text(zh="上级警报出现", en="its parent is found"),
    AlertEvent.RELEASE: Text(zh="上级已恢复", en="its parent is over"),
    AlertEvent.TAKE_OUT: Text(zh="停用", en="taken out of service"),
    AlertEvent.PUT_BACK: Text(zh="恢复使用", en="put back into service"),
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
