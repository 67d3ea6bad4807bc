# SPDX-License-Identifier: GPL-2.0-or-later
"""A remark of somebody in the territory, as the lot keeps it; see `contracts.signalement.SIGNALEMENT`.

Texts come from outside: whoever shows them escapes them. What is malformed in the JSON columns is left out:
a lot from elsewhere must not keep its remarks from being seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from inference_backend.contracts.signalement import FINAL_STATUSES, Motive, Outbox, ReportStatus

LONGEST_TEXT = 20_000
"""Characters of a text that are kept; the collaborative service itself allows a quarter of them."""


@dataclass(frozen=True)
class Reply:
    """One reply to a remark."""

    author: str
    date: str
    content: str
    status: str


@dataclass(frozen=True)
class Signalement:
    """One row of the table; `x`, `y` and the sketch are in the CRS of the layer."""

    source: str
    remote_id: str
    item_id: int | None = None
    author: str | None = None
    commune: str | None = None
    departement: str | None = None
    opened_at: str | None = None
    updated_at: str | None = None
    themes: str | None = None
    text: str | None = None
    sketch: str | None = None
    replies: str | None = None
    attachments: str | None = None
    status: str = ReportStatus.UNDEFINED.value
    answer_status: str | None = None
    answer: str | None = None
    motive: str | None = None
    answered_by: str | None = None
    answered_at: str | None = None
    outbox: str = Outbox.NONE.value
    answer_id: str | None = None
    sent_at: str | None = None
    x: float | None = None
    y: float | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Signalement:
        """Read a database row; a status of another release is kept as it is written."""
        values = {field.name: row[field.name] for field in fields(cls) if field.name in row}
        values["outbox"] = values.get("outbox") or Outbox.NONE.value
        values["status"] = values.get("status") or ReportStatus.UNDEFINED.value
        for name in ("source", "remote_id"):
            values[name] = str(values.get(name) or "")
        return cls(**values)

    @property
    def row(self) -> dict[str, Any]:
        """The columns of the table, without the geometry."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in "xy"}

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same one when it comes in again."""
        return self.source, self.remote_id

    @property
    def is_closed(self) -> bool:
        """Whether the service has a final status for it."""
        return self.status in [status.value for status in FINAL_STATUSES]

    @property
    def is_answered(self) -> bool:
        """Whether an answer is written, sent or not."""
        return self.answer_status is not None

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is on its way or to be sent."""
        return self.outbox in (Outbox.READY.value, Outbox.SENDING.value)

    @property
    def reply_list(self) -> tuple[Reply, ...]:
        """Earlier replies, oldest first."""
        found = [entry for entry in _list(self.replies) if isinstance(entry, dict)]
        return tuple(
            Reply(*(str(entry.get(name) or "") for name in ("author", "date", "content", "status")))
            for entry in found
        )

    @property
    def theme_names(self) -> tuple[str, ...]:
        """What it is about."""
        names = [
            str(entry.get("theme") or entry.get("text") or "") if isinstance(entry, dict) else str(entry)
            for entry in _list(self.themes)
        ]
        return tuple(name for name in names if name)

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """Names of the documents that go with it."""
        found = [entry for entry in _list(self.attachments) if isinstance(entry, dict)]
        return tuple(str(entry.get("name") or entry.get("address") or "?") for entry in found)

    @property
    def parts(self) -> tuple[Mapping[str, Any], ...]:
        """Features of the sketch (GeoJSON)."""
        found = _json(self.sketch)
        features = found.get("features") if isinstance(found, dict) else None
        return tuple(part for part in features or () if isinstance(part, dict))

    @property
    def strokes(self) -> str:
        """The geometries of the sketch as `domain.sketch.sketch_from_json` reads them."""
        geometries = [part.get("geometry") for part in self.parts]
        return json.dumps({"type": "GeometryCollection", "geometries": geometries})

    def with_read(self, newer: Signalement) -> Signalement:
        """What was just read over what is kept: answer, outbox and item stay."""
        kept = ("item_id", "answer_status", "answer", "motive", "answered_by", "answered_at", "outbox")
        values = {name: getattr(self, name) for name in (*kept, "answer_id", "sent_at")}
        return replace(newer, **values)

    def says_other_than(self, newer: Signalement) -> bool:
        """Whether the service says something else of it now: its status, its text or a reply."""
        ours, theirs = (
            (one.status, one.text or "", [(r.content, r.status) for r in one.reply_list])
            for one in (self, newer)
        )
        return ours != theirs


def may_be_answered(one: Signalement) -> bool:
    """Whether an answer may be written or changed: it has not left, and nobody else closed the remark."""
    has_left = one.outbox in (Outbox.SENDING.value, Outbox.SENT.value)
    return not has_left and (one.is_answered or not one.is_closed)


def status_of(value: str | None) -> ReportStatus:
    """The status of that name; undefined where it is unknown."""
    try:
        return ReportStatus(value)
    except ValueError:
        return ReportStatus.UNDEFINED


def motive_of(value: str | None) -> Motive | None:
    """The motive of that name; None where it is unknown."""
    try:
        return Motive(value)
    except ValueError:
        return None


def _json(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _list(text: str | None) -> list[Any]:
    found = _json(text)
    return found if isinstance(found, list) else []
