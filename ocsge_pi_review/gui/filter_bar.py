# SPDX-License-Identifier: GPL-2.0-or-later
"""Which items of the queue are wanted: buttons with lists to tick, one for each kind of condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtWidgets import (
    QAction,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
    QWidgetAction,
)

from inference_backend.contracts.lot import ItemState, Reason
from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.gui.swatch import swatch_icon
from ocsge_pi_review.gui.texts import reason_text, state_text

SHOWN_STATES = tuple(state for state in ItemState if state is not ItemState.GONE)
"""States to choose from: an absorbed polygon is no work."""
TREE_SIZE = QSize(360, 420)
Box = tuple[float, float, float, float]


class StayingMenu(QMenu):
    """A menu that stays open while its entries are ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick, and stay."""
        action = self.actionAt(event.pos())
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
            return
        super().mouseReleaseEvent(event)


class TickList(QToolButton):
    """A button with a list of values to tick.

    Signals:
        changed(): other values are ticked.

    Args:
        title: translated; the number of ticked values follows it.
    """

    changed = pyqtSignal()

    def __init__(self, title: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values: dict[QAction, object] = {}
        self._list = StayingMenu(self)
        self.setMenu(self._list)
        self._show_title()

    def offer(self, values: Mapping[object, str]) -> None:
        """Give the values and their texts; those ticked before stay ticked."""
        kept = set(self.chosen)
        self._list.clear()
        self._values = {}
        for value, text in values.items():
            action = self._list.addAction(text)
            action.setCheckable(True)
            action.setChecked(value in kept)
            action.toggled.connect(self._on_ticked)
            self._values[action] = value
        self._show_title()

    @property
    def chosen(self) -> tuple[object, ...]:
        """The values ticked."""
        return tuple(value for action, value in self._values.items() if action.isChecked())

    def choose(self, values: Iterable[object]) -> None:
        """Tick these values and no others, without telling."""
        wanted = set(values)
        for action, value in self._values.items():
            action.blockSignals(True)
            action.setChecked(value in wanted)
            action.blockSignals(False)
        self._show_title()

    @guarded
    def _on_ticked(self) -> None:
        self._show_title()
        self.changed.emit()

    def _show_title(self) -> None:
        chosen = [action.text() for action in self._values if action.isChecked()]
        mark_filter(self, self.title, chosen)


class BranchTree(QToolButton):
    """A button with the tree of cover and use; a branch stands for everything below it.

    Signals:
        changed(): other branches are ticked.
    """

    changed = pyqtSignal()

    def __init__(self, title: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setMinimumSize(TREE_SIZE)
        self.tree.itemChanged.connect(self._on_ticked)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self.tree)
        menu = QMenu(self)
        menu.addAction(holder)
        self.setMenu(menu)
        mark_filter(self, title, [])

    def offer(self, nomenclature: Nomenclature) -> None:
        """Show the branches of a nomenclature, none ticked."""
        self.tree.blockSignals(True)
        self.tree.clear()
        made: dict[str, QTreeWidgetItem] = {}
        for code in nomenclature.codes:
            item = QTreeWidgetItem([f"{code.code}  {code.label(user_language())}"])
            item.setData(0, Qt.ItemDataRole.UserRole, code.code)
            item.setCheckState(0, Qt.CheckState.Unchecked)
            item.setIcon(0, swatch_icon(nomenclature, code.code))
            parent = made.get(code.parent or "")
            (self.tree.addTopLevelItem if parent is None else parent.addChild)(item)
            made[code.code] = item
        self.tree.expandToDepth(0)
        self.tree.blockSignals(False)
        mark_filter(self, self.title, [])

    def chosen(self, dimension: Dimension) -> tuple[str, ...]:
        """The highest ticked codes of a dimension."""
        found: list[str] = []
        for place in range(self.tree.topLevelItemCount()):
            _highest(self.tree.topLevelItem(place), found)
        return tuple(code for code in found if code.lower().startswith(dimension))

    def clear(self) -> None:
        """Tick nothing, without telling."""
        self.tree.blockSignals(True)
        for place in range(self.tree.topLevelItemCount()):
            _tick_below(self.tree.topLevelItem(place), Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)
        mark_filter(self, self.title, [])

    @guarded
    def _on_ticked(self, item: QTreeWidgetItem) -> None:
        self.tree.blockSignals(True)
        _tick_below(item, item.checkState(0))
        while item.checkState(0) == Qt.CheckState.Unchecked and item.parent() is not None:
            item = item.parent()
            item.setCheckState(0, Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)
        mark_filter(self, self.title, [*self.chosen("cs"), *self.chosen("us")])
        self.changed.emit()


class FilterBar(QWidget):
    """The conditions of a queue.

    Signals:
        changed(object): the `ItemFilter` wanted now.

    Args:
        view_box: the box of the map in the lot's CRS, asked for when the view is taken as a condition.
        communes: the communes of the lot, asked for when their list opens.
    """

    changed = pyqtSignal(object)

    def __init__(
        self,
        view_box: Callable[[], Box | None],
        communes: Callable[[], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_box, self._read_communes = view_box, communes
        self._box: Box | None = None
        self.states = TickList(tr("State"), tr("Only items in these states"), self)
        self.reasons = TickList(tr("Reason"), tr("Only items with one of these reasons"), self)
        self.classes = BranchTree(tr("Class"), tr("Only items whose proposal is in these branches"), self)
        self.communes = TickList(tr("Commune"), tr("Only items in these communes"), self)
        self.view_button = _button(tr("View"), tr("Only items in the part of the map that is in sight now"))
        self.view_button.setCheckable(True)
        self.clear_button = _button("✕", tr("All items again"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for widget in (self.states, self.reasons, self.classes, self.communes):
            layout.addWidget(widget, 1)
            widget.changed.connect(self._tell)
        for button in (self.view_button, self.clear_button):
            layout.addWidget(button)
        self.states.offer({state: state_text(state) for state in SHOWN_STATES})
        self.reasons.offer({reason: reason_text(reason.value) for reason in Reason})
        self.communes.menu().aboutToShow.connect(self._on_communes)
        self.view_button.toggled.connect(self._on_view)
        self.clear_button.clicked.connect(self.clear)

    @property
    def wanted(self) -> ItemFilter:
        """The conditions as they stand; states are always named, absorbed items left out."""
        return ItemFilter(
            states=tuple(state for state in SHOWN_STATES if state in self.states.chosen) or SHOWN_STATES,
            reasons=self.reasons.chosen,
            covers=self.classes.chosen("cs"),
            uses=self.classes.chosen("us"),
            communes=self.communes.chosen,
            box=self._box,
        )

    @property
    def is_narrow(self) -> bool:
        """Whether any condition is set."""
        return self.wanted != ItemFilter(states=SHOWN_STATES)

    @guarded
    def clear(self) -> None:
        """Take every condition away."""
        self.states.choose(())
        self.reasons.choose(())
        self.communes.choose(())
        self.classes.clear()
        self._box = None
        self.view_button.blockSignals(True)
        self.view_button.setChecked(False)
        self.view_button.blockSignals(False)
        self._tell()

    @guarded
    def _on_view(self, is_on: bool) -> None:
        # The box stays where it was taken: the next item moves the map, and must not move the filter.
        self._box = self._view_box() if is_on else None
        self._tell()

    @guarded
    def _on_communes(self) -> None:
        found = self._read_communes()
        self.communes.offer({code: code for code in found})
        if not found:
            self.communes.menu().addAction(tr("The items of this lot have no commune")).setEnabled(False)

    @guarded
    def _tell(self) -> None:
        self.clear_button.setEnabled(self.is_narrow)
        self.changed.emit(self.wanted)


def mark_filter(button: QToolButton, title: str, chosen: list[str]) -> None:
    """Write on a button what is chosen: the one value, or how many; bold while it narrows the queue."""
    text = title if not chosen else f"{title} ({len(chosen)})"
    button.setText(text)
    font = button.font()
    font.setBold(bool(chosen))
    button.setFont(font)
    button.setProperty("chosen", chosen)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _highest(item: QTreeWidgetItem, found: list[str]) -> None:
    if item.checkState(0) == Qt.CheckState.Checked:
        found.append(item.data(0, Qt.ItemDataRole.UserRole))
        return
    for place in range(item.childCount()):
        _highest(item.child(place), found)


def _tick_below(item: QTreeWidgetItem, state: Qt.CheckState) -> None:
    item.setCheckState(0, state)
    for place in range(item.childCount()):
        _tick_below(item.child(place), state)
