"""`gatehouse pki`: the authority, claims, lists, the broker's files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gatehouse.resources import shipped
from hub.app.certifying import DAY_MS, SECRETS, make_enrolment, real_now
from hub.config import HubConfig, load_hub, load_site
from hub.pki import Authority, BrokerFiles, Enrolment, PkiError, write_broker
from hub.pki.broker import write_lists

_RELOAD: Final = "now reload the broker: systemctl reload mosquitto"


def init(config: Path) -> None:
    """See the command line."""
    authority = Authority.make(_secrets(_hub(config)), real_now())
    print(f"authority made; fingerprint (SHA-256): {authority.fingerprint}")


def claim(config: Path, site: str, agent: str, serial: str) -> None:
    """Prints what the installer types, whole."""
    hub = _hub(config)
    code = _enrolment(hub).claim(site, agent, serial)
    fingerprint = Authority.load(_secrets(hub)).fingerprint
    address = hub.http.public_url or f"http://{hub.http.host}:{hub.http.port}"
    print(f"claim code of {site}/{agent} on {serial}, 15 minutes, once:\n\n  {code}\n")
    print("on that machine:")
    print(f"  gatehouse agent enrol --config EDGE.toml --hub {address} \\")
    print(f"    --code {code} \\\n    --fingerprint {fingerprint}")


def show(config: Path, *, as_json: bool) -> None:
    """One line a certificate, the first to end first."""
    now = real_now()
    book = _enrolment(_hub(config)).register.read()
    for one in sorted(book.certificates, key=lambda one: one.ends_at):
        days = (one.ends_at - now) / DAY_MS
        state = "revoked" if one.revoked_at else "ended" if days <= 0 else "good"
        line: dict[str, Any] = {
            "name": one.name,
            "state": state,
            "days_left": round(days, 1),
            "use": one.use,
            "machine": one.machine,
            "serial": one.serial,
        }
        if as_json:
            print(json.dumps(line))
        else:
            print(f"{one.name:<40} {state:<8} {days:8.1f} d  {one.use:<6}  {one.machine}")


def revoke(config: Path, name: str, reason: str, broker: Path | None) -> None:
    """Raises PkiError when there is nothing to revoke."""
    hub = _hub(config)
    ended = _enrolment(hub).revoke(name, reason)
    if not ended:
        raise PkiError(f"{name}: has no certificate that is good")
    print(f"{name}: {len(ended)} certificate(s) revoked")
    if broker is None:
        print("then: gatehouse pki lists --config … FOLDER, for the broker's folder")
    else:
        lists(config, broker)


def lists(config: Path, broker: Path) -> None:
    """See the command line."""
    write_lists(broker, _secrets(_hub(config)), now=real_now())
    print(f"{broker}: who is out was written; {_RELOAD}")


def broker(
    config: Path,
    *,
    hosts: Sequence[str],
    out: Path,
    seen_as: Path,
    bind: str,
    hub_bind: str,
    port: int,
    hub_port: int,
) -> None:
    """See the command line."""
    hub = _hub(config)
    everywhere = hub_bind in {"0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
    named = tuple(dict.fromkeys([*hosts, *([] if everywhere else [hub_bind])]))
    files = BrokerFiles(seen_as, named, port, hub_port, bind, hub_bind)
    secrets = _secrets(hub)
    write_broker(files, out, secrets, shipped=shipped("configs") / "mosquitto", now=real_now())
    print(f"{out}: mosquitto.conf, certs and lists written; {_RELOAD}")
    print(f'hub.toml:  [mqtt] url = "mqtts://{hosts[0] if everywhere else hub_bind}:{hub_port}"')
    print(f'edge.toml: [mqtt] url = "mqtts://{hosts[0]}:{port}"')


def _hub(config: Path) -> HubConfig:
    return load_hub(config, shipped=shipped("configs"))


def _secrets(hub: HubConfig) -> Path:
    return hub.data / SECRETS


def _enrolment(hub: HubConfig) -> Enrolment:
    return make_enrolment(hub.data, [load_site(path) for path in hub.site_files])
