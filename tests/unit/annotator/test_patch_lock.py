# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from ocsge_annotator.domain.patch_lock import (
    STALE_AFTER_S,
    PatchLock,
    is_running,
    myself,
    read_holder,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "locks" / "r0000_c0000.lock"


def other(path, **changes):
    """A lock of somebody else."""
    holder = replace(myself("marie"), host="poste-12", pid=77, **changes)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(asdict(holder)))
    return holder


def test_a_free_patch_is_taken_and_given_back(path):
    lock = PatchLock(path, "jean")
    assert lock.is_ours
    assert (read_holder(path).user, read_holder(path).pid) == ("jean", os.getpid())
    lock.release()
    assert not path.exists()
    lock.release()


def test_a_patch_of_another_machine_is_not_taken(path):
    holder = other(path)
    lock = PatchLock(path, "jean")
    assert not lock.is_ours
    assert lock.holder == holder
    lock.release()
    assert read_holder(path) == holder
    lock.take_over()
    assert lock.is_ours
    assert read_holder(path).user == "jean"


def test_the_lock_of_a_program_that_ended_here_is_taken_over(path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path.parent.mkdir()
    path.write_text(json.dumps(asdict(replace(myself("jean"), pid=ended.pid))))
    assert PatchLock(path, "jean").is_ours


def test_a_running_program_of_this_machine_keeps_its_lock(path):
    path.parent.mkdir()
    path.write_text(json.dumps(asdict(replace(myself("jean"), pid=os.getppid()))))
    assert is_running(os.getppid())
    assert PatchLock(path, "jean").holder.pid == os.getppid()


def test_a_torn_lock_is_taken_over(path):
    path.parent.mkdir()
    path.write_text('{"user": "ma')
    assert PatchLock(path, "jean").is_ours


def test_whose_lock_was_broken_learns_it_and_leaves_the_other_alone(path):
    lock = PatchLock(path, "jean")
    assert lock.renew()
    holder = other(path)
    assert not lock.renew()
    assert lock.holder == holder
    lock.release()
    assert read_holder(path) == holder


def test_a_lock_not_renewed_for_long_is_stale():
    holder = myself("marie")
    now = datetime.now(UTC)
    assert not holder.is_stale(now + timedelta(seconds=STALE_AFTER_S - 60))
    assert holder.is_stale(now + timedelta(seconds=STALE_AFTER_S + 60))
    assert replace(holder, seen="yesterday").is_stale()


def test_only_one_of_two_who_try_at_once_gets_the_patch(path):
    """Two programs, many patches: each patch ends with exactly one of them."""
    script = (
        "import sys, pathlib; from ocsge_annotator.domain.patch_lock import PatchLock\n"
        "print(''.join('1' if PatchLock(pathlib.Path(sys.argv[1]) / f'{n}.lock').is_ours else '0' "
        "for n in range(200))); sys.stdout.flush(); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(path.parent)]
    programs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    first, second = (program.stdout.readline().strip() for program in programs)
    for program in programs:
        program.communicate()
    assert len(first) == 200
    assert all({a, b} == {"0", "1"} for a, b in zip(first, second, strict=True))


def test_another_hand_of_this_program_neither_gets_the_patch_nor_frees_it(path):
    """An algorithm of the toolbox runs in the program whose panel has the patch."""
    lock = PatchLock(path, "jean")
    second = PatchLock(path, "jean")
    assert second.holder.user == "jean"
    second.release()
    assert lock.renew()
    lock.release()
    assert PatchLock(path, "jean").is_ours
