"""A test stand: Mosquitto and a real hub process, in a folder that goes with it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulators.load import write_site
from simulators.mosquitto import Mosquitto
from simulators.processes import HubProcess

PROBE = "probe"


@contextmanager
def broker_alone() -> Iterator[Mosquitto]:
    """Mosquitto at its defaults."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Mosquitto(Path(folder)) as broker:
        yield broker


@contextmanager
def broker_and_hub(agents: int, *, doors: int = 0) -> Iterator[tuple[Mosquitto, HubProcess]]:
    """Mosquitto at its defaults and a hub that knows so many load agents.

    doors: gates of one more agent, `probe`: `door-1` and so on.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_site(folder / "site.toml", agents)
        if doors:
            _add_doors(folder / "site.toml", doors)
        with Mosquitto(folder) as broker:
            config = folder / "hub.toml"
            config.write_text(
                'data = "hub"\nsites = ["site.toml"]\n'
                f'[mqtt]\nurl = "{broker.url}"\nanonymous = true\n[http]\nport = 0\n'
                "[commands]\nopens_per_minute = 100000\n",
                encoding="utf-8",
            )
            with HubProcess(config) as hub:
                yield broker, hub


def _add_doors(site: Path, doors: int) -> None:
    text = [f'\n[[agent]]\nid = "{PROBE}"\n']
    text += [
        f'[[agent.device]]\nid = "door-{number}"\nkind = "gate"\n'
        f'name = {{ zh = "门{number}", en = "Door {number}" }}\n'
        'place = { zh = "无", en = "Nowhere" }\n'
        for number in range(1, doors + 1)
    ]
    with site.open("a", encoding="utf-8") as file:
        file.write("\n".join(text))
