# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks of territories on the layer: what came in, and what was answered and sent.

`signalement` is a table of the lot. Whatever goes out is first a row with `outbox` = `ready`: an answer that
was on its way when QGIS died is looked for on the server before it is sent again.
"""

from __future__ import annotations

from enum import Enum

from .tables import Column, Table

SIGNALEMENT = Table(
    "signalement",
    (
        Column("source", "text", "address of the service, or name of the file it came from"),
        Column("remote_id", "text", "its number there; unique with `source`"),
        Column("item_id", "integer", "review_item made of it, or null where it is outside the lot"),
        Column("author", "text"),
        Column("commune", "text", "INSEE code, or null"),
        Column("departement", "text", "code, or null"),
        Column("opened_at", "datetime", "UTC"),
        Column("updated_at", "datetime", "UTC, as the server said when last read"),
        Column("themes", "text", "JSON: themes and their attributes"),
        Column("text", "text", "what the author wrote: text from outside, escape it"),
        Column("sketch", "text", "JSON: GeoJSON geometries with names and attributes, layer's CRS, or null"),
        Column("replies", "text", "JSON: earlier replies"),
        Column("attachments", "text", "JSON: names and addresses"),
        Column("status", "text", "ReportStatus on the server when last read"),
        Column("answer_status", "text", "ReportStatus to give, or null while undecided"),
        Column("answer", "text", "reply to send, or null"),
        Column("motive", "text", "Motive of the answer, or null"),
        Column("answered_by", "text"),
        Column("answered_at", "datetime", "UTC"),
        Column("outbox", "text", "Outbox"),
        Column("answer_id", "text", "UUID written into the reply, by which it is recognised on the server"),
        Column("sent_at", "datetime", "UTC, when the server confirmed it"),
    ),
    "Point",
)


class ReportStatus(str, Enum):
    """Statuses of the Espace collaboratif."""

    UNDEFINED = "undefined"
    TEST = "test"
    SUBMIT = "submit"
    PENDING = "pending"
    PENDING_QUALIFICATION = "pending0"
    PENDING_ENTRY = "pending1"
    PENDING_VALIDATION = "pending2"
    VALID = "valid"
    VALID_ALREADY = "valid0"
    REJECT_SPECIFICATIONS = "reject"
    REJECT_UNRELATED = "reject0"


STATUS_NAMES = {
    ReportStatus.UNDEFINED: ("undefined", "non défini"),
    ReportStatus.TEST: ("test", "test"),
    ReportStatus.SUBMIT: ("received", "reçu dans nos services"),
    ReportStatus.PENDING: ("being treated", "en cours de traitement"),
    ReportStatus.PENDING_QUALIFICATION: ("to be qualified", "demande de qualification"),
    ReportStatus.PENDING_ENTRY: ("waiting for entry", "en attente de saisie"),
    ReportStatus.PENDING_VALIDATION: ("waiting for validation", "en attente de validation"),
    ReportStatus.VALID: ("taken into account", "pris en compte"),
    ReportStatus.VALID_ALREADY: ("already taken into account", "déjà pris en compte"),
    ReportStatus.REJECT_SPECIFICATIONS: (
        "rejected, outside the specifications",
        "rejeté, hors spécifications",
    ),
    ReportStatus.REJECT_UNRELATED: ("rejected, unrelated", "rejeté, hors de propos"),
}
"""English and French."""
FINAL_STATUSES = (
    ReportStatus.VALID,
    ReportStatus.VALID_ALREADY,
    ReportStatus.REJECT_SPECIFICATIONS,
    ReportStatus.REJECT_UNRELATED,
)
"""What an answer may say; the others are steps on the way."""


class Motive(str, Enum):
    """Why a remark was taken or not: what the statistics count."""

    CORRECTED = "corrected"
    ALREADY_RIGHT = "already_right"
    BELOW_THRESHOLD = "below_threshold"
    LATER_THAN_IMAGE = "later_than_image"
    OUTSIDE_SPECIFICATIONS = "outside_specifications"
    NOT_VISIBLE = "not_visible"
    UNRELATED = "unrelated"
    DUPLICATE = "duplicate"


class Outbox(str, Enum):
    """Where an answer stands."""

    NONE = "none"
    READY = "ready"
    SENDING = "sending"
    """A request is under way, or was when something died: look at the server first."""
    SENT = "sent"
    REFUSED = "refused"
    """The server refused it for good; the reason is in the log and the answer can be changed."""
