# SPDX-License-Identifier: GPL-2.0-or-later
"""The landing page for a person with a browser: processes and latest jobs, no script, no outside resource."""

from __future__ import annotations

from html import escape
from typing import Any

_WORDS = {
    "en": {"processes": "Processes", "jobs": "Latest jobs", "none": "No job yet.", "version": "version"},
    "fr": {
        "processes": "Traitements",
        "jobs": "Derniers travaux",
        "none": "Aucun travail pour l'instant.",
        "version": "version",
    },
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;"
    "text-align:left;vertical-align:top}code{background:#f3f3f3;padding:0 .2rem}"
)


def landing_page(
    landing: dict[str, Any], processes: list[dict[str, Any]], jobs: list[dict[str, Any]], language: str
) -> str:
    """HTML text of the landing page."""
    words = _WORDS[language]
    offered = _table(
        [[f"<code>{escape(p['id'])}</code>", escape(p["title"]), escape(p["description"])] for p in processes]
    )
    latest = _table([_job_cells(job) for job in jobs]) if jobs else f"<p>{escape(words['none'])}</p>"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(landing['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(landing['title'])}</h1>"
        f"<p>{escape(landing['description'])} {words['version']} {escape(landing['version'])}</p>"
        f"<h2>{words['processes']}</h2>{offered}<h2>{words['jobs']}</h2>{latest}</body></html>"
    )


def _job_cells(job: dict[str, Any]) -> list[str]:
    return [
        f"<code>{escape(job['jobID'][:8])}</code>",
        escape(job["processID"]),
        escape(job["status"]),
        f"{job['progress']} %",
        escape(job["message"]),
        escape(job["created"]),
    ]


def _table(rows: list[list[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{body}</table>"
