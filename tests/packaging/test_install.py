"""`install.sh` on a bundle that is a small one in all but size, with no network to be reached."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]


def a_wheel(folder: Path, name: str, version: str, body: str, more: dict[str, str]) -> Path:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": body,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **{f"{info}/{key}": text for key, text in more.items()},
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text)}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    made = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made


def a_bundle(folder: Path, version: str) -> Path:
    """As `scripts/bundle` lays it out: one library, and a `gatehouse` that tells its version."""
    (folder / "wheels").mkdir(parents=True)
    library = a_wheel(folder / "wheels", "somelibrary", version, f"VERSION = '{version}'\n", {})
    digest = hashlib.sha256(library.read_bytes()).hexdigest()
    (folder / "requirements.txt").write_text(f"somelibrary=={version} --hash=sha256:{digest}\n")
    program = "import somelibrary\n\ndef main():\n    print(somelibrary.VERSION)\n"
    scripts = {"entry_points.txt": "[console_scripts]\ngatehouse = gatehouse:main\n"}
    a_wheel(folder, "gatehouse", version, program, scripts)
    for name in ("configs", "docs"):
        (folder / name).mkdir()
    shutil.copy(ROOT / "scripts" / "install.sh", folder)
    shutil.copy(ROOT / "LICENSE", folder)
    shutil.copy(ROOT / "CHANGELOG.md", folder)
    (folder / "VERSION").write_text(version + "\n")
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    (folder / "SHA256SUMS").write_text(sums)
    return folder


def install(script: Path, prefix: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PREFIX": str(prefix)}
    return subprocess.run(
        ["sh", script, *arguments],
        env={**os.environ, **nowhere, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


def current(prefix: Path) -> str:
    done = subprocess.run(
        [prefix / "current" / "bin" / "gatehouse"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_bundle_installs_upgrades_and_goes_back_without_a_network(tmp_path):
    prefix = tmp_path / "opt"
    for version in ("1.0.0", "1.1.0"):
        done = install(a_bundle(tmp_path / version, version) / "install.sh", prefix)
        assert done.returncode == 0, done.stdout + done.stderr
        assert current(prefix) == version
    done = install(prefix / "current" / "install.sh", prefix, "--back")
    assert done.returncode == 0, done.stdout + done.stderr
    assert current(prefix) == "1.0.0"

    damaged = a_bundle(tmp_path / "damaged", "1.2.0")
    with (damaged / "gatehouse-1.2.0-py3-none-any.whl").open("ab") as out:
        out.write(b"x")
    done = install(damaged / "install.sh", prefix)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert current(prefix) == "1.0.0"
    assert not (prefix / "releases" / "1.2.0").exists()
