# SPDX-License-Identifier: GPL-2.0-or-later
"""Five ways to label a patch until 95 % of its pixels agree with the truth."""

import numpy as np
from actions import best_action
from hand import GOAL, UNLABELLED, largest_wrong
from qgis.PyQt.QtCore import Qt

MOST_ACTIONS = 400
LOOKS_GOOD = 0.85
"""Share of right pixels from which a person takes a prediction for a beginning; seen at a glance."""


def polygons(hand):
    """Outline after outline, the largest wrong area first: how it is done today."""
    for _ in range(MOST_ACTIONS):
        if hand.is_done:
            return
        value, mask = largest_wrong(hand.labels, hand.truth)
        hand.outline(mask, value)


def segments(hand):
    """Segments of any scale, by click and drag."""
    mend(hand, outlines=False)


def prelabel(hand):
    """Accept the model's prediction, then outline what is wrong."""
    propose(hand, "prelabel")
    hand.command(Qt.Key.Key_G)
    polygons(hand)


def learner(hand):
    """Segments where the learner is wrong, until it is right; accept."""
    propose(hand, "learner")
    mend(hand, outlines=False)
    hand.command(Qt.Key.Key_G)


def everything(hand):
    """Accept a prediction that looks good, else ask the learner, which sees it; mend by what is best."""
    propose(hand, "prelabel")
    if hand.agreement(what_is_shown(hand)) >= LOOKS_GOOD:
        hand.command(Qt.Key.Key_G)
        propose(hand, None)
        mend(hand, outlines=True)
        return
    hand.choose_from_list()
    propose(hand, "learner")
    mend(hand, outlines=True)
    hand.command(Qt.Key.Key_G)


WAYS = {
    "polygon": polygons,
    "segments": segments,
    "prelabel": prelabel,
    "learner": learner,
    "all": everything,
}


def propose(hand, name):
    """Choose who proposes, None for nobody; it stays chosen from patch to patch: nothing is counted."""
    source = next((s for s in hand.machine.sources if s.value == name), None)
    if hand.machine.source is not source:
        hand.machine.choose_source(source)


def mend(hand, *, outlines):
    """Give what is wrong its class, the most gain per second first, until enough is right."""
    hand.wait_for(lambda: hand.machine.segments.segments is not None)
    for _ in range(MOST_ACTIONS):
        shown = what_is_shown(hand)
        if hand.agreement(shown) >= GOAL:
            return
        best_action(hand, shown, outlines=outlines).do(hand)
        hand.wait_for(lambda: not hand.machine.learner.is_waiting)


def what_is_shown(hand):
    """(H, W) labels as they would be if the proposal were accepted now."""
    desk = hand.machine.proposals
    if desk.proposal is None:
        return hand.labels
    by_people = desk.labels_by_people
    return np.where(
        (by_people == UNLABELLED) & (desk.proposal.value != UNLABELLED), desk.proposal.value, hand.labels
    )
