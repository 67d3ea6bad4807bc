# SPDX-License-Identifier: GPL-2.0-or-later
"""What `make test` runs and says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from scripts import run_tests


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """Parts of a test write beside those of a run that may be going on."""
    monkeypatch.setattr(run_tests, "LOGS", tmp_path)
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)
    return tmp_path


def saying(text, status=0):
    return (sys.executable, "-c", f"print({text!r}); raise SystemExit({status})")


def test_every_test_file_is_in_one_part(repository):
    for path in (repository / "tests").rglob("test_*.py"):
        name = str(path.relative_to(repository))
        holds = []
        for part, command in run_tests.PARTS.items():
            taken = any(name.startswith(f"{word}/") for word in command if word.startswith("tests/"))
            left = any(name.startswith(f"{word[9:]}/") for word in command if word.startswith("--ignore="))
            holds += [part] if taken and not left else []
        assert len(holds) == 1, f"{name}: {holds}"


def test_a_failed_part_is_shown_whole_and_the_exit_status_says_so(logs, monkeypatch, capsys):
    parts = {
        "good": saying("3 passed in 0.10s"),
        "bad": saying("the reason\n1 failed, 2 passed in 4.20s (0:00:04)", 1),
        "dead": (sys.executable, "-c", "import os; print('so far', flush=True); os.kill(os.getpid(), 9)"),
    }
    monkeypatch.setattr(run_tests, "PARTS", parts)
    assert run_tests.main([]) == 1
    said = capsys.readouterr().out
    end = said[said.index("\ngood:") :].splitlines()
    assert "the reason" in said
    assert "so far" in said
    assert end[1] == "good: 3 passed in 0.10s"
    assert end[2] == "bad: 1 failed, 2 passed in 4.20s (0:00:04) - FAILED, status 1"
    assert end[3].startswith("dead: no count of tests")
    assert end[4].startswith("make test: FAILED (bad dead) in")
    assert run_tests.main(["good"]) == 0
    assert "all parts passed" in capsys.readouterr().out


def test_an_interrupted_run_leaves_nothing_running(logs):
    program = (
        # A shell that starts tests in the background lets them ignore the key.
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from pathlib import Path; from scripts import run_tests as r; "
        f"r.LOGS = r.ROOT = Path({str(logs)!r}); "
        "r.PARTS = {'long': (sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); "
        "time.sleep(600)')}; r.main([])"
    )
    process = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    log, until = logs / "test-long.log", time.monotonic() + 60
    while not (log.exists() and log.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    part = int(log.read_text())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(part, 0)
