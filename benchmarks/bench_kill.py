# SPDX-License-Identifier: GPL-2.0-or-later
"""`kill -9` at random moments of a prediction, each followed by the same command; see `kill_predict`."""

from __future__ import annotations

from benchmarks import kill_predict, timing
from benchmarks.figures import Figures

KILLS, SEED = 20, 1


def measure() -> Figures:
    kills = 4 if timing.is_quick() else KILLS
    outcome = kill_predict.run(kills, SEED)
    return {
        "kill_restarts": int(str(outcome["rounds"])),
        "kill_identical": int(str(outcome["restarts_with_the_same_pixels"])),
        "kill_while_running": int(str(outcome["kills"])),
        "kill_looked_whole": int(str(outcome["unfinished_files_that_looked_whole"])),
    }
