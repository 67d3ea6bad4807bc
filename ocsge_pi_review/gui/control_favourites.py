# SPDX-License-Identifier: GPL-2.0-or-later
"""Buttons of couples: those that an arbiter decides between, then those given last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QGridLayout, QSizePolicy, QWidget

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.domain.control_favourites import Couple
from ocsge_pi_review.domain.control_keys import FAVOURITE_KEYS
from ocsge_pi_review.gui.control_words import said_text
from ocsge_pi_review.gui.palette_grid import STYLE, CodeButton
from ocsge_pi_review.gui.swatch import plain_tip, swatch_icon

COLUMNS = 3


@dataclass(frozen=True)
class Offer:
    """A couple under a key; either may be one that cannot be said.

    Attributes:
        couple: cover and use.
        title: whose it is, empty for the controller's own.
    """

    couple: Couple
    title: str = ""


class FavouriteStrip(QWidget):
    """One button for each key of `FAVOURITE_KEYS`.

    Signals:
        chosen(object): the `Couple` whose button was pressed.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(STYLE)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        self.buttons = [CodeButton(self) for _ in FAVOURITE_KEYS]
        self.offers: list[Offer | None] = [None] * len(FAVOURITE_KEYS)
        for place, button in enumerate(self.buttons):
            button.setObjectName(f"favourite_{FAVOURITE_KEYS[place]}")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self.press, place))
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)

    def show_offers(self, offers: Sequence[Offer | None], nomenclature: Nomenclature, now: object) -> None:
        """Show couples.

        Args:
            offers: one for each key, None for a key that waits.
            nomenclature: labels and colours.
            now: the couple said of the unit in front, shown pressed.
        """
        self.offers = list(offers)
        for button, offer, key in zip(self.buttons, offers, FAVOURITE_KEYS):
            button.setEnabled(offer is not None)
            button.setChecked(offer is not None and offer.couple == now)
            button.setIcon(swatch_icon(nomenclature, offer.couple[0]) if offer else QIcon())
            button.say(key, _label(offer, nomenclature))
            button.setToolTip(plain_tip(_tip(offer, nomenclature, key)))

    def press(self, place: int, is_checked: bool = False) -> None:
        """Choose the couple of a place; an empty one gives nothing."""
        self.buttons[place].setChecked(not is_checked)
        offer = self.offers[place]
        if offer is not None:
            self.chosen.emit(offer.couple)


def _label(offer: Offer | None, nomenclature: Nomenclature) -> str:
    if offer is None:
        return "–"
    cover, use = (_short(code, nomenclature) for code in offer.couple)
    text = f"{cover} · {use}"
    return f"{offer.title} : {text}" if offer.title else text


def _short(code: str, nomenclature: Nomenclature) -> str:
    return code if code in nomenclature else "?"


def _tip(offer: Offer | None, nomenclature: Nomenclature, key: str) -> str:
    if offer is None:
        return tr("A couple that you give often comes here")
    cover, use = (said_text(nomenclature, code) for code in offer.couple)
    return f"{cover}\n{use}  [{key}]"
