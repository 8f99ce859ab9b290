"""The closed loop of a case as a Mermaid diagram, from its table.

`python -m hub.cases.diagram [FOLDER]` writes the pages of alerts, cases and elevator sessions, by
default to `docs/diagrams`.
"""

import sys
from pathlib import Path

from hub.alerts import diagram as alert_diagram
from hub.cases.table import ACTIONS, FINAL_STATES, START, STATE_NAMES, TRANSITIONS
from hub.rules.ebike_session import HOLDING, OUTCOMES, Phase
from hub.rules.ebike_session import TABLE as EBIKE
from wire import Text


def page() -> str:
    """The Markdown page; actions that leave a case where it is are listed below the diagram."""
    nodes = {state.value: _label(name) for state, name in STATE_NAMES.items()}
    arrows: list[alert_diagram.Arrow] = [("[*]", START.value, "")]
    staying: dict[str, list[str]] = {}
    for (state, action), target in TRANSITIONS.items():
        if state is target and action != "redispatch":
            staying.setdefault(action, []).append(STATE_NAMES[state].zh)
        else:
            arrows.append((state.value, target.value, _label(ACTIONS[action].name)))
    arrows += [(state.value, "[*]", "") for state in STATE_NAMES if state in FINAL_STATES]
    text = alert_diagram.markdown("The loop of a case", "hub/cases/table.py", nodes, arrows)
    return text + _staying(staying) + _roles()


def _ebike_page() -> str:
    """The session of an e-bike in an elevator; the phases in which the door is held are marked."""
    nodes = {
        _node(phase): f"{phase.value} (door held)" if phase in HOLDING else phase.value
        for phase in Phase
    }
    arrows: list[alert_diagram.Arrow] = [("[*]", _node(Phase.IDLE), "")]
    for (phase, event), made in EBIKE.items():
        ends = f" / {OUTCOMES[made.outcome].en.lower()}" if made.outcome is not None else ""
        arrows.append((_node(phase), _node(made.phase), event.value + ends))
    return alert_diagram.markdown(
        "An e-bike in an elevator", "hub/rules/ebike_session.py", nodes, arrows
    )


def _node(phase: Phase) -> str:
    return phase.value.replace("-", "_")


def _staying(staying: dict[str, list[str]]) -> str:
    lines = [
        f"- {_label(ACTIONS[action].name)}: {'、'.join(states)}"
        for action, states in staying.items()
    ]
    return "\nWithout leaving the step:\n\n" + "\n".join(lines) + "\n"


def _roles() -> str:
    rows = [
        f"| `{spec.id}` | {spec.name.zh} | {spec.name.en} | {spec.role} | {', '.join(spec.needs)} |"
        for spec in ACTIONS.values()
    ]
    head = "| action | 名称 | name | least role | needs |\n| --- | --- | --- | --- | --- |\n"
    return "\n" + head + "\n".join(rows) + "\n"


def _label(name: Text) -> str:
    return f"{name.zh} {name.en.lower()}"


def pages() -> dict[str, str]:
    """Everything that is generated, by file name."""
    return {"alerts.md": alert_diagram.page(), "cases.md": page(), "ebike.md": _ebike_page()}


def write(folder: Path) -> None:
    """Write all pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/diagrams"))
