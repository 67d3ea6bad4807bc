# SPDX-License-Identifier: GPL-2.0-or-later
"""Any JSON document as a page: every value in tables, every address as a link, nothing from outside."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:.2rem 0}"
    "td,th{padding:.25rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}"
    "th{font-weight:600;width:12rem}code{background:#f3f3f3;padding:0 .2rem}a{color:#0b5394}"
    "label,input,button{font:inherit}input{padding:.3rem;width:100%;max-width:32rem}nav{margin-bottom:1rem}"
)


def page(title: str, body: str, language: str) -> str:
    """A whole HTML 5 document; `title` is escaped here, `body` is HTML."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )


def document_page(title: str, document: Any, language: str, home: str) -> str:
    """A document with a way back to the landing page."""
    back = "Accueil" if language == "fr" else "Home"
    head = f'<nav><a href="{escape(home)}/">{back}</a></nav><h1>{escape(title)}</h1>'
    return page(title, head + value_html(document), language)


def value_html(value: Any) -> str:
    """One JSON value as HTML."""
    if isinstance(value, dict):
        if isinstance(value.get("href"), str):
            return _link(value)
        rows = "".join(
            f"<tr><th>{escape(str(k))}</th><td>{value_html(v)}</td></tr>" for k, v in value.items()
        )
        return f"<table>{rows}</table>"
    if isinstance(value, list):
        return "<ul>" + "".join(f"<li>{value_html(entry)}</li>" for entry in value) + "</ul>"
    if value is None:
        return "–"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'<a href="{escape(text)}">{escape(text)}</a>' if _is_address(text) else escape(text)


def _link(link: dict[str, Any]) -> str:
    href = link["href"]
    words = " · ".join(str(v) for k, v in link.items() if k != "href")
    shown = f'<a href="{escape(href)}">{escape(href)}</a>' if _is_address(href) else escape(href)
    return f"{shown} ({escape(words)})" if words else shown


def _is_address(text: str) -> bool:
    # Only these: `javascript:` in a value that a client sent must not become a link.
    return text.startswith(("http://", "https://"))
