# SPDX-License-Identifier: GPL-2.0-or-later
"""Some simulated interpreters, a thread each, on the plugin's own store.

    python -m benchmarks.db.interpreter ORDER.json

Each takes the next item, looks at it for a moment and decides it: accepts it, gives it another cover, merges
it into a neighbour; now and then takes the last gesture back and makes it again, postpones, walks away from
an item, or loses the connection. What was confirmed goes to a file, line by line, as soon as it is.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from qgis.core import QgsRectangle

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.adapters.gpkg_blob import box_of_row
from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.adapters.postgis_store import PostgisStore
from ocsge_pi_review.domain import decisions, gestures
from ocsge_pi_review.domain.errors import (
    GestureRefusedError,
    LockedPolygonError,
    LostConnectionError,
    LotError,
    ReviewError,
)
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.patch import Patch
from tests.qgis.postgis.gestures import accept, postpone, set_cover

ALL = ItemFilter()
COVERS = ("CS1.2.2", "CS2.2.1", "CS2.1.1.1", "CS1.1.2.1", "CS2.1.2")
SHARES = (
    ("cover", 0.25),
    ("merge", 0.04),
    ("postpone", 0.04),
    ("walk_away", 0.02),
    ("cut", 0.01),
    ("turn", 0.05),
)
"""Of a hundred items; the rest is accepted."""


@dataclass
class Interpreter:
    """One person.

    Attributes:
        name: the operator's.
        until: when to stop, by the machine's clock that only goes forward, s.
        look_s: mean time in front of an item, s.
        hold_s: how long items stay in hand without renewal, s.
    """

    name: str
    address: LotAddress
    until: float
    look_s: float
    hold_s: float
    log: TextIO
    seed: int
    counts: dict[str, int] = field(default_factory=dict)

    def work(self) -> None:
        rng = random.Random(self.seed)
        time.sleep(rng.uniform(0.0, self.look_s))
        self._store = self._opened()
        rank = rng.randrange(1000)
        while time.monotonic() < self.until:
            try:
                rank = self._one(rng, rank)
            except LostConnectionError as error:
                self._note("no_answer", reason=str(error))
                time.sleep(0.2)
            except ReviewError as error:
                self._note("refused", reason=type(error).__name__)
        with suppress(ReviewError):
            self._store.close()

    def _opened(self) -> PostgisStore:
        while True:
            try:
                return PostgisStore(self.address, self.name, self.hold_s)
            except (LostConnectionError, LotError):
                if time.monotonic() > self.until:
                    raise
                time.sleep(0.2)

    def _one(self, rng: random.Random, rank: int) -> int:
        started = time.monotonic()
        item = self._store.take_next(ALL, rank)
        if item is None:
            self._note("nothing_left")
            time.sleep(1.0)
            return rank
        row = self._store.row(item.polygon_id)
        self._store.rows_in(QgsRectangle(*box_of_row(row)))
        shown = time.monotonic()
        self._note("taken", item=item.item_id, at=started, shown=shown, ms=1000 * (shown - started))
        self._look(rng.expovariate(1.0 / self.look_s))
        self._do(rng, self._chosen(rng), item)
        return item.rank

    def _look(self, seconds: float) -> None:
        """Look at the item, and renew the hold meanwhile as the plugin does."""
        step = self.hold_s / 5
        while seconds > step:
            time.sleep(step)
            self._store.renew()
            seconds -= step
        time.sleep(seconds)

    def _chosen(self, rng: random.Random) -> str:
        drawn = rng.random()
        for name, share in SHARES:
            drawn -= share
            if drawn < 0:
                return name
        return "accept"

    def _do(self, rng: random.Random, action: str, item: ReviewItem) -> None:
        store = self._store
        if action == "walk_away":
            self._note("left", item=item.item_id, at=time.monotonic())
            time.sleep(1.5 * self.hold_s)
        elif action == "cut":
            store._database.raw.close()
            self._perform(accept(store, item), item)
        elif action == "turn":
            gesture = set_cover(store, item, rng.choice(COVERS))
            self._perform(gesture, item)
            self._perform(gesture.turned(Operation.UNDO), item)
            self._perform(replace(gesture, operation=Operation.REDO), item)
        elif action == "merge":
            self._merge(item)
        elif action == "cover":
            self._perform(set_cover(store, item, rng.choice(COVERS)), item)
        else:
            self._perform((postpone if action == "postpone" else accept)(store, item), item)

    def _merge(self, item: ReviewItem) -> None:
        row = self._store.row(item.polygon_id)
        around = self._store.rows_in(QgsRectangle(*box_of_row(row)).buffered(0.01))
        for other in around:
            if other.id == row.id or other.is_locked:
                continue
            with suppress(GestureRefusedError, LockedPolygonError):
                patch = gestures.merge_into(row, other)
                break
        else:
            self._perform(accept(self._store, item), item)
            return
        self._perform(self._merging(patch, item), item)

    def _merging(self, patch: Patch, item: ReviewItem) -> Gesture:
        plain = accept(self._store, item)
        done = decisions.done(item, patch.after[0], self.name, 1.0)
        return replace(plain, operation=Operation.MERGE, patch=patch, items_after=(done,))

    def _perform(self, gesture: Gesture, item: ReviewItem) -> None:
        started = time.monotonic()
        self._note("sent", gesture=gesture.gesture_id, operation=gesture.operation.value)
        try:
            seq = self._store.perform(gesture, 1.0)
        except ReviewError:
            self._note("given_up", item=item.item_id, at=time.monotonic())
            with suppress(ReviewError):
                self._store.release([item.item_id])
            raise
        ended = time.monotonic()
        self._note(
            "confirmed",
            gesture=gesture.gesture_id,
            operation=gesture.operation.value,
            item=item.item_id,
            state=gesture.items_after[0]["state"],
            seq=seq,
            at=ended,
            ms=1000 * (ended - started),
        )

    def _note(self, what: str, **values: Any) -> None:
        line = json.dumps({"what": what, "who": self.name, **values})
        self.log.write(line + "\n")
        self.log.flush()


def main() -> int:
    order = json.loads(Path(sys.argv[1]).read_text())
    address = LotAddress(order["uri"], order["schema"])
    people = []
    for number in order["numbers"]:
        log = (Path(order["folder"]) / f"person_{number}.jsonl").open("a", encoding="utf-8")
        name = f"interprète {number}"
        person = Interpreter(name, address, order["until"], order["look_s"], order["hold_s"], log, number)
        people.append(threading.Thread(target=person.work))
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
