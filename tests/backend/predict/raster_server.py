# SPDX-License-Identifier: GPL-2.0-or-later
"""A real HTTP server on loopback that gives files with ranges, and answers badly where asked to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import uvicorn
from rasterio.io import MemoryFile
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

EXCEPTION = (
    b'<?xml version="1.0"?><ServiceExceptionReport version="1.3.0"><ServiceException code="Quota">Quota used '
    b"up</ServiceException></ServiceExceptionReport>"
)


def _png(side: int) -> bytes:
    image = np.random.default_rng(0).integers(0, 255, (4, side, side)).astype(np.uint8)
    with MemoryFile() as memory:
        with memory.open(driver="PNG", width=side, height=side, count=4, dtype="uint8") as raster:
            raster.write(image)
        return bytes(memory.read())


class RasterServer:
    """Serves the files of `folder`.

    Attributes:
        asked: paths asked for, in order.
        left: requests still answered before the server fails with 500; None for all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.left: int | None = None
        self.url = ""

    async def file(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        name = request.path_params["name"]
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                return Response("out of order", 500)
        path = self.folder / name
        return FileResponse(path) if path.is_file() else Response("absent", 404)

    async def status(self, request: Request) -> Response:
        return Response("no", request.path_params["code"])

    async def whole(self, request: Request) -> Response:
        return Response((self.folder / request.path_params["name"]).read_bytes())

    async def map(self, request: Request) -> Response:
        """What servers answer to a request for a map, whatever their status says."""
        kind, body = {
            "exception": ("text/xml", EXCEPTION),
            "html": ("text/html", b"<html><body>Maintenance</body></html>"),
            "empty": ("image/png", b""),
            "small": ("image/png", _png(10)),
            "cut": ("image/png", _png(1024)[:2000]),
        }[request.path_params["answer"]]
        return Response(body, 200, media_type=kind)

    async def elsewhere(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["to"])


@contextmanager
def raster_server(folder: Path) -> Iterator[RasterServer]:
    """The server, started; stopped at the end."""
    served = RasterServer(folder)
    app = Starlette(
        routes=[
            Route("/status/{code:int}/a.tif", served.status),
            Route("/whole/{name}", served.whole),
            Route("/map/{answer}", served.map),
            Route("/elsewhere/a.tif", served.elsewhere),
            Route("/{name:path}", served.file),
        ]
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        served.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield served
        finally:
            server.should_exit = True
            thread.join(timeout=10)
