# SPDX-License-Identifier: GPL-2.0-or-later
"""One page of help for a controller: the keys, and why nothing shows what was delivered."""

from __future__ import annotations

from collections.abc import Mapping

from ocsge_common.translation import tr
from ocsge_pi_review.domain.control_keys import FAVOURITE_KEYS
from ocsge_pi_review.gui.control_words import control_words, key_text


def control_help_html(keys: Mapping[str, str]) -> str:
    """The page, with the keys in force."""
    rows = [("1…9, 0, A…Z", tr("say the cover, then the use, under that key: keys never change place"))]
    rows.append((f"{FAVOURITE_KEYS[0]}…{FAVOURITE_KEYS[-1]}", tr("say a couple that you gave before")))
    rows += [
        (key_text(keys[name]), f"<b>{words.label}</b>: {words.tip}")
        for name, words in control_words().items()
        if keys.get(name)
    ]
    table = "".join(f"<tr><td><b>{key}</b>&nbsp;&nbsp;</td><td>{text}</td></tr>" for key, text in rows)
    notes = (
        tr("The file does not hold what was delivered: nothing here can tell it, nor can you change it."),
        tr("Each confirmed answer is on the disk at once: nothing is lost if QGIS stops."),
        tr("An error that cannot be seen at the scale of production is no error."),
        tr("A control needs no backend and no network."),
    )
    return f"<table>{table}</table>" + "".join(f"<p>{note}</p>" for note in notes)
