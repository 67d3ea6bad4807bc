# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python that makes the backend's environment: where to look, which to take, what to say without one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .scrubbed import scrubbed_variables

MINIMUM = (3, 11)
PREFERRED = ("3.12", "3.13", "3.11")
"""Versions for which every wheel that we pin exists, the one that QGIS ships on Windows first."""
PROBE_TIMEOUT_S = 30
PROBE = (
    "import glob, importlib.util, json, os, struct, sys, sysconfig\n"
    "found = importlib.util.find_spec('ensurepip')\n"
    "folders = [os.path.join(os.path.dirname(found.origin), '_bundled')] if found else []\n"
    "folders += filter(None, [sysconfig.get_config_var('WHEEL_PKG_DIR'), '/usr/share/python-wheels'])\n"
    "wheels = [path for folder in folders for path in sorted(glob.glob(os.path.join(folder, 'pip-*.whl')))]\n"
    "print(json.dumps([list(sys.version_info[:2]), struct.calcsize('P') * 8,\n"
    "    importlib.util.find_spec('venv') is not None, wheels[-1] if wheels else None]))"
)


@dataclass(frozen=True)
class Python:
    """An interpreter that answered.

    Attributes:
        path: of its executable.
        version: for instance `3.12`.
        pip_wheel: the wheel of pip that it came with; None where the system packs it apart (Debian).
    """

    path: Path
    version: str
    pip_wheel: Path | None


def find_python(versions: tuple[str, ...] = (), needs_pip: bool = True) -> Python | None:
    """The best interpreter of this machine; QGIS's own is the last resort.

    Args:
        versions: the only ones that will do; any from `MINIMUM` on where empty.
        needs_pip: one without a wheel of pip will not do.
    """
    best: Python | None = None
    for python in _answering():
        if (versions and python.version not in versions) or (needs_pip and python.pip_wheel is None):
            continue
        if best is None or _rank(python.version) < _rank(best.version):
            best = python
        if python.version in (PREFERRED[0], *versions[:1]):
            break  # no other would be better, and each costs the start of a program
    return best


def pythons() -> list[Python]:
    """Every interpreter of this machine that is new enough, in the order of search, each once."""
    return list(_answering())


def _answering() -> Iterator[Python]:
    seen = set()
    for path in candidates():
        key = os.path.realpath(path)
        if key not in seen:
            seen.add(key)
            python = probe(path)
            if python is not None:
                yield python


def _rank(version: str) -> int:
    return PREFERRED.index(version) if version in PREFERRED else len(PREFERRED)


def candidates() -> Iterator[str]:
    """Paths of interpreters, not yet tried."""
    names = [f"python{version}" for version in PREFERRED] + ["python3", "python"]
    yield from (path for name in names if (path := shutil.which(name)))
    if sys.platform == "win32":
        yield from _registered()
    if sys.platform == "darwin":
        # A desktop program of macOS does not get the PATH of a terminal.
        for folder in (Path("/opt", "homebrew", "bin"), Path("/usr/local/bin")):
            yield from (str(folder / f"python{version}") for version in PREFERRED)
    yield own_python(sys.exec_prefix, sys.platform)


def own_python(prefix: str, system: str) -> str:
    """QGIS's own interpreter; on Windows `sys.executable` is qgis-bin.exe, python.exe is in apps/Python3x."""
    return str(Path(prefix) / ("python.exe" if system == "win32" else "bin/python3"))


def _registered() -> Iterator[str]:
    """Interpreters in the registry of Windows (PEP 514), those of python.org among them."""
    import winreg  # Windows alone has it

    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        for version in PREFERRED:
            key = rf"Software\Python\PythonCore\{version}\InstallPath"
            try:
                yield str(Path(winreg.QueryValue(root, key)) / "python.exe")
            except OSError:
                continue


def probe(path: str) -> Python | None:
    """Ask an interpreter what it is; None where it does not answer, is too old or of 32 bits."""
    try:
        if not Path(path).stat().st_size:
            return None  # the Microsoft Store's placeholder, which opens the Store
        ended = subprocess.run(  # nosec B603 - no shell; a program of the PATH
            [path, "-c", PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=PROBE_TIMEOUT_S,
            env=scrubbed_variables(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        version, bits, has_venv, pip_wheel = json.loads(ended.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if tuple(version) < MINIMUM or bits != 64 or not has_venv:
        return None
    return Python(Path(path), ".".join(map(str, version)), Path(pip_wheel) if pip_wheel else None)


def advice(versions: tuple[str, ...] = (), found: Iterable[Python] = ()) -> tuple[str, str]:
    """What to install on this system, in English and French.

    Args:
        versions: that will do; any from `MINIMUM` on where empty.
        found: interpreters that are there and do not do.
    """
    wanted = " / ".join(versions) or f"{MINIMUM[0]}.{MINIMUM[1]}"
    newer_en, newer_fr = ("", "") if versions else (" or newer", " ou plus récent")
    best = versions[0] if versions else PREFERRED[0]
    without_pip = [python for python in found if not versions or python.version in versions]
    if without_pip and sys.platform.startswith("linux"):
        version = without_pip[0].version
        return (
            f"Python {version} is there, but not the part that makes environments. Run: "
            f"sudo apt install python{version}-venv",
            f"Python {version} est présent, mais pas la partie qui crée les environnements. Exécutez : "
            f"sudo apt install python{version}-venv",
        )
    remedy_en, remedy_fr = _remedies(best)
    return (
        f"Python {wanted}{newer_en} (64 bits) was not found. {remedy_en}",
        f"Python {wanted}{newer_fr} (64 bits) est introuvable. {remedy_fr}",
    )


def _remedies(version: str) -> tuple[str, str]:
    if sys.platform == "win32":
        return (
            f"Install “Windows installer (64-bit)” of Python {version} from python.org (no administrator "
            "rights needed), or the package python3-core with OSGeo4W Setup, then try again.",
            f"Installez « Windows installer (64-bit) » de Python {version} depuis python.org (sans droits "
            "d'administrateur), ou le paquet python3-core avec OSGeo4W Setup, puis recommencez.",
        )
    if sys.platform == "darwin":
        return (
            f"Install Python {version} from python.org, or run: brew install python@{version}. Try again "
            f"then.",
            f"Installez Python {version} depuis python.org, ou exécutez : brew install python@{version}. "
            "Recommencez ensuite.",
        )
    command = _linux_command(version)
    return f"Run: {command} – then try again.", f"Exécutez : {command} – puis recommencez."


def _linux_command(version: str, release: Path = Path("/etc/os-release")) -> str:
    try:
        text = release.read_text(encoding="utf-8").lower()
    except OSError:
        text = ""
    if "fedora" in text or "rhel" in text:
        return f"sudo dnf install python{version}"
    if "suse" in text:
        return f"sudo zypper install python{version.replace('.', '')}"
    if "arch" in text:
        return "sudo pacman -S python"
    return f"sudo apt install python{version} python{version}-venv"
