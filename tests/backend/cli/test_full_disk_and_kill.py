# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands on a disk that is full, and stopped dead: nothing at the output path looks whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inference_backend.cli.language import language, use_language
from inference_backend.cli.main import main
from tests.backend.service.toy_inputs import write_model, write_prediction, write_raster

COMMAND = Path(sys.executable).with_name("ocsge")
YEAR = ["--millesime", "2022"]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    write_raster(folder / "ortho.tif", size_px=512)
    write_model(folder / "model.onnx")
    write_prediction(folder / "prediction.tif", size_px=512)
    return folder


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a file system of so many KiB, and takes it away at the end."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")

    def make(size_kib: int) -> Path:
        if os.geteuid() != 0 or mount is None:
            pytest.skip("mounting a small disk needs root")
        options = ["-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(folder)]
        if subprocess.run([mount, *options], check=False, capture_output=True).returncode:
            pytest.skip("this system does not let root mount a tmpfs")
        return folder

    yield make
    if os.path.ismount(folder):
        subprocess.run(["umount", str(folder)], check=True)


def arguments(command, inputs, folder):
    """Command line, and the result that it writes."""
    model, ortho = inputs / "model.onnx", inputs / "ortho.tif"
    if command == "scene":
        return ["scene", folder / "s", "--size-m", "150", "--pixel-m", "0.5"], folder / "s"
    if command == "predict":
        return ["predict", ortho, "-m", model, "-o", folder / "p.tif"], folder / "p.tif"
    if command == "postprocess":
        return ["postprocess", inputs / "prediction.tif", "-o", folder / "l.gpkg", *YEAR], folder / "l.gpkg"
    config = inputs / f"{folder.parent.name}.toml"
    config.write_text(f'output = "{folder}"\nmillesime = "2022"\nrasters = ["{ortho}"]\nmodel = "{model}"\n')
    return ["run", config], folder / "lot.gpkg"


@pytest.fixture
def spoken():
    """What a command in this process speaks is not what the next test speaks."""
    before = language()
    yield
    use_language(before)


def here(*words):
    """The command in this process: it starts at once."""
    return main([str(word) for word in words])


@pytest.mark.parametrize(
    ("command", "size_kib"),
    [("scene", 200), ("scene", 900), ("predict", 8), ("postprocess", 40), ("postprocess", 140), ("run", 40)],
)
def test_full_disk(inputs, small_disk, capfd, spoken, command, size_kib):
    folder = small_disk(size_kib)
    words, result = arguments(command, inputs, folder)
    status = here("--lang", "fr", *words)
    said = capfd.readouterr().err
    message = said.splitlines()[-1]
    assert status == 2, said
    assert "écriture impossible" in message
    assert "Libérez de la place" in message
    assert message.startswith(str(folder))
    assert len(message) < 400
    assert not result.exists()
    assert [path for path in folder.glob(".*") if not path.name.endswith(".work")] == []


@pytest.fixture(scope="module")
def whole_s(inputs, tmp_path_factory):
    """How long each command takes when nobody disturbs it."""
    durations = {}
    for command in ("predict", "postprocess"):
        words, _ = arguments(command, inputs, tmp_path_factory.mktemp(command))
        started = time.monotonic()
        subprocess.run([COMMAND, *words], check=True, capture_output=True)
        durations[command] = time.monotonic() - started
    return durations


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("command", ["predict", "postprocess"])
def test_killed_at_any_moment(inputs, whole_s, tmp_path, spoken, command, share):
    """What is at the output path is whole or absent, and the same command then works."""
    folder = tmp_path / "out"
    folder.mkdir()
    words, result = arguments(command, inputs, folder)
    process = subprocess.Popen([COMMAND, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(share * whole_s[command])
    process.send_signal(signal.SIGKILL)
    process.wait()
    if result.exists():
        assert [path for path in folder.glob(".*") if path.is_file()] == [], "moved before it was finished"
    assert [path for path in folder.iterdir() if not path.name.startswith(".") and path != result] == []
    assert here(*words) == 0
    assert result.is_file()
