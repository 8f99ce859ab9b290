"""The estate of the alarm storm: one building, 300 devices, of which 20 are about life safety."""

from typing import Final

AGENTS: Final = 10
GATES: Final = 280
SENSORS: Final = 20
EVENTS: Final = 10_000


def site_file() -> str:
    """Gates behind ten agents, which stand behind one switch; sensors on their own."""
    lines = [
        'id = "court"',
        'name = { zh = "测试院", en = "Test court" }',
        '[[building]]\nid = "b1"\nname = { zh = "1号楼", en = "B1" }\nfloors = 30',
        '[[agent]]\nid = "core"\nbuilding = "b1"',
    ]
    for agent in range(AGENTS):
        lines.append(f'[[agent]]\nid = "floor-{agent}"\nbuilding = "b1"\nbehind = "core"')
        lines.extend(_device("gate", f"gate-{number}") for number in range(agent, GATES, AGENTS))
    lines.append('[[agent]]\nid = "water"')
    for number in range(SENSORS):
        settings = "settings = { elevation_m = 0.0, protects_to_m = 0.0 }"
        lines.append(_device("water-pressure", f"fw-{number}", settings))
    return "\n".join(lines)


def _device(kind: str, name: str, more: str = "") -> str:
    text = f'{{ zh = "{name}", en = "{name}" }}'
    return (
        f'[[agent.device]]\nid = "{name}"\nkind = "{kind}"\nname = {text}\nplace = {text}\n'
        f'building = "b1"\n{more}'
    )
