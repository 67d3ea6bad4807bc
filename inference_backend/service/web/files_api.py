# SPDX-License-Identifier: GPL-2.0-or-later
"""The handlers of the files that a client without a shared disk sends here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from inference_backend.service.jobs.job_row import timestamp
from inference_backend.service.uploads import StoredFile, Uploads, is_file_name
from inference_backend.service.web.answers import Answer, Request
from inference_backend.service.web.api_errors import BadFileNameError, NoSuchFileError
from inference_backend.service.web.links import PATH_FILE, link, own_links

OCTETS = "application/octet-stream"


class FilesApi:
    """Handlers over the uploads."""

    def __init__(self, uploads: Uploads) -> None:
        self.uploads = uploads

    def files(self, request: Request) -> Answer:
        """The client's files and the room left."""
        files = [self.describe(request, file) for file in self.uploads.list(request.account)]
        room = self.uploads.room_bytes(request.account)
        return Answer({"files": files, "roomBytes": room, "links": own_links(request)})

    def file(self, request: Request, name: str) -> Answer:
        """A file as it was sent."""
        return Answer(self._find(request, name).path, media_type=OCTETS)

    def remove(self, request: Request, name: str) -> Answer:
        """Remove a file."""
        self._find(request, name)
        self.uploads.remove(request.account, name)
        return Answer(None, 204)

    def describe(self, request: Request, file: StoredFile) -> dict[str, Any]:
        """Name, size and address."""
        changed = timestamp(datetime.fromtimestamp(file.changed_s, UTC))
        address = link(request, PATH_FILE.format(name=file.name), "enclosure", OCTETS)
        return {"name": file.name, "sizeBytes": file.size_bytes, "updated": changed, "links": [address]}

    def _find(self, request: Request, name: str) -> StoredFile:
        if not is_file_name(name):
            raise BadFileNameError()
        file = self.uploads.find(request.account, name)
        if file is None:
            raise NoSuchFileError(name=name)
        return file
