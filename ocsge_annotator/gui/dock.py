# SPDX-License-Identifier: GPL-2.0-or-later
"""The dock: campaign, panels, what is left to label. It shows and asks; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.gui import QgsDockWidget
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QLocale, QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.project_layers import state_label
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.campaign import count_done
from ocsge_annotator.domain.holes import labelled_share
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.gui.gestures import Gesture, shown_key, tooltip
from ocsge_annotator.gui.icons import RESOURCES, icon
from ocsge_annotator.gui.panel import Panel
from ocsge_annotator.gui.panels.classes import ClassesPanel
from ocsge_annotator.gui.panels.queue import QueuePanel
from ocsge_annotator.gui.panels.tools import ToolsPanel
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

SHARES_DELAY_MS = 150
MOST_WIDTH_PX = 460
"""Width that no panel may ask for more than: a quarter of a common screen."""
CAMPAIGN_BUTTONS = ("open", "create", "predict")


class AnnotatorDock(QgsDockWidget):
    """What the annotator sees besides the map.

    Whoever brings a tool adds a panel of its own with `add_panel`. A button called `<gesture>_button` in it
    gets icon, text and tooltip of that gesture, and asks for it.

    Signals:
        asked(str): name of a gesture, or `open`, `create`, `predict`, whose button was pressed.
        opacity_chosen(int): percent.

    Args:
        session: the work.
        gestures: all gestures with their keys.
        parent: owner.
    """

    asked = pyqtSignal(str)
    opacity_chosen = pyqtSignal(int)

    campaign_label: QLabel
    campaign_bar: QProgressBar
    patch_label: QLabel
    submit_button: QPushButton
    panel_area: QScrollArea
    cursor_label: QLabel
    labelled_bar: QProgressBar
    hole_label: QLabel
    hole_button: QPushButton
    open_button: QToolButton
    create_button: QToolButton
    predict_button: QToolButton

    def __init__(
        self, session: AnnotationSession, gestures: Mapping[str, Gesture], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("OCS GE annotation"), parent)
        self.setObjectName("OcsgeAnnotatorDock")
        self._session = session
        self._gestures: Mapping[str, Gesture] = {}
        self._wired: set[str] = set()
        self.panels: dict[str, Panel] = {}
        self.body = QWidget(self)
        uic.loadUi(str(RESOURCES / "ui" / "annotator_dock.ui"), self.body)
        for widget in self.body.findChildren(QWidget):
            if widget.objectName() in self.__annotations__:
                setattr(self, widget.objectName(), widget)
        self.setWidget(self.body)
        self._panel_layout: QVBoxLayout = self.panel_area.widget().layout()
        self._panel_layout.setStretch(self._panel_layout.count() - 1, 1)  # room to spare, below the panels
        self.tools_panel = ToolsPanel(session)
        self.classes_panel = ClassesPanel(session)
        self.queue_panel = QueuePanel(session)
        self.add_panel("tools", tr("Tools"), self.tools_panel)
        self.add_panel("classes", tr("Classes"), self.classes_panel)
        self.add_panel("queue", tr("Patches"), self.queue_panel)
        # Counting classes and redrawing bars take longer than a stroke may: they wait until the hand rests.
        self._shares_timer = QTimer(self)
        self._shares_timer.setSingleShot(True)
        self._shares_timer.setInterval(SHARES_DELAY_MS)
        self._shares_timer.timeout.connect(self.show_shares)
        self._set_up_buttons()
        self.set_gestures(gestures)
        self._connect()
        self.show_campaign()

    # Set-up

    def add_panel(self, name: str, title: str, content: QWidget, *, is_open: bool = True) -> Panel:
        """Add a panel under those that are there.

        Args:
            name: in code and settings.
            title: translated.
            content: what it shows.
            is_open: whether it is unfolded until the user folds it.
        """
        panel = Panel(name, title, content, is_open=is_open)
        self._panel_layout.insertWidget(len(self.panels), panel)
        self.panels[name] = panel
        self._wire_buttons()
        self._fit_width()
        return panel

    def _fit_width(self) -> None:
        """Never narrower than the panels: they scroll downwards alone."""
        area = self.panel_area
        needed = area.widget().minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width()
        area.setMinimumWidth(min(needed, MOST_WIDTH_PX))

    def set_gestures(self, gestures: Mapping[str, Gesture]) -> None:
        """Icons, texts and tooltips of the buttons, with the keys in force."""
        self._gestures = gestures
        self.tools_panel.make_buttons(gestures)
        self._wire_buttons()
        self._fit_width()

    def button(self, name: str) -> QAbstractButton | None:
        """The button of a gesture."""
        return self.body.findChild(QAbstractButton, f"{name}_button")

    def _wire_buttons(self) -> None:
        for name, gesture in self._gestures.items():
            button = self.button(name)
            if button is None:
                continue
            button.setToolTip(tooltip(gesture))
            button.setText(
                f"{gesture.label} ({shown_key(gesture)})"
                if isinstance(button, QPushButton) and gesture.key
                else gesture.label
            )
            if name not in self._wired:
                self._wire(name, button)

    def _wire(self, name: str, button: QAbstractButton) -> None:
        if button.icon().isNull():
            button.setIcon(icon(name))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _checked=False: self.asked.emit(name))
        self._wired.add(name)

    def _set_up_buttons(self) -> None:
        for button, hint in (
            (self.open_button, tr("Open a campaign…")),
            (self.create_button, tr("Create a campaign…")),
            (self.predict_button, tr("Predict and pre-label…")),
        ):
            button.setToolTip(hint)
        for name in CAMPAIGN_BUTTONS:
            self._wire(name, self.button(name))
        for name in (*CAMPAIGN_BUTTONS, "previous", "next", "next_open"):
            button = self.button(name)
            button.setIconSize(QSize(22, 22))
            button.setAutoRaise(True)

    def _connect(self) -> None:
        self.tools_panel.opacity_chosen.connect(self.opacity_chosen)
        self._session.campaign_changed.connect(self.show_campaign)
        self._session.patch_changed.connect(self.show_patch)
        self._session.patches_changed.connect(self.show_progress)
        self._session.gesture_done.connect(self.show_labels)

    # Showing

    @guarded
    def show_campaign(self) -> None:
        """Name and classes of the campaign."""
        campaign = self._session.campaign
        self.campaign_label.setText(
            f"<b>{campaign.name}</b>" if campaign is not None else tr("Open or create a campaign to begin.")
        )
        self.classes_panel.show_classes()
        self.predict_button.setEnabled(campaign is not None)
        self.show_progress()
        self.show_patch()

    @guarded
    def show_progress(self) -> None:
        """States of the patches."""
        patches = self._session.patches
        done = count_done(patches)
        self.campaign_bar.setRange(0, max(1, len(patches)))
        self.campaign_bar.setValue(done)
        self.campaign_bar.setFormat(tr("{} of {} patches done").format(done, len(patches)))
        self._show_patch_line()

    @guarded
    def show_patch(self) -> None:
        """The patch in hand."""
        self.cursor_label.setText(" ")
        self._show_patch_line()
        self.show_labels()

    @guarded
    def show_labels(self) -> None:
        """What is labelled and what is left."""
        opened = self._session.opened
        labels = opened.editor.labels if opened is not None else None
        left = opened.editor.unlabelled_px if opened is not None else 0
        self._shares_timer.start()
        self.hole_label.setText(
            tr("Every pixel has its class")
            if labels is not None and not left
            else tr("{} px left").format(f"{left:,}".replace(",", " "))
        )
        self.hole_button.setEnabled(left > 0)
        self.button("undo").setEnabled(opened is not None and opened.editor.can_undo)
        self.button("redo").setEnabled(opened is not None and opened.editor.can_redo)

    @guarded
    def show_shares(self) -> None:
        """Share of each class, of what is labelled, and of the patch in the queue."""
        opened = self._session.opened
        if opened is not None and opened.editor.is_in_gesture:
            self._shares_timer.start()
            return
        labels = None if opened is None else opened.editor.labels
        self.classes_panel.palette_view.show_shares(labels)
        self.queue_panel.table.refresh()
        share = 0.0 if labels is None else 100 * labelled_share(labels)
        self.labelled_bar.setRange(0, 1000)
        self.labelled_bar.setValue(int(10 * share))
        self.labelled_bar.setFormat(tr("{} % labelled").format(QLocale().toString(share, "f", 1)))

    @guarded
    def show_hover(self, point: PixelPoint) -> None:
        """Class under the mouse."""
        value = self._session.value_at(point)
        if value is None:
            text = tr("Outside the patch")
        elif value == UNLABELLED:
            text = tr("no label")
        else:
            entry = next((c for c in self._session.campaign.classes if c.value == value), None)
            text = str(value) if entry is None else entry.label(user_language())
        self.cursor_label.setText(tr("Under the mouse: {}").format(f"<b>{text}</b>"))

    def show_running(self, running: bool) -> None:
        """Whether a prediction runs; its button then stops it."""
        self.predict_button.setIcon(icon("stop" if running else "predict"))
        self.predict_button.setToolTip(tr("Stop the prediction") if running else tr("Predict and pre-label…"))

    @guarded
    def show_tool(self, name: str) -> None:
        """Tool in hand."""
        self.tools_panel.show_tool(name)

    def _show_patch_line(self) -> None:
        patch, total = self._session.patch, len(self._session.patches)
        if patch is None:
            self.patch_label.setText("")
            return
        self.patch_label.setText(
            tr("Patch {} of {}: {} – {}").format(
                f"<b>{patch.rank}</b>", total, patch.patch_id, state_label(patch.state)
            )
        )
