# SPDX-License-Identifier: GPL-2.0-or-later
"""The wheels of a bundle: found for a system that need not be this one, at pinned versions, complete.

pip can fetch wheels for another system but reads the conditions of requirements (`; sys_platform == "win32"`)
for the one that it runs on: a Windows bundle made on Linux would lack what only Windows needs. So the
requirements are followed here, with the conditions of the target, and pip fetches exactly the wheels named.

    python -m scripts.bundle_wheels FOLDER PLATFORM     checks the wheels of a bundle
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOTS = tuple(Requirement(text) for text in ("ocsge-backend[cluster,quantize]", "pip"))
"""Clusters and int8 as well: who has no internet cannot add them later."""
GLIBC = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")


@dataclass(frozen=True)
class Target:
    """A system to make a bundle for.

    Attributes:
        platform: as in `bundle.json`.
        tags: platform tags of wheels that run there, the best first.
        pythons: versions that the bundle serves.
        markers: what the conditions of requirements ask, Python's version apart.
    """

    platform: str
    tags: tuple[str, ...]
    pythons: tuple[str, ...]
    markers: tuple[tuple[str, str], ...]

    def environment(self, python: str) -> dict[str, str]:
        """Values of the markers for one Python."""
        return {
            **dict(self.markers),
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_version": f"{python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
        }

    def pip_options(self, python: str) -> list[str]:
        """What makes pip choose wheels for the target."""
        tags = [option for tag in self.tags for option in ("--platform", tag)]
        return ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *tags]


LINUX = Target(
    "linux_x86_64",
    (*(f"manylinux_{glibc}_x86_64" for glibc in GLIBC), "manylinux2014_x86_64", "linux_x86_64"),
    ("3.11", "3.12", "3.13"),
    (
        ("os_name", "posix"),
        ("sys_platform", "linux"),
        ("platform_system", "Linux"),
        ("platform_machine", "x86_64"),
    ),
)
"""Debian 12 and later, Ubuntu 22.04 and later: glibc 2.28 at least, and the Pythons they come with."""
WINDOWS = Target(
    "win_amd64",
    ("win_amd64",),
    ("3.12",),
    (
        ("os_name", "nt"),
        ("sys_platform", "win32"),
        ("platform_system", "Windows"),
        ("platform_machine", "AMD64"),
    ),
)
"""QGIS for Windows ships Python 3.12, which makes the environment: nothing else has to be installed."""
TARGETS = {target.platform: target for target in (LINUX, WINDOWS)}


PIP_AS_IF_THERE = (
    "import json, sys\n"
    "from pip._vendor.packaging import markers\n"
    "environment = json.loads(sys.argv.pop(1))\n"
    "markers.default_environment = lambda: dict(environment)\n"
    "from pip._internal.cli.main import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
"""pip's own command, reading the conditions of requirements for the target; only to prove a bundle whole."""


class IncompleteError(Exception):
    """A wheel or a pin is missing."""


def read_pins(*files: Path) -> dict[str, str]:
    """Version by canonical name, from constraints files."""
    pins = {}
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            name, equals, version = line.split("#")[0].strip().partition("==")
            if equals:
                pins[canonicalize_name(name)] = version
    return pins


def requirements_of(wheel: Path) -> list[Requirement]:
    """What a wheel says that it needs."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode("utf-8"))
    return [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]


def wheels_by_name(folder: Path, python: str) -> dict[str, Path]:
    """The wheels of a folder that one Python can use, by canonical name."""
    tag = f"cp{python.replace('.', '')}"
    found = {}
    for path in sorted(folder.glob("*.whl")):
        name, _, _, tags = parse_wheel_filename(path.name)
        if any(t.interpreter in (tag, "py3", "py2.py3") or t.abi == "abi3" for t in tags):
            found[canonicalize_name(name)] = path
    return found


def needed(folder: Path, target: Target, python: str, roots: Iterable[Requirement]) -> Iterator[Requirement]:
    """Requirements of `roots` and of all that they need, each asked once; stops where a wheel is missing."""
    environment = target.environment(python)
    present = wheels_by_name(folder, python)
    todo, seen = list(roots), set()
    while todo:
        requirement = todo.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        yield requirement
        wheel = present.get(key[0])
        for inner in requirements_of(wheel) if wheel else []:
            extras = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
            if inner.marker is None or any(inner.marker.evaluate({**environment, **e}) for e in extras):
                todo.append(inner)


def missing(folder: Path, target: Target, python: str, roots: Iterable[Requirement]) -> list[str]:
    """What a folder of wheels lacks to satisfy `roots` on a target, in words; empty where it is complete."""
    present = wheels_by_name(folder, python)
    lacks = []
    for requirement in needed(folder, target, python, roots):
        wheel = present.get(canonicalize_name(requirement.name))
        if wheel is None:
            lacks.append(f"{requirement} (Python {python}): no wheel")
        elif not requirement.specifier.contains(parse_wheel_filename(wheel.name)[1], prereleases=True):
            lacks.append(f"{requirement} (Python {python}): {wheel.name} is another version")
    return sorted(set(lacks))


def fetch(folder: Path, target: Target, roots: list[Requirement], pins: dict[str, str]) -> None:
    """Fetch what `roots` need on every Python of a target, at the pinned versions.

    Args:
        folder: that holds the backend's wheel, and gets the others.
        target: the system.
        roots: requirements to begin with.
        pins: version by canonical name.

    Raises:
        IncompleteError: something needed has no pin, or no wheel for the target.
    """
    for python in target.pythons:
        while names := _absent(folder, target, python, roots):
            unpinned = sorted(name for name in names if name not in pins)
            if unpinned:
                raise IncompleteError(f"{target.platform}, Python {python}: no pin for {', '.join(unpinned)}")
            _download(folder, target, python, [f"{name}=={pins[name]}" for name in sorted(names)])
        lacks = missing(folder, target, python, roots)
        if lacks:
            raise IncompleteError("\n".join(lacks))


def _absent(folder: Path, target: Target, python: str, roots: list[Requirement]) -> set[str]:
    present = wheels_by_name(folder, python)
    names = (canonicalize_name(r.name) for r in needed(folder, target, python, roots))
    return {name for name in names if name not in present}


def _download(folder: Path, target: Target, python: str, pinned: list[str]) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
    command += [*target.pip_options(python), "--dest", str(folder), *pinned]
    if subprocess.run(command, check=False).returncode:
        raise IncompleteError(f"{target.platform}, Python {python}: pip found no wheel among {pinned}")


def resolves(folder: Path, target: Target, python: str) -> bool:
    """Whether pip's resolver installs `ROOTS` on the target from a folder alone; nothing is installed."""
    options = ["install", "--isolated", "--quiet", "--dry-run", "--no-index", "--find-links", str(folder)]
    options += [*target.pip_options(python), "--target", str(folder / "nowhere"), *map(str, ROOTS)]
    command = [sys.executable, "-c", PIP_AS_IF_THERE, json.dumps(target.environment(python)), *options]
    return (
        subprocess.run(command, check=False, env={**os.environ, "PIP_CONFIG_FILE": os.devnull}).returncode
        == 0
    )


def main() -> int:
    """Check a folder; 1 where something is missing."""
    folder, target = Path(sys.argv[1]), TARGETS[sys.argv[2]]
    lacks = [line for python in target.pythons for line in missing(folder, target, python, ROOTS)]
    lacks += [f"pip does not resolve Python {p}" for p in target.pythons if not resolves(folder, target, p)]
    count = len(list(folder.glob("*.whl")))
    print(
        "\n".join(lacks)
        or f"{target.platform}: {count} wheels, complete for Python {', '.join(target.pythons)}"
    )
    return 1 if lacks else 0


if __name__ == "__main__":
    raise SystemExit(main())
