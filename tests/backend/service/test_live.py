# SPDX-License-Identifier: GPL-2.0-or-later
"""The live service over real HTTP: what is kept, what is answered, what a clumsy or hostile client gets."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile

import numpy as np
import pytest
import requests

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.service.live.kept import Kept
from inference_backend.service.live.npz import unpack
from inference_backend.service.web.api_errors import BadArraysError
from scripts.interactive_models import write_models
from tests.backend.service.server_process import TOKEN, ServerProcess

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-npz"}
SIDE_PX = 96
UNKNOWN = "0" * 64


@pytest.fixture(scope="module")
def live_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    write_models(folder / "models")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OCSGE_LIVE_BYTES", str(4 * 2**20))
        patched.setenv("OCSGE_LIVE_MAX_BODY_BYTES", str(2**20))
        server = ServerProcess(folder, "--interactive", str(folder / "models"))
    yield server
    server.stop()


def body(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def image(seed=1, side=SIDE_PX):
    pixels = np.random.default_rng(seed).integers(0, 20, (4, side, side)).astype(np.uint8)
    pixels[:, :, side // 2 :] += 120
    return pixels


def labels(side=SIDE_PX):
    painted = np.full((side, side), UNLABELLED, np.uint8)
    painted[10:20, 10:30], painted[10:20, -30:-10] = 3, 7
    return painted


def call(server, method, path, content=None, **headers):
    return requests.request(
        method, f"{server.url}/live/{path}", data=content, headers={**HEADERS, **headers}, timeout=60
    )


def keep(server, content):
    key = hashlib.sha256(content).hexdigest()
    return key, call(server, "PUT", f"patches/{key}", content)


@pytest.fixture
def key(live_server):
    key, answer = keep(live_server, body(image=image()))
    assert answer.status_code in (200, 201)
    return key


def arrays(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-npz"
    with np.load(io.BytesIO(answer.content)) as archive:
        return dict(archive)


def test_a_patch_is_kept_and_known_again(live_server, key):
    assert call(live_server, "HEAD", f"patches/{key}").status_code == 200
    assert call(live_server, "HEAD", f"patches/{UNKNOWN}").status_code == 404
    assert keep(live_server, body(image=image()))[1].status_code == 200


def test_segments_are_nested_and_as_many_as_asked_for(live_server, key):
    found = arrays(call(live_server, "POST", f"patches/{key}/segments?counts=200,40"))["segments"]
    assert found.shape == (2, SIDE_PX, SIDE_PX)
    assert int(found[1].max()) + 1 == 40
    assert arrays(call(live_server, "POST", f"patches/{key}/segments"))["segments"].shape[0] == 4


def test_strokes_are_answered_with_a_proposal(live_server, key):
    found = arrays(call(live_server, "POST", f"patches/{key}/proposal", body(labels=labels())))
    assert (found["value"][:, :44] == 3).all()
    assert (found["value"][:, 52:] == 7).all()
    assert found["confidence"].dtype == np.uint8


def test_what_a_patch_taught_serves_through_its_own_address(live_server, key):
    truth = np.where(np.arange(SIDE_PX)[None] < SIDE_PX // 2, 3, 7).astype(np.uint8).repeat(SIDE_PX, axis=0)
    taught = arrays(call(live_server, "POST", f"patches/{key}/rows", body(labels=truth)))
    content = body(**taught)
    memory = hashlib.sha256(content).hexdigest()
    nothing = body(labels=np.full_like(truth, UNLABELLED))
    path = f"patches/{key}/proposal?memory={memory}"
    assert call(live_server, "POST", path, nothing).status_code == 404
    assert call(live_server, "PUT", f"memories/{memory}", content).status_code == 201
    assert (arrays(call(live_server, "POST", path, nothing))["value"] == truth).mean() > 0.95


def test_interactive_models_answer_points(live_server, key):
    models = call(live_server, "GET", "models").json()["models"]
    assert {(m["name"], m["kind"], m["ready"]) for m in models} == {
        ("toy-sam", "sam", True),
        ("toy-sam2", "sam2", True),
    }
    point = body(points=np.array([[70, 40]], np.float32), point_labels=np.array([1], np.int8))
    found = arrays(call(live_server, "POST", f"patches/{key}/mask?model=toy-sam2", point))
    assert found["masks"][0, 40, 70]
    assert not found["masks"][:, :, :40].any()
    answer = call(live_server, "POST", f"patches/{key}/mask?model=none", point)
    assert answer.status_code == 400
    assert "toy-sam" in answer.json()["detail"]


def test_an_embedding_given_back_serves_without_the_patch(live_server):
    content = body(image=image(seed=5))
    key, _ = keep(live_server, content)
    embedding = arrays(call(live_server, "POST", f"patches/{key}/embedding?model=toy-sam"))
    # The same embedding under the name of a patch that was never sent.
    other = f"patches/{UNKNOWN[:-1]}1"
    point = body(points=np.array([[70, 40]], np.float32), point_labels=np.array([1], np.int8))
    assert call(live_server, "POST", f"{other}/mask?model=toy-sam", point).status_code == 404
    # Too large for this server's limit as it comes: three quarters of the channels are zeros.
    file = io.BytesIO()
    np.savez_compressed(file, **embedding)
    given = call(live_server, "PUT", f"{other}/embedding?model=toy-sam", file.getvalue())
    assert given.status_code == 400
    assert "bytes" in given.json()["detail"]


def test_a_forgotten_patch_is_told_apart_and_can_be_sent_again(live_server):
    contents = [body(image=image(seed, 256)) for seed in range(10, 24)]
    keys = [keep(live_server, content)[0] for content in contents]
    assert call(live_server, "POST", f"patches/{keys[0]}/segments?counts=50").status_code == 404
    assert call(live_server, "POST", f"patches/{keys[-1]}/segments?counts=50").status_code == 200
    assert keep(live_server, contents[0])[1].status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("PUT", "patches/abc", b"", 400),
        ("PUT", f"patches/{UNKNOWN}", b"x", 400),
        ("POST", f"patches/{UNKNOWN}/segments", b"", 404),
        ("POST", f"patches/{UNKNOWN}/segments?counts=1,2", b"", 400),
        ("POST", f"patches/{UNKNOWN}/segments?counts=99999999", b"", 400),
        ("POST", f"patches/{UNKNOWN}/proposal?memory=../x", b"", 400),
        ("POST", f"patches/{UNKNOWN}/embedding", b"", 400),
        ("PUT", f"patches/{UNKNOWN}", bytes(2**20 + 1), 413),
        ("DELETE", f"patches/{UNKNOWN}", b"", 405),
    ],
)
def test_what_cannot_be_answered_says_why(live_server, method, path, content, status):
    answer = call(live_server, method, path, content)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_body_of_another_kind_or_without_a_token_is_refused(live_server, key):
    refused = call(live_server, "POST", f"patches/{key}/proposal", b"{}", **{"Content-Type": "text/html"})
    assert refused.status_code == 415
    assert requests.get(live_server.url + "/live/models", timeout=10).status_code == 401


@pytest.mark.parametrize(
    "strokes",
    [
        {"labels": np.zeros((5, 5), np.uint8)},
        {"labels": np.zeros((SIDE_PX, SIDE_PX), np.float64)},
        {"other": np.zeros(3)},
        {"labels": labels(), "scores": np.zeros((2, 5, 5), np.uint8)},
    ],
)
def test_arrays_that_do_not_fit_are_named(live_server, key, strokes):
    answer = call(live_server, "POST", f"patches/{key}/proposal", body(**strokes))
    assert answer.status_code == 400
    assert any(name in answer.json()["detail"] for name in ("labels", "scores"))


def test_a_newer_question_takes_the_place_of_older_ones(live_server):
    """Many at once: the last one asked is answered, those that had to wait are told."""
    key, _ = keep(live_server, body(image=image(seed=77, side=256)))
    statuses: list[int] = []

    def ask():
        content = body(labels=labels(256))
        statuses.append(call(live_server, "POST", f"patches/{key}/proposal", content).status_code)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
        time.sleep(0.005)
    # The service answers others meanwhile.
    assert requests.get(live_server.url + "/", headers=HEADERS, timeout=5).status_code == 200
    for thread in threads:
        thread.join()
    assert set(statuses) == {200, 409}


def test_what_unpacks_to_more_than_it_says_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("image.npy", bytes(50_000_000))
    with pytest.raises(BadArraysError, match="bytes"):
        unpack(file.getvalue(), 1_000_000)


@pytest.mark.parametrize("shape", ["(1000000000000,)", "(-1, 4)", "(3,)"])
def test_a_header_that_lies_about_its_shape_is_refused(shape):
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(8)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("image.npy", content)
    with pytest.raises(BadArraysError, match="shape"):
        unpack(file.getvalue(), 10**9)


def test_pickles_are_never_read():
    with pytest.raises(BadArraysError):
        unpack(body(labels=np.array([{"a": 1}], dtype=object)), 10**6)


def test_orders_and_types_survive():
    given = {
        "a": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "b": np.array(["red", "é"]),
        "c": np.zeros(0),
    }
    found = unpack(body(**given), 10**6)
    assert all(np.array_equal(found[name], value) for name, value in given.items())


class Thing:
    def __init__(self, nbytes):
        self.nbytes = nbytes


def test_what_was_used_last_stays_and_one_owner_fills_half():
    kept = Kept(100)
    for name in "abc":
        kept.put(("one", name), Thing(20))
    assert kept.get(("one", "a")) is None  # 60 of one owner are more than half
    kept.get(("one", "b"))
    kept.put(("one", "d"), Thing(20))
    assert kept.get(("one", "b")) is not None
    assert kept.get(("one", "c")) is None
    for name in "xyz":
        kept.put(("two", name), Thing(16))
    assert kept.nbytes <= 100
    assert kept.get(("one", "b")) is not None
