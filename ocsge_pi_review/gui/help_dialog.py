# SPDX-License-Identifier: GPL-2.0-or-later
"""One page of help: what the gestures are and where the work is kept."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ocsge_common.translation import tr


def help_html(keys: dict[str, str]) -> str:
    """The page, with the keys in force."""
    rows = (
        (keys["accept"], tr("accept the proposal, go to the next item")),
        ("1…9, 0", tr("set the cover under that key")),
        (keys["runner_up"], tr("take the second choice of the model")),
        (keys["use"], tr("then a key: set the use")),
        (keys["merge"], tr("then click a neighbour: it absorbs the polygon")),
        (keys["split"], tr("then draw a line: left clicks, right click cuts")),
        (f"{keys['next']} / {keys['previous']}", tr("next / previous item")),
        (keys["next_todo"], tr("next item that nobody has decided")),
        (keys["comment"], tr("comment, postpone, ask the controller")),
        (f"{keys['undo']} / {keys['redo']}", tr("undo / redo, over saves and sessions")),
        (f"{keys['colours']} / {keys['hide']}", tr("colours by cover or use / hide them")),
        ("Esc", tr("give up the gesture begun")),
    )
    table = "".join(f"<tr><td><b>{key}</b>&nbsp;&nbsp;</td><td>{text}</td></tr>" for key, text in rows)
    notes = (
        tr("A click on the map puts any polygon in front, in the queue or not."),
        tr("Polygons of the skeleton (OSSATURE = 1) are locked."),
        tr("Each gesture is in the journal on disk before the layer changes: nothing is lost if QGIS stops."),
        tr("Reviewing needs no backend and no network; only the conformity check starts one."),
        tr("This plugin contains no compiled library and no model."),
    )
    return f"<table>{table}</table>" + "".join(f"<p>{note}</p>" for note in notes)


class HelpDialog(QDialog):
    """Shows `help_html`."""

    def __init__(self, keys: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("OCS GE review: help"))
        self.resize(560, 460)
        browser = QTextBrowser()
        browser.setHtml(help_html(keys))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(browser)
        layout.addWidget(buttons)
