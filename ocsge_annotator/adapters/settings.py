# SPDX-License-Identifier: GPL-2.0-or-later
"""What the annotator remembers of its user."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from ocsge_common.settings import SettingsStore


@dataclass(frozen=True)
class AnnotatorSettings:
    """Settings of one machine.

    Attributes:
        annotator: name written in the patches; empty means the system's user.
        brush_px: diameter of the brush, px.
        opacity_percent: of the labels over the image, 0..100.
        autosave_s: time between two savings of the label raster, s; 0 saves at each change of patch alone.
        context_percent: image shown around the patch, in percent of its size.
        keep_labelled: whether tools leave alone what has a class.
        line_width_m: width of the line tool, m.
        wand_tolerance: difference of colour that the wand allows, 0..255.
        tidy_px: area of the largest gap closed and of the largest speck removed, px.
        smooth_px: half the side of the square in which borders are smoothed, px.
        keys: `action=key` for each action whose key was changed.
    """

    annotator: str = ""
    brush_px: int = 15
    opacity_percent: int = 50
    autosave_s: int = 30
    context_percent: int = 8
    keep_labelled: bool = False
    line_width_m: float = 5.0
    wand_tolerance: int = 15
    tidy_px: int = 25
    smooth_px: int = 2
    keys: tuple[str, ...] = ()

    @property
    def annotator_name(self) -> str:
        """Name written in the patches."""
        return self.annotator or getpass.getuser()

    @property
    def key_changes(self) -> dict[str, str]:
        """Changed keys by action."""
        return dict(entry.split("=", 1) for entry in self.keys if "=" in entry)


def annotator_settings() -> SettingsStore[AnnotatorSettings]:
    """The store of the plugin's settings."""
    return SettingsStore(AnnotatorSettings, "ocsge/annotator")
