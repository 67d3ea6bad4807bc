# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing leaves the machine: production sites have no way out to the internet, and want none."""

import os
import subprocess
import sys

WATCH = """
import sys
calls = []
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.connect", "socket.sendto"):
        calls.append((event, arguments))
sys.addaudithook(watch)
"""
WORK = """
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.runtime.openvino_engine import OpenvinoEngine
from inference_backend.runtime.openvino_library import nncf
OpenvinoEngine(read_model(default_model_path()), workers=1)
nncf()
"""
END = """
import atexit, os, threading
for thread in threading.enumerate():
    if thread is not threading.current_thread() and not thread.daemon:
        thread.join(10)
assert not calls, calls
"""


def run(code, home):
    environment = {**os.environ, "HOME": str(home)}
    for name in ("CI", "NNCF_CI", "NNCF_DEV"):  # these would switch the reporting off
        environment.pop(name, None)
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


def test_engine_and_quantiser_reach_for_no_network(tmp_path):
    done = run(WATCH + WORK + END, tmp_path)
    assert done.returncode == 0, done.stderr
    # Where its makers keep the number by which they know a machine.
    assert not (tmp_path / "intel").exists()
