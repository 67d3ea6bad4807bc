# SPDX-License-Identifier: GPL-2.0-or-later
"""The dock: queue, tools, palette, what is left to label. It shows and asks; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qgis.core import QgsApplication
from qgis.gui import QgsDockWidget
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QLocale, QModelIndex, QSignalBlocker, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSlider,
    QSpinBox,
    QTableView,
    QToolButton,
    QWidget,
)

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.project_layers import state_label
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.brush import MAX_SIZE_PX, MIN_SIZE_PX
from ocsge_annotator.domain.campaign import count_done
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.gui.class_palette import ClassPalette
from ocsge_annotator.gui.gestures import Gesture, shown_key, tooltip
from ocsge_annotator.gui.patch_table import PatchTable
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
TOOLS = ("brush", "eraser", "polygon", "fill")
THEME_ICONS = {
    "undo": "mActionUndo.svg",
    "redo": "mActionRedo.svg",
    "labels": "mActionShowAllLayers.svg",
    "view": "mActionZoomToArea.svg",
    "previous": "mActionArrowLeft.svg",
    "next": "mActionArrowRight.svg",
    "submit": "mActionAllEdits.svg",
    "open": "mActionFileOpen.svg",
    "create": "mActionFileNew.svg",
    "predict": "mActionStart.svg",
}


def icon(name: str) -> QIcon:
    """Icon of a gesture, ours or QGIS's."""
    if name in THEME_ICONS:
        return QgsApplication.getThemeIcon(THEME_ICONS[name])
    return QIcon(str(RESOURCES / "icons" / f"{name}.svg"))


class AnnotatorDock(QgsDockWidget):
    """What the annotator sees besides the map.

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
    patch_view: QTableView
    submit_button: QPushButton
    patch_label: QLabel
    brush_label: QLabel
    brush_slider: QSlider
    brush_spin: QSpinBox
    opacity_label: QLabel
    opacity_slider: QSlider
    opacity_spin: QSpinBox
    keep_box: QCheckBox
    palette_frame: QFrame
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
        body = QWidget(self)
        uic.loadUi(str(RESOURCES / "ui" / "annotator_dock.ui"), body)
        self.body = body
        for widget in body.findChildren(QWidget):
            if widget.objectName() in self.__annotations__:
                setattr(self, widget.objectName(), widget)
        self.setWidget(body)
        self.palette_view = ClassPalette(body)
        body.findChild(QFrame, "palette_frame").layout().addWidget(self.palette_view)
        self.table = PatchTable(session, self)
        self._set_up_table()
        self._set_up_sizes()
        self.set_gestures(gestures)
        self._connect()
        self.show_campaign()

    # Set-up

    def set_gestures(self, gestures: Mapping[str, Gesture]) -> None:
        """Icons, texts and tooltips of the buttons, with the keys in force."""
        for name, gesture in gestures.items():
            self.button(name).setToolTip(tooltip(gesture))
            self.button(name).setText(gesture.label)
        for button, hint in (
            (self.open_button, tr("Open a campaign…")),
            (self.create_button, tr("Create a campaign…")),
            (self.predict_button, tr("Predict and pre-label…")),
        ):
            button.setToolTip(hint)
        self.submit_button.setText(f"{gestures['submit'].label} ({shown_key(gestures['submit'])})")
        self.hole_button.setText(f"{gestures['hole'].label} ({shown_key(gestures['hole'])})")

    def button(self, name: str) -> QAbstractButton:
        """The button of a gesture."""
        return self.body.findChild(QAbstractButton, f"{name}_button")

    def _set_up_table(self) -> None:
        view = self.patch_view
        view.setModel(self.table)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(22)
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)

    def _set_up_sizes(self) -> None:
        settings = self._session.settings
        self.brush_label.setText(tr("Brush"))
        self.opacity_label.setText(tr("Opacity"))
        self.keep_box.setText(tr("Paint only where there is no label"))
        for slider, spin, low, high, value, suffix in (
            (self.brush_slider, self.brush_spin, MIN_SIZE_PX, MAX_SIZE_PX, self._session.brush_px, " px"),
            (self.opacity_slider, self.opacity_spin, 0, 100, settings.opacity_percent, " %"),
        ):
            for widget in (slider, spin):
                widget.setRange(low, high)
                widget.setValue(value)
                widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            spin.setSuffix(suffix)
            slider.valueChanged.connect(spin.setValue)
            spin.valueChanged.connect(slider.setValue)
        self.keep_box.setChecked(self._session.keep_labelled)
        for name in (*TOOLS, *THEME_ICONS, "next_open", "hole"):
            button = self.button(name)
            button.setIcon(icon(name))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if isinstance(button, QToolButton):
                button.setIconSize(QSize(22, 22))
                button.setAutoRaise(name not in TOOLS)
                button.setCheckable(name in (*TOOLS, "labels"))
        self.button("labels").setChecked(True)

    def _connect(self) -> None:
        for name in (*TOOLS, *THEME_ICONS, "next_open", "hole"):
            self.button(name).clicked.connect(lambda _checked=False, name=name: self.asked.emit(name))
        self.palette_view.chosen.connect(self._session.choose_class)
        self.brush_spin.valueChanged.connect(self._session.choose_brush)
        self.opacity_spin.valueChanged.connect(self.opacity_chosen)
        self.keep_box.toggled.connect(self._session.protect)
        self.patch_view.clicked.connect(self._on_row)
        self._session.campaign_changed.connect(self.show_campaign)
        self._session.patch_changed.connect(self.show_patch)
        self._session.patches_changed.connect(self.show_progress)
        self._session.gesture_done.connect(self.show_labels)
        self._session.choice_changed.connect(self.show_choice)

    @guarded
    def _on_row(self, index: QModelIndex) -> None:
        self._session.go_to(index.row())

    # Showing

    @guarded
    def show_campaign(self) -> None:
        """Name, queue and classes of the campaign."""
        campaign = self._session.campaign
        self.campaign_label.setText(
            f"<b>{campaign.name}</b>" if campaign is not None else tr("Open or create a campaign to begin.")
        )
        self.table.reload()
        self.palette_view.show_classes(campaign.classes if campaign is not None else ())
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
        if patches:
            self.table.refresh()
        self._show_patch_line()

    @guarded
    def show_patch(self) -> None:
        """The patch in hand."""
        row = self._session.index
        self.patch_view.setCurrentIndex(self.table.index(row, 0))
        self.patch_view.scrollTo(self.table.index(row, 0))
        self.cursor_label.setText(" ")
        self._show_patch_line()
        self.show_choice()
        self.show_labels()

    @guarded
    def show_labels(self) -> None:
        """What is labelled and what is left."""
        opened = self._session.opened
        labels = opened.editor.labels if opened is not None else None
        left = opened.editor.unlabelled_px if opened is not None else 0
        self.palette_view.show_shares(labels)
        self.table.refresh()
        share = 0.0 if labels is None else 100 * (1 - left / labels.size)
        self.labelled_bar.setRange(0, 1000)
        self.labelled_bar.setValue(int(10 * share))
        self.labelled_bar.setFormat(tr("{} % labelled").format(QLocale().toString(share, "f", 1)))
        self.hole_label.setText(
            tr("Every pixel has its class")
            if labels is not None and not left
            else tr("{} px left").format(f"{left:,}".replace(",", " "))
        )
        self.hole_button.setEnabled(left > 0)
        self.button("undo").setEnabled(opened is not None and opened.editor.can_undo)
        self.button("redo").setEnabled(opened is not None and opened.editor.can_redo)

    @guarded
    def show_choice(self) -> None:
        """Class, brush and protection in force."""
        self.palette_view.choose(self._session.value)
        for widget, value in (
            (self.brush_spin, self._session.brush_px),
            (self.brush_slider, self._session.brush_px),
        ):
            with QSignalBlocker(widget):
                widget.setValue(value)
        with QSignalBlocker(self.keep_box):
            self.keep_box.setChecked(self._session.keep_labelled)

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
        self.predict_button.setIcon(
            QgsApplication.getThemeIcon("mActionStop.svg") if running else icon("predict")
        )
        self.predict_button.setToolTip(tr("Stop the prediction") if running else tr("Predict and pre-label…"))

    @guarded
    def show_tool(self, name: str) -> None:
        """Tool in hand."""
        for tool in TOOLS:
            self.button(tool).setChecked(tool == name)

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
