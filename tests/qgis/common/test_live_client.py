# SPDX-License-Identifier: GPL-2.0-or-later
"""The live service from inside QGIS: a real backend, started by the client, that nobody waits for."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from qgis.PyQt.QtCore import QTimer

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_common.backend.environment import COMMAND_ENVIRONMENT
from ocsge_common.backend.live_arrays import live_memory, live_patch
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.errors import (
    BackendNotFoundError,
    BackendRefusedError,
    BackendTooOldError,
    BackendUnreachableError,
)
from ocsge_common.settings import BackendSettings
from tests.qgis.common.servers import Quiet, running

ROOT = Path(__file__).resolve().parents[3]
SIDE_PX = 128


@pytest.fixture(scope="module")
def client(qgis_app, tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    python = str(ROOT / ".venv" / "bin" / "python")
    make = [python, "-m", "scripts.interactive_models", str(folder / "interactive")]
    subprocess.run(make, cwd=ROOT, check=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OCSGE_DATA_DIR", str(folder))
        client = LiveClient(BackendSettings(command=str(ROOT / ".venv" / "bin" / "ocsge")))
        yield client
        client.stop(wait=True)


@pytest.fixture(scope="module")
def patch():
    """Two fields of other colours, side by side, with a little noise."""
    image = np.random.default_rng(1).integers(0, 20, (4, SIDE_PX, SIDE_PX)).astype(np.uint8)
    image[:, :, SIDE_PX // 2 :] += 120
    return live_patch(image, np.ones((SIDE_PX, SIDE_PX), bool), ["red", "green", "blue", "infrared"])


@pytest.fixture
def strokes():
    labels = np.full((SIDE_PX, SIDE_PX), UNLABELLED, np.uint8)
    labels[10:20, 10:40], labels[10:20, -40:-10] = 3, 7
    return labels


def answer(qtbot, reply):
    found = []
    reply.done.connect(found.append)
    reply.failed.connect(found.append)
    with qtbot.waitSignal(reply.over, timeout=60_000):
        pass
    assert len(found) == 1
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def test_the_first_question_starts_the_backend_and_returns_before_it_is_up(qtbot, client, patch):
    reply = client.segments(patch, (400, 100))
    assert not client.is_ready
    ticks = []
    clock = QTimer()
    clock.timeout.connect(lambda: ticks.append(1))
    clock.start(20)
    segments = answer(qtbot, reply)
    assert client.is_ready
    assert len(ticks) > 5  # the window lived meanwhile
    assert segments.shape == (2, SIDE_PX, SIDE_PX)
    assert segments.dtype == np.uint16


def test_strokes_become_a_proposal_for_every_pixel(qtbot, client, patch, strokes):
    value, confidence = answer(qtbot, client.proposal(patch, strokes))
    assert (value[:, : SIDE_PX // 2 - 4] == 3).all()
    assert (value[:, SIDE_PX // 2 + 4 :] == 7).all()
    assert (confidence[strokes != UNLABELLED] == 255).all()


def test_of_several_proposals_only_the_newest_is_answered(qtbot, client, patch, strokes):
    answered = []
    replies = [client.proposal(patch, strokes) for _ in range(4)]
    for number, reply in enumerate(replies):
        reply.done.connect(lambda _, number=number: answered.append(number))
        reply.failed.connect(answered.append)
    with qtbot.waitSignal(replies[-1].over, timeout=60_000):
        pass
    qtbot.wait(100)
    assert answered == [3]


def test_a_patch_teaches_another_that_nothing_was_painted_on(qtbot, client, patch, strokes):
    truth = np.full((SIDE_PX, SIDE_PX), 3, np.uint8)
    truth[:, SIDE_PX // 2 :] = 7
    memory = live_memory([answer(qtbot, client.rows(patch, truth))])
    image = np.random.default_rng(2).integers(0, 20, (4, SIDE_PX, SIDE_PX)).astype(np.uint8)
    image[:, :, : SIDE_PX // 2] += 120
    other = live_patch(image, None, ["red", "green", "blue", "infrared"])
    value, _ = answer(qtbot, client.proposal(other, np.full_like(strokes, UNLABELLED), memory=memory))
    assert (value[:, : SIDE_PX // 2 - 4] == 7).mean() > 0.95
    assert (value[:, SIDE_PX // 2 + 4 :] == 3).mean() > 0.95


@pytest.mark.parametrize("model", ["toy-sam", "toy-sam2"])
def test_a_point_becomes_a_mask_from_an_embedding_kept_before(qtbot, client, patch, model):
    names = {entry["name"]: entry for entry in answer(qtbot, client.models())}
    assert names[model]["ready"]
    embedding = answer(qtbot, client.embedding(patch, model))
    answer(qtbot, client.give_embedding(patch.key, model, embedding))
    masks, scores = answer(qtbot, client.mask(patch, model, np.array([[96, 64]]), np.array([1])))
    assert masks.shape[1:] == (SIDE_PX, SIDE_PX)
    assert masks[0, 64, 96]
    assert not masks[:, :, : SIDE_PX // 2 - 8].any()
    assert (np.diff(scores) <= 0).all()


def test_what_the_backend_refuses_says_why(qtbot, client, patch):
    with pytest.raises(BackendRefusedError, match="sam-of-nobody"):
        answer(qtbot, client.embedding(patch, "sam-of-nobody"))


def test_a_cancelled_question_says_nothing(qtbot, client, patch, strokes):
    reply = client.proposal(patch, strokes)
    said = []
    reply.done.connect(said.append)
    reply.failed.connect(said.append)
    qtbot.wait(5)
    reply.cancel()
    qtbot.wait(300)
    assert said == []
    assert reply.is_over


def test_a_backend_from_before_the_live_service_is_named_as_such(qtbot, patch):
    class Older(Quiet):
        def refuse(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer(404, b'{"title": "NoSuchPath", "detail": "nothing"}', "application/problem+json")

        do_GET = do_PUT = do_POST = refuse  # noqa: N815 - the names that http.server calls

    with running(Older) as port:
        older = LiveClient(BackendSettings(url=f"http://127.0.0.1:{port}"))
        for ask in (older.models, lambda: older.segments(patch)):
            with pytest.raises(BackendTooOldError):
                answer(qtbot, ask())


def test_without_a_backend_every_question_fails_with_the_reason(qtbot, patch, monkeypatch, tmp_path):
    monkeypatch.delenv(COMMAND_ENVIRONMENT, raising=False)
    monkeypatch.setenv("OCSGE_BACKEND_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    client = LiveClient(BackendSettings())
    with pytest.raises(BackendNotFoundError):
        answer(qtbot, client.segments(patch))
    remote = LiveClient(BackendSettings(url="http://127.0.0.1:9"))
    with pytest.raises(BackendUnreachableError):
        answer(qtbot, remote.segments(patch))
