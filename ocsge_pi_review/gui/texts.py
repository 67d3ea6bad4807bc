# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of the interface for values of the contracts, translated when they are shown."""

from __future__ import annotations

from inference_backend.contracts.lot import ImageryRole, ItemState, Operation, Reason
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.pace import Day, per_hour
from ocsge_pi_review.domain.queue import QueueCounts


def reason_text(reason: str) -> str:
    """Why an item is in the queue."""
    texts = {
        Reason.LOW_CONFIDENCE.value: tr("the model is not sure"),
        Reason.SMALL_MARGIN.value: tr("two covers are nearly as likely"),
        Reason.UNDECIDED.value: tr("a large part is undecided"),
        Reason.REFERENCE_DISAGREES.value: tr("a reference says something else"),
        Reason.MISSING_SOURCE.value: tr("no reference knows this object"),
        Reason.USE_BY_DEFAULT.value: tr("use given for want of a source"),
        Reason.MERGED_MUCH.value: tr("made of many small pieces"),
        Reason.SUSPICIOUS_SHAPE.value: tr("unusual shape"),
        Reason.ARTIFICIALISATION_AT_STAKE.value: tr("decides whether the ground is artificialised"),
        Reason.SIGNALEMENT.value: tr("somebody remarked on it"),
        Reason.CONTROL_ERROR.value: tr("found wrong by a control"),
    }
    return texts.get(reason, reason)


def reasons_text(item: ReviewItem) -> str:
    """All reasons, strongest first."""
    return " · ".join(reason_text(reason) for reason in item.reasons)


def state_text(state: ItemState) -> str:
    """State of an item."""
    return {
        ItemState.TODO: tr("To do"),
        ItemState.DONE: tr("Done"),
        ItemState.POSTPONED: tr("Postponed"),
        ItemState.ASKED: tr("Asked"),
        ItemState.REDO: tr("To redo"),
        ItemState.GONE: tr("Absorbed"),
    }[state]


def role_text(role: ImageryRole) -> str:
    """What a background image shows."""
    return {
        ImageryRole.ORTHO: tr("Ortho-image"),
        ImageryRole.INFRARED: tr("Infrared"),
        ImageryRole.HEIGHT: tr("Height"),
        ImageryRole.OTHER_DATE: tr("Other date"),
        ImageryRole.PREDICTION: tr("Prediction"),
    }[role]


def operation_text(operation: Operation) -> str:
    """Name of a gesture, as QGIS's undo panel shows it."""
    return {
        Operation.ACCEPT: tr("Accept"),
        Operation.SET_COVER: tr("Set cover"),
        Operation.SET_USE: tr("Set use"),
        Operation.MERGE: tr("Merge"),
        Operation.SPLIT: tr("Split"),
        Operation.RESHAPE: tr("Reshape"),
        Operation.INSERT: tr("Insert"),
        Operation.ABSORB: tr("Absorb"),
        Operation.ALIGN: tr("Align"),
        Operation.ROAD: tr("Road"),
        Operation.SEGMENT: tr("Segment"),
        Operation.COMMENT: tr("Comment"),
        Operation.MERGE_LOT: tr("Merge a lot"),
        Operation.POSTPONE: tr("Postpone"),
        Operation.ASK: tr("Ask the controller"),
        Operation.UNDO: tr("Undo"),
        Operation.REDO: tr("Redo"),
    }[operation]


def code_text(nomenclature: Nomenclature, code: str) -> str:
    """Code and label; an unknown code alone."""
    return f"{code}  {label_text(nomenclature, code)}".strip() if code else "–"


def label_text(nomenclature: Nomenclature, code: str) -> str:
    """Label of a code."""
    return nomenclature[code].label(user_language()) if code in nomenclature else tr("unknown code")


def area_text(area_m2: float) -> str:
    """An area in m² or ha."""
    if area_m2 >= 100_000:
        return tr("{} ha").format(_decimal(area_m2 / 10_000, 1))
    return tr("{} m²").format(f"{area_m2:,.0f}".replace(",", "\u202f"))


def duration_text(seconds: float) -> str:
    """A duration in s, min or h."""
    if seconds < 60:
        return tr("{} s").format(round(seconds))
    if seconds < 3600:
        return tr("{} min").format(round(seconds / 60))
    return tr("{} h {} min").format(int(seconds // 3600), round(seconds % 3600 / 60))


def percent_text(share: float) -> str:
    """A share as a whole percentage, with a narrow space."""
    return f"{round(100 * share)}\u202f%"


def progress_text(counts: QueueCounts) -> str:
    """`12 / 240 · 5 %`."""
    text = f"{number_text(counts.done)} / {number_text(counts.total)}"
    return f"{text} · {percent_text(counts.done / counts.total)}" if counts.total else text


def pace_text(counts: QueueCounts, today: Day) -> str:
    """Items an hour, what is left, and what the operator decided today."""
    parts = []
    pace = per_hour(counts)
    if pace:
        parts.append(tr("{} per hour").format(number_text(pace)))
    if counts.left_s:
        parts.append(tr("about {} left").format(duration_text(counts.left_s)))
    parts.append(tr("today: {}").format(number_text(today.count)))
    if today.spent_s >= 60:
        parts[-1] += tr(" in {}").format(duration_text(today.spent_s))
    return " · ".join(parts)


def states_text(counts: QueueCounts) -> str:
    """How many items are in each state, those that are empty left out."""
    shown = [(state, counts.by_state.get(state, 0)) for state in ItemState]
    return " · ".join(f"{state_text(state)}: {number_text(count)}" for state, count in shown if count)


def number_text(number: int) -> str:
    """A whole number with narrow spaces between thousands."""
    return f"{number:,}".replace(",", "\u202f")


def _decimal(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if user_language() == "fr" else text
