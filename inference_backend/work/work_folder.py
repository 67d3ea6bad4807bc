# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder `.NAME.work` beside an output: a lock, a manifest of what decides the result, and parts of it.

A part appears whole or not at all. Parts of other work than the one in hand are removed, and so are all parts
once the output is there.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_backend.work.errors import OutputInUseError
from inference_backend.work.output_lock import output_lock, remove_lock_folder

_LOCK, _MANIFEST = "lock", "manifest.json"


def work_folder(output: Path) -> Path:
    """Where the finished parts of `output` are kept."""
    return output.with_name(f".{output.name}.work")


@dataclass(frozen=True)
class WorkFolder:
    """A locked work folder.

    Attributes:
        path: see `work_folder`.
        changed: what differs from the interrupted run that was found, None where none was or it is the same.
    """

    path: Path
    changed: tuple[str, ...] | None = None

    def parts(self) -> Iterator[Path]:
        """Every file but the lock and the manifest."""
        return (path for path in self.path.iterdir() if path.name not in (_LOCK, _MANIFEST))

    def write(self, name: str, *data: bytes) -> None:
        """Write a part, whole or not at all; `data` one after the other.

        Raises:
            OSError: the disk is full or gone.
        """
        target = self.path / name
        temporary = target.with_name(f"{name}.part")
        try:
            with temporary.open("wb") as file:
                file.writelines(data)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove everything but the lock."""
        for path in self.path.iterdir():
            if path.name != _LOCK:
                path.unlink(missing_ok=True)


@contextmanager
def open_work_folder(
    output: Path, identity: Mapping[str, Any], *, restart: bool, keep: Callable[[WorkFolder], bool]
) -> Iterator[WorkFolder]:
    """The work folder of `output`, locked for this process.

    Args:
        output: file that the parts will make.
        identity: JSON values of everything that decides the result; where it differs from that of the parts
            found, these are removed.
        restart: remove the parts found anyway.
        keep: whether the folder holds anything worth keeping at the end; else it disappears.

    Raises:
        OutputInUseError: another process works on `output`.
        OSError: the folder cannot be written.
    """
    path = work_folder(output)
    manifest = path / _MANIFEST
    made = [folder for folder in path.parents if not folder.exists()]
    kept = True
    try:
        with output_lock(path / _LOCK, output):
            folder = WorkFolder(path, _differences(manifest, identity))
            try:
                # Without a manifest nobody knows what parts are of: a run was killed while it removed them.
                if restart or folder.changed or not manifest.exists():
                    folder.remove()
                folder.write(_MANIFEST, json.dumps(identity, indent=1).encode())
                yield folder
            finally:
                kept = keep(folder)
                if not kept:
                    folder.remove()
                    remove_lock_folder(path, _LOCK)
    finally:
        if not kept:
            remove_lock_folder(path, _LOCK)
            _remove_empty(made)


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders made for an output that did not come, the innermost first."""
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()


def discard_unfinished(output: Path) -> bool:
    """Remove the parts that a stopped run left of `output`; False where another process works on it."""
    path = work_folder(output)
    if not path.is_dir():
        return True
    try:
        with output_lock(path / _LOCK, output):
            WorkFolder(path).remove()
            remove_lock_folder(path, _LOCK)
    except OutputInUseError:
        return False
    remove_lock_folder(path, _LOCK)
    return True


def _differences(manifest: Path, identity: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Keys in which an earlier run differs; None where there was none."""
    try:
        known = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return ("manifest",)
    wanted = json.loads(json.dumps(identity))
    if not isinstance(known, dict):
        return ("manifest",)
    return tuple(sorted(key for key in {*known, *wanted} if known.get(key) != wanted.get(key))) or None
