# SPDX-License-Identifier: GPL-2.0-or-later
"""Telling the user: the message bar for what matters now, the log panel for everything.

A plugin makes one `MessageLog` in `initGui` and publishes it with `use_log`; `report_error` and the slots
decorated with `guarded` find it there, unless their object has its own in an attribute `messages`.
"""

from __future__ import annotations

import traceback
from html import escape

from qgis.core import Qgis, QgsMessageLog
from qgis.gui import QgsMessageBar, QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QMessageBox, QPushButton, QWidget

from inference_backend.contracts.errors import OcsgeError

from .translation import tr, user_language

SHOWN_S = 6
"""How long a message that asks for nothing stays, s."""
LONGEST = 100
"""Characters of a text that QGIS's bar shows whole beside a dock: it has one line, and half of a second."""


class MessageLog:
    """Where one plugin speaks to its user.

    Args:
        tag: title of the messages and name of the panel in QGIS's log.
        bar: QGIS's message bar; None (Processing, tests) keeps to the log.
    """

    def __init__(self, tag: str, bar: QgsMessageBar | None = None) -> None:
        self.tag = tag
        self._bar = bar
        self._standing: dict[str, QgsMessageBarItem] = {}

    def info(self, text: str) -> None:
        """Say something that may be missed."""
        self._say(text, Qgis.MessageLevel.Info, SHOWN_S)

    def success(self, text: str) -> None:
        """Say that something asked for is done."""
        self._say(text, Qgis.MessageLevel.Success, SHOWN_S)

    def warning(self, text: str) -> None:
        """Say something that stays until closed."""
        self._say(text, Qgis.MessageLevel.Warning, 0)

    def push(self, widget: QWidget) -> None:
        """Put a widget into the message bar until the user closes it; without a bar nobody sees it."""
        if self._bar is not None:
            self._bar.pushWidget(widget, Qgis.MessageLevel.NoLevel, 0)

    def debug(self, text: str) -> None:
        """Write to the log panel alone."""
        QgsMessageLog.logMessage(text, self.tag, Qgis.MessageLevel.Info, notifyUser=False)

    def report(self, error: BaseException) -> str:
        """Show an error in the user's language, in the place of the last one of its kind.

        The log has the traceback of whatever is no plain refusal of ours.

        Returns:
            The text shown.
        """
        if not isinstance(error, OcsgeError) or error.__cause__ is not None:
            self.debug("".join(traceback.format_exception(type(error), error, error.__traceback__)))
        if isinstance(error, OcsgeError):
            text = error.text(user_language())
            self._say(text, Qgis.MessageLevel.Warning, 0, kind=type(error).__name__)
        else:
            text = tr("Unexpected error: {}. The details are in the log panel, tab {}.").format(
                type(error).__name__, self.tag
            )
            self._say(text, Qgis.MessageLevel.Critical, 0)
        return text

    def _say(self, text: str, level: Qgis.MessageLevel, duration_s: int, kind: str = "") -> None:
        QgsMessageLog.logMessage(text, self.tag, level, notifyUser=False)
        if self._bar is None:
            return
        # Whoever is refused ten times in an hour should not have ten messages to close.
        self._standing = {key: item for key, item in self._standing.items() if not sip.isdeleted(item)}
        earlier = self._standing.pop(kind or text, None)
        if earlier is not None:
            self._bar.popWidget(earlier)
        # The bar takes everything for HTML, and texts name files and values that come from outside.
        shown = escape(text, quote=False)
        if len(text) > LONGEST:
            item = QgsMessageBarItem(self.tag, shown, self._more(text), level, duration_s)
        else:
            item = QgsMessageBarItem(self.tag, shown, level, duration_s)
        self._standing[kind or text] = item
        self._bar.pushItem(item)

    def _more(self, text: str) -> QPushButton:
        """A button that shows a text whole, from where it can be copied."""
        button = QPushButton(tr("Read all…"))
        button.clicked.connect(lambda: _show_whole(self.tag, text, button.window()))
        return button


def _show_whole(title: str, text: str, window: QWidget) -> None:
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, "", QMessageBox.StandardButton.Close, window)
    box.setTextFormat(Qt.TextFormat.PlainText)  # texts name files and values that come from outside
    box.setText(text)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


_published: list[MessageLog] = []


def use_log(log: MessageLog | None) -> None:
    """Publish the plugin's log; None withdraws it (in `unload`)."""
    _published[:] = [] if log is None else [log]


def current_log() -> MessageLog:
    """The published log, or one that reaches only the log panel."""
    return _published[0] if _published else MessageLog("OCS GE")


def report_error(error: BaseException, log: MessageLog | None = None) -> str:
    """Show an error on `log`, by default the published one; returns the text shown."""
    return (log or current_log()).report(error)
