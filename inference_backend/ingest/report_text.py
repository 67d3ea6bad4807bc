# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of a repair report: what each repair is called, and what a reader must not miss."""

from __future__ import annotations

from typing import Any

from inference_backend.ingest.report import Report
from inference_backend.ingest.types import Repair

KINDS = {
    "ocsge": ("OCS GE", "OCS GE"),
    "change": ("change layer", "couche de différences"),
    "cosia": ("CoSIA", "CoSIA"),
    "mapped": ("other nomenclature, by mapping file", "autre nomenclature, par fichier de correspondance"),
}
REPAIRS = {
    Repair.UNREADABLE: ("no geometry", "sans géométrie"),
    Repair.NOT_POLYGON: ("no polygon", "pas un polygone"),
    Repair.INVALID: ("invalid shape repaired", "forme invalide réparée"),
    Repair.EXCLUDED: ("left out on request", "écarté à la demande"),
    Repair.DUST: ("smaller than the grid", "plus petit que la grille"),
    Repair.DUPLICATE: ("duplicate left out", "doublon écarté"),
    Repair.OVERLAP: ("overlap decided", "recouvrement tranché"),
    Repair.SLIVER: ("sliver given away", "languette cédée"),
    Repair.GAP_FILLED: ("gap filled", "trou comblé"),
    Repair.GAP_LEFT: ("gap left outside", "trou laissé dehors"),
}
EXPLANATIONS = {
    Repair.UNREADABLE: (
        "Features without a geometry, or with one that cannot be read. They have no area.",
        "Objets sans géométrie, ou dont la géométrie est illisible. Ils n'ont pas de surface.",
    ),
    Repair.NOT_POLYGON: (
        "Points and lines have no area and are left out; of collections, the polygons are kept.",
        "Points et lignes n'ont pas de surface et sont écartés ; des collections, les polygones sont gardés.",
    ),
    Repair.INVALID: (
        "Rings that cross or touch themselves. The polygon keeps what its rings enclose; the figure is the "
        "difference from the sum of its rings.",
        "Contours qui se croisent ou se touchent. Le polygone garde ce que ses contours entourent ; le "
        "chiffre est l'écart avec la somme de ses contours.",
    ),
    Repair.EXCLUDED: (
        "Features whose value the mapping file leaves out.",
        "Objets dont le fichier de correspondance écarte la valeur.",
    ),
    Repair.DUST: (
        "Parts that vanish when coordinates are put on the grid of the work.",
        "Parties qui disparaissent quand les coordonnées sont posées sur la grille de travail.",
    ),
    Repair.DUPLICATE: (
        "Polygons of one and the same shape: the best is kept. The remark tells where the codes differ.",
        "Polygones d'une même forme : le meilleur est gardé. La remarque dit si les codes diffèrent.",
    ),
    Repair.OVERLAP: (
        "Areas that several polygons claimed. The skeleton keeps them, then the polygon whose codes are "
        "leaves, then the youngest image, then the one named by the option (the smaller one, so that details "
        "survive).",
        "Surfaces revendiquées par plusieurs polygones. L'ossature les garde, puis le polygone dont les "
        "codes sont terminaux, puis l'image la plus récente, puis celui que désigne l'option (le plus "
        "petit, pour que les détails survivent).",
    ),
    Repair.SLIVER: (
        "Shreds too thin or too small to be an object go to the neighbour with the longest common border; "
        "those of the skeleton to the skeleton alone.",
        "Languettes trop minces ou trop petites pour être un objet, cédées au voisin qui a la plus longue "
        "limite commune ; celles de l'ossature à l'ossature seulement.",
    ),
    Repair.GAP_FILLED: (
        "Slits go to the polygons along them; small gaps to the neighbour with the longest common border.",
        "Les fentes vont aux polygones qui les bordent ; les petits trous au voisin qui a la plus longue "
        "limite commune.",
    ),
    Repair.GAP_LEFT: (
        "Gaps that are too large to be given away, or gaps of a layer that does not cover its extent. "
        "They stay outside the lot.",
        "Trous trop grands pour être donnés, ou trous d'une couche qui ne couvre pas toute son emprise. Ils "
        "restent hors du lot.",
    ),
}
RULES = {
    "import: given": ("as the layer says", "comme le dit la couche"),
    "import: spelled": ("another spelling of the code", "code écrit autrement"),
    "import: truncated": (
        "longer code cut to its national leaf",
        "code plus long ramené à son code terminal national",
    ),
    "import: label": ("label read as its code", "libellé lu comme son code"),
    "import: class": ("class of the prediction", "classe de la prédiction"),
    "import: mapping": ("mapping file", "fichier de correspondance"),
    "import: given default": ("default given by the caller", "code par défaut donné à l'appel"),
    "import: other date": ("other date of the change layer", "autre date de la couche de différences"),
    "import: neighbours": (
        "longest border with a known neighbour",
        "plus longue limite avec un voisin connu",
    ),
    "import: most of the layer": (
        "leaf that covers most of the layer",
        "code terminal le plus étendu dans la couche",
    ),
    "import: leaf of the node": ("profile's leaf of the node", "code terminal du nœud selon le profil"),
    "import: default": ("profile's default", "code par défaut du profil"),
}
SAYINGS = {
    "spelled": ("other spelling", "autre écriture"),
    "truncated": ("truncated", "tronqué"),
    "label": ("label", "libellé"),
    "class": ("class", "classe"),
    "mapping": ("mapping", "correspondance"),
    "non_leaf": ("not a leaf", "pas un code terminal"),
    "unknown": ("unknown", "inconnu"),
    "missing": ("missing", "manquant"),
    "skipped": ("left out on request", "écarté à la demande"),
}


def pick(texts: tuple[str, str], language: str) -> str:
    """The text in a language."""
    return texts[1] if language.startswith("fr") else texts[0]


def decimal(value: float, digits: int, language: str) -> str:
    """A number with thousands apart, in the form of a language."""
    text = f"{round(value, digits) + 0.0:,.{digits}f}"  # + 0.0: no minus zero
    if language.startswith("fr"):
        return text.replace(",", " ").replace(".", ",")
    return text


def report_rows(report: Report, language: str) -> list[tuple[str, str]]:
    """Name and value of the figures for a terminal."""
    summary, balance = report.summary, report.content["balance"]
    split = decimal(summary["features_split"], 0, language)
    rows = [
        (pick(("layer", "couche"), language), _layers(report, language)),
        (pick(("features", "objets lus"), language), decimal(summary["features"], 0, language)),
        (pick(("of several parts, split", "en plusieurs parties, séparés"), language), split),
        (pick(("polygons", "polygones"), language), decimal(summary["polygons"], 0, language)),
        (pick(("area", "surface"), language), f"{decimal(balance['result_m2'] / 1e4, 4, language)} ha"),
    ]
    for kind, texts in REPAIRS.items():
        found = summary["repairs"][kind.value]
        if found["count"]:
            value = f"{decimal(found['count'], 0, language)} ({decimal(found['area_m2'], 2, language)} m²)"
            rows.append((pick(texts, language), value))
    if summary["untouched"]:
        rows.append((pick(("repairs", "réparations"), language), pick(("none", "aucune"), language)))
    unexplained = f"{decimal(balance['rounding_m2'], 4, language)} m²"
    rows.append((pick(("rounding of coordinates", "arrondi des coordonnées"), language), unexplained))
    rows.append((pick(("to review", "à revoir"), language), decimal(summary["review_items"], 0, language)))
    return rows


def notices(report: Report, language: str) -> list[str]:
    """What the reader of the lot must know, most important first."""
    found = []
    for dimension, name in (("cs", ("cover", "couverture")), ("us", ("use", "usage"))):
        found += _code_notices(report, dimension, pick(name, language), language)
    left = report.summary["repairs"][Repair.GAP_LEFT.value]
    if left["count"] and report.content["partition_expected"]:
        area = decimal(left["area_m2"], 0, language)
        found.append(
            pick(
                (
                    f"{left['count']} gaps ({area} m²) are too large to be given to a neighbour and stay "
                    f"outside "
                    "the lot. They are in the report; --fill-gaps M2 fills larger ones.",
                    f"{left['count']} trous ({area} m²) sont trop grands pour être donnés à un voisin et "
                    f"restent "
                    "hors du lot. Ils sont dans le bilan ; --fill-gaps M2 en comble de plus grands.",
                ),
                language,
            )
        )
    for file in report.content["files"]:
        if file["dates"]:
            dates = ", ".join(file["dates"])
            found.append(
                pick(
                    (
                        f"{file['path']}: change layer of {dates}; imported: {file['date']} (--date to "
                        f"choose).",
                        f"{file['path']} : couche de différences {dates} ; importé : {file['date']} (--date "
                        f"pour "
                        "choisir).",
                    ),
                    language,
                )
            )
    return found


def _code_notices(report: Report, dimension: str, name: str, language: str) -> list[str]:
    counts: dict[str, int] = {}
    for entry in report.content["codes"]["texts"][dimension]:
        counts[entry["saying"]] = counts.get(entry["saying"], 0) + entry["rows"]
    total, missing = report.summary["features"], counts.get("missing", 0)
    if set(report.content["codes"]["rules"][dimension]) == {"import: given default"}:
        return []
    found = []
    if missing == total:
        default = f"--default-{dimension}"
        found.append(
            pick(
                (
                    f"The layer says no {name} at all: rules gave one to every polygon ({default} CODE to "
                    f"say it).",
                    f"La couche ne dit rien ({name}) : des règles ont donné un code à chaque polygone "
                    f"({default} "
                    "CODE pour le fixer).",
                ),
                language,
            )
        )
    elif guessed := missing + counts.get("unknown", 0) + counts.get("non_leaf", 0):
        found.append(
            pick(
                (
                    f"{guessed} features of {total} have no {name} that a polygon may carry; rules gave one, "
                    f"named in {dimension}_rule.",
                    f"{guessed} objets sur {total} n'ont pas de code utilisable ({name}) ; des règles en ont "
                    f"donné un, nommé dans {dimension}_rule.",
                ),
                language,
            )
        )
    return found


def _layers(report: Report, language: str) -> str:
    files: list[dict[str, Any]] = report.content["files"]
    kinds = sorted({pick(KINDS[file["kind"]], language) for file in files})
    return f"{', '.join(kinds)} × {len(files)}" if len(files) > 1 else f"{files[0]['layer']} ({kinds[0]})"
