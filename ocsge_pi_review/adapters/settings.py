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
        autosave_gestures: gestures after which the layer is saved.
        autosave_s: time after which unsaved gestures are saved, s.
        palette_by_context: order the cover keys anew for each polygon, most probable first.
        advance_after_code: go to the next item once a cover or use is set.
        minimum_scale: denominator of the largest scale the map zooms to.
        last_folder: where the last lot was.
    """

    operator: str = ""
    autosave_gestures: int = 10
    autosave_s: int = 30
    palette_by_context: bool = True
    advance_after_code: bool = False
    minimum_scale: int = 1000
    last_folder: str = ""
    key_accept: str = DEFAULT_KEYS["accept"]
    key_runner_up: str = DEFAULT_KEYS["runner_up"]
    key_use: str = DEFAULT_KEYS["use"]
    key_merge: str = DEFAULT_KEYS["merge"]
    key_split: str = DEFAULT_KEYS["split"]
    key_comment: str = DEFAULT_KEYS["comment"]
    key_next: str = DEFAULT_KEYS["next"]
    key_previous: str = DEFAULT_KEYS["previous"]
    key_next_todo: str = DEFAULT_KEYS["next_todo"]
    key_colours: str = DEFAULT_KEYS["colours"]
    key_hide: str = DEFAULT_KEYS["hide"]

    @property
    def operator_name(self) -> str:
        """The operator, or the session's user."""
        return self.operator.strip() or getpass.getuser()

    @property
    def keys(self) -> dict[str, str]:
        """Gesture to key."""
        return {name: getattr(self, f"key_{name}") for name in DEFAULT_KEYS if hasattr(self, f"key_{name}")}


def review_settings() -> SettingsStore[ReviewSettings]:
    """The store."""
    return SettingsStore(ReviewSettings, "ocsge/review")
