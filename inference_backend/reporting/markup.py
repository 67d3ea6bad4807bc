# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML that cannot be broken into: every text is escaped unless this module made it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "hr", "img", "meta", "col", "link"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Characters that HTML forbids, and those that turn the direction of what follows."""


class Html(str):
    """Markup that is safe as it stands; made by `tag`, `text` and `join` alone."""

    __slots__ = ()


Content = str | float | None | Iterable["Content"]
"""What a tag may hold: markup, plain text (escaped), a number, nothing, or several of these."""


def text(value: object) -> Html:
    """Escaped text; what is markup already stays."""
    if isinstance(value, Html):
        return value
    return Html(escape(_CONTROL.sub("\ufffd", str(value)), quote=True))


def join(content: Content, separator: str = "") -> Html:
    """Parts in one, each escaped unless it is markup; None vanishes."""
    if content is None:
        return Html("")
    if isinstance(content, (str, int, float)):
        return text(content)
    return Html(text(separator).join(join(part) for part in content))


def tag(name: str, /, *content: Content, **attributes: str | float | None) -> Html:
    """One element.

    Args:
        name: of the element, from code and never from data.
        *content: what it holds.
        **attributes: `class_` for `class`, `data_x` for `data-x`; None leaves one out. No `style`: pages
            forbid it (see `page`), so that markup from outside could not use it either.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(content)}</{name}>")
