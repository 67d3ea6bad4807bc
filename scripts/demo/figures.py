# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of the demo: conformity, accuracy against the truth, and what review would have to do."""

from __future__ import annotations

from pathlib import Path

from inference_backend.cli.language import choose
from inference_backend.contracts.profile import Profile
from inference_backend.quality.accuracy import compare
from inference_backend.quality.conformity import check_layer

Rows = list[tuple[str, str]]


def measure(lot: Path, truth: Path, truth_layer: str, profile: Profile) -> Rows:
    """Name and value of each figure, in the order of reading."""
    return [*_conformity(lot, profile), *_accuracy(lot, truth, truth_layer)]


def _conformity(lot: Path, profile: Profile) -> Rows:
    report = check_layer(lot, layer="occupation_sol", profile=profile)
    return [
        (choose("polygons", "polygones"), str(report.polygons)),
        (choose("area", "surface"), f"{report.area_m2 / 1e6:.4f} km²"),
        (choose("gap", "trous"), f"{report.gap_m2:.2f} m²"),
        (choose("overlap", "recouvrements"), f"{report.overlap_m2:.2f} m²"),
        (choose("under threshold", "sous le seuil"), str(report.under_threshold)),
        (
            choose("under threshold, excused", "sous le seuil, avec motif"),
            str(report.under_threshold_excused),
        ),
    ]


def _accuracy(lot: Path, truth: Path, truth_layer: str) -> Rows:
    report = compare(lot, truth, truth_layer)
    rows = [
        (choose("cover accuracy, by area", "exactitude de la couverture, en surface"), report.cs.accuracy),
        (choose("use accuracy, by area", "exactitude de l'usage, en surface"), report.us.accuracy),
        (choose("both right, by area", "couverture et usage exacts, en surface"), report.both),
    ]
    queue = report.queue
    if queue is not None:
        rows += [
            (choose("sent to review, polygons", "à reprendre, polygones"), queue.share_of_polygons),
            (choose("sent to review, area", "à reprendre, surface"), queue.share_of_area),
            (
                choose("errors that the queue contains", "erreurs contenues dans la file"),
                queue.errors_in_queue,
            ),
            (
                choose("first 10 % of the queue: errors", "premier dixième de la file : erreurs"),
                queue.head_errors,
            ),
            (
                choose("first 10 % of the queue: area", "premier dixième de la file : surface"),
                queue.head_area,
            ),
        ]
    return [(name, _percent(share)) for name, share in rows]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
