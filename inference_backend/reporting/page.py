# SPDX-License-Identifier: GPL-2.0-or-later
"""A page that stands alone: no script, no request, one style; it prints to A4 with a running title."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from inference_backend.reporting.markup import Content, Html, tag, text
from inference_backend.reporting.style import STYLE, print_style
from inference_backend.reporting.words import Words


def page(
    title: str,
    *body: Content,
    words: Words,
    running: str = "",
    footer: Content = None,
    extra_style: str = "",
) -> str:
    """The whole page as a text to write.

    The policy forbids every script, every request and every style but this page's own: what a comment
    from outside might smuggle in has nothing to run on. Colours are classes or SVG attributes.

    Args:
        title: of the window, and the page's first line.
        *body: sections.
        words: the page's language.
        running: at the top of each printed page; the title by default.
        footer: last lines: software, date of the page.
        extra_style: more CSS, from code and never from data.
    """
    style = STYLE + extra_style + print_style(running or title, words)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    head = (
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        Html(f"<style>{style}</style>"),
    )
    language = "fr" if words.french else "en"
    content = tag("main", tag("h1", title), *body), tag("footer", footer) if footer is not None else None
    root = tag("html", tag("head", head), tag("body", content), lang=language)
    return f"<!DOCTYPE html>\n{root}\n"


def section(title: str, *content: Content, anchor: str | None = None, break_before: bool = False) -> Html:
    """A part with its heading; `break_before` starts a printed page."""
    return tag("section", tag("h2", title), *content, id=anchor, class_="break" if break_before else None)


def paragraph(*content: Content, kind: str | None = None) -> Html:
    """A paragraph; `kind` is `lead`, `small` or `source`."""
    return tag("p", *content, class_=kind)


def note(*content: Content, kind: str = "info") -> Html:
    """A boxed remark; `kind`: `info`, `good`, `warning` or `bad`."""
    return tag("div", *content, class_=f"note {kind}", role="note")


def items(rows: Sequence[Content], ordered: bool = False) -> Html:
    """A list."""
    return tag("ol" if ordered else "ul", [tag("li", row) for row in rows])


def facts(rows: Sequence[tuple[str, Content]]) -> Html:
    """Names and values in two columns."""
    return tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in rows])


def tiles(rows: Sequence[tuple[str, str, Content]], kinds: Sequence[str | None] = ()) -> Html:
    """Large figures side by side: name, figure, words below it.

    Args:
        rows: the tiles.
        kinds: for each `good`, `bad`, `warning` or None: the colour repeats what the words say.
    """
    return tag(
        "div",
        [
            tag("div", tag("div", name, class_="name"), tag("div", figure, class_="figure"),
                tag("div", below, class_="below"),
                class_=f"tile {kinds[place] or ''}".strip() if place < len(kinds) else "tile")
            for place, (name, figure, below) in enumerate(rows)
        ],
        class_="tiles",
    )  # fmt: skip


def figure(picture: Html, caption: Content = None, wide: bool = False) -> Html:
    """A picture with its caption; it is not cut by the end of a page."""
    below = tag("figcaption", caption) if caption is not None else None
    return tag("figure", picture, below, class_="wide" if wide else None)


def columns(*content: Content) -> Html:
    """Parts side by side where the page is wide enough."""
    return tag("div", [tag("div", part) for part in content], class_="columns")


def folded(summary: str, *content: Content) -> Html:
    """Content behind a line to click; printed whole."""
    return tag("details", tag("summary", summary), *content)


def badge(label: str, kind: str = "info") -> Html:
    """A word in a frame; `kind` as for `note`: the word says it, the colour repeats it."""
    return tag("span", text(label), class_=f"badge {kind}")
