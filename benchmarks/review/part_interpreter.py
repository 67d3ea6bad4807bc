# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole queue of one commune, decided by keys and mouse; the lot kept after a tenth and at the end."""

import os
import sqlite3
from contextlib import closing

from interpreter import MOST_GESTURES, Interpreter
from judge import Judge
from qgis.PyQt.QtCore import Qt

SECONDS = ("ours_s", "plain_s", "prepared_s")


def measure(stage):
    stage.open()
    stage.settle(300)
    lot = stage.plugin.controller.lot

    def minimum_m2(cs, part):
        from ocsge_pi_review.domain.patch import PolygonRow

        return lot.review.minimum_m2(PolygonRow("", {"code_cs": cs}, bytes(part.asWkb())))

    hand = Interpreter(stage, Judge(os.environ["OCSGE_TRUTH"], minimum_m2))
    items = total(lot)
    stage.picture(f"interpreter_{os.environ['OCSGE_SEED']}")
    records, kept = {}, False
    while stage.review.item is not None and stage.review.item.is_open:
        item_id = stage.review.item_id
        record = records.setdefault(item_id, {"gestures": 0, "kinds": [], **dict.fromkeys(SECONDS, 0.0)})
        if record["gestures"] > MOST_GESTURES:
            break
        before, gestures = spent(hand), hand.gestures
        record["kinds"].append(hand.decide())
        record["gestures"] += hand.gestures - gestures
        for name, seconds in spent(hand).items():
            record[name] += seconds - before[name]
        if not kept and len(records) >= items / 10:
            keep(lot.store.path, os.environ["OCSGE_TENTH"])
            kept = True
        if stage.review.item_id == item_id:
            stage.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
            stage.settle(20)
            if stage.review.item_id == item_id:
                break
    stage.picture(f"interpreter_{os.environ['OCSGE_SEED']}_end")
    keep(lot.store.path, os.environ["OCSGE_END"])
    return {"items": items, "refused": hand.refused, "records": list(records.values())}


def spent(hand):
    """Seconds so far by way."""
    tallies = (hand.ours, hand.plain, hand.prepared)
    return {name: tally.seconds for name, tally in zip(SECONDS, tallies, strict=True)}


def total(lot):
    from ocsge_pi_review.domain.item_filter import ItemFilter

    return lot.store.counts(ItemFilter()).total


def keep(path, target):
    """A copy of the lot as it is now, write-ahead log included."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
