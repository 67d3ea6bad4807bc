# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of the unit in front, from keys and buttons into the session and back onto the panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.control import ErrorKind
from inference_backend.contracts.nomenclature import Dimension
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.control_session import ControlSession
from ocsge_pi_review.domain.code_search import CodeSearch
from ocsge_pi_review.domain.control import CANNOT_SAY, broader
from ocsge_pi_review.domain.control_errors import IncompleteAnswerError
from ocsge_pi_review.domain.control_favourites import Couple, Favourites
from ocsge_pi_review.domain.control_keys import FAVOURITE_KEYS, KIND_OF_GESTURE, code_keys, key_bindings
from ocsge_pi_review.domain.queue import QueueCounts
from ocsge_pi_review.gui.control_favourites import Offer
from ocsge_pi_review.gui.control_panel import ControlPanel
from ocsge_pi_review.gui.control_words import said_text
from ocsge_pi_review.gui.gestures import spoken_key
from ocsge_pi_review.gui.palette_grid import CodeList
from ocsge_pi_review.gui.texts import area_text, number_text, pace_text, progress_text

DIMENSIONS: tuple[Dimension, ...] = ("cs", "us")
_FRENCH = {"cs": "de la couverture", "us": "de l'usage"}
_ENGLISH = {"cs": "cover", "us": "use"}


class ControlAnswers(QObject):
    """Fills the panel, until `close`.

    Signals:
        keys_changed(): keys mean the other dimension.

    Args:
        panel: the dock's content.
        session: what is in front.
        keys: gesture to key.
        messages: where to speak.
    """

    keys_changed = pyqtSignal()

    def __init__(
        self,
        panel: ControlPanel,
        session: ControlSession,
        keys: Mapping[str, str],
        messages: MessageLog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._panel, self._session, self._keys = panel, session, keys
        self._nomenclature = session.profile.nomenclature
        taken = set(key_bindings(keys))
        self.codes = {d: code_keys(self._nomenclature, d, taken) for d in DIMENSIONS}
        """By dimension, key to code: the same for every unit."""
        self.active: Dimension = "cs"
        words = session.profile.rules.get("search_words", {}).get("words", {})
        search = CodeSearch(self._nomenclature, words, user_language())
        for palette in panel.palettes.values():
            palette.set_nomenclature(self._nomenclature, search)
        self._links = self._make_links()
        for signal, slot in self._links:
            signal.connect(slot)

    def close(self) -> None:
        """Leave the panel; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []

    def actions(self) -> dict[str, Callable[[], object]]:
        """What gestures do, by name."""
        kinds = {name: partial(self._toggle_kind, kind) for name, kind in KIND_OF_GESTURE.items()}
        return {
            **kinds,
            "use": self._turn,
            "search": self._panel.begin_search,
            "comment": self._panel.begin_comment,
            "cannot_say": self._cannot_say,
            "broader": self._broader,
        }

    def code_actions(self) -> dict[str, Callable[[], object]]:
        """Key to what it says of the cover or of the use."""
        return {key: partial(self.choose, code) for key, code in self.codes[self.active].items()}

    def show_unit(self) -> None:
        """Another unit is in front: keys mean what is missing, the cover first."""
        self._activate(self._session.judgement.missing or "cs")
        self._panel.comment_line.setText(self._session.judgement.comment)
        self.refresh()

    def ask_for_missing(self) -> bool:
        """Turn to what nothing is said of yet; False where the answer is whole."""
        missing = self._session.judgement.missing
        if missing is None:
            return False
        self._activate(missing)
        self.refresh()
        error = IncompleteAnswerError(
            what_en=_ENGLISH[missing],
            what_fr=_FRENCH[missing],
            key=spoken_key(self._keys.get("cannot_say", "")),
        )
        self.messages.info(error.text(user_language()))
        return True

    @guarded
    def choose(self, code: str) -> None:
        """Say a cover or a use; keys then mean the other one if nothing is said of it yet."""
        dimension = self._nomenclature[code].dimension
        self._say(dimension, code)

    @guarded
    def refresh(self) -> None:
        """Show what is said, and where the work stands."""
        said = self._session.judgement
        for dimension in DIMENSIONS:
            code, is_active = said.of(dimension), dimension == self.active
            line = self._panel.said[dimension]
            line.show_code(self._nomenclature, dimension, code)
            line.mark(is_active)
            codes = self.codes[dimension]
            shown = [leaf.code for leaf in self._nomenclature.leaves(dimension)]
            self._panel.palettes[dimension].show_codes(
                CodeList(shown, codes if is_active else {}, code or "")
            )
        self._panel.check([kind.value for kind in said.kinds], KIND_OF_GESTURE)
        self._panel.favourites.show_offers(self._offers(), self._nomenclature, (said.cs, said.us))
        self._show_unit_line()
        self._show_progress()

    def _make_links(self) -> list[tuple[object, object]]:
        panel = self._panel
        links = [
            (panel.favourites.chosen, self._on_couple),
            (panel.comment_line.textEdited, self._on_comment),
            (panel.said["cs"].chosen, partial(self._on_line, "cs")),
            (panel.said["us"].chosen, partial(self._on_line, "us")),
        ]
        return [*links, *((palette.code_chosen, self.choose) for palette in panel.palettes.values())]

    def _say(self, dimension: Dimension, code: str | None) -> None:
        said = self._session.judgement.saying(dimension, code)
        self._activate(said.missing if code is not None and said.missing else dimension)
        self._session.say(said)

    def _activate(self, dimension: Dimension) -> None:
        if dimension != self.active:
            self.active = dimension
            self.keys_changed.emit()

    def _turn(self) -> None:
        self._activate("us" if self.active == "cs" else "cs")
        self.refresh()

    @guarded
    def _on_line(self, dimension: Dimension) -> None:
        self._activate(dimension)
        self.refresh()

    def _cannot_say(self) -> None:
        self._say(self.active, CANNOT_SAY)

    def _broader(self) -> None:
        """One level up from what was said last: the active one, or the other if that is still empty."""
        said, other = self._session.judgement, "cs" if self.active == "us" else "us"
        dimension = self.active if said.of(self.active) is not None else other
        code = said.of(dimension)
        above = broader(self._nomenclature, code)
        self._session.say(said.saying(dimension, above))
        if above is None:
            self._activate(dimension)
            self.refresh()

    def _toggle_kind(self, kind: ErrorKind) -> None:
        self._session.say(self._session.judgement.toggling(kind))

    @guarded
    def _on_couple(self, couple: Couple) -> None:
        self._session.say(replace(self._session.judgement, cs=couple[0], us=couple[1]))

    @guarded
    def _on_comment(self, text: str) -> None:
        self._session.say(replace(self._session.judgement, comment=text.strip()))

    def _offers(self) -> list[Offer | None]:
        """Under the first keys the opinions that an arbiter decides between, then the own couples."""
        opinions = self._session.store.opinions(self._session.unit.sample_id)
        heard = [
            Offer((a.judgement.cs or CANNOT_SAY, a.judgement.us or CANNOT_SAY), tr("Opinion {}").format(n))
            for n, a in enumerate(opinions, start=1)
        ]
        places = max(len(FAVOURITE_KEYS) - len(heard), 0)
        given = (answer.judgement for answer in self._session.answers if answer.in_force)
        own = [couple and Offer(couple) for couple in Favourites.of(given, places).places]
        self._show_opinions([a.judgement.comment for a in opinions], heard)
        return [*heard, *own][: len(FAVOURITE_KEYS)]

    def _show_opinions(self, comments: list[str], heard: list[Offer]) -> None:
        lines = []
        for offer, comment in zip(heard, comments):
            told = " · ".join(said_text(self._nomenclature, code) for code in offer.couple)
            lines.append(f"{offer.title} : {told}" + (f" – {comment}" if comment else ""))
        self._panel.opinions_label.setText("\n".join(lines))
        self._panel.opinions_label.setVisible(bool(lines))

    def _show_unit_line(self) -> None:
        session = self._session
        if session.is_changed:
            state = tr("to confirm")
        else:
            state = tr("to do") if session.answer is None else tr("answered")
        parts = [tr("Unit {}").format(number_text(session.unit.sample_id)), state]
        outline = session.outline(session.unit.sample_id)
        if not session.store.is_by_point and not outline.isEmpty():
            parts.append(area_text(outline.area()))
        self._panel.title_label.setText(" · ".join(parts))

    def _show_progress(self) -> None:
        found = self._session.progress()
        counts: QueueCounts = found.counts
        self._panel.progress.setMaximum(max(counts.total, 1))
        self._panel.progress.setValue(counts.done)
        self._panel.progress.setFormat(progress_text(counts))
        pace = pace_text(counts, found.today)
        self._panel.pace_label.setText(pace)
        self._panel.pace_label.setToolTip(pace)
