# SPDX-License-Identifier: GPL-2.0-or-later
"""How a control was made, in its report: design, strata, estimators, conformity, history, what made it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference_backend.contracts.control_report import ControlReport
from inference_backend.control.report_names import (
    ALLOCATIONS,
    DIMENSIONS,
    DRAWS,
    MEASURES,
    NOTES,
    SEVERITIES,
    STRATA,
    SURFACES,
    UNITS,
    VERDICT_KINDS,
    VERDICT_WORDS,
    Names,
)
from inference_backend.reporting.markup import Content, Html, join, tag
from inference_backend.reporting.page import badge, facts, items, paragraph, section
from inference_backend.reporting.table import table

_CONFORMITY = (
    ("gaps", "gaps", "lacunes"),
    ("overlaps", "overlaps", "recouvrements"),
    ("invalid", "invalid geometries", "géométries invalides"),
    ("multipart", "multipart geometries", "géométries en plusieurs parties"),
    ("empty", "empty geometries", "géométries vides"),
    ("under_threshold", "under the minimum area", "sous la surface minimale"),
    ("unknown_codes", "unknown codes", "codes inconnus"),
    ("non_leaf_codes", "codes that are not leaves", "codes qui ne sont pas terminaux"),
    ("null_codes", "missing codes", "codes manquants"),
    ("duplicate_ids", "duplicate identifiers", "identifiants en double"),
    ("null_ids", "missing identifiers", "identifiants manquants"),
    ("duplicate_geometries", "duplicate geometries", "géométries en double"),
)


def counted(value: object) -> int | None:
    """A count of the conformity check: some are split by code."""
    if isinstance(value, dict):
        return sum(int(part) for part in value.values())
    return int(value) if isinstance(value, (int, float)) else None


def is_conform(conformity: dict[str, Any]) -> bool | None:
    """Verdict of `ocsge check`, None where it was not run."""
    value = conformity.get("conform", conformity.get("is_conform"))
    return None if value is None else bool(value)


def conformity_section(report: ControlReport, names: Names) -> Html:
    """What the logical checks of the whole lot say."""
    words, title = names.words, names.words.t("Logical consistency of the lot", "Cohérence logique du lot")
    verdict = is_conform(report.conformity)
    if verdict is None:
        text = words.t(
            "Not checked for this draft: whoever decides has the whole lot checked (ocsge control decide).",
            "Non vérifiée pour ce projet : qui décide fait vérifier le lot entier (ocsge control decide).",
        )
        return section(title, paragraph(text), anchor="conformity")
    said = badge(words.t("conform", "conforme"), "good") if verdict else badge(
        words.t("not conform", "non conforme"), "bad"
    )  # fmt: skip
    counts = [(words.t(en, fr), counted(report.conformity.get(key))) for key, en, fr in _CONFORMITY]
    looked_for = ", ".join(name for name, count in counts if count is not None)
    rows = [(name, words.number(count)) for name, count in counts if count]
    text = words.t(
        "Every polygon of the lot was checked for the decision: ",
        "Tous les polygones du lot ont été vérifiés pour la décision : ",
    )
    heads = (words.t("Fault", "Défaut"), words.t("Found", "Trouvés"))
    return section(
        title,
        paragraph(text, said),
        table(heads, rows, align="lr") if rows else None,
        paragraph(words.t("Looked for: ", "Recherchés : "), looked_for, ".", kind="small"),
        anchor="conformity",
    )


def method_section(report: ControlReport, names: Names) -> Html:
    """Design and estimators in words."""
    words, design = names.words, report.design
    return section(
        words.t("Method", "Méthode"),
        paragraph(
            words.t(
                "Controllers re-interpreted the sample blind: they saw images and borders, and neither the "
                "delivered "
                "codes nor the other controller's answers.",
                "Les contrôleurs ont réinterprété l'échantillon en aveugle : ils voyaient les images et les "
                "limites, "
                "mais ni les codes livrés ni les réponses de l'autre contrôleur.",
            )
        ),
        facts(_design(design, names)),
        _strata(report.strata, names),
        _estimators(report, names),
        anchor="method",
        break_before=True,
    )


def _design(design: dict[str, Any], names: Names) -> list[tuple[str, Content]]:
    words = names.words
    rows: list[tuple[str, Content]] = [
        (words.t("Units", "Unités"), names.of(UNITS, design.get("unit"))),
        (words.t("Drawn", "Tirage"), names.of(DRAWS, design.get("draw"))),
        (words.t("Strata", "Strates"), names.of(STRATA, design.get("strata_by"))),
    ]
    if design.get("strata_by") not in (None, "none"):
        rows.append((words.t("Allocation", "Répartition"), names.of(ALLOCATIONS, design.get("allocation"))))
        rows.append((words.t("Taken whole", "Prises en entier"), words.t(
            f"strata with fewer than {design.get('full_below', '?')} units",
            f"strates de moins de {design.get('full_below', '?')} unités")))  # fmt: skip
    if design.get("precision"):
        rows.append(
            (words.t("Precision aimed at", "Précision visée"), f"± {words.percent(design['precision'])}")
        )
    if design.get("distance_m"):
        rows.append(
            (words.t("Least distance", "Distance minimale"), words.quantity(design["distance_m"], "m"))
        )
    rows.append((words.t("Left out", "Écartés"), _excluded(design, names)))
    rows.append((words.t("Second opinion", "Second avis"), words.percent(design.get("second_share"))))
    rows.append((words.t("Areas", "Surfaces"), names.of(SURFACES, design.get("surface"))))
    rows.append((words.t("Seed of the draw", "Graine du tirage"), tag("code", str(design.get("seed", "")))))
    return rows


def _excluded(design: dict[str, Any], names: Names) -> str:
    words, parts = names.words, []
    if design.get("exclude_skeleton"):
        parts.append(words.t("the skeleton", "l'ossature"))
    if design.get("exclude_above_m2"):
        parts.append(
            words.t("polygons above ", "polygones de plus de ") + words.area(design["exclude_above_m2"])
        )
    if design.get("exclude_covers"):
        parts.append(words.t("covers ", "couvertures ") + ", ".join(design["exclude_covers"]))
    return ", ".join(parts) or words.t("nothing", "rien")


def _strata(strata: Sequence[dict[str, Any]], names: Names) -> Html:
    words = names.words
    heads = (
        words.t("Stratum", "Strate"),
        words.t("Units", "Unités"),
        words.t("Area", "Surface"),
        words.t("Drawn", "Tirées"),
        words.t("Rate", "Taux"),
    )
    rows = [
        (
            _stratum(str(stratum["name"]), names),
            words.number(stratum["units"]),
            words.area(stratum["area_m2"]),
            words.number(stratum["drawn"]),
            words.percent(stratum["drawn"] / stratum["units"]) if stratum["units"] else "—",
        )
        for stratum in strata
    ]
    totals = [sum(stratum[key] for stratum in strata) for key in ("units", "area_m2", "drawn")]
    rate = words.percent(totals[2] / totals[0]) if totals[0] else "—"
    foot = (
        words.t("all", "ensemble"),
        words.number(totals[0]),
        words.area(totals[1]),
        words.number(totals[2]),
        rate,
    )
    caption = words.t("Population and sample by stratum.", "Population et échantillon par strate.")
    return table(heads, rows, align="lrrrr", caption=caption, foot=foot)


def _stratum(name: str, names: Names) -> str:
    return names.words.t("whole lot", "lot entier") if name == "all" else names.named(name)


def _estimators(report: ControlReport, names: Names) -> Html:
    words = names.words
    seen: dict[tuple[str, str], set[str]] = {}
    for found in report.assessments:
        about = f"{names.of(DIMENSIONS, found.dimension)} {names.of(MEASURES, found.by)}"
        seen.setdefault((found.estimator, found.source), set()).add(about)
    rows = [
        (names.estimator(estimator), ", ".join(sorted(about)), source)
        for (estimator, source), about in seen.items()
    ]
    heads = (words.t("Estimator", "Estimateur"), words.t("For", "Pour"), words.t("Source", "Source"))
    caption = words.t(
        "Estimators; the design of the sample chooses them.",
        "Estimateurs ; c'est le plan de sondage qui les désigne.",
    )
    assumed = {note for found in report.assessments for note in found.notes}
    said = [names.of(NOTES, note) for note in NOTES if note in assumed]
    notes = items([f"{text[0].upper()}{text[1:]}." for text in said]) if said else None
    return join([table(heads, rows, align="lll", caption=caption), notes])


def history_section(report: ControlReport, names: Names) -> Html | None:
    """Earlier decisions on the same contractor, None without any."""
    words = names.words
    if not report.history:
        return None
    rows = [
        (
            str(entry.get("lot", "")),
            words.short_day(entry.get("signed_utc")),
            badge(
                names.of(VERDICT_WORDS, entry.get("verdict")),
                VERDICT_KINDS.get(str(entry.get("verdict")), "info"),
            ),
            words.number(entry.get("units")),
            words.number(entry.get("errors")),
            names.of(SEVERITIES, entry.get("severity")) if entry.get("severity") else "—",
        )
        for entry in report.history
    ]
    heads = (
        words.t("Lot", "Lot"),
        words.t("Signed", "Signé"),
        words.t("Verdict", "Décision"),
        words.t("Units", "Unités"),
        words.t("Errors", "Erreurs"),
        words.t("Inspection", "Contrôle"),
    )
    title = words.t("Earlier lots of the same contractor", "Lots précédents du même prestataire")
    return section(title, table(heads, rows, align="lllrrl"), anchor="history")


def colophon(report: ControlReport, names: Names) -> Html:
    """What made the figures, to make them again."""
    words = names.words
    print_ = str(report.lot.get("fingerprint") or words.unknown)
    return facts(
        [
            (words.t("Software", "Logiciel"), f"ocsge {report.software_version}"),
            (words.t("Profile", "Profil"), str(report.lot.get("profile", ""))),
            (words.t("Fingerprint of the population", "Empreinte de la population"), tag("code", print_)),
            (words.t("File", "Fichier"), str(report.lot.get("path", ""))),
        ]
    )  # fmt: skip
