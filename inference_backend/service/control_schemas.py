# SPDX-License-Identifier: GPL-2.0-or-later
"""What the processes of a control take, as JSON Schema; see `input_schemas` for `x-path` and its kinds."""

from __future__ import annotations

from enum import Enum
from typing import Any

from inference_backend.contracts.control import Allocation, Draw, StrataBy, Unit

Schema = dict[str, Any]


def _meaning(en: str, fr: str) -> Schema:
    return {"description": en, "x-meaning": {"en": en, "fr": fr}}


def _path(en: str, fr: str, kind: str) -> Schema:
    return {"type": "string", "minLength": 1, "x-path": kind, **_meaning(en, fr)}


def _paths(en: str, fr: str, kind: str, at_least: int = 0) -> Schema:
    entry = {"type": "string", "minLength": 1, "x-path": kind}
    return {"type": "array", "minItems": at_least, "items": entry, **_meaning(en, fr)}


def _choice(kind: type[Enum] | tuple[str, ...], en: str, fr: str) -> Schema:
    names = kind if isinstance(kind, tuple) else tuple(str(entry.value) for entry in kind)
    return {"type": "string", "enum": list(names), **_meaning(en, fr)}


def _whole(en: str, fr: str, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, **_meaning(en, fr)}


def _number(en: str, fr: str) -> Schema:
    return {"type": "number", "minimum": 0, **_meaning(en, fr)}


def _flag(en: str, fr: str) -> Schema:
    return {"type": "boolean", **_meaning(en, fr)}


def _text(en: str, fr: str, least: int = 0) -> Schema:
    return {"type": "string", "minLength": least, **_meaning(en, fr)}


def _texts(en: str, fr: str, at_least: int = 0) -> Schema:
    return {
        "type": "array",
        "minItems": at_least,
        "items": {"type": "string", "minLength": 1},
        **_meaning(en, fr),
    }


def _object(properties: Schema, *required: str, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


_DESIGN = _object(
    {
        "unit": _choice(Unit, "what is judged", "ce qui est jugé"),
        "draw": _choice(Draw, "how units are drawn", "comment les unités sont tirées"),
        "strata_by": _choice(StrataBy, "what makes strata", "ce qui fait les strates"),
        "level": _whole("level of the codes that make strata, 0: leaves", "niveau des codes, 0 : feuilles"),
        "allocation": _choice(Allocation, "how the sample is shared out", "répartition de l'échantillon"),
        "size": _whole("units to draw", "unités à tirer", 1),
        "precision": _number("half-width of the 95 % interval, 0..1", "demi-largeur de l'intervalle, 0..1"),
        "expected_accuracy": _number("accuracy that is expected, 0..1", "exactitude attendue, 0..1"),
        "share": _number("share of each stratum, 0..1", "part de chaque strate, 0..1"),
        "full_below": _whole("smaller strata are taken whole", "strates plus petites prises entières"),
        "least": _whole("least units of a stratum", "unités par strate au moins"),
        "most": _whole("most units of a stratum", "unités par strate au plus", 1),
        "oversampled": {
            "type": "object",
            "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
            **_meaning("times more, by stratum", "fois plus, par strate"),
        },
        "distance_m": _number("least distance between units, m", "distance minimale entre unités, m"),
        "exclude_skeleton": _flag("leave the skeleton out", "exclure l'ossature"),
        "exclude_above_m2": _number("leave larger polygons out, m2", "exclure les plus grands, m2"),
        "exclude_covers": _texts("leave these covers out", "exclure ces couvertures"),
        "second_share": _number("share with two opinions, 0..1", "part à deux avis, 0..1"),
        "seed": _whole(
            "same seed, same sample; left out: one that nobody can guess",
            "même graine, même échantillon ; absente : imprévisible",
        ),
        "surface": _choice(("", "projected", "ellipsoid"), "what areas are measured on", "surface de mesure"),
    },
    **_meaning("how to draw", "plan de sondage"),
)
SAMPLE = _object(
    {
        "lots": _paths("delivered lots", "lots livrés", "write", 1),
        "output": _path("folder of the control files", "dossier des fichiers de contrôle", "write"),
        "controllers": _texts("who controls, the first one first", "contrôleurs, le premier d'abord", 1),
        "design": _DESIGN,
        "by": _text("who draws", "qui tire"),
        "communes": _path("limits of the communes", "limites des communes", "read"),
        "divide": _flag("share units out among all", "répartir les unités entre tous"),
        "copy_images": _flag("copy images along", "copier les images"),
        "references": _flag("take reference layers along", "joindre les couches de référence"),
        "replace": _flag("cancel the control that runs", "annuler le contrôle en cours"),
    },
    "lots",
    "controllers",
    "design",
)
COLLECT = _object(
    {
        "lot": _path("lot in control", "lot en contrôle", "write"),
        "files": _paths("control files", "fichiers de contrôle", "read"),
        "arbiter": _text("who settles where two differ", "qui arbitre les avis divergents"),
        "output": _path("folder of the arbiter's file", "dossier du fichier d'arbitrage", "write"),
    },
    "lot",
)
_BY_DIMENSION = {"cs": _number("of the cover", "de la couverture"), "us": _number("of the use", "de l'usage")}
DECIDE = _object(
    {
        "lot": _path("lot in control; changed where signed", "lot en contrôle ; modifié si signé", "write"),
        "rule": _choice(("contract", "iso2859"), "by what to decide", "selon quoi décider"),
        "sign": _text("who decides; empty: nothing is written", "qui décide ; vide : rien n'est écrit"),
        "comment": _text("the signatory's words", "mots du signataire"),
        "verdict": _choice(("accepted", "rejected"), "against the rules", "contre les règles"),
        "redo": _choice(("errors", "classes"), "what a rejection sends back", "ce qu'un refus renvoie"),
        "by": _choice(("count", "area"), "polygons or area", "polygones ou surface"),
        "level": _whole("level of the nomenclature, 0: leaves", "niveau de la nomenclature, 0 : feuilles"),
        "overall": _object(_BY_DIMENSION, **_meaning("least share right, 0..1", "part juste minimale, 0..1")),
        "each_class": _object(_BY_DIMENSION, **_meaning("the same of each class", "la même par classe")),
        "decided_on": _choice(
            ("low", "estimate", "high", "both"), "end of the interval that counts", "borne qui compte"
        ),
        "aql_percent": _object(_BY_DIMENSION, **_meaning("AQL, percent", "NQA, pour cent")),
        "inspection_level": _text("S-1…S-4, I, II, III", "S-1…S-4, I, II, III"),
        "severity": _choice(
            ("normal", "tightened", "reduced"), "instead of the history's", "au lieu de celle de l'historique"
        ),
        "history": _paths("lots and folders of earlier decisions", "lots et dossiers déjà décidés", "read"),
        "output": _path("report to write (JSON)", "rapport à écrire (JSON)", "write"),
        "language": _choice(("fr", "en"), "of what interpreters read", "de ce que lisent les interprètes"),
        "control": _text("which control; the latest", "quel contrôle ; le dernier"),
    },
    "lot",
)
REPORT = _object(
    {
        "source": _path("lot, or the JSON of a decision", "lot, ou JSON d'une décision", "read"),
        "output": _path("folder of the page and its tables", "dossier de la page et des tableaux", "write"),
        "language": _choice(("fr", "en"), "of the page", "de la page"),
        "control": _text("which control; the latest", "quel contrôle ; le dernier"),
    },
    "source",
)
