"""The scripts behind `make`, with a PATH that holds only what a test puts there."""

import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
TOOLS = ["sh", "cat", "date", "mkdir", "sleep"]


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def call(tmp_path):
    """Call a script in an empty folder; its PATH is `bin` there."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        executable(tmp_path / "bin" / tool, f'PATH=/usr/bin:/bin exec {tool} "$@"')

    def run(name, *arguments, **environment):
        return subprocess.run(
            ["/bin/sh", SCRIPTS / name, *arguments],
            cwd=tmp_path,
            env={"PATH": str(tmp_path / "bin"), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_missing_python_is_told_with_what_to_install(call):
    done = call("find-python")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_old_python_is_passed_over(call, tmp_path):
    executable(tmp_path / "bin" / "python3", "exit 1")
    good = executable(tmp_path / "bin" / "python3.12", "exit 0")
    assert call("find-python").stdout.strip() == str(good)


def test_python_without_venv_is_told_with_its_package(call, tmp_path):
    executable(
        tmp_path / "bin" / "python3",
        'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac',
    )
    done = call("find-python")
    assert done.returncode == 1
    assert "apt install python3.12-venv" in done.stderr


def test_named_python_is_the_only_candidate(call, tmp_path):
    executable(tmp_path / "bin" / "python3", "exit 0")
    assert call("find-python", PYTHON="/nonexistent/python").returncode == 1


def test_step_that_works_shows_one_line_and_keeps_its_log(call, tmp_path):
    done = call("step", "name", "1/4 Title", "sh", "-c", "echo a lot; echo more >&2")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert done.stdout.startswith("1/4 Title ... done in")
    assert (tmp_path / ".stamps" / "name.log").read_text() == "a lot\nmore\n"


def test_step_that_fails_shows_its_log_and_hands_on_the_code(call):
    done = call("step", "name", "1/4 Title", "sh", "-c", "echo the reason; exit 7")
    assert done.returncode == 7
    assert "the reason" in done.stdout


@pytest.mark.parametrize("failing", ["ruff", "mypy", "lint-imports", "python", "pytest", None])
def test_every_check_runs_and_one_failure_fails_all(call, tmp_path, failing):
    tools = ["ruff", "mypy", "lint-imports", "python", "pytest"]
    for tool in tools:
        code = int(tool == failing)
        executable(tmp_path / ".venv" / "bin" / tool, f'echo "{tool} ran: $*"; exit {code}')
    done = call("checks", "-k", "gate")
    assert done.returncode == int(failing is not None)
    assert all(f"{tool} ran" in done.stdout for tool in tools)
    assert "pytest ran: -n auto --dist worksteal -k gate" in done.stdout
    assert ("FAILED" in done.stdout) is (failing is not None)


@pytest.fixture
def apt(tmp_path):
    """A machine with apt, without Chromium, on which we are root; returns what apt was told."""
    told = tmp_path / "apt.told"
    executable(tmp_path / "bin" / "apt-get", f'echo "$@" >> "{told}"')
    executable(tmp_path / "bin" / "id", "echo 0")
    executable(tmp_path / "bin" / "env", 'shift; exec "$@"')
    return told


def test_missing_system_packages_are_installed_and_that_is_said(call, apt):
    done = call("system-packages")
    assert done.returncode == 0
    assert "apt now installs" in done.stdout
    update, install = apt.read_text().splitlines()
    assert update == "update"
    assert "chromium" in install.split()


def test_system_is_left_alone_when_told_so(call, apt):
    done = call("system-packages", SYSTEM="no")
    assert done.returncode == 0
    assert "chromium" in done.stdout
    assert "the tests that need them are skipped" in done.stdout
    assert not apt.exists()


def test_present_system_packages_are_no_news(call, apt, tmp_path):
    for program in ("cc", "mosquitto", "initdb", "victoria-metrics", "influxd", "chromium"):
        executable(tmp_path / "bin" / program, "exit 0")
    executable(tmp_path / "bin" / "fc-list", "echo Noto Sans CJK SC")
    done = call("system-packages")
    assert (done.returncode, done.stdout) == (0, "")
    assert not apt.exists()
