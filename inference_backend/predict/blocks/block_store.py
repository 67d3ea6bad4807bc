# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished blocks in a folder beside the output, so that a run that was stopped goes on.

`.NAME.work/` holds a lock, a manifest that says what decides the pixels, and per block and product one file
that appears whole or not at all and ends with a checksum. A block without image is a file of five bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference_backend.predict.blocks.block_file import is_whole
from inference_backend.predict.blocks.lattice import Block, Lattice
from inference_backend.predict.blocks.output_lock import output_lock, remove_lock_folder
from inference_backend.predict.blocks.work_errors import OutputInUseError

_LOCK, _MANIFEST = "lock", "manifest.json"
_EMPTY = b"empty"
_BLOCK_NAME = re.compile(r"(\d+)_(\d+)\.([a-z]+)")


def work_folder(output: Path) -> Path:
    """Where the finished blocks of `output` are kept."""
    return output.with_name(f".{output.name}.work")


@dataclass
class BlockStore:
    """The blocks of one output.

    Attributes:
        folder: see `work_folder`.
        lattice: of the blocks.
        products: names of the files that each block has, for instance `planes`.
        changed: what differs from the interrupted run that was found, None where none was or it is the same.
        done: blocks whose files are there and whole.
    """

    folder: Path
    lattice: Lattice
    products: Sequence[str]
    changed: tuple[str, ...] | None = None
    done: set[Block] = field(default_factory=set)

    def missing(self) -> list[Block]:
        """Blocks still to be computed, row by row."""
        return [block for block in self.lattice if block not in self.done]

    def save(self, block: Block, files: Mapping[str, bytes]) -> None:
        """Keep a finished block; `files` has bytes per product, none for a block without image.

        Raises:
            OSError: the disk is full or gone.
        """
        self.write(block, self.products, files)
        self.done.add(block)

    def write(self, block: Block, products: Sequence[str], files: Mapping[str, bytes]) -> None:
        """Write files of a block, whole or not at all; those other than the store's products are not kept.

        Raises:
            OSError: the disk is full or gone.
        """
        for product in products:
            target = self._path(block, product)
            temporary = target.with_name(f"{target.name}.part")
            try:
                temporary.write_bytes(files.get(product, _EMPTY))
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)

    def files(self, product: str) -> dict[Block, Path]:
        """File of each block that holds data."""
        paths = ((block, self._path(block, product)) for block in self.lattice)
        return {block: path for block, path in paths if path.stat().st_size > len(_EMPTY)}

    def spool(self) -> Path:
        """A temporary file beside the blocks."""
        return self.folder / "spool"

    def unfinished(self, output: Path) -> Path:
        """Where `output` is written before it is moved into place."""
        return self.folder / f"unfinished_{output.name}"

    def remove(self) -> None:
        """Remove everything but the lock."""
        for path in self.folder.iterdir():
            if path.name != _LOCK:
                path.unlink(missing_ok=True)
        self.done.clear()

    def find_done(self) -> None:
        """Look for finished blocks; what is damaged is removed."""
        found: dict[Block, set[str]] = {}
        for path in self.folder.iterdir():
            match = _BLOCK_NAME.fullmatch(path.name)
            if match is None or match[3] not in self.products:
                if path.name not in (_LOCK, _MANIFEST):
                    path.unlink(missing_ok=True)
            elif path.read_bytes() == _EMPTY if path.stat().st_size == len(_EMPTY) else is_whole(path):
                found.setdefault(Block(int(match[1]), int(match[2])), set()).add(match[3])
            else:
                path.unlink()
        self.done = {block for block, kept in found.items() if kept == set(self.products)}

    def _path(self, block: Block, product: str) -> Path:
        return self.folder / f"{block.row}_{block.col}.{product}"


@contextmanager
def open_store(
    output: Path, lattice: Lattice, products: Sequence[str], identity: Mapping[str, Any], *, restart: bool
) -> Iterator[BlockStore]:
    """The store of `output`, locked for this process; its folder disappears with the last of its blocks.

    Args:
        output: file that the blocks will make.
        lattice: of the blocks.
        products: files per block.
        identity: JSON values of everything that decides the pixels; where it differs from that of the blocks
            found, these are removed.
        restart: remove the blocks found anyway.

    Raises:
        OutputInUseError: another process works on `output`.
        OSError: the folder cannot be written.
    """
    folder = work_folder(output)
    with output_lock(folder / _LOCK, output):
        store = BlockStore(folder, lattice, products)
        store.changed = _differences(folder / _MANIFEST, identity)
        try:
            # Without a manifest nobody knows what blocks are of: a run was killed while it removed them.
            if restart or store.changed or not (folder / _MANIFEST).exists():
                store.remove()
            store.find_done()
            _write_manifest(folder / _MANIFEST, identity)
            yield store
        finally:
            if not store.done:
                store.remove()
                remove_lock_folder(folder, _LOCK)
    if not store.done:
        remove_lock_folder(folder, _LOCK)


def discard_unfinished(output: Path) -> bool:
    """Remove the blocks that a stopped run left of `output`; False where another process works on it."""
    folder = work_folder(output)
    if not folder.is_dir():
        return True
    try:
        with output_lock(folder / _LOCK, output):
            for path in folder.iterdir():
                if path.name != _LOCK:
                    path.unlink(missing_ok=True)
            remove_lock_folder(folder, _LOCK)
    except OutputInUseError:
        return False
    remove_lock_folder(folder, _LOCK)
    return True


def finished_blocks(output: Path) -> int:
    """How many blocks an unfinished run left of `output`."""
    folder = work_folder(output)
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return len({name.partition(".")[0] for name in names if _BLOCK_NAME.fullmatch(name)})


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


def _write_manifest(manifest: Path, identity: Mapping[str, Any]) -> None:
    temporary = manifest.with_suffix(".part")
    try:
        temporary.write_text(json.dumps(identity, indent=1), encoding="utf-8")
        temporary.replace(manifest)
    finally:
        temporary.unlink(missing_ok=True)
