# SPDX-License-Identifier: GPL-2.0-or-later
"""A conformity report as a table for people."""

from __future__ import annotations

from inference_backend.quality.conformity import ConformityReport

_ROWS = (
    ("gap_m2", "gap", "lacunes"),
    ("overlap_m2", "overlap", "recouvrements"),
    ("invalid", "invalid geometries", "géométries invalides"),
    ("multipart", "multipart geometries", "géométries en plusieurs parties"),
    ("empty", "empty geometries", "géométries vides"),
    ("not_polygon", "other than polygons", "autres que des polygones"),
    ("under_threshold", "under the minimum area", "sous la surface minimale"),
    ("unknown_codes", "unknown codes", "codes inconnus"),
    ("non_leaf_codes", "codes that are not leaves", "codes qui ne sont pas des feuilles"),
    ("null_codes", "missing codes", "codes manquants"),
    ("duplicate_ids", "duplicate identifiers", "identifiants en double"),
    ("null_ids", "missing identifiers", "identifiants manquants"),
    ("duplicate_geometries", "duplicate geometries", "géométries en double"),
)
_FOOTPRINTS = {
    "lot": ("the lot's footprint", "l'emprise du lot"),
    "given": ("the footprint given", "l'emprise donnée"),
    "union": ("the layer's own outline", "le contour de la couche"),
}


def conformity_table(report: ConformityReport, language: str) -> str:
    """Lines of text: a heading, one row per measure, the verdict."""
    french = language.startswith("fr")
    colon = " : " if french else ": "
    lines = [
        f"{report.path} ({report.layer})",
        f"{report.polygons} {'polygones' if french else 'polygons'}, "
        f"{_decimal(report.area_m2 / 1e4, 2, french)} ha, {report.crs}",
        "",
    ]
    width = max(len(row[2 if french else 1]) for row in _ROWS) + 2
    for name, english, fr in _ROWS:
        judged = report.partition_expected or name not in ("gap_m2", "under_threshold")
        mark = " " if not judged else "✗" if name in report.faults else "✓"
        value = _value(report, name, french) if judged else "—"
        lines.append(f" {mark} {fr if french else english:<{width}}{value}")
    lines += ["", _gap_note(report, french)]
    if not report.zone_known and report.partition_expected:
        lines.append(
            "Sans zone construite : seuil de l'intérieur de la zone appliqué partout."
            if french
            else "No zone construite: the threshold of its inside is applied everywhere."
        )
    verdict = ("CONFORME", "NON CONFORME") if french else ("CONFORM", "NOT CONFORM")
    lines.append(f"{'Verdict'}{colon}{verdict[0] if report.is_conform else verdict[1]}")
    return "\n".join(lines)


def _value(report: ConformityReport, name: str, french: bool) -> str:
    value = getattr(report, name)
    if name == "gap_m2":
        return f"{_decimal(value, 3, french)} m² ({report.gaps})"
    if name == "overlap_m2":
        return f"{_decimal(value, 3, french)} m² ({report.overlaps})"
    if name == "under_threshold":
        excused = "dispensés" if french else "excused"
        return f"{value} (+ {report.under_threshold_excused} {excused})"
    if isinstance(value, dict):
        listed = ", ".join(f"{code} × {count}" for code, count in sorted(value.items()))
        return f"{sum(value.values())}" + (f" ({listed})" if listed else "")
    return str(value)


def _gap_note(report: ConformityReport, french: bool) -> str:
    place = _FOOTPRINTS[report.footprint][1 if french else 0]
    matched = (
        ("sommets partagés", "sommets non partagés") if french else ("vertices shared", "vertices not shared")
    )
    state = matched[0] if report.edge_matched else matched[1]
    return (
        f"Lacunes mesurées dans {place} ; {state}." if french else f"Gaps measured within {place}; {state}."
    )


def _decimal(value: float, digits: int, french: bool) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if french else text
