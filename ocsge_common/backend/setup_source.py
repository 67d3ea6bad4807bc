# SPDX-License-Identifier: GPL-2.0-or-later
"""What an environment is made from: the package index, a bundle, or a wheel."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from inference_backend.contracts.bundle import (
    MANIFEST_FILE,
    SUMS_FILE,
    WHEELS_FOLDER,
    Manifest,
    damaged_files,
    machine_platform,
    read_manifest,
)

from ..errors import SetupError

INDEX = "index"
PACKAGE = "ocsge-backend"
EXTRAS = "[cluster,quantize]"
"""Clusters and int8 as well: who has no internet cannot add them later."""
PINS_MEMBER = "inference_backend/resources/constraints.txt"
"""Versions that the release was tested with, inside its wheel."""


@dataclass(frozen=True)
class Source:
    """Where the backend comes from.

    Attributes:
        path: of a bundle (file or folder) or of a wheel; None for the package index.
    """

    path: Path | None = None

    @property
    def is_index(self) -> bool:
        """Whether it comes from the package index."""
        return self.path is None

    @property
    def is_wheel(self) -> bool:
        """Whether it is a wheel, whose dependencies come from the package index."""
        return self.path is not None and self.path.suffix == ".whl"

    @property
    def name(self) -> str:
        """For people."""
        return INDEX if self.path is None else self.path.name

    def to_text(self) -> str:
        """What `parse_source` reads."""
        return INDEX if self.path is None else str(self.path)


def parse_source(text: str) -> Source:
    """The source that `to_text` wrote."""
    return Source(None if text == INDEX else Path(text))


@dataclass(frozen=True)
class Bundle:
    """An unpacked bundle that was checked.

    Attributes:
        wheels: its folder of wheels.
        manifest: what it is for.
    """

    wheels: Path
    manifest: Manifest

    @property
    def pip(self) -> Path | None:
        """The wheel of pip, which installs without anything else; None in a bundle without."""
        return next(iter(self.wheels.glob("pip-*.whl")), None)


def open_bundle(path: Path, scratch: Path, on_share: Callable[[float], None]) -> Bundle:
    """Unpack and check a bundle.

    Args:
        path: its zip, or the folder that was unpacked from it.
        scratch: where to unpack.
        on_share: told the share done, 0..1; may raise to stop.

    Raises:
        SetupError: unreadable, damaged, or for another platform.
    """
    folder = _folder_of(path) if path.is_dir() else _unpack(path, scratch, lambda s: on_share(s / 2))
    try:
        manifest = read_manifest(folder)
        bad = damaged_files(folder, lambda share: on_share(0.5 + share / 2))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_bundle(path, error) from error
    if bad:
        raise SetupError(
            folder=path,
            detail_en=f"{bad[0]} of the bundle is damaged ({len(bad)} in all). Copy the bundle again.",
            detail_fr=f"{bad[0]}, dans le lot, est abîmé ({len(bad)} en tout). Recopiez le lot.",
        )
    if manifest.platform != machine_platform():
        raise SetupError(
            folder=path,
            detail_en=f"this bundle is for {manifest.platform}, this machine is {machine_platform()}. Take "
            f"the "
            "bundle of this platform.",
            detail_fr=f"ce lot est fait pour {manifest.platform}, cette machine est {machine_platform()}. "
            f"Prenez "
            "le lot de cette plateforme.",
        )
    return Bundle(folder / WHEELS_FOLDER, manifest)


def _folder_of(path: Path) -> Path:
    """The folder that holds the manifest: the one chosen, or the one inside it."""
    inner = next(iter(sorted(path.glob(f"*/{MANIFEST_FILE}"))), None)
    return inner.parent if inner is not None and not (path / MANIFEST_FILE).is_file() else path


def _unpack(path: Path, scratch: Path, on_share: Callable[[float], None]) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            total = sum(member.file_size for member in members) or 1
            done = 0
            for member in members:
                on_share(done / total)
                archive.extract(member, scratch)  # zipfile keeps members inside the folder
                done += member.file_size
            tops = {PurePosixPath(m.filename).parts[0] for m in members if m.filename.endswith(SUMS_FILE)}
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise SetupError(
            folder=path,
            detail_en=f"the bundle cannot be read ({error}). Copy it again.",
            detail_fr=f"le lot d'installation est illisible ({error}). Recopiez-le.",
        ) from error
    return scratch / next(iter(tops)) if tops and tops != {SUMS_FILE} else scratch


def _no_bundle(path: Path, error: Exception) -> SetupError:
    return SetupError(
        folder=path,
        detail_en=f"this is no backend bundle ({error}). Choose the file that `make bundle` wrote for this "
        "release.",
        detail_fr=f"ce n'est pas un lot d'installation du moteur ({error}). Choisissez le fichier produit "
        f"par "
        "`make bundle` pour cette version.",
    )


def pins_of(wheel: Path) -> str:
    """The tested versions that a wheel of the backend carries; empty where it has none."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(PINS_MEMBER).decode("utf-8")
    except (KeyError, zipfile.BadZipFile):
        return ""
