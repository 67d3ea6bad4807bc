# SPDX-License-Identifier: GPL-2.0-or-later
"""One lot into several that can be handed over: whole polygons, equal work, a read-only margin.

No polygon is cut. Each lot keeps the ids of rows and items, so that it finds its way back.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio.errors
from numpy.typing import NDArray

from inference_backend import __version__
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.lot import LotKey, LotState
from inference_backend.errors import OutputError, gdal_reason
from inference_backend.lots.communes import Communes
from inference_backend.lots.cut_options import CutLot, CutOptions, Way
from inference_backend.lots.division import Places, by_cells, by_code, by_grid, grouped
from inference_backend.lots.errors import CutError
from inference_backend.lots.id_spaces import IdSpaces
from inference_backend.lots.imagery import add_imagery, inherited_imagery
from inference_backend.lots.lot_file import LotFile, in_use, open_lot
from inference_backend.lots.neighbours import Touching, touching
from inference_backend.lots.new_lot import Members, members_box, write_members
from inference_backend.lots.places import read_places
from inference_backend.lots.references import add_references, inherited_references
from inference_backend.postprocess.lot.lot_metadata import history_entry, history_text, utc_now
from inference_backend.postprocess.lot.reviewed_lot import require_replaceable
from inference_backend.progress import Progress, Silent, Span

IDS_PER_POLYGON = 10
SPARE_IDS = 100_000
WRITE_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)
Ints = NDArray[np.int64]


def cut_lot(
    parent: Path,
    folder: Path,
    options: CutOptions,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> list[CutLot]:
    """Write one GeoPackage per lot into `folder`, and note in the parent what was handed out.

    Raises:
        LotFileError: the parent is no lot of this version, in use, or was changed meanwhile: lots that are
            written already are not known to it.
        CutError: it cannot be cut that way.
        VectorError, ImageryError: a file that should go along cannot be used.
        ReviewedLotError, LotInUseError: a lot of that name is there and holds gestures.
        OutputError: a lot cannot be written.
        Cancelled: the user asked to stop; lots that are whole stay, the parent does not know them.
    """
    with open_lot(parent, write=True) as lot:
        _require_options(lot, options)
        progress.update(0.0, "polygons")
        seq = lot.last_seq
        places = read_places(lot, Span(progress, 0.0, 0.1))
        communes = (
            Communes.read(options.communes, options.commune_column, lot.crs) if options.communes else None
        )
        progress.update(0.1, "division")
        label, names = _divided(lot, places, communes, options)
        progress.update(0.2, "margin")
        margins = _margins(touching(lot.database), places, label, len(names), Span(progress, 0.2, 0.4))
        spaces = IdSpaces(lot, np.bincount(label, minlength=len(names)).tolist())
        targets = _targets(folder, lot, names)
        made = []
        for number, target in enumerate(targets):
            span = Span(progress, *_part(0.4, 1.0, number, len(names)), message=target.name)
            members = _members(places, label, number, margins[number], names, lot, communes)
            metadata = _metadata(lot, target.stem, spaces.values(number))
            items = _write(lot, target, members, metadata, options, span)
            counts = (len(members.own), len(members.margin), items)
            work_s = float(places.work_s[label == number].sum())
            made.append(CutLot(target, target.stem, metadata[LotKey.LOT_ID.value], *counts, work_s))
        if lot.last_seq != seq:
            raise in_use(lot.path, "a gesture came in between")
        _register(lot, made, spaces.end(len(made)))
    progress.update(1.0, "done")
    return made


def _require_options(lot: LotFile, options: CutOptions) -> None:
    if options.way is Way.GRID and not (options.side_m and options.side_m > 0):
        raise _cut_error(
            lot, "a grid needs the side of its squares", "une grille demande le côté de ses carrés",
            "Give it, in metres: --size 2000.", "Donnez-le, en mètres : --size 2000.",
        )  # fmt: skip
    if options.way is Way.COMMUNE and options.communes is None:
        raise _cut_error(
            lot, "the limits of the communes are missing", "il manque les limites des communes",
            "Give their file: --communes FILE.", "Donnez leur fichier : --communes FICHIER.",
        )  # fmt: skip
    if options.way in (Way.CELLS, Way.WORK) and not (options.count or options.hours):
        raise _cut_error(
            lot, "how many lots is not said", "le nombre de lots n'est pas donné",
            "Give --count or --hours.", "Donnez --count ou --hours.",
        )  # fmt: skip


def _divided(
    lot: LotFile, places: Places, communes: Communes | None, options: CutOptions
) -> tuple[Ints, list[str]]:
    """Number of each polygon's lot, and what tells the lots apart in their names."""
    count = options.count
    if options.hours:
        count = max(1, math.ceil(float(places.work_s.sum()) / 3600 / options.hours))
    if options.way is Way.GRID and options.side_m:
        unit, names = by_grid(places, options.side_m)
    elif options.way is Way.COMMUNE and communes is not None:
        unit, names = by_code(communes.nearest(places.x, places.y))
    elif options.way is Way.CELLS:
        unit, names = by_cells(places, touching(lot.database))
    else:
        unit, names = np.arange(len(places)), []
    if count is None:
        return unit, names
    group = grouped(places, unit, count)
    return group, [f"{number:02d}" for number in range(1, int(group.max()) + 2)]


def _margins(
    pairs: Iterator[Touching], places: Places, label: Ints, lots: int, progress: Progress
) -> list[Ints]:
    """For each lot the row ids of polygons that touch its own."""
    found: list[Ints] = [np.zeros((0, 2), dtype=np.int64)]
    for some in pairs:
        numbers = _lot_numbers(places, label, some.corners)
        for own, other in ((0, 1), (1, 0)):
            across = (numbers[:, own] >= 0) & (numbers[:, own] != numbers[:, other])
            found.append(np.column_stack((numbers[across, own], some.corners[across, other])))
        progress.update(some.share)
    rows = np.unique(np.concatenate(found), axis=0)
    cuts = np.searchsorted(rows[:, 0], np.arange(lots + 1))
    return [rows[cuts[i] : cuts[i + 1], 1] for i in range(lots)]


def _lot_numbers(places: Places, label: Ints, fids: Ints) -> Ints:
    rows = np.searchsorted(places.fid, fids).clip(0, len(places) - 1)
    numbers: Ints = np.where(places.fid[rows] == fids, label[rows], -1)
    return numbers


def _members(
    places: Places,
    label: Ints,
    number: int,
    margin: Ints,
    names: list[str],
    lot: LotFile,
    communes: Communes | None,
) -> Members:
    mine = np.flatnonzero(label == number)
    owners = _lot_numbers(places, label, margin)
    margin_of = [_lot_name(lot, names[owner]) if owner >= 0 else "" for owner in owners.tolist()]
    codes = communes.nearest(places.x[mine], places.y[mine]) if communes else [""] * len(mine)
    return Members(places.fid[mine], margin, margin_of, codes)


def _targets(folder: Path, lot: LotFile, names: list[str]) -> list[Path]:
    targets = [folder / f"{_lot_name(lot, name)}.gpkg" for name in names]
    if len({target.name.lower() for target in targets}) < len(targets):
        raise _cut_error(
            lot, "two lots would have the same name", "deux lots porteraient le même nom",
            "Name communes by their INSEE code, or choose larger squares.",
            "Désignez les communes par leur code INSEE, ou choisissez des carrés plus grands.",
        )  # fmt: skip
    for target in targets:
        if target.exists() and target.samefile(lot.path):
            raise _cut_error(
                lot, f"{target.name} would replace the lot itself",
                f"{target.name} remplacerait le lot lui-même",
                "Choose another folder.", "Choisissez un autre dossier.",
            )  # fmt: skip
        require_replaceable(target)
    return targets


def _lot_name(lot: LotFile, name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", f"{lot.name}_{name}")


def _metadata(lot: LotFile, name: str, ids: dict[str, str]) -> dict[str, str]:
    now = utc_now()
    kept = (
        LotKey.SCHEMA, LotKey.PROFILE, LotKey.PROFILE_VERSION, LotKey.PROFILE_RULES,
        LotKey.PROFILE_NOMENCLATURE, LotKey.MILLESIME, LotKey.MODEL,
    )  # fmt: skip
    return {
        **{key.value: lot.metadata[key.value] for key in kept if key.value in lot.metadata},
        LotKey.NAME.value: name,
        LotKey.LOT_ID.value: str(uuid.uuid4()),
        LotKey.PARENT_ID.value: lot.lot_id,
        LotKey.PARENT_NAME.value: lot.name,
        LotKey.PARENT_SEQ.value: str(lot.last_seq),
        LotKey.SOFTWARE.value: __version__,
        LotKey.CREATED.value: now,
        LotKey.STATE.value: LotState.PREPARED.value,
        LotKey.HISTORY.value: history_text([history_entry(LotState.PREPARED, "", "", now)]),
        **ids,
    }


def _write(
    parent: LotFile,
    target: Path,
    members: Members,
    metadata: dict[str, str],
    options: CutOptions,
    progress: Progress,
) -> int:
    """Write one lot; the number of its items."""
    try:
        with replace_when_done(target) as temporary:
            write_members(temporary, parent, members, metadata, Span(progress, 0.0, 0.7))
            box = members_box(temporary)
            inherited_references(temporary, parent, box, Span(progress, 0.7, 0.72))
            add_references(temporary, options.references, box, parent.crs, Span(progress, 0.72, 0.8))
            inherited_imagery(temporary, parent, target.parent)
            add_imagery(temporary, target, options.imagery, box, parent.crs, Span(progress, 0.8, 1.0))
            with closing(sqlite3.connect(temporary)) as database:
                (items,) = database.execute("SELECT count(*) FROM review_item").fetchone()
            require_replaceable(target)
    except (sqlite3.Error, *WRITE_ERRORS) as error:
        raise OutputError(path=target, reason=gdal_reason(error)) from error
    return int(items)


def _register(lot: LotFile, made: list[CutLot], last_id: str) -> None:
    known = lot.lots
    for some in made:
        known.append(
            {
                "lot_uuid": some.lot_id,
                "name": some.name,
                "file": some.path.name,
                "created_utc": utc_now(),
                "polygons": some.polygons,
                "items": some.items,
                "work_s": round(some.work_s),
                "merged_utc": None,
                "conflicts": 0,
            }
        )
    with lot.transaction():
        lot.set_metadata(
            {
                LotKey.LOTS.value: json.dumps(known, ensure_ascii=False),
                LotKey.LAST_ID.value: last_id,
            }
        )


def _part(start: float, end: float, number: int, count: int) -> tuple[float, float]:
    step = (end - start) / max(count, 1)
    return start + number * step, start + (number + 1) * step


def _cut_error(lot: LotFile, en: str, fr: str, remedy_en: str, remedy_fr: str) -> CutError:
    return CutError(path=lot.path, problem_en=en, problem_fr=fr, remedy_en=remedy_en, remedy_fr=remedy_fr)
