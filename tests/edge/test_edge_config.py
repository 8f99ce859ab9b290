from pathlib import Path

import pytest

from edge import app
from edge.config import EdgeConfig, load
from edge.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "configs" / "edge"

GOOD = """
site = "jinxiu"
agent = "a1"
data = "data"
[mqtt]
url = "mqtt://broker.example"
[[driver]]
type = "modbus-pressure"
host = "192.0.2.7"
[[driver.device]]
id = "p1"
pressure = { address = 0, type = "int16", unit = "kPa" }
"""


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.name)
def test_shipped_configuration_is_good(path: Path) -> None:
    config = app.check(path)
    assert config.site == "jinxiu"
    assert config.kinds


def test_relative_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(GOOD.replace("[mqtt]", '[mqtt]\npassword_file = "secret"'))
    config = load(path)
    assert config.data == tmp_path / "data"
    assert config.mqtt.password_file == tmp_path / "secret"
    assert (config.mqtt.host, config.mqtt.port) == ("broker.example", 1883)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("data =", "colour = 1\ndata ="), "colour: unknown key"),
        (('agent = "a1"', 'agent = "A 1"'), "agent: String should match"),
        (('agent = "a1"', 'agent = "hub"'), "agent must not be called 'hub'"),
        (('agent = "a1"\n', ""), "agent: Field required"),
        (("mqtt://broker", "http://broker"), "mqtt.url: must be mqtt://host[:port]"),
        (("mqtt://broker", "mqtt://me:pw@broker"), "mqtt.url: must not hold a login"),
        (('"modbus-pressure"', '"telepathy"'), "driver[0]: Input tag 'telepathy'"),
        (("address = 0", "address = 70000"), "driver[0].device[0].pressure.address: Input should"),
        (("address = 0", "adress = 0"), "driver[0].device[0].pressure.address: Field required"),
        (('"kPa"', '"Torr"'), "driver[0].device[0].pressure.unit: Input should be"),
        (("[mqtt]", "[mqtt"), "not TOML"),
        (("[mqtt]", 'hub_key = "1234"\n[mqtt]'), "hub_key: String should match"),
        (
            ("[mqtt]", "[outbox]\ntelemetry = { max_mib = 1, max_rows = 0 }\n[mqtt]"),
            "outbox.telemetry.max_rows: Input should be greater",
        ),
        (
            (
                'id = "p1"',
                (
                    'id = "p1"\npressure = { address = 1, type = "int16", unit = "kPa" }'
                    '\n[[driver.device]]\nid = "p1"'
                ),
            ),
            "device 'p1' stands twice",
        ),
        (
            (
                "[[driver]]\n",
                (
                    '[[driver]]\ntype = "http-gate"\n'
                    '[[driver.device]]\nid = "g"\ntoken = "0123456789abcdef"\n[[driver]]\n'
                ),
            ),
            "driver http-gate needs [http] listen",
        ),
        (
            (
                "[[driver]]\n",
                (
                    '[http]\nlisten = "0.0.0.0"\n[[driver]]\ntype = "http-gate"\n'
                    '[[driver.device]]\nid = "g"\n[[driver]]\n'
                ),
            ),
            "http.listen: must be host:port",
        ),
    ],
)
def test_mistake_gives_one_line_with_file_and_key(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    path = tmp_path / "edge.toml"
    assert change[0] in GOOD
    path.write_text(GOOD.replace(*change, 1))
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: No such file"):
        load(tmp_path / "absent.toml")


def test_check_names_a_missing_password_file(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(GOOD.replace("[mqtt]", '[mqtt]\npassword_file = "secret"'))
    with pytest.raises(ConfigError, match=r"mqtt\.password_file: .*secret does not exist"):
        app.check(path)


def test_check_refuses_a_placeholder_key(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(GOOD.replace("[mqtt]", f'hub_key = "{"0" * 64}"\n[mqtt]'))
    with pytest.raises(ConfigError, match=r"edge\.toml: hub_key: a point of small order"):
        app.check(path)


def test_secret_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    secret = "hunter2-hunter2-hunter2"
    path.write_text(GOOD + f'token = "{secret}"\n')
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert secret not in str(caught.value)


def test_constructible_in_code(tmp_path: Path) -> None:
    config = EdgeConfig.model_validate(
        {
            "site": "s",
            "agent": "a",
            "data": tmp_path,
            "mqtt": {"url": "mqtt://127.0.0.1:1"},
            "http": {"listen": "127.0.0.1:0"},
            "driver": [
                {"type": "http-gate", "device": [{"id": "g", "token": "0123456789abcdef"}]},
            ],
        }
    )
    assert config.kinds["g"].id == "gate"
