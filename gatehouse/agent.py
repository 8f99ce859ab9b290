"""`gatehouse agent`: this machine's certificate."""

import asyncio
import datetime as dt
import ssl
from pathlib import Path

from edge.config import load
from edge.identity import EnrolmentError, load_identity
from edge.identity import enrol as ask
from edge.identity.files import machine_serial, save_identity


def enrol(
    config: Path, hub: str, code: str, fingerprint: str, serial: str | None, ca_file: Path | None
) -> None:
    """Raises ConfigError, EnrolmentError; then nothing is changed."""
    agent = load(config)
    told = serial or machine_serial()
    if not told:
        raise EnrolmentError("this machine says no serial number; give it with --serial")
    address = hub.rstrip("/")
    key, answer = asyncio.run(
        ask(
            hub=address,
            code=code,
            fingerprint=fingerprint,
            site=agent.site,
            agent=agent.agent,
            serial=told,
            tls=None if ca_file is None else ssl.create_default_context(cafile=ca_file),
        )
    )
    agent.data.mkdir(parents=True, exist_ok=True)
    save_identity(
        agent.data,
        key=key,
        certificate=answer.certificate,
        authority=answer.authority,
        hub=address,
    )
    print(f"{agent.site}/{agent.agent}: enrolled; the agent uses it with an mqtts:// url")


def serial() -> None:
    """The machine's own word, which `gatehouse pki claim` wants."""
    print(machine_serial())


def status(config: Path) -> None:
    """Raises ConfigError."""
    agent = load(config)
    identity = load_identity(agent.data)
    if identity is None:
        print(f"{agent.site}/{agent.agent}: not enrolled")
        return
    ends = identity.certificate().not_valid_after_utc
    days = (ends - dt.datetime.now(dt.UTC)).total_seconds() / 86_400
    print(f"{agent.site}/{agent.agent}: enrolled at {identity.hub}, {days:.1f} days left")
