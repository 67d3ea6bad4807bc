# SPDX-License-Identifier: GPL-2.0-or-later
"""One page of help: what the gestures are and where the work is kept."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ocsge_common.translation import tr
from ocsge_pi_review.gui.gestures import gesture_words, spoken_key


def help_html(keys: dict[str, str]) -> str:
    """The page, with the keys in force."""
    rows = [("1…9, 0", tr("set the cover under that key"))]
    rows.append(("Alt + 1…6", tr("set the use under that key, one of the most probable here")))
    rows += [
        (spoken_key(keys[name]), f"<b>{words.label}</b>: {words.tip}")
        for name, words in gesture_words().items()
        if keys.get(name)
    ]
    rows.append((tr("Shift + click, Shift + drag"), tr("select polygons: one key then decides them all")))
    table = "".join(f"<tr><td><b>{key}</b>&nbsp;&nbsp;</td><td>{text}</td></tr>" for key, text in rows)
    notes = (
        tr("A click on the map puts any polygon in front, in the queue or not."),
        tr("Polygons of the skeleton (OSSATURE = 1) are locked."),
        tr("Each gesture is in the journal on disk before the layer changes: nothing is lost if QGIS stops."),
        tr(
            "Reviewing needs no backend and no network; only the conformity check and segments of the image "
            "use one."
        ),
        tr("This plugin contains no compiled library and no model."),
    )
    return f"<table>{table}</table>" + "".join(f"<p>{note}</p>" for note in notes)


class HelpDialog(QDialog):
    """Shows a page of help.

    Args:
        keys: gesture to key, for `help_html`.
        page: another page instead.
    """

    def __init__(self, keys: dict[str, str], parent: QWidget | None = None, page: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("OCS GE review: help"))
        self.resize(680, 720)
        browser = QTextBrowser()
        browser.setHtml(page or help_html(keys))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(browser)
        layout.addWidget(buttons)
