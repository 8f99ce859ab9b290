"""The commands about certificates: `gatehouse pki …`, `gatehouse agent …`."""

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

from gatehouse.commands.options import AsJson, Config
from gatehouse.extras import need

pki = typer.Typer(help="Certificates: who agents, broker and hub are.", no_args_is_help=True)
agent = typer.Typer(help="This machine's edge agent.", no_args_is_help=True)


@pki.command("init")
def pki_init(*, config: Config) -> None:
    """Make the hub's certificate authority; prints its fingerprint."""
    _pki().init(config)


@pki.command("claim")
def pki_claim(
    *,
    config: Config,
    site: Annotated[str, typer.Option(help="The site's id.")],
    agent: Annotated[str, typer.Option(help="The agent's id, as in the site file.")],
    serial: Annotated[str, typer.Option(help="Its machine's: see `gatehouse agent serial`.")],
) -> None:
    """Draw a claim code: 15 minutes, one certificate, for this agent on this machine."""
    _pki().claim(config, site, agent, serial)


@pki.command("list")
def pki_list(*, config: Config, as_json: AsJson = False) -> None:
    """All certificates, with the days that are left."""
    _pki().show(config, as_json=as_json)


@pki.command("revoke")
def pki_revoke(
    name: Annotated[str, typer.Argument(help="site/agent, as `pki list` shows it.")],
    *,
    config: Config,
    reason: Annotated[str, typer.Option(help="For the record.")],
    broker: Annotated[
        Path | None, typer.Option(help="The broker's folder, to write its lists anew.")
    ] = None,
) -> None:
    """End an agent's certificates."""
    _pki().revoke(config, name, reason, broker)


@pki.command("broker")
def pki_broker(
    *,
    config: Config,
    host: Annotated[
        list[str], typer.Option(help="A name or address of the broker; again for more.")
    ],
    out: Annotated[Path, typer.Option(help="Where to write.")] = Path("/etc/mosquitto"),
    seen_as: Annotated[
        Path | None, typer.Option(help="That folder as the broker sees it, where it differs.")
    ] = None,
    bind: Annotated[str, typer.Option(help="The address for agents; else all.")] = "",
    hub_bind: Annotated[str, typer.Option(help="The address for the hub.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="For agents.")] = 8883,
    hub_port: Annotated[int, typer.Option(min=1, max=65535, help="For the hub.")] = 8884,
) -> None:
    """Write Mosquitto's configuration, certificates and lists, and the hub's own certificate."""
    _pki().broker(
        config,
        hosts=host,
        out=out,
        seen_as=seen_as or out,
        bind=bind,
        hub_bind=hub_bind,
        port=port,
        hub_port=hub_port,
    )


@pki.command("lists")
def pki_lists(
    *,
    config: Config,
    broker: Annotated[Path, typer.Argument(help="The broker's folder.")],
) -> None:
    """Write the broker's revocation list and ACL anew."""
    _pki().lists(config, broker)


def _pki() -> Any:
    need("hub.app", "hub")
    return importlib.import_module("gatehouse.pki")


@agent.command("enrol")
def agent_enrol(
    *,
    config: Config,
    hub: Annotated[str, typer.Option("--hub", help="The hub's address: https://…")],
    code: Annotated[str, typer.Option(help="From `gatehouse pki claim`.")],
    fingerprint: Annotated[str, typer.Option(help="Of the hub's authority, from there too.")],
    serial: Annotated[
        str | None, typer.Option(help="This machine's; else as it says itself.")
    ] = None,
    ca_file: Annotated[Path | None, typer.Option(help="With https: your own authority.")] = None,
) -> None:
    """Get this agent's certificate with a claim code."""
    need("edge.app", "edge")
    part = importlib.import_module("gatehouse.agent")
    part.enrol(config, hub, code, fingerprint, serial, ca_file)


@agent.command("serial")
def agent_serial() -> None:
    """Print this machine's serial number."""
    need("edge.app", "edge")
    importlib.import_module("gatehouse.agent").serial()


@agent.command("status")
def agent_status(*, config: Config) -> None:
    """Print whether this agent has a certificate, and the days that are left."""
    need("edge.app", "edge")
    importlib.import_module("gatehouse.agent").status(config)
