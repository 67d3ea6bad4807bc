# SPDX-License-Identifier: GPL-2.0-or-later
"""First questions come while the service warms itself up: imports must not trip over each other."""

from __future__ import annotations

import subprocess
import sys

FIRST_QUESTIONS = """
import threading
import numpy as np
from inference_backend.annotation.types import make_patch
from inference_backend.service.live.patch_work import PatchWork

work = PatchWork(make_patch(np.random.default_rng(1).integers(0, 255, (3, 48, 48)).astype(np.uint8)))
failed, ready = [], threading.Barrier(4)

def ask(question):
    ready.wait()
    try:
        question()
    except BaseException as error:
        failed.append(repr(error))

other = PatchWork(work.patch)
questions = (lambda: work.segments((40, 10)), other.learner, lambda: other.segments((20,)), work.learner)
threads = [threading.Thread(target=ask, args=(question,)) for question in questions]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failed, failed
"""


def test_first_questions_at_once_are_all_answered():
    done = subprocess.run(
        [sys.executable, "-c", FIRST_QUESTIONS], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
