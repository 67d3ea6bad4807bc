# SPDX-License-Identifier: GPL-2.0-or-later
"""An existing layer to a lot and its repair report: the order of the steps, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from rasterio.crs import CRS
from rasterio.transform import Affine

from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.nomenclature import Dimension
from inference_backend.contracts.profile import Profile
from inference_backend.errors import OutputIsInputError
from inference_backend.grid import Grid
from inference_backend.ingest.codes import Reading, Saying, read_code, read_cover, read_use
from inference_backend.ingest.errors import BadDefaultError, SameOutputError
from inference_backend.ingest.layouts import Wish
from inference_backend.ingest.lot_columns import lot_columns, skeleton_rows, years_of
from inference_backend.ingest.mapping_file import Mapping, read_mapping
from inference_backend.ingest.reading import read_source
from inference_backend.ingest.repair import Repaired, RepairOptions, repair
from inference_backend.ingest.report import Report, build_report, write_text
from inference_backend.ingest.report_html import Page
from inference_backend.ingest.resolution import Said, resolve_covers, resolve_uses
from inference_backend.ingest.types import Geometries, Source
from inference_backend.ingest.zones import read_zones
from inference_backend.postprocess.lot.lot_metadata import new_lot_metadata
from inference_backend.postprocess.lot.lot_writer import write_lot
from inference_backend.postprocess.lot.reviewed_lot import require_replaceable
from inference_backend.postprocess.prediction.class_tables import read_class_table
from inference_backend.postprocess.review.review_queue import build_queue
from inference_backend.postprocess.types import LandCover
from inference_backend.progress import Progress, Silent, Span
from inference_backend.thresholds import zone_shares

_COSIA_TABLE = "cosia"


@dataclass(frozen=True)
class ImportOptions:
    """What the caller says about the layer and how to repair it.

    Attributes:
        layer: its name in the files.
        columns: role (`cs`, `us`, `id`) to column name.
        date: date of a change layer; the last by default.
        mapping: a mapping file.
        default_cs: cover of polygons of which the layer tells none.
        default_us: use likewise.
        crs: system of the lot.
        zone: file with the zone construite.
        millesime: year of the image, where neither a column nor the file's name says it.
        name: name of the lot; the output's by default.
        partition: whether the layer should cover its extent; None to tell from its kind.
        repair: how conflicts are decided.
        language: of the HTML report, `en` or `fr`.
    """

    layer: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    date: str | None = None
    mapping: Path | None = None
    default_cs: str | None = None
    default_us: str | None = None
    crs: str | None = None
    zone: Path | None = None
    millesime: str | None = None
    name: str = ""
    partition: bool | None = None
    repair: RepairOptions = field(default_factory=RepairOptions)
    language: str = "fr"


def import_layers(
    files: Sequence[Path],
    output: Path,
    reports: Sequence[Path] = (),
    *,
    profile: Profile,
    options: ImportOptions | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> Report:
    """Write a lot made from existing layers, and what was repaired.

    Args:
        files: one layer, in one file or several (blocks).
        output: `lot.gpkg`, which appears whole or not at all.
        reports: `.json` and `.html` files.
        profile: nomenclature and limits.
        options: see `ImportOptions`.
        progress: receives the share done; may raise `Cancelled`.

    Raises:
        InputError: a file, layer, column, code or coordinate system cannot be used.
        OutputIsInputError: a result would replace an input.
        SameOutputError: two results would be one file.
        OutputError: a result cannot be written.
        ReviewedLotError, LotInUseError: a lot is there already and must not be replaced.
        UnbalancedError: areas do not add up.
        Cancelled: the user asked to stop.
    """
    chosen = options or ImportOptions()
    inputs = [*files, *(path for path in (chosen.mapping, chosen.zone) if path)]
    _refuse_to_replace_inputs(inputs, [output, *reports])
    for path in (output, *reports):
        require_replaceable(path)
    mapping = read_mapping(chosen.mapping, profile.nomenclature) if chosen.mapping else None
    _require_leaf(chosen.default_cs, "cs", profile)
    _require_leaf(chosen.default_us, "us", profile)
    wish = Wish(chosen.layer, chosen.columns, chosen.date, mapping, chosen.default_cs is not None)
    source = read_source(
        files, wish, profile, Span(progress, 0.0, 0.2), crs=chosen.crs, partition=chosen.partition
    )
    said = _said(source, profile, mapping)
    years = years_of(source, chosen.millesime)
    quality = np.array(
        [(not a.is_settled) + (not b.is_settled) for a, b in zip(said.cs, said.us, strict=True)]
    )
    codes = [f"{a.code or a.under}/{b.code or b.under}" for a, b in zip(said.cs, said.us, strict=True)]
    skip = np.array([reading.saying is Saying.SKIPPED for reading in said.cs], dtype=bool)
    repaired = repair(
        source,
        skip,
        skeleton_rows(source),
        quality.astype(np.int64),
        [str(year) for year in years],
        codes,
        profile,
        chosen.repair,
        Span(progress, 0.2, 0.7),
    )
    progress.update(0.7, "codes")
    zones = read_zones(files, chosen.zone, source.crs)
    pieces = repaired.pieces
    covers = resolve_covers(pieces, said, profile, chosen.default_cs)
    shares = zone_shares(pieces.geometry, zones)
    uses = resolve_uses(pieces, said, covers.code, shares, profile, chosen.default_us)
    columns = lot_columns(source, pieces, covers, uses, years, zones, repaired.accounts.gained, profile)
    cover = LandCover(pieces.geometry, columns, _grid(source, pieces.geometry))
    progress.update(0.8, "review queue")
    queue = build_queue(cover, profile)
    metadata = new_lot_metadata(profile, _latest(years), chosen.name or output.stem)
    metadata[LotKey.FOOTPRINT.value] = shapely.to_wkt(_footprint(repaired), -1)
    progress.update(0.85, "report")
    report = build_report(source, said, repaired, columns, profile, output, len(queue))
    page = Page(report, source, said, repaired, columns, profile)
    texts = [page.html(chosen.language) if _is_page(path) else report.json for path in reports]
    progress.update(0.9, "writing")
    write_lot(output, cover, zones, queue, metadata, Span(progress, 0.9, 1.0))
    for path, text in zip(reports, texts, strict=True):
        write_text(path, text)
    progress.update(1.0, "done")
    return report


def _said(source: Source, profile: Profile, mapping: Mapping | None) -> Said:
    """Readings of every feature; equal texts are read once."""
    classes = {row.index: row.name for row in read_class_table(_COSIA_TABLE)}
    nothing = np.full(len(source), None, dtype=object)
    kinds = np.array([file.kind for file in source.files], dtype=object)[source.file]
    covers: dict[tuple[object, object], tuple[Reading, Reading | None]] = {}
    cs: list[Reading] = []
    hints: list[Reading | None] = []
    for kind, text in zip(kinds, source.text.get("cs", nothing), strict=True):
        if (kind, text) not in covers:
            covers[(kind, text)] = read_cover(text, kind, profile, mapping, classes)
        reading, hint = covers[(kind, text)]
        cs.append(reading)
        hints.append(hint)
    uses: dict[object, Reading] = {}
    us = []
    for text in source.text.get("us", nothing):
        if text not in uses:
            uses[text] = read_use(text, mapping, profile.nomenclature)
        us.append(uses[text])
    if mapping is not None:
        us = [
            hint if hint is not None and not use.is_settled else use
            for use, hint in zip(us, hints, strict=True)
        ]
    return Said(cs, us, _others(source, "cs", profile), _others(source, "us", profile), hints)


def _others(source: Source, dimension: Dimension, profile: Profile) -> list[Reading]:
    column = source.text.get(f"other_{dimension}")
    if column is None:
        return []
    known: dict[object, Reading] = {}
    for text in set(column.tolist()):
        known[text] = read_code(text, dimension, profile.nomenclature)
    return [known[text] for text in column.tolist()]


def _require_leaf(code: str | None, dimension: Dimension, profile: Profile) -> None:
    if code is None:
        return
    leaves = [leaf.code for leaf in profile.nomenclature.leaves(dimension)]
    if code not in leaves:
        raise BadDefaultError(path=code, leaves=", ".join(leaves))


def _refuse_to_replace_inputs(inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
    for number, output in enumerate(outputs):
        if output.resolve() in [path.resolve() for path in outputs[:number]]:
            raise SameOutputError(path=output)
        for path in inputs:
            if path.exists() and output.exists() and output.samefile(path):
                raise OutputIsInputError(path=output)


def _is_page(path: Path) -> bool:
    return path.suffix.lower() in (".html", ".htm")


def _footprint(repaired: Repaired) -> shapely.Geometry:
    """What the pieces cover exactly."""
    return shapely.coverage_union_all(repaired.pieces.geometry)


def _grid(source: Source, geometry: Geometries) -> Grid:
    """A lot needs a coordinate system; there is no raster behind this one."""
    xmin, _, _, ymax = shapely.total_bounds(geometry)
    return Grid(0, 0, Affine(1.0, 0.0, float(xmin), 0.0, -1.0, float(ymax)), CRS.from_user_input(source.crs))


def _latest(years: object) -> str:
    return max({str(year) for year in np.asarray(years, dtype=object).tolist()})
