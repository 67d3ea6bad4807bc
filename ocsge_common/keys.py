# SPDX-License-Identifier: GPL-2.0-or-later
"""Single-letter keys in a window where QGIS has shortcuts of its own.

Qt sends `ShortcutOverride` to the focused widget and its parents before it looks at shortcuts; accepting it
turns the key into a normal key press, which this filter then takes. A line edit accepts it first, so typing
a text never triggers a gesture.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import QWidget

from .slots import guarded

AZERTY_DIGITS = dict(zip("&é\"'(-è_çà", "1234567890"))
"""What the digit keys of a French keyboard give without Shift."""
_LAST_LATIN = 0x100
"""Qt's numbers of keys that type a Latin-1 character are those of its capital letter; others are higher."""


class KeyFilter(QObject):
    """Calls an action when its key is pressed in one of the watched widgets or below.

    Keys are written as `QKeySequence` does: `Space`, `Return`, `D`, `1`, `?`, `Ctrl+Right`, `Ctrl+Shift+Z`.
    A digit also answers to the same key of a French keyboard, with or without Shift, and so does Alt with it.

    Args:
        parent: owner.
        bindings: key to action; an action that raises is reported, not propagated.
        is_active: asked at each key; False leaves the key to QGIS.
    """

    def __init__(
        self,
        parent: QObject,
        bindings: Mapping[str, Callable[[], object]],
        is_active: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(parent)
        self._is_active = is_active
        self._watched: list[QWidget] = []
        self.set_bindings(bindings)

    def set_bindings(self, bindings: Mapping[str, Callable[[], object]]) -> None:
        """Replace all bindings."""
        self._actions = {_normalise(key): action for key, action in bindings.items()}

    def watch(self, widget: QWidget) -> None:
        """Take keys pressed in `widget` and its children."""
        widget.installEventFilter(self)
        self._watched.append(widget)

    def stop(self) -> None:
        """Leave every widget; safe to call again."""
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim bound keys, then run their action once, without auto-repeat."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        action = self._action_of(event)
        if action is None or not self._is_active():
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            guarded(action)()
        return True

    def _action_of(self, event: QKeyEvent) -> Callable[..., object] | None:
        for key in _names(event):
            if key in self._actions:
                return self._actions[key]
        return None


@functools.lru_cache(maxsize=512)
def _normalise(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _names(event: QKeyEvent) -> list[str]:
    """Every way to write the pressed key, the exact one first."""
    key = event.key()
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    names = [_name(modifiers, key)]
    bare = _name(modifiers & ~Qt.KeyboardModifier.ShiftModifier, key)
    # Shift is part of how `?` or a French digit is typed, not of the binding.
    if bare and not bare[-1].isalpha():
        names.append(bare)
    digit = AZERTY_DIGITS.get(event.text().lower())
    if digit and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
        names.append(digit)
    # With Alt, what a key types depends on the system; which key it is does not.
    digit = AZERTY_DIGITS.get(chr(key).lower()) if key < _LAST_LATIN else None
    if digit and modifiers & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.AltModifier:
        names.append(f"Alt+{digit}")
    return names


def _name(modifiers: Qt.KeyboardModifier, key: int) -> str:
    number = getattr(modifiers, "value", modifiers)  # an enum in Qt6, an integer in Qt5
    return QKeySequence(int(number) | int(key)).toString(QKeySequence.SequenceFormat.PortableText)
