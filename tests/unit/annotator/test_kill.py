# SPDX-License-Identifier: GPL-2.0-or-later
"""A process that is really killed while somebody paints."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).parents[3]
PAINTER = """
import sys
import numpy as np
from pathlib import Path
from ocsge_annotator.domain.active_clock import ActiveClock
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.journal import Journal
from ocsge_annotator.domain.patch_editor import PatchEditor
from ocsge_annotator.domain.pixels import PixelPoint, Shape


def open_editor(folder):
    shape = Shape(256, 256)
    journal = Journal(Path(folder) / "p.journal", "p", shape)
    return PatchEditor(np.full(shape, 255, dtype=np.uint8), journal, ActiveClock())


def gesture(editor, index):
    rng = np.random.default_rng(index)
    start, end = PixelPoint(*rng.uniform(0, 256, 2)), PixelPoint(*rng.uniform(0, 256, 2))
    editor.begin()
    # A disc of its own colour at the start makes sure that each gesture changes something.
    editor.paint(brush_segment(editor.shape, start, end, int(rng.integers(3, 40))), index % 250)
    editor.commit("brush")


if __name__ == "__main__":
    editor, index = open_editor(sys.argv[1]), 0
    while True:
        gesture(editor, index)
        index += 1
        print(index, flush=True)
"""


@pytest.mark.parametrize("gestures_before_kill", [1, 17, 60])
def test_after_a_kill_the_journal_gives_back_every_finished_gesture(tmp_path, gestures_before_kill):
    script = tmp_path / "painter.py"
    script.write_text(PAINTER)
    process = subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(REPOSITORY)},
    )
    finished = 0
    while finished < gestures_before_kill:
        finished = int(process.stdout.readline())
    process.kill()
    finished = max([finished, *(int(line) for line in process.stdout if line.endswith("\n"))])
    process.wait()
    painter = {"__name__": "painter"}
    exec(compile(PAINTER, "painter", "exec"), painter)
    recovered = painter["open_editor"](tmp_path)
    assert recovered.recovered in (finished, finished + 1)  # one may be on the disk and not yet announced
    (tmp_path / "expected").mkdir()
    expected = painter["open_editor"](tmp_path / "expected")
    for index in range(recovered.recovered):
        painter["gesture"](expected, index)
    assert np.array_equal(recovered.labels, expected.labels)
