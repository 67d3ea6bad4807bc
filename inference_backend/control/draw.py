# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the sample of a control, writes it into the lot and hands out control files: all of it or nothing."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend import __version__
from inference_backend.contracts.control import (
    CONTROL,
    CONTROL_SAMPLE,
    CONTROL_SCHEMA_VERSION,
    ControlDesign,
    ControlState,
    StrataBy,
    Stratum,
)
from inference_backend.contracts.fingerprint import row_fingerprint, to_text
from inference_backend.contracts.lot import LotKey, LotState
from inference_backend.contracts.lot_states import changed_state, state_of
from inference_backend.control.control_file import Handout, write_control_files
from inference_backend.control.draw_units import Drawn, draw_units
from inference_backend.control.errors import ControlDesignError, ControlError
from inference_backend.control.frame import LotFrame, lot_name, prepared
from inference_backend.control.lot_source import LotTables, open_tables
from inference_backend.control.read import CONTROLLERS_KEY, DIVIDED_KEY, control_rows
from inference_backend.control.sample_sizes import (
    IsoSize,
    require_equal_chances,
    require_known_names,
    require_possible,
    stratum_sizes,
)
from inference_backend.postgis.address import LotAddress
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN
from inference_backend.postprocess.lot.lot_metadata import utc_now
from inference_backend.progress import Progress, Silent, Span
from inference_backend.quality.sampling.numbers import Stream

AREA_TOLERANCE = 0.005
"""Relative error of an area that the lot tells of a polygon, beyond which all are measured again."""
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class DrawnControl:
    """What was drawn of one lot.

    Attributes:
        label: the lot.
        control_id: UUID of the control.
        design: as it was followed: with its size and surface.
        strata: the population.
        units: drawn.
        short: units that the least distance left no room for.
        second: units that two controllers answer.
        files: control files, one a controller.
    """

    label: str
    control_id: str
    design: ControlDesign
    strata: tuple[Stratum, ...]
    units: int
    short: int
    second: int
    files: tuple[Path, ...]


def draw_controls(
    lots: Sequence[str | Path | LotAddress],
    design: ControlDesign,
    handout: Handout,
    *,
    by: str,
    communes: Path | None = None,
    replace_running: bool = False,
    iso: IsoSize | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> list[DrawnControl]:
    """Draw a sample of each lot; with lots as strata, one sample is shared out among them.

    Args:
        lots: GeoPackages, or addresses of lots in PostGIS.
        design: how to draw; an empty surface chooses the faithful one.
        handout: who controls, and where the control files go.
        by: who draws.
        communes: limits of the communes, where they are strata.
        replace_running: whether a control that runs is cancelled, its answers kept.
        iso: the plan of ISO 2859-1 whose size each lot gets, instead of the design's.
        progress: told the share that is done.

    Raises:
        ControlDesignError: the design cannot be followed; no lot was changed.
        ControlError: a control of the lot runs already, or an earlier one was drawn with the same seed.
        LotStateError: the lot was not delivered.
        ControlFileError: a control file is in the way that holds answers.
        LotFileError, ConfigError, OutputError: a lot cannot be read or written.
        Cancelled: the user asked to stop; lots that are told as done are done.
    """
    _require_people(str(lots[0]), handout.controllers)
    if iso is None:
        require_possible(str(lots[0]), design)
    else:
        require_equal_chances(str(lots[0]), design)
    designs = [design] * len(lots) if iso else _designs(lots, design, communes)
    if len(lots) > 1:
        for lot in lots:  # so that the last one's state does not leave the others drawn
            with open_tables(lot) as tables:
                _begun(tables, by, replace_running)
    done = []
    for number, (lot, own) in enumerate(zip(lots, designs, strict=True)):
        span = Span(progress, number / len(lots), (number + 1) / len(lots))
        job = _Job(own, handout, by, communes, replace_running, iso)
        with open_tables(lot, write=True) as tables:
            done.append(_draw(tables, job, span))
    return done


def _require_people(label: str, controllers: Sequence[str]) -> None:
    """Accept names that tell the controllers apart: a second opinion is another person's."""
    names = [name.strip().casefold() for name in controllers]
    if names and all(names) and len(set(names)) == len(names):
        return
    raise ControlDesignError(
        path=label,
        problem_en="its controllers are not so many names, each another one",
        problem_fr="ses contrôleurs ne portent pas des noms tous différents",
        remedy_en="Name each controller once.",
        remedy_fr="Nommez chaque contrôleur une fois.",
    )


@dataclass(frozen=True)
class _Job:
    """What `draw_controls` was told, of one lot."""

    design: ControlDesign
    handout: Handout
    by: str
    communes: Path | None
    replace_running: bool
    iso: IsoSize | None


def _designs(
    lots: Sequence[str | Path | LotAddress], design: ControlDesign, communes: Path | None
) -> list[ControlDesign]:
    """The design of each lot: its part of the whole where lots are strata."""
    if len(lots) == 1 or design.strata_by is not StrataBy.LOT:
        return [design] * len(lots)
    units, area = [], []
    for lot in lots:
        with open_tables(lot) as tables:
            frame = prepared(tables, design, communes).frame
        units.append(int(frame.units.sum()))
        area.append(float(frame.area_m2.sum()))
    names = [str(lot) for lot in lots]
    sizes = stratum_sizes(names[0], design, names, np.array(units), np.array(area))
    if not sizes.all():
        raise ControlDesignError(
            path=names[int(np.argmin(sizes))],
            problem_en=f"none of the {int(sizes.sum())} units would fall to it",
            problem_fr=f"aucune des {int(sizes.sum())} unités ne lui reviendrait",
            remedy_en="Ask for more units, or give it a sample of its own. No lot was changed.",
            remedy_fr="Demandez plus d'unités, ou tirez-le à part. Aucun lot n'a été modifié.",
        )
    return [replace(design, size=int(size), precision=None, share=None) for size in sizes]


def _draw(tables: LotTables, job: _Job, progress: Progress) -> DrawnControl:
    handout = job.handout
    # The transaction ends first: files appear once the lot knows of them.
    with ExitStack() as files, tables.transaction():
        tables.ensure_control_tables()
        state = _begin(tables, job.by, job.replace_running)
        _require_fresh_seed(tables, job.design.seed)
        found, sizes, drawn = _faithful_draw(tables, job, Span(progress, 0.0, 0.5))
        control = _control_row(tables, found, drawn, handout, job.by)
        rows = _unit_rows(tables, found, drawn, handout, control["control_id"])
        tables.insert(CONTROL, [control])
        tables.insert(CONTROL_SAMPLE, rows)
        tables.set_metadata(state)
        paths = write_control_files(tables, control, rows, handout, files, Span(progress, 0.5, 1.0))
    second = sum(row["second_opinion"] for row in rows)
    missing = int(sizes.sum()) - len(drawn) if job.design.distance_m else 0
    strata = tuple(_strata(found, drawn))
    return DrawnControl(
        tables.label, control["control_id"], found.design, strata, len(drawn), missing, second, tuple(paths)
    )


def _begin(tables: LotTables, by: str, replace_running: bool) -> dict[str, str]:
    """Values of the table `lot` of a lot whose control begins; a control that runs is cancelled if wished.

    Raises:
        ControlError: one runs.
        LotStateError: the lot was not delivered.
    """
    state, running = _begun(tables, by, replace_running)
    for control_id in running:
        values = (ControlState.CANCELLED.value, control_id)
        tables.execute("UPDATE {control} SET state = ? WHERE control_id = ?", values)
    return state


def _begun(tables: LotTables, by: str, replace_running: bool) -> tuple[dict[str, str], list[str]]:
    """The same without writing, with the UUID of controls that run.

    Raises:
        ControlError: one runs and shall not be cancelled.
        LotStateError: the lot was not delivered.
    """
    running = [row for row in control_rows(tables) if row["state"] == ControlState.DRAWN.value]
    if running and not replace_running:
        row = running[-1]
        raise ControlError(
            path=tables.label,
            problem_en=f"a control runs already (drawn {row['created_utc']} by {row['created_by']})",
            problem_fr=f"un contrôle est en cours (tiré le {row['created_utc']} par {row['created_by']})",
            remedy_en="Finish it (ocsge control collect, decide), or cancel it: --replace.",
            remedy_fr="Terminez-le (ocsge control collect, decide), ou annulez-le : --replace.",
        )
    ids = [str(row["control_id"]) for row in running]
    if state_of(tables.metadata) is LotState.IN_CONTROL:
        return {}, ids
    label, now = tables.label, utc_now()
    return changed_state(tables.metadata, LotState.IN_CONTROL, by=by, time_utc=now, label=label), ids


def _require_fresh_seed(tables: LotTables, seed: int) -> None:
    """A lot that comes back is judged on other polygons than those whose errors were told and mended.

    Raises:
        ControlError: a decided control of the lot was drawn with this seed.
    """
    for row in control_rows(tables):
        if row["state"] == ControlState.DECIDED.value and json.loads(row["design_json"]).get("seed") == seed:
            raise ControlError(
                path=tables.label,
                problem_en=f"the seed {seed} drew the control decided on {row['decided_utc']}: it would "
                "judge the same polygons, whose errors are known",
                problem_fr=f"la graine {seed} a tiré le contrôle décidé le {row['decided_utc']} : elle "
                "jugerait les mêmes polygones, dont les erreurs sont connues",
                remedy_en="Leave --seed out, or give another one.",
                remedy_fr="Omettez --seed, ou donnez-en une autre.",
            )


def _faithful_draw(tables: LotTables, job: _Job, progress: Progress) -> tuple[LotFrame, Ints, Drawn]:
    """The draw; from measured areas where those that the lot tells of the drawn polygons are wrong."""
    for measured in (False, True):
        found = prepared(tables, job.design, job.communes, progress, measured=measured)
        frame = found.frame
        if job.iso is not None:
            found = replace(found, design=job.iso.sized(found.design, len(frame.polygons)))
        codes = [code.code for code in tables.profile().nomenclature.codes]
        require_known_names(tables.label, found.design, frame.names, codes)
        sizes = stratum_sizes(tables.label, found.design, frame.names, frame.units, frame.area_m2)
        drawn = draw_units(tables, frame, found.design, sizes)
        told = frame.polygons.area_m2[drawn.row]
        if np.allclose(told, found.surface.measured(drawn.shapes), rtol=AREA_TOLERANCE, atol=1.0):
            break
    return found, sizes, drawn


def _control_row(
    tables: LotTables, found: LotFrame, drawn: Drawn, handout: Handout, by: str
) -> dict[str, Any]:
    design = {
        **found.design.to_dict(),
        CONTROLLERS_KEY: list(handout.controllers),
        DIVIDED_KEY: handout.divided,
    }
    return {
        "control_id": str(uuid.uuid4()),
        "schema_version": CONTROL_SCHEMA_VERSION,
        "lot_uuid": tables.metadata.get(LotKey.LOT_ID.value, ""),
        "lot_name": lot_name(tables),
        "created_utc": utc_now(),
        "created_by": by,
        "software_version": __version__,
        "design_json": json.dumps(design, ensure_ascii=False),
        "population_json": json.dumps([asdict(s) for s in _strata(found, drawn)], ensure_ascii=False),
        "lot_fingerprint": found.fingerprint,
        "state": ControlState.DRAWN.value,
        "decision_json": None,
        "decided_by": None,
        "decided_utc": None,
    }


def _strata(found: LotFrame, drawn: Drawn) -> list[Stratum]:
    frame = found.frame
    counts = np.bincount(frame.stratum[drawn.row], minlength=len(frame.names))
    columns = zip(frame.names, frame.units.tolist(), frame.area_m2.tolist(), counts.tolist(), strict=True)
    return [Stratum(*column) for column in columns]


def _unit_rows(
    tables: LotTables, found: LotFrame, drawn: Drawn, handout: Handout, control_id: str
) -> list[dict[str, Any]]:
    """Rows of `control_sample` with their geometry, in the order of work."""
    frame, design = found.frame, found.design
    polygons = frame.polygons
    prints = {
        polygon_id: to_text(row_fingerprint(polygon_id, attributes, wkb))
        for polygon_id, attributes, wkb in tables.polygon_rows(set(polygons.fid[drawn.row].tolist()))
    }
    twice = _second_opinions(len(drawn), design, len(handout.controllers))
    cs, us = polygons.cs.texts(drawn.row), polygons.us.texts(drawn.row)
    rows = []
    for i, row in enumerate(drawn.row.tolist()):
        polygon_id = str(polygons.ids[row])
        rows.append({
            "control_id": control_id,
            "sample_id": i + 1,
            "polygon_id": polygon_id,
            "fingerprint": prints[polygon_id],
            "stratum": frame.names[frame.stratum[row]],
            "inclusion_probability": float(drawn.probability[i]),
            "place": None if drawn.place is None else int(drawn.place[i]),
            "area_m2": float(polygons.area_m2[row]),
            "map_cs": cs[i],
            "map_us": us[i],
            "x": float(drawn.x[i]),
            "y": float(drawn.y[i]),
            "second_opinion": int(twice[i]),
            GEOMETRY_COLUMN: shapely.to_wkb(drawn.shapes[i]),
        })  # fmt: skip
    return rows


def _second_opinions(count: int, design: ControlDesign, controllers: int) -> NDArray[np.bool_]:
    """Units that two controllers answer, drawn at random."""
    twice = np.zeros(count, dtype=bool)
    if controllers > 1:
        order = Stream(design.seed, "second opinions").order(count)
        twice[order[: math.ceil(design.second_share * count - 1e-9)]] = True
    return twice
