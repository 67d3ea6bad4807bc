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
    for patch_id in filter(None, os.environ["OCSGE_EARLIER"].split(",")):
        hand_in_the_truth(stage, patch_id)
    found = []
    for patch_id in os.environ["OCSGE_PATCHES"].split(","):
        take(stage, patch_id)
        hand = Hand(stage)
        forget_places()
        WAYS[name](hand)
        stage.settle()
        stage.picture(f"{os.environ['OCSGE_PICTURE']}_{patch_id}")
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


def take(stage, patch_id):
    """Take a patch in hand, and let QGIS come to rest."""
    stage.session.go_to(next(i for i, p in enumerate(stage.session.patches) if p.patch_id == patch_id))
    stage.settle()


def hand_in_the_truth(stage, patch_id):
    """A patch that was finished before: what the learner of the campaign knows when the next ones come."""
    take(stage, patch_id)
    hand = Hand(stage)
    hand.wait_for(lambda: hand.machine.segments.segments is not None)
    stage.session.replace(hand.truth, "truth")
    stage.session.submit()
    stage.settle()
