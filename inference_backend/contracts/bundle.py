# SPDX-License-Identifier: GPL-2.0-or-later
"""The bundle for machines without internet: what is in it and whether it is whole.

Its one folder, `ocsge-backend/`, holds `bundle.json` (for which platform and Pythons), `SHA256SUMS` (of every
other file), `wheels/` (the backend, its dependencies and pip) and the installer.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST_FILE = "bundle.json"
SUMS_FILE = "SHA256SUMS"
WHEELS_FOLDER = "wheels"
FORMAT = 1
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a bundle is for.

    Attributes:
        version: of the backend.
        platform: `win_amd64` or `linux_x86_64`.
        pythons: versions that its wheels fit, for instance `3.12`.
        format: of the bundle itself.
    """

    version: str
    platform: str
    pythons: tuple[str, ...]
    format: int = FORMAT

    def to_text(self) -> str:
        """Content of `bundle.json`."""
        return json.dumps(asdict(self), indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an unpacked bundle.

    Raises:
        OSError: there is none.
        ValueError: it is not one of ours, or of a later format.
    """
    raw = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ValueError(f"format {raw.get('format') if isinstance(raw, dict) else raw!r}")
    return Manifest(str(raw["version"]), str(raw["platform"]), tuple(map(str, raw["pythons"])))


def machine_platform() -> str:
    """This machine in the words of wheels: `win_amd64`, `linux_x86_64`, `macosx_arm64`."""
    system = {"win32": "win", "darwin": "macosx"}.get(sys.platform, "linux")
    machine = platform.machine().lower()
    if system == "win":
        machine = {"x86_64": "amd64"}.get(machine, machine)
    return f"{system}_{machine}"


def file_sum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def damaged_files(folder: Path, on_file: Callable[[float], None] = lambda share: None) -> list[str]:
    """Names of the files that are missing, changed, or wheels that nobody vouches for.

    Args:
        folder: an unpacked bundle.
        on_file: told the share done, 0..1, before each file.

    Raises:
        OSError: SHA256SUMS cannot be read.
    """
    lines = (folder / SUMS_FILE).read_text(encoding="utf-8").splitlines()
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}
    bad = []
    for position, (name, digest) in enumerate(expected.items()):
        on_file(position / len(expected))
        path = folder / name
        if not path.is_file() or file_sum(path) != digest:
            bad.append(name)
    present = (f"{WHEELS_FOLDER}/{path.name}" for path in sorted((folder / WHEELS_FOLDER).glob("*.whl")))
    return bad + [name for name in present if name not in expected]
