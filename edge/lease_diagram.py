"""The life of a lease as a Mermaid diagram, from its table: `python -m edge.lease_diagram`."""

from collections.abc import Iterator
from pathlib import Path

from edge.leases import TABLE, LeaseEvent, LeaseState

PAGE = Path("docs/diagrams/leases.md")


def page() -> str:
    """The Markdown page; steps that change neither state nor anything else are left out."""
    arrows = "\n".join(_arrows())
    return (
        "# The life of a command's lease\n\n"
        "Generated from `edge/leases.py` by `python -m edge.lease_diagram`; a test keeps it "
        "current.\nIn brackets: what the agent does.\n\n"
        f"```mermaid\nstateDiagram-v2\n    [*] --> {LeaseState.FREE}\n{arrows}\n```\n"
    )


def _arrows() -> Iterator[str]:
    for (state, event), step in TABLE.items():
        if step.state is state and not step.effects:
            continue
        effects = f" [{', '.join(step.effects)}]" if step.effects else ""
        yield f"    {state} --> {step.state}: {_words(event)}{effects}"


def _words(event: LeaseEvent) -> str:
    return event.replace("-", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
