"""Mosquitto's configuration for certificates: listeners, who may say and hear what, who is out."""

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.pki.authority import (
    SERVER_DAYS,
    Authority,
    Wanted,
    key_pem,
    new_key,
    pem_of,
)
from hub.pki.enrolment import entry
from hub.pki.owner import hand_over
from hub.pki.register import Book, Register

PORT: Final = 8883
HUB_PORT: Final = 8884
HUB_USER: Final = "hub"
HUB_KEY: Final = "pki-hub.key"
HUB_CERTIFICATE: Final = "pki-hub.crt"

MOST_AGENTS: Final = 4096
MOST_HUB: Final = 16
"""The hub's two connections, each with the one that it takes the place of, and people's tools."""

_BROKER_USER: Final = "mosquitto"

_TLS: Final = """\
cafile {folder}/certs/ca.crt
certfile {folder}/certs/server.crt
keyfile {folder}/certs/server.key
crlfile {folder}/certs/crl.pem
tls_version tlsv1.2
require_certificate true
use_identity_as_username true
allow_anonymous false
acl_file {folder}/gatehouse.acl
allow_zero_length_clientid false
"""

_LISTENERS: Final = (
    """\
# Made by `gatehouse pki broker`. Agents: each by its certificate, whose name (site/agent) is its
# user and its client id, whatever it calls itself: none can throw another off.
listener {port}{bind}
"""
    + _TLS
    + """\
use_username_as_clientid true
max_connections {most_agents}

# The hub: it holds two connections, so its client ids are its own choice. An agent's certificate
# opens nothing here.
listener {hub_port} {hub_bind}
"""
    + _TLS.replace("gatehouse.acl", "gatehouse-hub.acl")
    + """\
max_connections {most_hub}
"""
)

_HUB_ACL: Final = "user hub\ntopic readwrite gatehouse/1/#\n"
_AGENTS_ACL: Final = """\
# Made by `gatehouse pki`. An agent speaks and hears for itself alone: %u is its certificate's name.
{ended}
pattern write gatehouse/1/%u/up/+
pattern write gatehouse/1/%u/status
pattern write gatehouse/1/%u/live
pattern read gatehouse/1/%u/ack
pattern read gatehouse/1/%u/cmd
# when the hub comes and goes; of any site, for a pattern cannot name a user's site alone
pattern read gatehouse/1/+/hub/status
"""


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """Where the broker reads its files, and how it is reached.

    folder: as the broker sees it. hosts: names and addresses under which agents and hub reach it.
    bind: where agents' listener is; empty for everywhere.
    """

    folder: Path
    hosts: Sequence[str]
    port: int = PORT
    hub_port: int = HUB_PORT
    bind: str = ""
    hub_bind: str = "127.0.0.1"


def write_broker(
    files: BrokerFiles, out: Path, secrets: Path, *, shipped: Path, now: int
) -> tuple[Path, Path]:
    """Write all that the broker needs to `out`; the hub's own key and certificate, which it names.

    shipped: the folder of the shipped configuration, whose limits are taken over. Keys and
    certificates that are there already are replaced. now: ms. Raises PkiError.
    """
    authority = Authority.load(secrets)
    certs = out / "certs"
    certs.mkdir(parents=True, exist_ok=True)
    register = Register(secrets)
    server = Wanted(files.hosts[0], "server", SERVER_DAYS, hosts=files.hosts)
    _pair(authority, register, server, certs / "server.key", certs / "server.crt", now)
    hub_key, hub_certificate = secrets / HUB_KEY, secrets / HUB_CERTIFICATE
    _pair(
        authority, register, Wanted(HUB_USER, "client", SERVER_DAYS), hub_key, hub_certificate, now
    )
    _place(certs / "ca.crt", authority.pem)
    limits = _without_listener((shipped / "mosquitto.conf").read_text(encoding="utf-8"))
    listeners = _LISTENERS.format(
        folder=files.folder,
        port=files.port,
        bind=f" {files.bind}" if files.bind else "",
        hub_port=files.hub_port,
        hub_bind=files.hub_bind,
        most_agents=MOST_AGENTS,
        most_hub=MOST_HUB,
    )
    _place(out / "mosquitto.conf", f"{limits}\n{listeners}")
    _place(out / "gatehouse-hub.acl", _HUB_ACL)
    write_lists(out, secrets, now=now)
    return hub_key, hub_certificate


def write_lists(out: Path, secrets: Path, *, now: int) -> None:
    """Write who is out anew: the revocation list, and their names in the ACL. Raises PkiError.

    The list keeps a revoked certificate from connecting; the ACL cuts off who is connected.
    """
    book = Register(secrets).read()
    revoked = [
        (int(one.serial, 16), one.revoked_at)
        for one in book.certificates
        if one.revoked_at is not None
    ]
    _place(out / "certs" / "crl.pem", Authority.load(secrets).crl(revoked, now))
    _place(out / "gatehouse.acl", _AGENTS_ACL.format(ended=_denied(ended_names(book, now))))


def ended_names(book: Book, now: int) -> list[str]:
    """Agents with a revoked certificate and no good one."""
    names = {one.name for one in book.certificates if one.revoked_at is not None}
    return sorted(name for name in names if not book.current(name, now))


def _denied(names: Iterable[str]) -> str:
    return "".join(f"\nuser {name}\ntopic deny gatehouse/#\n" for name in names)


def _pair(
    authority: Authority,
    register: Register,
    wanted: Wanted,
    key_file: Path,
    certificate_file: Path,
    now: int,
) -> None:
    """A fresh key and its certificate, in place of those before."""
    key = new_key()
    made = authority.issue(key.public_key(), wanted, now)
    with register.change() as book:
        book.certificates.append(entry(made, wanted, now, "command"))
    _place(key_file, key_pem(key), mode=0o600)
    _place(certificate_file, pem_of(made))


def _place(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write by renaming, so that a broker that reads it meanwhile reads the whole of one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    hand_over(fresh)
    if os.geteuid() == 0 and path.parent.name == "certs":
        with suppress(LookupError):  # another broker's user reads it
            shutil.chown(fresh, _BROKER_USER)
    fresh.replace(path)


def _without_listener(shipped: str) -> str:
    """The shipped limits alone: paragraphs that open no listener, and read no other folder."""
    paragraphs = shipped.split("\n\n")
    others = ("\nlistener ", "\ninclude_dir ")
    kept = [one for one in paragraphs if not any(mark in f"\n{one}" for mark in others)]
    return "\n\n".join(kept).rstrip() + "\n"
