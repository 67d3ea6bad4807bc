# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON from strangers: what the standard library lets through and our files, tables and paths cannot hold."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from inference_backend.service.web.api_errors import BadBodyError


def parse_json(content: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        BadBodyError: no JSON, or with NaN, endless nesting, a zero character, half a character or numbers
            beyond every machine's.
    """
    try:
        value = json.loads(content, parse_constant=_no_constant)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadBodyError() from error
    if b"\\u0000" in written:
        raise BadBodyError()
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
