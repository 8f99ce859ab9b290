"""The commands about what a hub keeps: backups, keys, the record, machines, lists of residents."""

import importlib
from pathlib import Path
from typing import Annotated

import typer

from gatehouse.commands.options import AsJson, Config
from gatehouse.extras import need

machine = typer.Typer(help="Credentials of other systems that report cases.", no_args_is_help=True)
keys = typer.Typer(help="The hub's own keys.", no_args_is_help=True)
rotate = typer.Typer(help="Take a new one.", no_args_is_help=True)
keys.add_typer(rotate, name="rotate")
user = typer.Typer(help="Accounts, from the server itself.", no_args_is_help=True)
audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
bring = typer.Typer(help="Bring in what others wrote down.", no_args_is_help=True)

PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file (mode 0600) with the passphrase that seals the keys.")
]

Days = Annotated[int, typer.Option(min=1, max=1096, help="Until it ends by itself.")]


def backup(
    target: Annotated[Path, typer.Argument(help="A new folder, or a new file ending in .tar.")],
    *,
    config: Config,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Copy a hub whole, while it runs: database, evidence, keys, configuration."""
    need("hub.backup", "hub")
    importlib.import_module("gatehouse.backup").backup(target, config, passphrase_file)


def restore(
    source: Annotated[Path, typer.Argument(help="What `gatehouse backup` made.")],
    *,
    config: Config,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a hub back from a backup, to where this configuration has none yet."""
    need("hub.backup", "hub")
    importlib.import_module("gatehouse.backup").restore(source, config, passphrase_file)


@bring.command("residents")
def import_residents(
    file: Annotated[Path, typer.Argument(help="A list: .csv or .xlsx.", readable=False)],
    *,
    site: Annotated[str, typer.Option(help="The site that they live on.")],
    config: Config,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    by_line: Annotated[
        bool, typer.Option("--by-line", help="Take every line that is right, not all or nothing.")
    ] = False,
) -> None:
    """Register households, people, cards and cars from a list; the hub may run meanwhile."""
    part = need("gatehouse.residents_list", "hub")
    raise typer.Exit(part.run(file, site, config, dry_run=dry_run, by_line=by_line))


@machine.command("add")
def machine_add(
    name: Annotated[str, typer.Argument(help="What people call the system.")],
    *,
    config: Config,
    site: Annotated[
        list[str] | None, typer.Option(help="A site that it reports for; without any, all.")
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, max=6000, help="Requests a minute.")] = 60,
    days: Days = 365,
    use: Annotated[
        list[str] | None, typer.Option(help="What it is good for: report, read; without any, both.")
    ] = None,
) -> None:
    """Let another system report cases; prints its credential, once."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.add(config, name, site or [], per_minute, days, use or []))


@machine.command("renew")
def machine_renew(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `machine list` shows it.")],
    *,
    config: Config,
    days: Days = 365,
) -> None:
    """Draw a new credential for one, with an end of its own; the one before opens a day yet."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.renew(config, name, days))


@machine.command("list")
def machine_list(*, config: Config, as_json: AsJson = False) -> None:
    """Show those that there are."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.show(config, as_json=as_json))


@machine.command("revoke")
def machine_revoke(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `machine list` shows it.")],
    *,
    config: Config,
) -> None:
    """Let one in no more, at once and for good."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.revoke(config, name))


@user.command("reset-factor")
def user_reset_factor(
    name: Annotated[str, typer.Argument(help="The account's name.")], *, config: Config
) -> None:
    """Take a lost second factor away, for whom no other administrator can; on record."""
    part = need("gatehouse.user", "hub")
    raise typer.Exit(part.reset_factor(config, name))


@rotate.command("hash")
def rotate_hash(*, config: Config) -> None:
    """Hash people and cars with a new key, the hub stopped; what is linked stays linked."""
    part = need("gatehouse.keys", "hub")
    raise typer.Exit(part.rotate_hash(config))


@rotate.command("sealing")
def rotate_sealing(*, config: Config) -> None:
    """Seal cards, plates, names and numbers with a new key, the hub stopped; the old one goes."""
    part = need("gatehouse.keys", "hub")
    raise typer.Exit(part.rotate_sealing(config))


@audit.command("verify")
def audit_verify(
    *,
    config: Config,
    site: Annotated[str | None, typer.Option(help="One site; without it all chains.")] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="A folder of checkpoints; else the hub's own.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The hub's public key, as noted elsewhere (64 hex digits).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find any entry that was changed, removed, moved or cut off; exit status 1 names the first."""
    part = need("gatehouse.audit", "hub")
    raise typer.Exit(part.check(config, site, checkpoints, key, as_json=as_json))


@audit.command("checkpoint")
def audit_checkpoint(
    *,
    config: Config,
    to: Annotated[Path | None, typer.Option(help="A folder; without it, print them.")] = None,
) -> None:
    """Sign the trail as it is now."""
    part = need("gatehouse.audit", "hub")
    raise typer.Exit(part.checkpoint(config, to))
