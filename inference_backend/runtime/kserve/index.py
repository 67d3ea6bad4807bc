# SPDX-License-Identifier: GPL-2.0-or-later
"""Which of a server's models is meant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from inference_backend.runtime.kserve.address import ServerAddress
from inference_backend.runtime.kserve.connection import Connection
from inference_backend.runtime.kserve.errors import (
    BadServerAnswerError,
    NoSuchRemoteModelError,
    ServerRefusedError,
)
from inference_backend.runtime.kserve.wire import JSON_TYPE

_PATH = "/v2/repository/index"
_ABSENT = (400, 404)
"""Answers to an unknown name; 400 is Triton's."""
_MAX_INDEX_BYTES = 2**20
_SHOWN = 20


def find_model(
    connection: Connection, address: ServerAddress, names: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    """Path and metadata of the first of `names` that the server has.

    Raises:
        NoSuchRemoteModelError: it has none of them.
        RemoteEngineError: see `Connection.send`.
    """
    for name in names:
        path = address.model_path(name)
        try:
            return path, connection.document(path)
        except ServerRefusedError as error:
            if error.values["status"] not in _ABSENT:
                raise
    known = ", ".join(model_names(connection)) or "?"
    raise NoSuchRemoteModelError(url=connection.url, tried=", ".join(dict.fromkeys(names)), known=known)


def model_names(connection: Connection) -> list[str]:
    """Names in the server's index, a part of the protocol that not every server has; at most 20."""
    try:
        reply = connection.send("POST", _PATH, b"{}", {"Content-Type": JSON_TYPE}, max_bytes=_MAX_INDEX_BYTES)
        entries = json.loads(bytes(reply.body))
    except (ServerRefusedError, BadServerAnswerError, ValueError, RecursionError):
        return []
    entries = entries if isinstance(entries, list) else []
    found = [str(entry.get("name", ""))[:100] for entry in entries[:_SHOWN] if isinstance(entry, dict)]
    return [name for name in found if name.isprintable()]
