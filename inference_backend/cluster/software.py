# SPDX-License-Identifier: GPL-2.0-or-later
"""What decides a result beside its inputs: the versions of the software, compared between machines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from inference_backend import __version__
from inference_backend.cluster.errors import OtherSoftwareError

OURS = "ocsge"
_ABSENT = "-"
_DIGEST_LENGTH = 8


@cache
def software(folders: tuple[str, ...], libraries: tuple[str, ...]) -> dict[str, str]:
    """Name to version of everything here that a result may depend on, our own code with a digest of it.

    Args:
        folders: packages and modules of ours whose code decides the result: `predict`, `grid.py`.
        libraries: distributions of others.
    """
    found = {OURS: f"{__version__} ({code_digest(folders)})"}
    for name in libraries:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = _ABSENT
    return found


def check_software(where: str, found: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Refuse a machine with other versions than ours.

    Args:
        where: its address.
        found: its `software`.
        expected: ours.

    Raises:
        OtherSoftwareError: names the first difference.
    """
    for what, wanted in expected.items():
        if found.get(what, _ABSENT) != wanted:
            raise OtherSoftwareError(where=where, what=what, found=found.get(what, _ABSENT), expected=wanted)


@cache
def code_digest(folders: tuple[str, ...]) -> str:
    """Tells two states of a checkout apart that carry the same version."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for name in folders for path in _modules(root / name)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:_DIGEST_LENGTH]


def _modules(path: Path) -> Iterator[Path]:
    return iter([path]) if path.suffix == ".py" else path.rglob("*.py")
