# SPDX-License-Identifier: GPL-2.0-or-later
"""A report of the collaborative service as a remark, in longitude and latitude.

Source: the documents that the service's own QGIS plugin and JavaScript client read and write (IGNF,
espace-collaboratif-qgis-plugin and collaboratif-client-api): geometries are well-known text, `commune` and
`departement` have `name` (the code) and `title`, `author` is an object or a number, `sketch` an object with
`objects` or the text of one, and dates carry their offset.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ocsge_pi_review.domain.signalement import LONGEST_TEXT, Signalement
from ocsge_pi_review.domain.sketch import MOST_POINTS
from ocsge_pi_review.domain.wkt import geometries_of

_NUMBER, _LONGEST_NUMBER = re.compile(r"[^\w.:/-]"), 60
"""What a number may not hold, as it is shown where tags would be obeyed; and its characters."""
MOST_OBJECTS = 200
"""Objects of a sketch that are kept."""


def from_report(report: Mapping[str, Any], source: str) -> Signalement:
    """The remark of a report.

    Args:
        report: one document of `reports`.
        source: address of the service.

    Raises:
        ValueError: it has no number.
    """
    if report.get("id") in (None, ""):
        raise ValueError("id")
    x, y = point_of(report.get("geometry"))
    return Signalement(
        source=source,
        remote_id=_NUMBER.sub("", str(report["id"]))[:_LONGEST_NUMBER] or "?",
        author=_named(report.get("author"), "username"),
        commune=_named(report.get("commune"), "name"),
        departement=_named(report.get("departement"), "name"),
        opened_at=utc_text(report.get("opening_date")),
        updated_at=utc_text(report.get("updating_date")),
        themes=_json(_entries(report.get("attributes"))),
        text=short(report.get("comment")),
        sketch=sketch_text(_objects(report.get("sketch"))),
        replies=_json([_reply(reply) for reply in _entries(report.get("replies"))]),
        attachments=_json([_attachment(one) for one in _entries(report.get("attachments"))]),
        status=str(report.get("status") or "undefined"),
        x=x,
        y=y,
    )


def point_of(text: Any) -> tuple[float | None, float | None]:
    """Longitude and latitude of a point; None for none or one that is nowhere on Earth."""
    parts = geometries_of(text if isinstance(text, str) else None)
    if len(parts) != 1 or parts[0]["type"] != "Point":
        return None, None
    x, y = parts[0]["coordinates"]
    return (x, y) if abs(x) <= 180 and abs(y) <= 90 else (None, None)


def sketch_text(objects: list[dict[str, Any]]) -> str | None:
    """Features of a sketch as the column keeps them; None for none.

    Args:
        objects: each with `geometry` (well-known text), `name`, `type` and `attributes`.
    """
    features: list[dict[str, Any]] = []
    points = 0
    for one in objects[:MOST_OBJECTS]:
        attributes = one.get("attributes")
        properties = {
            "name": short(one.get("name")) or "",
            "attributes": attributes if isinstance(attributes, dict) else {},
        }
        for geometry in geometries_of(one.get("geometry")):
            points += json.dumps(geometry["coordinates"]).count("[")
            features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    if not features or points > MOST_POINTS:
        return None
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def utc_text(text: Any) -> str | None:
    """A date in UTC as a GeoPackage holds it; one without offset is taken for UTC."""
    try:
        moment = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def short(text: Any) -> str | None:
    """A text of bearable length."""
    if text is None:
        return None
    whole = str(text)
    return whole if len(whole) <= LONGEST_TEXT else whole[:LONGEST_TEXT] + "…"


def reply_entry(author: Any, date: Any, content: Any, status: Any) -> dict[str, str]:
    """A reply as the column keeps it."""
    return {
        "author": _named(author, "username") or "",
        "date": utc_text(date) or "",
        "content": short(content) or "",
        "status": str(status or ""),
    }


def _reply(reply: dict[str, Any]) -> dict[str, str]:
    return reply_entry(*(reply.get(name) for name in ("author", "date", "content", "status")))


def _attachment(one: dict[str, Any]) -> dict[str, str]:
    name = one.get("short_fileName") or one.get("title") or ""
    return {"name": str(name), "address": str(one.get("download_uri") or "")}


def _objects(sketch: Any) -> list[dict[str, Any]]:
    if isinstance(sketch, str):
        try:
            sketch = json.loads(sketch)
        except (ValueError, RecursionError):
            return []
    return _entries(sketch.get("objects")) if isinstance(sketch, dict) else []


def _entries(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        found = [found]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _named(found: Any, name: str) -> str | None:
    value = found.get(name) if isinstance(found, dict) else found
    return None if value in (None, "") else short(value)


def _json(entries: list[Any]) -> str | None:
    return json.dumps(entries, ensure_ascii=False) if entries else None
