# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings of the review on this machine."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from ocsge_common.settings import SettingsStore
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS


@dataclass(frozen=True)
class ReviewSettings:
    """What an operator may choose.

    Attributes:
        operator: name written into the journal; empty for the session's user.
        palette_by_context: order the cover keys anew for each polygon, most probable first.
        advance_after_code: go to the next item once a gesture decided the one in front.
        minimum_scale: denominator of the largest scale the map zooms to.
        show_names: name colleagues beside what they decided today; nobody is named otherwise.
        last_folder: where the last lot was.
        last_connection: of QGIS, to the database of the last shared lot.
        last_production: file of the production whose dashboard was shown last.
        key_changes: `gesture=key` for each gesture whose key was changed.
    """

    operator: str = ""
    palette_by_context: bool = True
    advance_after_code: bool = True
    minimum_scale: int = 1000
    show_names: bool = False
    last_folder: str = ""
    last_connection: str = ""
    last_production: str = ""
    key_changes: tuple[str, ...] = ()

    @property
    def operator_name(self) -> str:
        """The operator, or the session's user."""
        return self.operator.strip() or getpass.getuser()

    @property
    def keys(self) -> dict[str, str]:
        """Gesture to key, for every gesture."""
        changed = dict(entry.split("=", 1) for entry in self.key_changes if "=" in entry)
        return {name: changed.get(name) or key for name, key in DEFAULT_KEYS.items()}


def review_settings() -> SettingsStore[ReviewSettings]:
    """The store."""
    return SettingsStore(ReviewSettings, "ocsge/review")
