# SPDX-License-Identifier: GPL-2.0-or-later
"""`make fuzz-review`: thousands of random sequences of gestures on parts of post-processed communes.

    python -m benchmarks.fuzz_review build/fuzz_review.json [SEQUENCES] [LOT.gpkg ...]

After every gesture GEOS looks for gaps, overlaps and invalid polygons, compares areas and the outlines that
may not move; undo must give back the same bytes. Without lots, communes of the calibration seeds are made.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.fuzz_review.coverages import lot_rows, window
from benchmarks.fuzz_review.judge import Rows
from benchmarks.fuzz_review.machine import OUTCOMES, ReviewMachine
from benchmarks.quality import CALIBRATION_SEEDS
from benchmarks.quality_lots import lot_of, lot_path
from benchmarks.quality_scenes import scene_of
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.profile import Profile

SEQUENCES = 10_000
GESTURES = 8
COMMUNES = 4


def made_lots() -> list[Path]:
    """Finished lots of a few communes that tuning may look at."""
    found = []
    for seed in CALIBRATION_SEEDS[:COMMUNES]:
        scene = scene_of(seed)
        path = lot_path(scene, "final")
        if not path.is_file():
            lot_of(scene, "final", Profile.load())
        found.append(path)
    return found


def machine_on(lots: list[Path]) -> type[ReviewMachine]:
    """A machine that works on any window of any of the lots."""

    def load(number: int) -> Rows:
        return window(lot_rows(lots[number % len(lots)]), number // len(lots))

    return type("MachineOnLots", (ReviewMachine,), {"load": staticmethod(load)})


def main() -> int:
    """Run the machine and write what it did."""
    output = Path(sys.argv[1])
    sequences = int(sys.argv[2]) if len(sys.argv) > 2 else SEQUENCES
    lots = [Path(text) for text in sys.argv[3:]] or made_lots()
    started = time.monotonic()
    run_state_machine_as_test(
        machine_on(lots),
        settings=settings(
            max_examples=sequences,
            stateful_step_count=GESTURES,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    made = sum(count for name, count in OUTCOMES.items() if ":" not in name)
    figures = {
        "sequences": sequences,
        "gestures_made": made,
        "gestures_refused": OUTCOMES.total() - made,
        "broken_coverages": 0,
        "seconds": round(time.monotonic() - started, 1),
        "outcomes": dict(sorted(OUTCOMES.items())),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    with replace_when_done(output) as unfinished:
        unfinished.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"fuzz-review: {sequences} sequences, {made} gestures, no coverage broken\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
