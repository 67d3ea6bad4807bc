# SPDX-License-Identifier: GPL-2.0-or-later
"""A feature of the layer `Signalement`, as the collaborative service's QGIS plugin writes it, as a remark.

Names are compared without case, accents and underscores: exports lose some of them on their way.
"""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from inference_backend.contracts.signalement import STATUS_NAMES
from ocsge_pi_review.domain.signalement import LONGEST_TEXT, Signalement
from ocsge_pi_review.domain.signalement_report import from_report

LAYER = "Signalement"
SKETCH_LAYERS = ("Croquis_EC_Point", "Croquis_EC_Ligne", "Croquis_EC_Polygone")
NUMBER = "nosignalement"
_PAIR = re.compile(r"([^|=]+)='([^']*)'")
_API = "/gcms/api/reports/"


def plain(name: str) -> str:
    """A name as it is compared."""
    letters = unicodedata.normalize("NFD", name)
    return "".join(ch for ch in letters if ch.isalnum()).casefold()


def from_feature(
    values: Mapping[str, Any], wkt: str | None, sketches: list[dict[str, Any]], source: str
) -> Signalement:
    """The remark of a feature, in longitude and latitude.

    Args:
        values: by plain name, the attributes.
        wkt: its point.
        sketches: objects of its number, as `signalement_report.sketch_text` takes them.
        source: name of the file, for a remark that does not say from which service it is.

    Raises:
        ValueError: it has no number.
    """
    report = {
        "id": values.get(NUMBER),
        "author": values.get("auteur"),
        "commune": values.get("insee"),
        "departement": values.get("departementid") or values.get("departement"),
        "opening_date": values.get("datecreation"),
        "updating_date": values.get("datemaj"),
        "attributes": _themes(values.get("themes")),
        "status": _status(values.get("statut")),
        "comment": values.get("message"),
        "replies": _replies(values.get("reponses")),
        "attachments": [{"download_uri": part, "title": part} for part in _words(values.get("document"))],
        "geometry": wkt,
        "sketch": {"objects": sketches},
    }
    return from_report(report, service_of(values.get("url")) or source)


def sketch_object(values: Mapping[str, Any], wkt: str | None) -> dict[str, Any]:
    """One feature of a layer of sketches as an object of a report's sketch."""
    attributes = dict(_PAIR.findall(str(values.get("attributscroquis") or "")))
    link = values.get("lienobjetbduni")
    if link:
        attributes["Lien_objet_BDUNI"] = str(link)
    return {"geometry": wkt, "name": values.get("nom"), "attributes": attributes}


def service_of(url: Any) -> str | None:
    """Address of the service that a remark's own address belongs to; None where it is none."""
    text = str(url or "")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or _API not in parts.path:
        return None
    return text.partition(_API)[0].rstrip("/")


def _status(value: Any) -> str:
    """The status by its name of the service, or by its words."""
    words = {names[1].casefold(): status.value for status, names in STATUS_NAMES.items()}
    text = str(value or "").strip()
    return words.get(text.casefold(), text)


def _themes(value: Any) -> list[dict[str, Any]]:
    entries = _listed(value)
    return entries or [{"text": part.strip()} for part in str(value or "").split("|") if part.strip()]


def _replies(value: Any) -> list[dict[str, Any]]:
    entries = _listed(value)
    return entries or ([{"content": str(value)}] if value else [])


def _listed(value: Any) -> list[dict[str, Any]]:
    """Objects that a text holds, written as JSON or as Python writes them, joined by commas."""
    text = str(value or "").strip()
    if not text.startswith(("{", "[")) or len(text) > LONGEST_TEXT:
        return []
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text if text.startswith("[") else f"[{text}]")
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return [entry for entry in found if isinstance(entry, dict)]
    return []


def _words(value: Any) -> list[str]:
    return str(value or "").split()
