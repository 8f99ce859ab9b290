"""The wheel, built as a user gets it, in an environment of its own and far from the checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]


def run(*command, cwd, **environment) -> subprocess.CompletedProcess[str]:
    """Run a command with a shell but no Node on its PATH, and an empty HOME."""
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    path = cwd / "path"
    path.mkdir(exist_ok=True)
    if not (path / "sh").exists():
        (path / "sh").symlink_to(shutil.which("sh"))
    # certificates and proxies are the machine's; without them npm may reach no registry
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "GATEHOUSE", "npm_"))
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=inherited | {"PATH": str(path), "HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def build(target: str, source: Path, folder: Path) -> Path:
    """Build the `wheel` or `sdist` of `source` into `folder`; return its path."""
    build = "import os, sys; os.chdir(sys.argv.pop(1)); from hatchling.cli import hatchling; "
    done = run(
        *(sys.executable, "-c", build + "sys.exit(hatchling())", source),
        *("build", "--target", target, "--directory", folder),
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl" if target == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> Path:
    """The `bin` folder of a new environment with the wheel and the locked libraries."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done = run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    assert done.returncode == 0, done.stderr
    python = folder / "venv" / "bin" / "python"
    paths = {"base": str(folder / "venv"), "platbase": str(folder / "venv")}
    site_packages = Path(sysconfig.get_path("purelib", "venv", paths))
    # a path in a .pth file brings the libraries, but not the checkout that is installed among them
    (site_packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    done = run(
        *(sys.executable, "-m", "pip", "--python", python),
        *("install", "--no-deps", "--no-index", wheel),
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return python.parent


def test_wheel_holds_packages_configuration_and_console(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for expected in (
        *(
            "wire/envelope.py",
            "edge/__init__.py",
            "hub/rules/contract.py",
            "simulators/__init__.py",
            "simulators/scenes/cabin/index.toml",
            "simulators/scenes/cabin/s01/ebike-1/enter/00.jpg",
        ),
        *("gatehouse/cli.py", "gatehouse/configs/sites/jinxiu.toml", "gatehouse/models/README.md"),
        *("hub/api/static/index.html", "hub/store/migrations/env.py"),
    ):
        assert expected in names
    assert any(name.startswith("hub/api/static/assets/") for name in names)
    tops = {name.split("/")[0] for name in names}
    info = {top for top in tops if top.endswith(".dist-info")}
    assert tops - info == {"wire", "edge", "hub", "simulators", "gatehouse"}
    files = [path for path in (ROOT / "configs").rglob("*.*") if path.is_file()]
    shipped = {str(path.relative_to(ROOT / "configs")) for path in files}
    assert {f"gatehouse/configs/{path}" for path in shipped} <= names


def test_sdist_makes_the_same_wheel_without_building_the_console_again(wheel, tmp_path):
    sdist = build("sdist", ROOT, tmp_path)
    with tarfile.open(sdist) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from 3.11.4 on
        archive.extractall(tmp_path, **safely)
    source = tmp_path / sdist.name.removesuffix(".tar.gz")
    assert (source / "console" / "package-lock.json").is_file()
    again = build("wheel", source, tmp_path)
    assert not (source / "console" / "node_modules").exists()
    one, other = zipfile.ZipFile(wheel), zipfile.ZipFile(again)
    assert {i.filename: i.CRC for i in one.filelist} == {i.filename: i.CRC for i in other.filelist}


def test_demo_runs_from_the_wheel_in_any_folder(installed, tmp_path):
    where = run(installed / "python", "-c", "import hub; print(hub.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.parent), where

    done = run(
        *(installed / "gatehouse", "demo", "--for", "5", "--no-browser", "--port", "0"),
        *("--report", "report.json", "--data", "data"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["passed"] is True
    assert report["observations"]["generated"] > 0
    assert report["observations"]["lost"] == report["observations"]["duplicated"] == 0
    assert report["observations"]["stored"] == report["observations"]["generated"]
