# SPDX-License-Identifier: GPL-2.0-or-later
"""Our client: the same scores as the engine here, and clear words about servers that lie, tire or die."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import ThreadingHTTPServer

import numpy as np
import pytest

from inference_backend.models.reader import read_model
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.errors import EngineError
from inference_backend.runtime.kserve.engine import KserveEngine
from inference_backend.runtime.kserve.errors import (
    AccessRefusedError,
    BadServerAnswerError,
    BadServerUrlError,
    BadTokenValueError,
    CertificateError,
    NoSuchRemoteModelError,
    RemoteModelMismatchError,
    ServerGoneError,
    ServerRefusedError,
)
from tests.backend.kserve.hostile_server import Handler


class HostileProcess:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.backend.kserve.hostile_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def model(self, name):
        return f"{self.url}/v2/models/{name}"

    def stop(self):
        self.process.kill()
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def hostile():
    process = HostileProcess()
    yield process
    process.stop()


@pytest.fixture
def opened():
    """Opens engines that are closed after the test."""
    engines = []

    def open_one(model, url, timeout_s=5.0, patience_s=0.3):
        engines.append(KserveEngine(model, url, timeout_s, patience_s))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.close()


def scores_here(model, values):
    """By the engine that `auto` takes, which is the server's: the choice is remembered."""
    engine = open_engine("auto", model)
    try:
        return engine.infer(values)
    finally:
        engine.close()


@pytest.mark.parametrize("name", ["tiny", "indices", "window"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_our_server_gives_what_the_engine_here_gives(server, token, opened, models, image, name, dtype):
    model = read_model(models / f"{name}.onnx")
    engine = opened(model, f"{server.url}/v2/models/{name}")
    values = image if dtype is np.uint8 else image * np.float32(0.37)
    scores, expected = engine.infer(values), scores_here(model, values)
    np.testing.assert_allclose(scores.reshape(expected.shape), expected, rtol=1e-4, atol=1e-4)
    planes = engine.planes(values, 0.0)
    assert planes.shape == (1, 4, *expected.shape[-2:])
    assert (engine.name, engine.gives_planes) == ("v2", True)
    assert engine.precision in ("f32", "bf16"), "that of the server's engine"


def test_without_a_name_the_model_is_found_by_its_card(server, token, opened, tiny, image):
    np.testing.assert_allclose(
        opened(tiny, server.url).infer(image), scores_here(tiny, image), rtol=1e-4, atol=1e-4
    )


def test_by_the_name_of_an_engine_it_is_opened_too(server, token, tiny, image):
    engine = open_engine(f"v2:{server.url}/v2/models/tiny/versions/1", tiny)
    assert engine.infer(image).shape == (1, 3, 64, 64)
    engine.close()
    engine.close()


def test_many_threads_share_one_engine(server, token, opened, tiny):
    engine = opened(tiny, server.url, 20.0, 20.0)
    images = np.random.default_rng(5).integers(0, 256, (40, 1, 3, 64, 64)).astype(np.uint8)
    with ThreadPoolExecutor(8) as pool:
        for scores, values in zip(pool.map(engine.infer, images), images, strict=True):
            np.testing.assert_array_equal(scores.argmax(1), values.argmax(1))


@pytest.mark.parametrize("name", ["honest", "meta-float", "meta-one", "meta-nothing"])
@pytest.mark.parametrize("root", ["", "/plain"])
def test_foreign_servers_are_understood(hostile, opened, tiny, image, root, name):
    """Binary or JSON, bytes or floats, with and without a batch axis, with and without metadata."""
    engine = opened(tiny, f"{hostile.url}{root}/v2/models/{name}")
    np.testing.assert_array_equal(engine.infer(image), image.astype(np.float32))
    assert engine.precision == "remote"
    assert not engine.gives_planes
    if name != "meta-one":
        return
    pair = np.concatenate([image, image[:, :, ::-1]])
    np.testing.assert_array_equal(engine.infer(pair), pair.astype(np.float32))


def test_floats_are_not_squeezed_into_the_bytes_that_a_server_takes(hostile, opened, tiny, image):
    engine = opened(tiny, hostile.model("honest"))
    np.testing.assert_array_equal(engine.infer(image.astype(np.float32)), image.astype(np.float32))
    with pytest.raises(RemoteModelMismatchError, match="type of its input is UINT8, the card needs FP32"):
        engine.infer(image * np.float32(0.5))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("meta-channels", "shape of its input is [?, 5, 64, 64]"),
        ("meta-last", "shape of its input is [?, 64, 64, 3]"),
        ("meta-tile", "shape of its input is [?, 3, 512, 512], the card needs [3, 64, 64]"),
        ("meta-rank", "shape of its input is [?]"),
        ("meta-type", "type of its input is BYTES"),
        ("meta-classes", "number of classes is 19, the card needs 3"),
        ("meta-indices", "type of its output is INT64"),
        ("meta-boxes", "list of outputs is boxes, labels, the card needs scores"),
        ("meta-inputs", "list of inputs is image, height"),
    ],
)
def test_a_model_that_is_not_the_cards_is_refused_before_a_tile_is_sent(hostile, opened, tiny, name, words):
    with pytest.raises(RemoteModelMismatchError) as refused:
        opened(tiny, hostile.model(name))
    assert words in str(refused.value)
    assert "le modèle du serveur ne correspond pas à la fiche" in refused.value.text("fr")


def test_a_server_of_one_tile_size_does_not_fit_a_card_of_any_size(hostile, opened, tiny):
    free = replace(tiny, card=replace(tiny.card, any_size=True))
    with pytest.raises(RemoteModelMismatchError, match=r"size of its input is \[64, 64\], .* \(any_size\)"):
        opened(free, hostile.model("honest"))


@pytest.mark.parametrize("name", ["meta-broken", "meta-shape", "meta-text", "huge-document"])
def test_metadata_that_is_none_is_refused(hostile, opened, tiny, name):
    with pytest.raises(BadServerAnswerError):
        opened(tiny, hostile.model(name))


LIES = {
    "short": "its shape needs 49152 bytes and 49144 follow",
    "surplus": "8 bytes follow the last tensor",
    "lying-size": "binary_data_size is 99152, its shape needs 49152",
    "lying-header": "Inference-Header-Content-Length is",
    "negative-header": "Inference-Header-Content-Length is -1",
    "absurd-header": "Inference-Header-Content-Length is -1",
    "no-header": "not JSON",
    "wrong-shape": "FP32 [1, 3, 63, 64], [1, 3, 64, 64] was expected",
    "wrong-count": "[2, 3, 64, 64]",
    "wrong-classes": "FP32 [1, 2, 64, 64]",
    "wrong-rank": "FP32 [12288]",
    "wrong-type": "INT64 [1, 3, 64, 64]",
    "wrong-name": "lacks the tensor scores",
    "overflow": "needs > 10^18 bytes",
    "bytes": "datatype 'BYTES'",
    "text": "not JSON",
    "empty": "not JSON",
    "nan": "not JSON",
    "gzip-bomb": "it is compressed (gzip)",
    "huge-length": "it has 1000000000000 bytes or more",
    "endless": "bytes or more, at most",
}


@pytest.mark.parametrize("lie", LIES)
def test_answers_that_lie_are_refused(hostile, opened, tiny, image, lie):
    engine = opened(tiny, hostile.model(lie))
    with pytest.raises(BadServerAnswerError) as refused:
        engine.infer(image)
    assert LIES[lie] in str(refused.value)
    assert hostile.url in str(refused.value)
    assert "inutilisable" in refused.value.text("fr")


@pytest.mark.parametrize("mode", ["truncated", "always-busy"])
def test_patience_ends(hostile, opened, tiny, image, mode):
    with pytest.raises(ServerGoneError, match=r"no answer after \d+ attempts") as gone:
        opened(tiny, hostile.model(mode)).infer(image)
    assert isinstance(gone.value, EngineError)
    assert ("HTTP 503" in str(gone.value)) == (mode == "always-busy")


@pytest.mark.parametrize("mode", ["drip", "silent"])
def test_an_answer_that_does_not_come_is_not_waited_for(hostile, opened, tiny, image, mode):
    engine = opened(tiny, hostile.model(mode), timeout_s=0.3)
    started = time.monotonic()
    with pytest.raises(ServerGoneError, match="it took too long"):
        engine.infer(image)
    assert time.monotonic() - started < 15, "the server would have gone on for 20 s and more"


@pytest.mark.parametrize("mode", ["busy", "dropped"])
def test_what_passes_is_waited_for(hostile, opened, tiny, image, mode):
    engine = opened(tiny, hostile.model(mode), patience_s=20.0)
    for _ in range(2):
        np.testing.assert_array_equal(engine.infer(image), image.astype(np.float32))


def test_the_words_of_a_server_are_shortened_and_cleaned(hostile, opened, tiny, image):
    with pytest.raises(ServerRefusedError) as refused:
        opened(tiny, hostile.model("fault")).infer(image)
    assert "HTTP 500): CUDA [31m out of memory x" in str(refused.value)
    assert len(str(refused.value)) < 700
    with pytest.raises(ServerRefusedError, match="HTTP 500"):
        opened(tiny, hostile.model("html-fault")).infer(image)
    with pytest.raises(AccessRefusedError, match="OCSGE_V2_TOKEN"):
        opened(tiny, hostile.model("forbidden")).infer(image)


def test_a_redirect_is_not_followed(hostile, opened, tiny, image):
    with pytest.raises(ServerRefusedError, match="HTTP 307"):
        opened(tiny, hostile.model("redirect")).infer(image)


def test_the_token_travels_in_the_header_and_is_not_taken_from_netrc(
    hostile, opened, tiny, image, tmp_path, monkeypatch
):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("OCSGE_V2_TOKEN", "mine")
    with pytest.raises(ServerRefusedError, match="token Bearer mine"):
        opened(tiny, hostile.model("who")).infer(image)


@pytest.mark.parametrize("token", ["two words", "line\nbreak: x", "é"])
def test_a_token_that_would_not_stay_in_its_header_is_refused_unseen(
    hostile, opened, tiny, monkeypatch, token
):
    monkeypatch.setenv("OCSGE_V2_TOKEN", token)
    with pytest.raises(BadTokenValueError) as refused:
        opened(tiny, hostile.model("honest"))
    assert token not in str(refused.value)


def test_our_server_asks_for_the_token(server, opened, tiny, monkeypatch):
    monkeypatch.setenv("OCSGE_V2_TOKEN", "not-the-one")
    with pytest.raises(AccessRefusedError, match="HTTP 401") as refused:
        opened(tiny, server.url)
    assert "not-the-one" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://host/v2",
        "http://",
        "http://host:99999",
        "http://host/v2/models/../x",
        "http://me:secret@host:8000",
        "http://host:8000/v2?token=secret",
        "http://host:8000/#secret",
        "http://ho st/v2",
        "http://host\\@other/v2",
        "file:///etc/passwd",
    ],
)
def test_addresses_that_are_none_are_refused_without_repeating_secrets(opened, tiny, url):
    with pytest.raises(BadServerUrlError) as refused:
        opened(tiny, url)
    assert "secret" not in str(refused.value)


def test_nobody_there_is_said_with_the_remedy(opened, tiny):
    with pytest.raises(ServerGoneError) as gone:
        opened(tiny, "http://127.0.0.1:9")
    assert "http://127.0.0.1:9: no answer after 3 attempts" in str(gone.value)
    assert "connection lost or refused" in str(gone.value)
    assert "pas de réponse après" in gone.value.text("fr")


def test_a_missing_model_is_said_with_those_that_exist(hostile, server, token, opened, tiny):
    with pytest.raises(NoSuchRemoteModelError, match=r"no model called none \(it offers: honest\)"):
        opened(tiny, hostile.model("none"))
    with pytest.raises(NoSuchRemoteModelError, match="it offers: "):
        opened(tiny, f"{server.url}/v2/models/nothing")


def test_closing_ends_the_waiting_of_others(hostile, opened, tiny, image):
    engine = opened(tiny, hostile.model("always-busy"), patience_s=600.0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(engine.infer, image)
        time.sleep(0.3)
        engine.close()
        with pytest.raises(ServerGoneError):
            waiting.result(20)


def test_a_server_that_dies_under_way_is_a_clear_end(opened, tiny, image):
    process = HostileProcess()
    engine = opened(tiny, process.model("dying"))
    engine.infer(image)
    engine.infer(image)
    with pytest.raises(ServerGoneError, match="the same command goes on from the blocks that are finished"):
        engine.infer(image)
    process.stop()


@pytest.fixture
def tls_server(tmp_path):
    """A good server over TLS, whose certificate nobody signed: its address and its certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{httpd.server_address[1]}/v2/models/honest", certificate
        httpd.shutdown()


def test_certificates_are_checked(tls_server, opened, tiny, image, monkeypatch):
    url, certificate = tls_server
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with pytest.raises(CertificateError, match="REQUESTS_CA_BUNDLE"):
        opened(tiny, url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    np.testing.assert_array_equal(opened(tiny, url).infer(image), image.astype(np.float32))
