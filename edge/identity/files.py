"""The identity on disk: a folder in the agent's data, whole or not there."""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge.errors import ConfigError

FOLDER: Final = "identity"
KEY: Final = "agent.key"
CERTIFICATE: Final = "agent.crt"
AUTHORITY: Final = "ca.crt"
ABOUT: Final = "about.json"
_NEXT: Final = FOLDER + ".next"
_OLD: Final = FOLDER + ".old"

SERIAL_FILES: Final = (
    Path("/sys/class/dmi/id/product_serial"),
    Path("/proc/device-tree/serial-number"),
    Path("/etc/machine-id"),
)
"""Where a machine says its serial number: a PC, an ARM board, any Linux."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An agent's files. hub: where it was enrolled, and asks for the next certificate."""

    folder: Path
    hub: str

    @property
    def key_file(self) -> Path:
        """The private key, PEM."""
        return self.folder / KEY

    @property
    def certificate_file(self) -> Path:
        """The certificate, PEM."""
        return self.folder / CERTIFICATE

    @property
    def authority_file(self) -> Path:
        """The only authority whose brokers this agent trusts, PEM."""
        return self.folder / AUTHORITY

    def certificate(self) -> x509.Certificate:
        """Raises ConfigError."""
        try:
            return x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
        except (OSError, ValueError) as error:
            problem = type(error).__name__
            raise ConfigError(f"{self.certificate_file}: cannot be read: {problem}") from None

    def key(self) -> ec.EllipticCurvePrivateKey:
        """Raises ConfigError, also when others can read it."""
        try:
            if stat.S_IMODE(self.key_file.stat().st_mode) & 0o077:
                raise ConfigError(f"{self.key_file}: others can read this key; run: chmod 600")
            key = serialization.load_pem_private_key(self.key_file.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            problem = type(error).__name__
            raise ConfigError(f"{self.key_file}: cannot be read: {problem}") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ConfigError(f"{self.key_file}: not an EC key")
        return key


def load_identity(data: Path) -> Identity | None:
    """The identity in an agent's data folder; None while it has none. Raises ConfigError."""
    folder = data / FOLDER
    if not folder.is_dir() and not _recovered(data):
        return None
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return Identity(folder, str(about["hub"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = type(error).__name__
        raise ConfigError(f"{folder / ABOUT}: cannot be read: {problem}") from None


def save_identity(
    data: Path, *, key: ec.EllipticCurvePrivateKey, certificate: str, authority: str, hub: str
) -> Identity:
    """Write a new identity, in place of one before: the folder appears whole, by renaming."""
    fresh, folder, old = data / _NEXT, data / FOLDER, data / _OLD
    for left in (fresh, old):
        _remove(left)
    fresh.mkdir(parents=True, mode=0o700)
    _write(fresh / KEY, _pem(key), 0o600)
    _write(fresh / CERTIFICATE, certificate, 0o644)
    _write(fresh / AUTHORITY, authority, 0o644)
    _write(fresh / ABOUT, json.dumps({"hub": hub}), 0o644)
    _hand_over(fresh)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    _remove(old)
    return Identity(folder, hub)


def signing_request(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    """A signing request for a key, PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def machine_serial() -> str:
    """This machine's serial number, as it says itself; empty where it says none."""
    for path in SERIAL_FILES:
        try:
            said = path.read_text(encoding="ascii", errors="ignore")
        except OSError:
            continue
        serial = "".join(letter for letter in said if "!" <= letter <= "~")[:64]
        if serial:
            return serial
    return ""


def _recovered(data: Path) -> bool:
    """Bring back what a crash between two renamings left; `about` is written last of all."""
    for left in (data / _NEXT, data / _OLD):
        if (left / ABOUT).is_file():
            left.rename(data / FOLDER)
            return True
    return False


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def _write(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _hand_over(folder: Path) -> None:
    """A command that root runs leaves the identity to whoever owns the agent's data."""
    if os.geteuid() == 0:
        data = folder.parent.stat()
        for path in (folder, *folder.iterdir()):
            os.chown(path, data.st_uid, data.st_gid)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
