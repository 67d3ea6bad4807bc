# SPDX-License-Identifier: GPL-2.0-or-later
"""The border between Qt and our code: no exception leaves a slot."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from .messages import MessageLog, report_error


def guarded(slot: Callable[..., Any]) -> Callable[..., Any]:
    """Make `slot` safe to connect: errors are logged and shown, never raised into Qt.

    Arguments that a signal sends beyond those the slot takes (the `checked` of `clicked`) are dropped, as
    PyQt does for a plain function. An object with an attribute `messages` (a `MessageLog`) reports there.
    """
    limit = _positional_limit(slot)

    @functools.wraps(slot)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return slot(*args[:limit], **kwargs)
        except Exception as error:  # border: Qt aborts the application on an exception in a slot
            log = getattr(args[0], "messages", None) if args else None
            report_error(error, log if isinstance(log, MessageLog) else None)
            return None

    return call


def _positional_limit(slot: Callable[..., Any]) -> int | None:
    kinds = [parameter.kind for parameter in inspect.signature(slot).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return None
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(kind in by_position for kind in kinds)
