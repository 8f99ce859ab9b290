"""A hub of its own for the console's tests: a real process on a real Mosquitto, shared by all."""

from pathlib import Path

import pytest

from simulators.mosquitto import Mosquitto, find_mosquitto
from tests.browser import open_page, sign_in
from tests.console.post import Post
from tests.faults.street import Agent, Api
from tests.faults.town import a_hub, write_site

__all__ = ["open_page", "sign_in"]

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
AGENTS = [f"a{number}" for number in range(1, 15)]

ROUNDS = """
site = "town"
[[plan]]
id = "yard"
name = { zh = "院内巡逻", en = "Yard round" }
days = ["mon"]
times = ["03:33"]
lasts = "30m"
grace = "30m"
posts = ["patrol-lead"]
[[plan.point]]
id = "gate"
name = { zh = "大门", en = "Main gate" }
place = { zh = "院内东侧", en = "Yard, east" }
category = "door-open"
look = [{ zh = "门已关好。", en = "The gate is shut." }]
[[plan.point]]
id = "stairs"
name = { zh = "楼梯间", en = "Stairs" }
place = { zh = "1号楼楼梯间", en = "Building 1, stairs" }
category = "stairwell-storage"
look = [{ zh = "防火门关闭。", en = "Fire doors are shut." }, { zh = "无堆物。", en = "Nothing is stored." }]
[[plan.point]]
id = "roof"
name = { zh = "屋顶", en = "Roof" }
place = { zh = "1号楼屋顶", en = "Building 1, roof" }
look = [{ zh = "门已锁。", en = "The door is locked." }]
"""


CAMERA = """
[[agent]]
id = "eyes"
[[agent.device]]
id = "eye"
kind = "facade-camera"
name = { zh = "外立面", en = "Front" }
place = { zh = "楼前", en = "Before the house" }
"""


@pytest.fixture(scope="session")
def post(tmp_path_factory):
    """A control room's hub with agents that a test speaks for."""
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    folder = tmp_path_factory.mktemp("post")
    site = write_site(
        folder,
        {name: {f"{name}-gate": "gate", f"{name}-fw": "water-pressure"} for name in AGENTS},
    )
    with site.open("a", encoding="utf-8") as file:
        file.write(CAMERA)
    (folder / "patrols").mkdir()
    (folder / "patrols" / "town.toml").write_text(ROUNDS, encoding="utf-8")
    with Mosquitto(folder) as broker, a_hub(folder, broker, patrols="patrols") as hub:
        api = Api(hub)
        yield Post(hub, api, broker.port)
        api.close()


@pytest.fixture(scope="session")
def names():
    return iter(AGENTS)


@pytest.fixture
def agent(post, names):
    """An agent with a gate and a pressure sensor, of its own for each test."""
    agent = Agent(post.api, post.broker_port, next(names))
    agent.neighbour_is_stored()
    yield agent
    agent.close()


@pytest.fixture(scope="session")
def axe():
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: python hatch_build.py ci")
    return AXE.read_text(encoding="utf-8")
