# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of a control: gestures, what is said of a unit, where the work stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.domain.control import CANNOT_SAY
from ocsge_pi_review.domain.control_progress import Progress
from ocsge_pi_review.gui.gestures import GestureWords, gesture_words, spoken_key
from ocsge_pi_review.gui.texts import label_text


def control_words() -> dict[str, GestureWords]:
    """Gestures of a control by name, in the order in which they are shown."""
    shared = gesture_words()
    return {
        "accept": GestureWords(
            tr("Confirm and next"), tr("Write the answer on the disk and go to the next unit to do")
        ),
        "use": GestureWords(tr("Cover or use"), tr("Let the keys mean the use, or the cover again")),
        "cannot_say": GestureWords(
            tr("Cannot say"), tr("The image does not tell: nothing is counted as an error")
        ),
        "broader": GestureWords(
            tr("Less precise"), tr("Take the code above: trees, without saying which; again: higher still")
        ),
        "omission": GestureWords(
            tr("Omission"), tr("An object above its threshold is missing: it should be a polygon of its own")
        ),
        "geometry": GestureWords(tr("Geometry"), tr("The border is wrong by more than the scale allows")),
        "threshold": GestureWords(
            tr("Threshold"), tr("The polygon is below its threshold and should not exist")
        ),
        "comment": GestureWords(tr("Comment"), tr("Write a word to whoever interprets; Enter ends it")),
        "draw": GestureWords(
            tr("Draw"), tr("Drag to draw a line, click to set a mark, right-click to take one back")
        ),
        "search": shared["search"],
        "previous": GestureWords(tr("Previous"), tr("Go back to the unit before")),
        "next": GestureWords(tr("Next"), tr("Go to the unit after, without an answer")),
        "next_todo": GestureWords(tr("Next to do"), tr("Go to the next unit without an answer")),
        "undo": GestureWords(tr("Undo"), tr("Take the last answer back, over sessions")),
        "redo": GestureWords(tr("Redo"), tr("Give again the answer taken back last")),
        "hide": GestureWords(tr("Borders"), tr("Hide or show the borders around the unit")),
        **{name: shared[name] for name in ("references", "other_date", "infrared", "height", "swipe")},
    }


def key_text(key: str) -> str:
    """A key as it is written on a button."""
    return "⌫" if key == "Backspace" else spoken_key(key)


def control_tip(name: str, keys: Mapping[str, str]) -> str:
    """What a gesture does, and its key."""
    key, tip = keys.get(name, ""), control_words()[name].tip
    return f"{tip}  [{key_text(key)}]" if key else tip


def said_text(nomenclature: Nomenclature, code: str | None) -> str:
    """What is said of a cover or a use."""
    if code is None:
        return "–"
    if code == CANNOT_SAY:
        return tr("cannot be said")
    return f"{label_text(nomenclature, code)}  ({code})"


def dimension_text(dimension: Dimension) -> str:
    """Name of the cover or of the use."""
    return tr("Cover") if dimension == "cs" else tr("Use")


def left_text(found: Progress, unconfirmed: Sequence[int] = ()) -> str:
    """What is left before a file is handed back.

    Args:
        found: where the work stands.
        unconfirmed: units whose answer was changed on the screen alone.
    """
    lines = [
        tr("Every unit is answered.")
        if found.is_finished
        else tr("Units without an answer: {} (first: no. {}).").format(found.counts.left, found.left_ids[0])
    ]
    if unconfirmed:
        text = tr("Answers changed and not confirmed: {} (first: no. {}). The earlier answer stays.")
        lines.append(text.format(len(unconfirmed), unconfirmed[0]))
    if found.unsaid:
        lines.append(tr("Units of which cover or use could not be said: {}.").format(found.unsaid))
    return "\n".join(lines)
