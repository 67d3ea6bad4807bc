# SPDX-License-Identifier: GPL-2.0-or-later
"""An open control file on screen: panel, map, views and keys in step with the session.

Nothing shown here depends on a delivered code: the file has none, and keys, order and favourites come from
the nomenclature and from the controller's own answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from qgis.core import QgsMapLayer, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from inference_backend.contracts.lot import ImageryRole
from ocsge_common.canvas_profile import without_profile
from ocsge_common.keys import KeyFilter
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_images import LotImages
from ocsge_pi_review.adapters.open_control import OpenControl, telling_text
from ocsge_pi_review.adapters.references import ReferenceLayers
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.adapters.views import ViewSources
from ocsge_pi_review.domain.control_keys import FAVOURITE_KEYS, gesture_keys, key_bindings
from ocsge_pi_review.gui.control_answers import ControlAnswers
from ocsge_pi_review.gui.control_map import ControlMap
from ocsge_pi_review.gui.control_panel import ControlPanel
from ocsge_pi_review.gui.control_words import left_text
from ocsge_pi_review.gui.swatch import plain_tip
from ocsge_pi_review.gui.views_bench import ViewsBench

ROLES = (ImageryRole.OTHER_DATE, ImageryRole.INFRARED, ImageryRole.HEIGHT)
"""Views that are offered: a prediction would show what the delivered codes come from."""
HELPS = ("swipe", "references")


class ControlView(QObject):
    """Connects one control file to the panel and the map until `close`.

    Args:
        panel: the dock's content.
        canvas: the map.
        control: what is judged.
        settings: the operator's choices.
        messages: where to speak.
    """

    def __init__(
        self,
        panel: ControlPanel,
        canvas: QgsMapCanvas,
        control: OpenControl,
        settings: ReviewSettings,
        messages: MessageLog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._panel, self._canvas, self._control = panel, canvas, control
        self.session = control.session
        self.keys = gesture_keys(settings.keys)
        self.map = ControlMap(canvas, self.session, control.layer, settings.minimum_scale, self)
        self.said = ControlAnswers(panel, self.session, self.keys, messages, self)
        project, sources = QgsProject.instance(), _blind_sources(control)
        self.views = ViewsBench(
            canvas, panel.views_layout, sources, control.layer, messages, self, roles=ROLES, helps=HELPS
        )
        self.views.show_keys(self.keys)
        self.images = LotImages(sources, control.group, project)
        self.references = ReferenceLayers(control.store, control.group, project)
        self._key_filter = KeyFilter(self, {}, lambda: panel.isVisible())
        self._actions = self._named_actions()
        self._links = self._make_links()
        self._profile_again = without_profile(canvas)
        self._fill()

    def start(self) -> None:
        """Show the first unit that is left to do."""
        self.session.start()
        self._panel.keep_heights()
        self._canvas.setFocus()
        # In an empty project QGIS goes to the whole of the first layers, once this returns.
        QTimer.singleShot(0, partial(self._stay_at, self._canvas.extent()))

    def close(self) -> None:
        """Take everything off panel, map and project; safe to call again."""
        if not self._links:
            return
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._key_filter.stop()
        self._profile_again()
        self.said.close()
        self.views.close()
        self.references.remove()
        self.images.remove()
        self.map.remove()

    def _named_actions(self) -> dict[str, Callable[[], object]]:
        views = {role.value: partial(self.views.toggle, role) for role in ROLES}
        session = self.session
        return {
            **views,
            **self.said.actions(),
            "accept": self._confirm,
            "next": partial(session.step, 1),
            "previous": partial(session.step, -1),
            "next_todo": self._next_todo,
            "undo": self._undo,
            "redo": self._redo,
            "hide": self._toggle_borders,
            "draw": self._toggle_drawing,
            "cancel": self._come_back,
            "swipe": self.views.toggle_swipe,
            "references": self._toggle_references,
        }

    def _make_links(self) -> list[tuple[object, object]]:
        buttons = self.views.buttons
        links = [
            (self._panel.gesture, self._on_gesture),
            (self._panel.comment_left, self._on_left),
            (self._panel.palettes["cs"].search_left, self._on_left),
            (self.session.focus_changed, self._on_focus),
            (self.session.said, self._on_said),
            (self.said.keys_changed, self._bind_keys),
            (self.map.drawn, self._on_drawn),
            (buttons.help_pressed, self._on_gesture),
            (buttons.image_wanted, self._on_image_wanted),
            (QgsProject.instance().layersAdded, self._on_layers_added),
        ]
        for signal, slot in links:
            signal.connect(slot)
        return links

    def _fill(self) -> None:
        store = self._control.store
        self._panel.name_label.setText(f"{store.name} – {store.controller}")
        self._panel.name_label.setToolTip(plain_tip(store.label))
        self._panel.show_keys(self.keys)
        self.views.buttons.offer_image(self.images.is_remote)
        self.images.show(self._refuse)
        for widget in (self._canvas, self._panel):
            self._key_filter.watch(widget)
        self._bind_keys()

    @guarded
    def _bind_keys(self) -> None:
        named = {key: self._actions[name] for key, name in key_bindings(self.keys).items()}
        favourites = {
            key: partial(self._panel.favourites.press, place) for place, key in enumerate(FAVOURITE_KEYS)
        }
        self._key_filter.set_bindings({**self.said.code_actions(), **favourites, **named})

    @guarded
    def _on_gesture(self, name: str) -> None:
        self._actions[name]()
        # The next key must reach the map, not the button; lines of text keep it.
        if name not in ("search", "comment"):
            self._canvas.setFocus()

    @guarded
    def _on_left(self) -> None:
        self._canvas.setFocus()

    @guarded
    def _on_focus(self) -> None:
        shape = self.map.show()
        self.views.show_focus(shape)
        self.said.show_unit()

    @guarded
    def _on_said(self) -> None:
        self.said.refresh()

    @guarded
    def _on_drawn(self, sketch: str | None) -> None:
        self.session.say(replace(self.session.judgement, sketch=sketch))

    @guarded
    def _on_image_wanted(self) -> None:
        self.images.show(self._refuse, ask_network=True)

    @guarded
    def _on_layers_added(self, layers: list[QgsMapLayer]) -> None:
        """Whoever adds the lot, or another layer with codes, no longer judges blind."""
        text = telling_text(self._control.store, layers)
        if text:
            self.messages.warning(text)

    @guarded
    def _refuse(self, error: BaseException) -> None:
        self.messages.report(error)

    @guarded
    def _stay_at(self, extent: QgsRectangle) -> None:
        if not self._links:
            return
        # The style of the codes is known by now.
        self._panel.keep_heights()
        if self._canvas.extent() != extent:
            self._canvas.setExtent(extent)
            self._canvas.refresh()

    def _confirm(self) -> None:
        if self.said.ask_for_missing():
            return
        self.session.confirm()
        self._rest()
        self._next_todo()

    def _next_todo(self) -> None:
        if not self.session.next_todo():
            self.messages.success(left_text(self.session.progress(), self.session.unconfirmed))
            self.said.refresh()

    def _undo(self) -> None:
        if not self.session.undo():
            self.messages.info(tr("There is no answer to take back."))

    def _redo(self) -> None:
        if not self.session.redo():
            self.messages.info(tr("There is no answer to give again."))

    def _rest(self) -> None:
        self.map.rest()
        self._panel.check((), ("draw",))

    def _come_back(self) -> None:
        """To the unit in front, from wherever the map was moved."""
        self._rest()
        self.map.show()

    def _toggle_drawing(self) -> None:
        self.map.toggle_drawing()
        self._panel.check(("draw",) if self.map.is_drawing else (), ("draw",))

    def _toggle_borders(self) -> None:
        self.map.toggle_hidden()
        self._panel.check(("hide",) if self.map.is_hidden else (), ("hide",))

    def _toggle_references(self) -> None:
        if not self.references.toggle():
            self.messages.info(tr("This file brings no reference vectors."))
        self.views.buttons.mark_help("references", self.references.is_shown)


def _blind_sources(control: OpenControl) -> ViewSources:
    """Images of the file, a prediction excepted, whoever put it there."""
    sources = ViewSources(control.store, QgsProject.instance())
    sources.entries = tuple(e for e in sources.entries if e.role is not ImageryRole.PREDICTION)
    return sources
