# SPDX-License-Identifier: GPL-2.0-or-later
"""What the gestures of the tools do that take no tool in hand: limits, tidying, copying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.copied_labels import copy_labels
from ocsge_annotator.domain.limits import Limits
from ocsge_annotator.gui.copy_dialog import CopyDialog
from ocsge_annotator.gui.dock import AnnotatorDock
from ocsge_common.messages import MessageLog
from ocsge_common.translation import tr


class ToolBench(Protocol):
    """What these gestures need of the canvas."""

    def toggle_labels(self) -> bool:
        """Show or hide the labels; whether they are now visible."""

    def toggle_outlines(self) -> bool:
        """Show the labels as outlines or filled; whether they are now outlines."""

    def value_under_mouse(self) -> int | None:
        """Label under the mouse."""


class ToolActions:
    """Gestures that change how tools work, or the labels at once.

    Args:
        session: the work.
        dock: shows what is on.
        bench: the canvas.
        messages: where the user is told.
    """

    def __init__(
        self, session: AnnotationSession, dock: AnnotatorDock, bench: ToolBench, messages: MessageLog
    ) -> None:
        self._session, self._dock, self._bench, self._messages = session, dock, bench, messages
        self._mappings: dict[tuple[str, str, str], int] = {}

    def actions(self) -> dict[str, Callable[[], object]]:
        """What each gesture does, by name."""
        return {
            "labels": self._toggle_labels,
            "outlines": self._toggle_outlines,
            "swap": self._session.choose_previous_class,
            "keep": lambda: self._flip("keep_labelled"),
            "stay": lambda: self._flip("within_segment"),
            "same": lambda: self._flip("same_class"),
            "over": self._toggle_over,
            "smooth": lambda: self._tidy("smooth"),
            "gaps": lambda: self._tidy("gaps"),
            "specks": lambda: self._tidy("specks"),
            "copy": self._copy,
        }

    def _toggle_labels(self) -> None:
        self._dock.button("labels").setChecked(self._bench.toggle_labels())

    def _toggle_outlines(self) -> None:
        self._dock.button("outlines").setChecked(self._bench.toggle_outlines())

    def _flip(self, limit: str) -> None:
        limits: Limits = self._session.limits
        self._session.limit(replace(limits, **{limit: not getattr(limits, limit)}))

    def _toggle_over(self) -> None:
        """Limit painting to the class under the mouse, to the chosen one without mouse; again: no limit."""
        limits = self._session.limits
        if limits.only_over is not None:
            wanted = None
        else:
            wanted = self._bench.value_under_mouse()
            wanted = self._session.value if wanted is None else wanted
        self._session.limit(replace(limits, only_over=wanted))

    def _tidy(self, way: str) -> None:
        if self._session.opened is None:
            return
        gestures = self._session.opened.editor.gestures
        self._session.tidy(way)
        if self._session.opened.editor.gestures == gestures:
            self._messages.info(tr("There is nothing to tidy."))

    def _copy(self) -> None:
        """Ask what to take over from which layer, then do it as one gesture."""
        opened = self._session.opened
        if opened is None:
            return
        dialog = CopyDialog(self._session, self._mappings, self._dock)
        if dialog.exec():
            labels = copy_labels(opened.editor.labels, dialog.values, dialog.mapping)
            self._session.replace(labels, "copy")
        dialog.deleteLater()
