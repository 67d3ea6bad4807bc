# SPDX-License-Identifier: GPL-2.0-or-later
"""The steps that progress names, in French; the code names them in English and knows no language."""

from __future__ import annotations

_FRENCH = {
    "accounts": "comptes",
    "areas": "surfaces",
    "blending": "mélange",
    "check": "contrôle",
    "columns": "colonnes",
    "count": "décompte",
    "codes": "résolution des codes",
    "division": "répartition",
    "done": "terminé",
    "export": "exportation",
    "gaps": "trous",
    "geometry": "géométries",
    "going on from finished blocks": "reprise des blocs finis",
    "margin": "marge",
    "minimum areas": "surfaces minimales",
    "noise": "bruit",
    "outlines": "contours",
    "overlaps": "recouvrements",
    "partition": "partition",
    "polygons": "polygones",
    "predict": "prédiction",
    "prediction": "prédiction",
    "reading": "lecture",
    "references": "références",
    "regions": "régions",
    "report": "bilan",
    "review queue": "file de reprise",
    "simplification": "simplification",
    "slivers": "languettes",
    "small buildings": "petits bâtiments",
    "starting over, inputs or options have changed": "reprise à zéro, entrées ou options ont changé",
    "thresholds": "seuils",
    "use": "usage",
    "widths": "largeurs",
    "writing": "écriture",
    "zone construite": "zone construite",
}


def step_name(name: str, language: str) -> str:
    """The step's name in `language`, as it is where it has none."""
    return _FRENCH.get(name, name) if language == "fr" else name
