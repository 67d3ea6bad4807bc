# SPDX-License-Identifier: GPL-2.0-or-later
"""An inference server as its own process that lies; which lie is the name of the model.

    python -m tests.backend.kserve.hostile_server

Its first line on standard output is its port. Each model describes itself well and answers badly; a name that
starts with `meta-` describes itself badly. `honest` and `json` are what a good server does, to compare with.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from inference_backend.runtime.kserve.wire import Tensor, decode, encode

INPUT = {"name": "image", "datatype": "UINT8", "shape": [-1, 3, 64, 64]}
OUTPUT = {"name": "scores", "datatype": "FP32", "shape": [-1, 3, 64, 64]}
METADATA = {
    "meta-channels": {"inputs": [{**INPUT, "shape": [-1, 5, 64, 64]}]},
    "meta-last": {"inputs": [{**INPUT, "shape": [-1, 64, 64, 3]}]},
    "meta-tile": {"inputs": [{**INPUT, "shape": [-1, 3, 512, 512]}]},
    "meta-rank": {"inputs": [{**INPUT, "shape": [-1]}]},
    "meta-type": {"inputs": [{**INPUT, "datatype": "BYTES"}]},
    "meta-classes": {"outputs": [{**OUTPUT, "shape": [-1, 19, 64, 64]}]},
    "meta-indices": {"outputs": [{**OUTPUT, "datatype": "INT64"}]},
    "meta-boxes": {"outputs": [{**OUTPUT, "name": "boxes"}, {**OUTPUT, "name": "labels"}]},
    "meta-inputs": {"inputs": [INPUT, {**INPUT, "name": "height"}]},
    "meta-broken": {"inputs": {"name": "image"}},
    "meta-shape": {"inputs": [{**INPUT, "shape": "all of them"}]},
    "meta-text": "no object",
    "meta-float": {"inputs": [{**INPUT, "datatype": "FP32"}]},
    "meta-one": {
        "inputs": [{**INPUT, "shape": [3, 64, 64]}], "outputs": [{**OUTPUT, "shape": [3, 64, 64]}]
    },
    "meta-nothing": {"inputs": [], "outputs": []},
}  # fmt: skip


def good_scores(image):
    return np.ascontiguousarray(image, np.float32)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: dict[str, int] = {}

    def do_GET(self):
        parts = self.path.split("/")
        if self.path == "/v2":
            self.send_document({"name": "hostile", "version": "1", "extensions": ["binary_tensor_data"]})
        elif self.path == "/plain/v2":
            self.send_document({"name": "plain", "version": "1", "extensions": []})
        elif "models" not in parts:
            self.send_document({"error": "nothing here"}, 404)
        elif parts[-1].startswith(("none", "tiny")):
            self.send_document({"error": "Request for unknown model: it is not found"}, 400)
        elif parts[-1] == "huge-document":
            self.reply(b'{"name": "' + b"x" * 5 * 2**20 + b'"}')
        else:
            own = METADATA.get(parts[-1], {})
            whole = {"name": parts[-1], "inputs": [INPUT], "outputs": [OUTPUT]}
            self.send_document(own if isinstance(own, str) else {**whole, **own})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = self.path.split("/")
        if parts[-1] == "index":
            self.send_document([{"name": "honest"}, {"name": "bad\x1b[31m"}, "x"])
            return
        mode = parts[-2]
        Handler.seen[mode] = Handler.seen.get(mode, 0) + 1
        getattr(self, "infer_" + mode.replace("-", "_"), self.infer_honest)(body)

    def scores(self, body):
        length = self.headers.get("Inference-Header-Content-Length")
        _, (image,) = decode(body, None if length is None else int(length), "inputs", 10**8)
        values = image.values
        return good_scores(values), length is not None

    def packed(self, body, name="scores", change=lambda scores: scores, binary=True):
        scores, _ = self.scores(body)
        return encode({"model_name": "m"}, "outputs", [Tensor(name, change(scores))], [binary])

    def infer_honest(self, body):
        _, is_binary = self.scores(body)
        self.reply_message(*self.packed(body, binary=is_binary))

    def infer_truncated(self, body):
        content, length = self.packed(body)
        self.reply(content[: len(content) // 2], length, size=len(content))

    def infer_short(self, body):
        content, length = self.packed(body)
        self.reply(content[:-8], length)

    def infer_surplus(self, body):
        content, length = self.packed(body)
        self.reply(content + b"\0" * 8, length)

    def infer_lying_size(self, body):
        content, length = self.packed(body)
        self.reply(content.replace(b'"binary_data_size": 49152', b'"binary_data_size": 99152'), length)

    def infer_lying_header(self, body):
        content, length = self.packed(body)
        self.reply(content, length + 10**9)

    def infer_negative_header(self, body):
        self.reply(self.packed(body)[0], -1)

    def infer_absurd_header(self, body):
        self.reply(self.packed(body)[0], "9" * 5000)

    def infer_no_header(self, body):
        self.reply(self.packed(body)[0])

    def infer_wrong_shape(self, body):
        self.reply_message(*self.packed(body, change=lambda scores: scores[:, :, :-1]))

    def infer_wrong_count(self, body):
        self.reply_message(*self.packed(body, change=lambda scores: np.concatenate([scores, scores])))

    def infer_wrong_classes(self, body):
        self.reply_message(*self.packed(body, change=lambda scores: scores[:, :2]))

    def infer_wrong_rank(self, body):
        self.reply_message(*self.packed(body, change=lambda scores: scores.ravel()))

    def infer_wrong_type(self, body):
        self.reply_message(*self.packed(body, change=lambda scores: scores.astype(np.int64)))

    def infer_wrong_name(self, body):
        self.reply_message(*self.packed(body, "boxes"))

    def infer_overflow(self, body):
        content, length = self.packed(body)
        shape = b'"shape": [4294967296, 4294967296, 1, 1]'
        grown = content.replace(b'"shape": [1, 3, 64, 64]', shape)
        self.reply(grown, length + len(shape) - len(b'"shape": [1, 3, 64, 64]'))

    def infer_bytes(self, body):
        self.reply(b'{"outputs": [{"name": "scores", "datatype": "BYTES", "shape": [1], "data": ["x"]}]}')

    def infer_text(self, body):
        self.reply(b"<html>It works!</html>")

    def infer_empty(self, body):
        self.reply(b"")

    def infer_nan(self, body):
        self.reply(
            b'{"outputs": [{"name": "scores", "datatype": "FP32", "shape": [1,3,64,64], "data": [NaN]}]}'
        )

    def infer_gzip_bomb(self, body):
        self.reply(gzip.compress(b" " * 10**8), headers={"Content-Encoding": "gzip"})

    def infer_huge_length(self, body):
        self.reply(b"{", size=10**12)

    def infer_endless(self, body):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        except OSError:
            self.close_connection = True

    def infer_drip(self, body):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def infer_silent(self, body):
        time.sleep(20)

    def infer_redirect(self, body):
        self.reply(b"", status=307, headers={"Location": f"http://localhost:{PORT}/v2/models/honest/infer"})

    def infer_fault(self, body):
        self.send_document({"error": "CUDA\x1b[31m out of memory\n" + "x" * 10_000}, 500)

    def infer_html_fault(self, body):
        self.reply(b"<script>alert(1)</script>", status=500)

    def infer_forbidden(self, body):
        self.send_document({"error": "no"}, 403)

    def infer_busy(self, body):
        if Handler.seen["busy"] % 3:
            self.reply(b"{}", status=503, headers={"Retry-After": "0"})
        else:
            self.infer_honest(body)

    def infer_always_busy(self, body):
        self.reply(b"{}", status=503)

    def infer_dropped(self, body):
        if Handler.seen["dropped"] % 2:
            self.close_connection = True
            self.connection.close()
        else:
            self.infer_honest(body)

    def infer_dying(self, body):
        if Handler.seen["dying"] > 2:
            os._exit(1)
        self.infer_honest(body)

    def infer_who(self, body):
        """Refuses, and says with which token."""
        self.send_document({"error": f"token {self.headers.get('Authorization')}"}, 400)

    def reply_message(self, content, length):
        self.reply(content, length)

    def send_document(self, document, status=200):
        self.reply(json.dumps(document).encode(), status=status)

    def reply(self, content, length=None, *, size=None, status=200, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Inference-Header-Content-Length", str(length))
        self.send_header("Content-Length", str(len(content) if size is None else size))
        self.end_headers()
        self.wfile.write(content)
        if size is not None:
            self.close_connection = True

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        PORT = httpd.server_address[1]
        sys.stdout.write(f"{PORT}\n")
        sys.stdout.flush()
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        httpd.serve_forever()
