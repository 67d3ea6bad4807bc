# SPDX-License-Identifier: GPL-2.0-or-later
"""The dashboard of a production, as a process; it knows nothing of HTTP, jobs or terminals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference_backend.contracts.indicators import INDICATORS_FILE, PAGE_FILE, PROGRESS_FILE
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Progress
from inference_backend.service.plain_files import require_plain
from inference_backend.service.process_types import Inputs, Output, Process, Results

_FILES = (INDICATORS_FILE, PAGE_FILE, PROGRESS_FILE)


def _meaning(en: str, fr: str) -> dict[str, Any]:
    return {"description": en, "x-meaning": {"en": en, "fr": fr}}


_INPUTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "production": {
            "type": "string",
            "minLength": 1,
            "x-path": "read",
            **_meaning("production file (JSON)", "fichier de production (JSON)"),
        },
        "output": {
            "type": "string",
            "minLength": 1,
            "x-path": "write",
            **_meaning("folder of the report", "dossier du tableau de bord"),
        },
        "language": {
            "type": "string",
            "enum": ["en", "fr"],
            **_meaning("language of the page, fr by default", "langue de la page, fr par défaut"),
        },
        "names": {
            "type": "boolean",
            **_meaning(
                "show the names of people; pseudonyms by default", "montrer les noms ; masqués par défaut"
            ),
        },
        "forget_missing": {
            "type": "boolean",
            **_meaning(
                "no longer report lots that were removed on purpose",
                "ne plus signaler les lots retirés volontairement",
            ),
        },
    },
    "required": ["production"],
    "additionalProperties": False,
}


def _report(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
    from inference_backend.indicators.guard import Guard
    from inference_backend.indicators.production_reader import read_production
    from inference_backend.indicators.report import make_report

    path, output = Path(inputs["production"]), Path(inputs["output"])
    is_limited = policy.roots is not None
    guard = Guard(policy.allows_file if is_limited else None, allows_databases=not is_limited)
    production = read_production(path, Profile.load(DEFAULT_PROFILE))
    guard.require(production)
    require_plain(policy, vectors=[production.outlines.file] if production.outlines else [])
    document = make_report(
        path,
        output,
        language=inputs.get("language", "fr"),
        show_names=inputs.get("names", False),
        forget_missing=inputs.get("forget_missing", False),
        guard=guard,
        progress=progress,
    )
    indicators, page, map_ = (str(output / name) for name in _FILES)
    return {
        "indicators": indicators,
        "page": page,
        "progress": map_,
        "lots": document.lots,
        "unread": document.lots_unread,
    }


def _files(inputs: Inputs) -> list[Path]:
    return [Path(inputs["output"]) / name for name in _FILES]


REPORT_PROCESSES = (
    Process(
        "report",
        {"en": "Dashboard of a production", "fr": "Tableau de bord d'une production"},
        {
            "en": "Plan, accuracy, cost, rework, pace and signalements, from all lots of a production.",
            "fr": "Plan, exactitude, coût, reprise, rythme et signalements, à partir de tous les lots.",
        },
        _INPUTS,
        {
            "indicators": Output(
                {"en": "the figures (JSON)", "fr": "les chiffres (JSON)"}, file_type="application/json"
            ),
            "page": Output({"en": "the page (HTML)", "fr": "la page (HTML)"}, file_type="text/html"),
            "progress": Output(
                {"en": "the map (GeoJSON)", "fr": "la carte (GeoJSON)"}, file_type="application/geo+json"
            ),
            "lots": Output({"en": "lots found", "fr": "lots trouvés"}, {"type": "integer"}),
            "unread": Output(
                {"en": "of them, those that could not be read", "fr": "dont illisibles"}, {"type": "integer"}
            ),
        },
        _report,
        _files,
        default_output="report",
    ),
)
