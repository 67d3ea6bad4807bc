# SPDX-License-Identifier: GPL-2.0-or-later
"""One button per kind of view, with a list of what it can show, and those of what helps to read the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QMenu, QSizePolicy, QToolButton, QWidget

from inference_backend.contracts.lot import ImageryRole
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.views import ViewSources
from ocsge_pi_review.gui.gesture_bar import KeyedButton
from ocsge_pi_review.gui.gestures import gesture_words, spoken_key, tooltip
from ocsge_pi_review.gui.texts import role_text

HELPS = ("swipe", "references", "neighbour_codes")
"""Gestures with a button below those of the views."""
COLUMNS = 4
ARROW_PX = 18
"""What opens a button's list."""


class ViewButtons(QWidget):
    """Buttons of the views, of swiping, of references and codes.

    Signals:
        toggled(object): the `ImageryRole` whose button was pressed.
        help_pressed(str): a button of `HELPS` was pressed.
        image_wanted(): the lot's own image is to be fetched from its map service.
        source_chosen(object, object): a role, and an `ImageryEntry` or the id of a layer of the project.

    Args:
        roles: the kinds, in order.
        sources: what each can show.
        project: whose rasters can be chosen instead.
        helps: gestures with a button below those of the views.
    """

    toggled = pyqtSignal(object)
    help_pressed = pyqtSignal(str)
    image_wanted = pyqtSignal()
    source_chosen = pyqtSignal(object, object)

    def __init__(
        self,
        roles: Sequence[ImageryRole],
        sources: ViewSources,
        project: QgsProject,
        helps: Sequence[str] = HELPS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sources, self._project = sources, project
        self.buttons = {role: self._button(role) for role in roles}
        self.helps = {name: _plain(name) for name in helps}
        for name, button in self.helps.items():
            button.clicked.connect(partial(self._press_help, name))
        self.image_button = _image_button()
        self.image_button.clicked.connect(lambda: self.image_wanted.emit())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for place, button in enumerate((*self.buttons.values(), *self.helps.values(), self.image_button)):
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Write the keys on the buttons."""
        words = gesture_words()
        named = {role.value: button for role, button in self.buttons.items()}
        for name, button in {**named, **self.helps}.items():
            key = spoken_key(keys.get(name, ""))
            button.say(words[name].label, key)
            button.setToolTip(tooltip(name, keys))

    def mark(self, shown: Iterable[ImageryRole], is_swiping: bool) -> None:
        """Show which views are on."""
        on = set(shown)
        for role, button in self.buttons.items():
            button.setChecked(role in on)
        self.helps["swipe"].setChecked(is_swiping)

    def mark_help(self, name: str, is_on: bool) -> None:
        """Show whether references or codes are on the map."""
        self.helps[name].setChecked(is_on)

    def offer_image(self, is_offered: bool) -> None:
        """Whether the lot has an image that waits to be fetched."""
        self.image_button.setVisible(is_offered)

    def _button(self, role: ImageryRole) -> KeyedButton:
        button = _plain(role.value)
        button.edges_px += ARROW_PX
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(partial(self._fill, menu, role))
        button.setMenu(menu)
        button.clicked.connect(partial(self._press, role))
        return button

    def _press(self, role: ImageryRole, _checked: bool = False) -> None:
        self.toggled.emit(role)

    def _press_help(self, name: str, is_checked: bool = False) -> None:
        # Whether it stays pressed is for the map to say.
        self.helps[name].setChecked(not is_checked)
        self.help_pressed.emit(name)

    @guarded
    def _fill(self, menu: QMenu, role: ImageryRole) -> None:
        """What the view can show, as it stands when the list opens."""
        menu.clear()
        chosen = self._sources.chosen(role)
        for entry in self._sources.of(role):
            title = " ".join(part for part in (entry.title, entry.millesime) if part) or role_text(role)
            self._add(menu, role, title, entry, entry == chosen)
        rasters = [layer for layer in self._project.mapLayers().values() if isinstance(layer, QgsRasterLayer)]
        if rasters:
            menu.addSection(tr("Layers of the project"))
        for layer in rasters:
            self._add(menu, role, layer.name(), layer.id(), layer.id() == chosen)
        if menu.isEmpty():
            menu.addAction(tr("No image of this kind in the lot, no raster layer in the project")).setEnabled(
                False
            )

    def _add(self, menu: QMenu, role: ImageryRole, title: str, source: object, is_chosen: bool) -> None:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(is_chosen)
        action.triggered.connect(lambda _checked=False: self.source_chosen.emit(role, source))


def _image_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("lot_image_button")
    button.setText(tr("Image of the lot"))
    button.setToolTip(tr("Fetch the image of the lot from its map service and lay it under the polygons"))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.hide()
    return button


def _plain(name: str) -> KeyedButton:
    button = KeyedButton()
    button.setObjectName(f"{name}_view_button")
    button.say(gesture_words()[name].label, "")
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return button
