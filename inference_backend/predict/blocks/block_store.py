# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished blocks in a folder beside the output, so that a run that was stopped goes on.

`.NAME.work/` holds a lock, a manifest that says what decides the pixels, and per block and product one file
that appears whole or not at all and ends with a checksum. A block without image is a file of five bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference_backend.predict.blocks.block_file import is_whole
from inference_backend.predict.blocks.lattice import Block, Lattice
from inference_backend.work.work_folder import WorkFolder, open_work_folder, work_folder

_EMPTY = b"empty"
_BLOCK_NAME = re.compile(r"(\d+)_(\d+)\.([a-z]+)")


@dataclass
class BlockStore:
    """The blocks of one output.

    Attributes:
        work: locked.
        lattice: of the blocks.
        products: names of the files that each block has, for instance `planes`.
        done: blocks whose files are there and whole.
    """

    work: WorkFolder
    lattice: Lattice
    products: Sequence[str]
    done: set[Block] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """See `work_folder`."""
        return self.work.path

    @property
    def changed(self) -> tuple[str, ...] | None:
        """What differs from the interrupted run that was found, None where none was or it is the same."""
        return self.work.changed

    def missing(self) -> list[Block]:
        """Blocks still to be computed, row by row."""
        return [block for block in self.lattice if block not in self.done]

    def save(self, block: Block, files: Mapping[str, Sequence[bytes]]) -> None:
        """Keep a finished block; `files` has bytes per product, none for a block without image.

        Raises:
            OSError: the disk is full or gone.
        """
        self.write(block, self.products, files)
        self.done.add(block)

    def write(self, block: Block, products: Sequence[str], files: Mapping[str, Sequence[bytes]]) -> None:
        """Write files of a block, whole or not at all; those other than the store's products are not kept.

        Raises:
            OSError: the disk is full or gone.
        """
        for product in products:
            self.work.write(_name(block, product), *files.get(product, [_EMPTY]))

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
        self.work.remove()
        self.done.clear()

    def find_done(self) -> None:
        """Look for finished blocks; what is damaged is removed."""
        found: dict[Block, set[str]] = {}
        for path in self.work.parts():
            match = _BLOCK_NAME.fullmatch(path.name)
            if match is None or match[3] not in self.products:
                path.unlink(missing_ok=True)
            elif path.read_bytes() == _EMPTY if path.stat().st_size == len(_EMPTY) else is_whole(path):
                found.setdefault(Block(int(match[1]), int(match[2])), set()).add(match[3])
            else:
                path.unlink()
        self.done = {block for block, kept in found.items() if kept == set(self.products)}

    def _path(self, block: Block, product: str) -> Path:
        return self.folder / _name(block, product)


def _name(block: Block, product: str) -> str:
    return f"{block.row}_{block.col}.{product}"


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
    store: BlockStore | None = None

    def keep(_: WorkFolder) -> bool:
        return store is not None and bool(store.done)

    with open_work_folder(output, identity, restart=restart, keep=keep) as work:
        store = BlockStore(work, lattice, products)
        store.find_done()
        yield store


def finished_blocks(output: Path) -> int:
    """How many blocks an unfinished run left of `output`."""
    folder = work_folder(output)
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return len({name.partition(".")[0] for name in names if _BLOCK_NAME.fullmatch(name)})
