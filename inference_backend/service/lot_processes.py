# SPDX-License-Identifier: GPL-2.0-or-later
"""Cutting lots and taking them back, as processes; they know nothing of HTTP, jobs or terminals.

Both write into a lot that is there, so the service must see the files of the caller.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Progress
from inference_backend.service import input_schemas
from inference_backend.service.plain_files import require_plain
from inference_backend.service.process_types import Inputs, Output, Process, Results


def _cut(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.lots.cut import cut_lot
    from inference_backend.lots.cut_options import CutOptions, Way
    from inference_backend.lots.imagery import Image

    references = [Path(path) for path in inputs.get("references", ())]
    communes = Path(inputs["communes"]) if inputs.get("communes") else None
    images = [
        Image.parse(f"{head}={source}", is_linked=linked)
        for key, linked in (("imagery", False), ("imagery_link", True))
        for head, source in inputs.get(key, {}).items()
    ]
    clipped = [Path(image.source) for image in images if not image.is_linked]
    require_plain(policy, vectors=[*references, *([communes] if communes else [])], rasters=clipped)
    made = cut_lot(
        Path(inputs["lot"]),
        Path(inputs["output"]),
        CutOptions(
            Way(inputs.get("by", "work")),
            inputs.get("count"),
            inputs.get("side_m"),
            inputs.get("hours"),
            communes,
            inputs.get("commune_column", ""),
            references,
            images,
        ),
        progress,
    )
    return {"lots": [{**asdict(lot), "path": str(lot.path)} for lot in made], "count": len(made)}


def _merge(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.lots.conflicts import conflict_files
    from inference_backend.lots.merge import merge_lots

    lots = [Path(path) for path in inputs["lots"]]
    require_plain(policy, vectors=lots)
    folder = Path(inputs["conflicts"]) if inputs.get("conflicts") else None
    results: list[Results] = []
    for path, report in zip(lots, merge_lots(Path(inputs["parent"]), lots, folder, progress), strict=True):
        layer, _ = conflict_files((folder or path.parent) / f"{path.stem}-conflicts")
        new, back, known, conflicts = report.counts
        figures = {"applied": new, "taken_back": back, "known": known, "conflicts": conflicts}
        told = [{"fr": c.explanation("fr"), "en": c.explanation("en")} for c in report.conflicts]
        results.append(
            {
                "lot": report.lot,
                **figures,
                "items": report.items,
                "layer": str(layer) if conflicts else None,
                "reasons": told,
            }
        )
    return {"lots": results, "conflicts": sum(int(result["conflicts"]) for result in results)}


def _parent(inputs: Inputs) -> list[Path]:
    return [Path(inputs.get("parent") or inputs["lot"])]


_LIST = {"type": "array", "items": {"type": "object"}}

LOT_PROCESSES = (
    Process(
        "cut",
        {"en": "Cut a lot into lots", "fr": "Découper un lot en lots"},
        {
            "en": "Whole polygons, equal work, each with its margin, queue, references and images.",
            "fr": "Polygones entiers, travail égal, chacun avec sa marge, sa file, ses références et images.",
        },
        input_schemas.CUT,
        {
            "lots": Output({"en": "the lots, with figures", "fr": "les lots, avec leurs chiffres"}, _LIST),
            "count": Output({"en": "their number", "fr": "leur nombre"}, {"type": "integer"}),
        },
        _cut,
        _parent,
        default_output="lots",
    ),
    Process(
        "merge",
        {"en": "Merge lots back", "fr": "Fusionner des lots rendus"},
        {
            "en": "Applies the gestures of delivered lots to the lot they were cut from; conflicts apart.",
            "fr": "Applique les gestes de lots livrés au lot dont ils sont issus ; conflits à part.",
        },
        input_schemas.MERGE,
        {
            "lots": Output({"en": "what became of each", "fr": "ce qu'est devenu chacun"}, _LIST),
            "conflicts": Output(
                {"en": "gestures that were not applied", "fr": "gestes non appliqués"}, {"type": "integer"}
            ),
        },
        _merge,
        _parent,
    ),
)
