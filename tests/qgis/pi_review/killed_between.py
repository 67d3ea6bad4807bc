# SPDX-License-Identifier: GPL-2.0-or-later
"""A process that reviews a lot and is killed by SIGKILL at a chosen moment.

    python killed_between.py LOT MOMENT     before-layer, before-save or before-flip

Prints the expected rows as JSON before it dies.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from qgis.core import QgsApplication, QgsProject

from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.domain.merge import common_border
from tests.qgis.pi_review.layer_checks import rows_in_qgis
from tests.qgis.pi_review.test_gestures_on_a_lot import line_across


def die(*_arguments: object) -> None:
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def tell(lot: object) -> None:
    """What the layer must hold after the replay."""
    rows = {key: row.to_dict() for key, row in rows_in_qgis(lot.layers.occupation).items()}
    sys.stdout.write(json.dumps(rows) + "\n")


def main() -> None:
    path, moment = Path(sys.argv[1]), sys.argv[2]
    application = QgsApplication([], False)
    application.initQgis()
    lot = open_lot(path, "essai", lambda gesture: "", QgsProject.instance())
    review = lot.review
    review.show_item(1)
    review.set_code("cs", "CS1.2.3")
    lot.journal.save()
    review.show_item(2)
    review.split(line_across(review))
    review.show_item(4)
    review.accept()
    review.show_item(5)
    review.set_code("us", "US3")
    review.undo()
    review.show_item(3)
    neighbour = max(
        (n for n in review.coverage.around(review.row()) if not n.is_locked),
        key=lambda n: common_border(review.row().polygon, n.polygon),
    )
    if moment == "before-layer":
        apply = review.coverage.apply

        def apply_tell_undo_die(patch: object, text: str) -> None:
            # The edit buffer dies with the process; what counts is that nothing reaches the disk.
            apply(patch, text)
            tell(lot)
            die()

        review.coverage.apply = apply_tell_undo_die
    review.merge_into(neighbour.id)
    tell(lot)
    if moment == "before-flip":
        lot.file.mark_applied = die
        lot.journal.save()
    die()


main()
