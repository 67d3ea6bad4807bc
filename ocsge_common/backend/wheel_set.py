# SPDX-License-Identifier: GPL-2.0-or-later
"""The wheels of a set-up, measured before they are installed: space, longest path, progress of pip."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

WINDOWS_PATH_LIMIT = 259
BYTECODE_RATIO = 1.15
"""Python's compiled files beside the unpacked ones (measured: 9 to 13 %)."""


@dataclass(frozen=True)
class WheelSize:
    """One wheel, unpacked.

    Attributes:
        mark: name of the folder that exists once it is installed.
        unpacked_bytes: of its files.
        longest: characters of its longest member.
    """

    mark: str
    unpacked_bytes: int
    longest: int


def measure(wheels: Path, python: str) -> list[WheelSize]:
    """Every wheel of a folder that fits a Python; unreadable ones are left for pip to name.

    Args:
        wheels: the folder.
        python: for instance `3.12`; wheels whose tag is of another one do not count.
    """
    sizes = []
    for path in sorted(wheels.glob("*.whl")):
        if path.name.startswith("pip-") or not _fits(path.name, python):
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
        except zipfile.BadZipFile:
            continue
        sizes.append(
            WheelSize(
                "-".join(path.name.split("-")[:2]) + ".dist-info",
                sum(member.file_size for member in members),
                max((len(member.filename) for member in members), default=0),
            )
        )
    return sizes


def _fits(name: str, python: str) -> bool:
    tag = name.split("-")[-3]
    return not tag.startswith("cp") or "abi3" in name or f"cp{python.replace('.', '')}" in tag.split(".")


def needed_bytes(sizes: list[WheelSize]) -> int:
    """What the installed wheels will take."""
    return int(sum(size.unpacked_bytes for size in sizes) * BYTECODE_RATIO)


def site_packages(environment: Path, python: str) -> Path:
    """Where an environment keeps its packages."""
    if sys.platform == "win32":
        return environment / "Lib" / "site-packages"
    return environment / "lib" / f"python{python}" / "site-packages"


def installed_share(sizes: list[WheelSize], packages: Path) -> tuple[int, float]:
    """How many wheels are installed, and the share of their bytes, 0..1."""
    present = {path.name.lower() for path in packages.glob("*.dist-info")}
    done = [size for size in sizes if size.mark.lower() in present]
    total = sum(size.unpacked_bytes for size in sizes) or 1
    return len(done), sum(size.unpacked_bytes for size in done) / total


def path_excess(sizes: list[WheelSize], packages: Path, limit: int) -> int:
    """Characters by which the longest path will exceed `limit`; 0 or less where all fit."""
    longest = max((size.longest for size in sizes), default=0)
    return len(str(packages)) + 1 + longest - limit


def path_limit() -> int:
    """Longest path of this system, characters."""
    if sys.platform != "win32" or _has_long_paths():
        return 4096
    return WINDOWS_PATH_LIMIT


def _has_long_paths() -> bool:
    import winreg  # Windows alone has it

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False
