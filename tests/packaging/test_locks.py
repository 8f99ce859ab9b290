"""The locks pin everything, agree with each other, and name no place to download from."""

import ast
import json
import os
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["runtime.txt", "build.txt", "dev.txt", "lock.txt"]
EXTRAS = {
    "wire": [],
    "edge": ["edge"],
    "hub": ["hub"],
    "simulators": ["sim"],
    "gatehouse": ["edge", "hub", "sim"],
}
BACK_ENDS = {"hub/database": "postgres", "hub/telemetry": "influx"}  # each behind a choice
COMPANIONS = {"pydantic-core"}  # pydantic's other half, which pydantic pins
NOT_OURS = {".git", ".venv", ".stamps", "node_modules", "static", "__pycache__", "dist", "data"}
ADDRESS = re.compile(
    r"pypi\.(org|python)|pythonhosted\.org|npmjs\.(org|com)|npmmirror|yarnpkg"
    r"|mirrors?\.[a-z0-9-]+\.[a-z]+|--(extra-)?index-url[ =]|--find-links[ =]\S*://",
    re.IGNORECASE,
)


def name_of(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def read_lock(name: str) -> dict[str, str]:
    """Each locked distribution's version and marker; fails on a line of any other form."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    pins = {}
    for line in (line for line in lines if line and not line.startswith("#")):
        match = re.fullmatch(r"([a-z0-9-]+)==(\S+)( ; [^#]+?)?((?: +--hash=sha256:\w{64})+)", line)
        assert match, f"{name}: neither a pinned version with hashes nor a comment: {line[:120]}"
        pins[match[1]] = match[2] + (match[3] or "")
    return pins


def our_files():
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in NOT_OURS and not f.endswith("_cache")]
        yield from (Path(folder, file) for file in files)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_is_pinned_with_hashes(lock):
    assert read_lock(lock)


@pytest.mark.parametrize("lock", ["runtime.txt", "build.txt"])
def test_locks_agree(lock):
    everything = read_lock("dev.txt")
    for name, version in read_lock(lock).items():
        assert everything[name].split(" ;")[0] == version.split(" ;")[0], name


def test_what_is_declared_is_locked():
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    declared = project["dependencies"] + [r for e in ("edge", "hub", "sim") for r in extras[e]]
    assert {name_of(r) for r in declared} <= set(read_lock("runtime.txt"))
    tools = [r for r in PROJECT["dependency-groups"]["dev"] if isinstance(r, str)]
    assert {name_of(r) for r in tools} <= set(read_lock("dev.txt"))


def test_build_requirements_stand_in_one_version():
    required = PROJECT["build-system"]["requires"]
    assert PROJECT["dependency-groups"]["build"] == required
    locked = read_lock("build.txt")
    assert required == [f"{name_of(r)}=={locked[name_of(r)]}" for r in required]


@pytest.mark.parametrize("package", EXTRAS)
def test_package_imports_only_what_its_extra_declares(package):
    owners = packages_distributions()
    for path in (ROOT / package).rglob("*.py"):
        extra = BACK_ENDS.get(path.parent.relative_to(ROOT).as_posix())
        allowed = declared_by(EXTRAS[package] + ([extra] if extra else []))
        for module in imported(path):
            for owner in set(owners.get(module, ())) - {"gatehouse"}:
                assert canonicalize_name(owner) in allowed, f"{path} imports {module}"


@pytest.mark.parametrize(("package", "extra"), [("edge", "edge"), ("hub", "hub")])
def test_extra_brings_nothing_that_its_package_does_not_import(package, extra):
    owners = packages_distributions()
    modules = {name for path in (ROOT / package).rglob("*.py") for name in imported(path)}
    used = {canonicalize_name(owner) for name in modules for owner in owners.get(name, ())}
    assert {name_of(r) for r in PROJECT["project"]["optional-dependencies"][extra]} <= used


def declared_by(extras: list[str]) -> set[str]:
    """What the package's core and these extras declare."""
    project = PROJECT["project"]
    optional = [r for extra in extras for r in project["optional-dependencies"][extra]]
    return {name_of(r) for r in project["dependencies"] + optional} | COMPANIONS


def imported(path: Path) -> set[str]:
    """The top-level modules that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return {name.split(".")[0] for name in names}


def test_npm_lock_names_no_address_and_has_every_hash():
    packages = json.loads((ROOT / "console" / "package-lock.json").read_text())["packages"]
    packages.pop("")
    assert packages
    for place, package in packages.items():
        assert "resolved" not in package, place
        assert package["integrity"].startswith("sha512-"), place


def test_no_file_names_a_package_index():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in our_files()
        if path != Path(__file__)
        if (match := ADDRESS.search(path.read_text(errors="replace")))
    ]
    assert found == []
