# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the lots of a production and reads those that changed since the last report."""

from __future__ import annotations

import glob
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from inference_backend.contracts.control import CONTROL_SUFFIX
from inference_backend.indicators.errors import Trouble, UnreadLotError
from inference_backend.indicators.gpkg_lots import read_gpkg, stamp_of
from inference_backend.indicators.guard import ANYTHING, Guard
from inference_backend.indicators.lot_summary import LotSummary
from inference_backend.indicators.postgis_lots import PREFIX, read_postgis
from inference_backend.indicators.production import Production
from inference_backend.indicators.summarise import Limits
from inference_backend.indicators.summary_index import Index, Kept, index_path, read_index, write_index
from inference_backend.progress import Cancelled, Progress, Silent

_WORTH_PROCESSES = 200
"""Lots to read from which further processes start faster than they cost."""
_CHUNK = 32
_MAGIC = "*?["


@dataclass(frozen=True)
class FoundLot:
    """A lot of the production.

    Attributes:
        departement: its code.
        label: path or address.
        summary: what it says; None where it cannot be read.
        error: why it cannot, or None.
        is_stale: the summary is what it said when it was last read.
        is_named: the production file names it, rather than a pattern.
    """

    departement: str
    label: str
    summary: LotSummary | None
    error: UnreadLotError | None = None
    is_stale: bool = False
    is_named: bool = True


@dataclass
class Collected:
    """All lots of a production.

    Attributes:
        lots: as found, in the order of the production file.
        without_lots: codes of départements that have none yet.
        twice: paths that two départements name; the first has them.
        salt: secret of the pseudonyms.
        is_kept: whether the index could be written.
    """

    lots: list[FoundLot] = field(default_factory=list)
    without_lots: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    salt: bytes = b""
    is_kept: bool = True


@dataclass(frozen=True)
class _File:
    departement: str
    path: Path
    is_named: bool


def collect(
    production: Production,
    limits: Limits,
    *,
    forget_missing: bool = False,
    guard: Guard = ANYTHING,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> Collected:
    """Read every lot, or what is known of it since it last changed.

    Args:
        production: where they are.
        limits: thresholds.
        forget_missing: no longer report lots that were there once.
        guard: what may be read; a file that may not is as if it were not there.
        progress: told the share of the lots; may raise `Cancelled`.
    """
    place = index_path(production.path)
    index = read_index(place, limits)
    collected = Collected(salt=index.salt)
    files = [file for file in _files(production, collected) if guard.allows(file.path)]
    paths = {str(file.path) for file in files}
    missing = [] if forget_missing else _missing(index, paths, production)
    new: dict[str, Kept] = {}
    collected.lots = [*_from_files(files, index, limits, new, progress), *missing]
    for departement in production.departements:
        for text in departement.lots:
            if text.startswith(PREFIX):
                collected.lots += _from_postgis(departement.code, text, limits)
    gone = [path for path in index.kept if path not in paths] if forget_missing else []
    if new or gone:
        try:
            write_index(place, index, limits, new, gone)
        except (sqlite3.Error, OSError):
            collected.is_kept = False
    filled = {lot.departement for lot in collected.lots}
    collected.without_lots = [d.code for d in production.departements if d.code not in filled]
    return collected


def _files(production: Production, collected: Collected) -> Iterator[_File]:
    seen: set[str] = set()
    for departement in production.departements:
        for text in departement.lots:
            if text.startswith(PREFIX):
                continue
            is_named = not any(sign in text for sign in _MAGIC)
            for path in [production.path.parent / text] if is_named else _matches(production.path, text):
                if str(path) in seen:
                    collected.twice.append(str(path))
                    continue
                seen.add(str(path))
                yield _File(departement.code, path, is_named)


def _matches(production: Path, pattern: str) -> list[Path]:
    found = glob.glob(str(production.parent / pattern), recursive=True)  # noqa: PTH207 - keeps absolute patterns
    return [Path(path) for path in sorted(found) if _may_be_lot(path)]


def _may_be_lot(path: str) -> bool:
    return path.lower().endswith(".gpkg") and not path.lower().endswith(CONTROL_SUFFIX)


def _missing(index: Index, found: set[str], production: Production) -> list[FoundLot]:
    codes = {departement.code for departement in production.departements}
    return [
        FoundLot(kept.departement, path, None, UnreadLotError(path, Trouble.MISSING))
        for path, kept in index.kept.items()
        if path not in found and kept.departement in codes and not Path(path).exists()
    ]


def _from_files(
    files: list[_File], index: Index, limits: Limits, new: dict[str, Kept], progress: Progress
) -> list[FoundLot]:
    """Lots in their order; what had to be read goes into `new`."""
    lots: dict[str, FoundLot] = {}
    unread: list[tuple[_File, str]] = []
    for file in files:
        path = str(file.path)
        try:
            stamp = stamp_of(file.path)
        except UnreadLotError as error:
            lots[path] = FoundLot(file.departement, path, None, error)
            continue
        kept = index.kept.get(path)
        summary = kept.summary() if kept is not None and kept.stamp == stamp else None
        if summary is None:
            unread.append((file, stamp))
        else:
            lots[path] = FoundLot(file.departement, path, summary, is_named=file.is_named)
            if kept is not None and kept.departement != file.departement:
                new[path] = Kept(file.departement, stamp, kept.text)
    results = _read_all([file.path for file, _ in unread], limits, progress)
    for (file, stamp), result in zip(unread, results, strict=True):
        path = str(file.path)
        if isinstance(result, LotSummary):
            lots[path] = FoundLot(file.departement, path, result, is_named=file.is_named)
            # A log that somebody writes into while we read has another stamp: it is then read again.
            new[path] = Kept(file.departement, stamp, result.to_json())
        else:
            lots[path] = _unread(file, result, index.kept.get(path))
    return [lots[str(file.path)] for file in files]


def _unread(file: _File, error: UnreadLotError, kept: Kept | None) -> FoundLot:
    known = kept.summary() if kept is not None and error.trouble is Trouble.LOCKED else None
    return FoundLot(file.departement, str(file.path), known, error, known is not None, file.is_named)


def _read_all(paths: list[Path], limits: Limits, progress: Progress) -> Iterable[LotSummary | UnreadLotError]:
    read = partial(_read, limits=limits)
    if len(paths) < _WORTH_PROCESSES:
        return _followed(map(read, paths), len(paths), progress)
    return _in_processes(read, paths, progress)


def _in_processes(
    read: Callable[[Path], LotSummary | UnreadLotError], paths: list[Path], progress: Progress
) -> list[LotSummary | UnreadLotError]:
    # Forked children would inherit the locks of this process's threads: the service has some.
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        try:
            return _followed(pool.map(read, paths, chunksize=_CHUNK), len(paths), progress)
        except Cancelled:
            pool.shutdown(cancel_futures=True)
            raise


def _followed(
    results: Iterable[LotSummary | UnreadLotError], count: int, progress: Progress
) -> list[LotSummary | UnreadLotError]:
    found = []
    for number, result in enumerate(results, 1):
        found.append(result)
        if number % _CHUNK == 0:
            progress.update(number / count)
    return found


def _read(path: Path, limits: Limits) -> LotSummary | UnreadLotError:
    try:
        return read_gpkg(path, limits)
    except UnreadLotError as error:
        return error


def _from_postgis(code: str, text: str, limits: Limits) -> Iterator[FoundLot]:
    for label, result in read_postgis(text, limits):
        if isinstance(result, LotSummary):
            yield FoundLot(code, label, result, is_named=False)
        elif result.trouble is not Trouble.NO_MATCH:
            yield FoundLot(code, label, None, result)
