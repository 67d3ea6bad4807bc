# SPDX-License-Identifier: GPL-2.0-or-later
import os
import subprocess
import sys

import pytest

from inference_backend.runtime.threads import container_share, physical_cores, usable_threads


def write_topology(folder, siblings):
    for number, group in enumerate(siblings):
        place = folder / f"cpu{number}" / "topology"
        place.mkdir(parents=True)
        (place / "thread_siblings_list").write_text(group + "\n")


def test_two_threads_of_a_core_count_once(tmp_path):
    write_topology(tmp_path, ["0,2", "1,3", "0,2", "1,3"])
    assert physical_cores({0, 1, 2, 3}, tmp_path) == 2
    assert physical_cores({0, 2}, tmp_path) == 1
    assert physical_cores({0, 1}, tmp_path) == 2


def test_processors_of_which_nothing_is_known_count_each(tmp_path):
    assert physical_cores({0, 5, 7}, tmp_path) == 3


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("max 100000", None),
        ("200000 100000", 2),
        ("150000 100000", 1),
        ("50000 100000", 1),
        ("nonsense", None),
    ],
)
def test_share_of_a_container(text, share, tmp_path):
    (tmp_path / "cpu.max").write_text(text + "\n")
    assert container_share(tmp_path) == share


def test_share_in_the_first_version_of_control_groups(tmp_path):
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("300000\n")
    assert container_share(tmp_path) == 3
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    assert container_share(tmp_path) is None


@pytest.mark.parametrize(("asked", "found"), [("3", 3), ("0", None), ("-1", None), ("many", None)])
def test_a_wish_counts_where_it_is_a_number(asked, found, monkeypatch):
    monkeypatch.delenv("OCSGE_THREADS", raising=False)
    by_machine = usable_threads()
    monkeypatch.setenv("OCSGE_THREADS", asked)
    assert usable_threads() == (found or by_machine)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
def test_processors_taken_away_are_not_used():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
        "from inference_backend.runtime.threads import usable_threads; print(usable_threads())"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OCSGE_THREADS"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "1", done.stderr
