# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished blocks of the stages in the work folder of a lot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from inference_backend.postprocess.blockwise import BlockRegions, Tiling
from inference_backend.work.array_file import is_whole, unpack
from inference_backend.work.work_folder import WorkFolder, open_work_folder, work_folder

SURVEY, REGIONS, BORDERS = "survey", "regions", "borders"
STAGES = (SURVEY, REGIONS, BORDERS)
_PART_NAME = re.compile(r"(\d+)_(\d+)\.(survey|regions|borders)")
Block = tuple[int, int]
T = TypeVar("T")


@dataclass
class StageStore:
    """What is done of a lot.

    Attributes:
        work: locked.
        tiling: the blocks.
        done: per stage the blocks whose files are there and whole.
    """

    work: WorkFolder
    tiling: Tiling
    done: dict[str, set[Block]] = field(default_factory=lambda: {stage: set() for stage in STAGES})

    def missing(self, stage: str) -> list[Block]:
        """Blocks still to be done, row by row."""
        return [block for block in self.tiling if block not in self.done[stage]]

    def count(self) -> int:
        """Finished blocks of all stages."""
        return sum(map(len, self.done.values()))

    def save(self, stage: str, block: Block, data: bytes) -> None:
        """Keep a finished block.

        Raises:
            OSError: the disk is full or gone.
        """
        self.work.write(_name(stage, block), data)
        self.done[stage].add(block)

    def data(self, stage: str, block: Block) -> bytes:
        """What was saved."""
        return (self.work.path / _name(stage, block)).read_bytes()

    def read(self, stage: str, block: Block, kind: type[T], without: Collection[str] = ()) -> T:
        """What was packed, see `array_file.unpack`."""
        return unpack(self.data(stage, block), kind, without)

    def find_done(self) -> None:
        """Look for finished blocks; what is damaged is removed."""
        blocks = set(self.tiling)
        for path in self.work.parts():
            match = _PART_NAME.fullmatch(path.name)
            block = (int(match[1]), int(match[2])) if match else (-1, -1)
            if match and block in blocks and is_whole(path):
                self.done[match[3]].add(block)
            else:
                path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Remove everything: the output is there."""
        self.work.remove()
        for blocks in self.done.values():
            blocks.clear()


class StoredRegions(Mapping[Block, BlockRegions]):
    """Regions of every block without their labels, read as they are asked for."""

    def __init__(self, store: StageStore) -> None:
        self._store = store

    def __getitem__(self, block: Block) -> BlockRegions:
        return self._store.read(REGIONS, block, BlockRegions, without=("labels",))

    def __iter__(self) -> Iterator[Block]:
        return iter(self._store.tiling)

    def __len__(self) -> int:
        return len(self._store.tiling)


@contextmanager
def open_stages(
    output: Path, tiling: Tiling, identity: Mapping[str, Any], *, restart: bool
) -> Iterator[StageStore]:
    """The work folder of `output`, see `open_work_folder`; it disappears with the last finished block.

    Raises:
        OutputInUseError: another process works on `output`.
        OSError: the folder cannot be written.
    """
    store: StageStore | None = None

    def keep(_: WorkFolder) -> bool:
        return store is not None and store.count() > 0

    with open_work_folder(output, identity, restart=restart, keep=keep) as work:
        store = StageStore(work, tiling)
        store.find_done()
        yield store


def finished_parts(output: Path) -> int:
    """How many blocks of stages an unfinished run left of `output`."""
    folder = work_folder(output)
    return sum(bool(_PART_NAME.fullmatch(path.name)) for path in folder.iterdir()) if folder.is_dir() else 0


def _name(stage: str, block: Block) -> str:
    return f"{block[0]}_{block[1]}.{stage}"
