# SPDX-License-Identifier: GPL-2.0-or-later
"""One way to label, on some patches of the campaign: seconds of a person, and what was done, per patch."""

import os

from actions import forget_places
from hand import Hand
from ways import WAYS


def measure(stage):
    """Figures of the way named by the environment."""
    name = os.environ["OCSGE_WAY"]
    os.environ["OCSGE_BACKEND"] = os.environ["OCSGE_UI_BACKEND"]
    stage.open(512)
    found = []
    for patch_id in os.environ["OCSGE_PATCHES"].split(","):
        index = next(i for i, p in enumerate(stage.session.patches) if p.patch_id == patch_id)
        stage.session.go_to(index)
        stage.settle()
        hand = Hand(stage)
        forget_places()
        WAYS[name](hand)
        stage.settle()
        stage.picture(f"{name}_{patch_id}")
        found.append(
            {
                "patch": patch_id,
                "seconds": round(hand.tally.seconds, 1),
                "agreement": round(hand.agreement(), 4),
                "travel_px": round(hand.tally.travel_px),
                "gestures": stage.session.opened.editor.gestures,
                **hand.tally.counts,
            }
        )
    return {name: found}
