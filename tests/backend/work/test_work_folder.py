# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder of unfinished work: it comes with the work, and goes with what is not worth keeping."""

import pytest

from inference_backend.work.work_folder import discard_unfinished, open_work_folder, work_folder


def open_one(output, identity=None, keep=False, restart=False):
    return open_work_folder(output, identity or {"a": 1}, restart=restart, keep=lambda _: keep)


def test_a_fault_leaves_neither_the_folder_nor_those_made_for_it(tmp_path):
    with pytest.raises(ValueError, match="fault"), open_one(tmp_path / "a" / "b" / "lot.gpkg"):
        raise ValueError("fault")
    assert list(tmp_path.iterdir()) == []


def test_folders_that_hold_something_stay(tmp_path):
    output = tmp_path / "a" / "lot.gpkg"
    with open_one(output):
        output.write_bytes(b"done")
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "lot.gpkg"]


def test_parts_of_the_same_work_are_found_again_and_others_removed(tmp_path):
    output = tmp_path / "lot.gpkg"
    with open_one(output, keep=True) as folder:
        folder.write("0_0.survey", b"part")
    with open_one(output, keep=True) as folder:
        assert folder.changed is None
        assert [path.name for path in folder.parts()] == ["0_0.survey"]
    with open_one(output, {"a": 2}, keep=True) as folder:
        assert folder.changed == ("a",)
        assert list(folder.parts()) == []
    assert work_folder(output).is_dir()
    assert discard_unfinished(output)
    assert list(tmp_path.iterdir()) == []
