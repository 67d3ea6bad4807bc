# SPDX-License-Identifier: GPL-2.0-or-later
"""What a worker may reach once a server redirects it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.backend.service.toy_inputs import write_raster

CODE = """
import sys, rasterio
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.service.egress import guard_egress
guard_egress(SourcePolicy(None, tuple(sys.argv[2:])))
try:
    with rasterio.open("/vsicurl/" + sys.argv[1]) as raster:
        print(raster.count)
except rasterio.errors.RasterioIOError:
    print("refused")
"""


@pytest.fixture
def servers(tmp_path):
    """A server that redirects everything to a second one, which has a raster; requests each one saw."""
    content = write_raster(tmp_path / "a.tif", 64).read_bytes()
    seen = {"front": 0, "back": 0}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen[self.server.name] += 1
            if self.server.name == "front":
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{back.server_port}/a.tif")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            asked = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")
            first, last = int(asked[0]), min(int(asked[1] or len(content)), len(content) - 1)
            self.send_response(206 if "Range" in self.headers else 200)
            self.send_header("Content-Length", str(last + 1 - first))
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content[first : last + 1])

        do_HEAD = do_GET  # noqa: N815 - name of the standard library

        def log_message(self, *args):
            pass

    front, back = (ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2))
    front.name, back.name = "front", "back"
    for server in (front, back):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield [f"127.0.0.1:{server.server_port}" for server in (front, back)], seen
    for server in (front, back):
        server.shutdown()
        server.server_close()


def opened(address, *hosts):
    command = [sys.executable, "-c", CODE, f"http://{address}/a.tif", *hosts]
    environment = {**os.environ, "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif", "GDAL_HTTP_MAX_RETRY": "0"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment).stdout.strip()


def test_a_redirect_to_a_host_that_is_not_allowed_reaches_nobody(servers):
    (front, _), seen = servers
    assert opened(front, front) == "refused"
    assert seen["front"] > 0
    assert seen["back"] == 0


def test_a_redirect_to_an_allowed_host_is_followed(servers):
    (front, back), seen = servers
    assert opened(front, front, back) == "3"
    assert seen["back"] > 0


def test_a_host_that_is_not_allowed_is_not_reached_at_all(servers):
    (front, back), seen = servers
    assert opened(back, front) == "refused"
    assert seen == {"front": 0, "back": 0}
