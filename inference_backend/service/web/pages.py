# SPDX-License-Identifier: GPL-2.0-or-later
"""The two pages made for people: the landing page, and the form that asks for the token."""

from __future__ import annotations

from html import escape
from typing import Any

from inference_backend.service.web.html_view import page, value_html

_WORDS = {
    "en": {
        "processes": "Processes",
        "jobs": "Latest jobs",
        "none": "No job yet.",
        "version": "version",
        "links": "Addresses",
        "leave": "Log out",
        "token": "Access token",
        "enter": "Look around",
        "wrong": "This is not the token.",
        "why": "The token is that of OCSGE_TOKEN, or the one that was given to you. It is sent once; the "
        "browser then keeps a session for a day, which lets one look and change nothing.",
    },
    "fr": {
        "processes": "Traitements",
        "jobs": "Derniers travaux",
        "none": "Aucun travail pour l'instant.",
        "version": "version",
        "links": "Adresses",
        "leave": "Se déconnecter",
        "token": "Jeton d'accès",
        "enter": "Consulter",
        "wrong": "Ce n'est pas le bon jeton.",
        "why": "Le jeton est celui de OCSGE_TOKEN, ou celui qui vous a été remis. Il n'est envoyé "
        "qu'une fois ; le navigateur garde ensuite une session d'un jour, qui permet de regarder sans rien "
        "modifier.",
    },
}


def landing_page(
    landing: dict[str, Any], processes: list[dict[str, Any]], jobs: list[dict[str, Any]], language: str
) -> str:
    """HTML text of the landing page."""
    words = _WORDS[language]
    offered = _table([[_anchor(p, p["id"]), escape(p["title"]), escape(p["description"])] for p in processes])
    latest = _table([_job_cells(job) for job in jobs]) if jobs else f"<p>{escape(words['none'])}</p>"
    body = (
        f"<h1>{escape(landing['title'])}</h1>"
        f"<p>{escape(landing['description'])} {words['version']} {escape(landing['version'])}, "
        f"API {escape(landing['api'])}</p>"
        f"<h2>{words['processes']}</h2>{offered}<h2>{words['jobs']}</h2>{latest}"
        f"<h2>{words['links']}</h2>{value_html(landing['links'])}"
        f'<form method="post" action="/logout"><button>{words["leave"]}</button></form>'
    )
    return page(landing["title"], body, language)


def login_page(language: str, *, was_wrong: bool = False) -> str:
    """HTML text of the form; it posts the token in its body, never in an address."""
    words = _WORDS[language]
    wrong = f"<p><strong>{words['wrong']}</strong></p>" if was_wrong else ""
    body = (
        f"<h1>OCS GE</h1>{wrong}"
        '<form method="post" action="/login">'
        f'<p><label>{words["token"]}<br><input type="password" name="token" autocomplete="off" required '
        f"autofocus></label></p><p><button>{words['enter']}</button></p></form><p>{words['why']}</p>"
    )
    return page("OCS GE", body, language)


def _job_cells(job: dict[str, Any]) -> list[str]:
    return [
        _anchor(job, job["jobID"][:8]),
        escape(job["processID"]),
        escape(job["status"]),
        f"{job['progress']} %",
        escape(job["message"]),
        escape(job["created"]),
    ]


def _anchor(document: dict[str, Any], text: str) -> str:
    return f'<a href="{escape(document["links"][0]["href"])}"><code>{escape(text)}</code></a>'


def _table(rows: list[list[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{body}</table>"
