# SPDX-License-Identifier: GPL-2.0-or-later
"""The collaborative service's resources that a review needs: who one is, reports of a box, replies.

Paths, pages and bodies follow the service's own clients (IGNF, espace-collaboratif-qgis-plugin and
collaboratif-client-api): pages are numbered from 1, an answer with status 206 has more after it, a reply
has `title`, `content` and `status`. Calls wait; in the desktop they belong into a task.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from qgis.core import QgsFeedback

from ocsge_pi_review.adapters.signalement_http import TIMEOUT_S, Answer, ask, require_safe
from ocsge_pi_review.domain.signalement_errors import (
    BusyServiceError,
    NoAnswerError,
    NotSignedInError,
    RefusedRequestError,
    StrangeAnswerError,
)

API = "gcms/api"
PAGE_SIZE = 100
MOST_PAGES = 1000
"""A service that never ends its pages is stopped there."""
DEFAULT_WAIT_S = 60
_TAG = re.compile(r"<[^>]*>?")
_UNCERTAIN = (408, 500, 502, 503, 504)
"""After these nobody knows what became of a request that writes."""
LongLat = tuple[float, float, float, float]
"""Least longitude and latitude, greatest longitude and latitude, degrees."""


@dataclass(frozen=True)
class Community:
    """A community that somebody is a member of."""

    id: int
    name: str


class EspaceClient:
    """One service, with one person's credentials.

    Args:
        url: address of the service, for instance `https://espacecollaboratif.ign.fr`.
        authcfg: id in QGIS's authentication database; empty for what needs no credentials.
        timeout_s: longest wait for an answer, s.

    Every call raises `NoAnswerError`, `NotSignedInError`, `BusyServiceError`, `RefusedRequestError` or
    `StrangeAnswerError`; `feedback.cancel()` ends it with `TaskCancelledError`.

    Raises:
        UnsafeAddressError: credentials would travel readable.
    """

    def __init__(self, url: str, authcfg: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self.url = service_address(url)
        require_safe(self.url)
        self.feedback = QgsFeedback()
        self._authcfg, self._timeout_s = authcfg, timeout_s

    def communities(self) -> tuple[str, list[Community]]:
        """Who is signed in, and the communities that they are members of."""
        me = self._object("GET", "users/me")
        found = [one for one in me.get("communities_member") or () if isinstance(one, dict)]
        members = [
            Community(int(one["community_id"]), str(one.get("community_name") or one["community_id"]))
            for one in found
            if str(one.get("community_id", "")).isdigit()
        ]
        return str(me.get("username") or ""), members

    def reports(
        self, box: LongLat, communities: Sequence[int] = (), opened_after: str = ""
    ) -> Iterator[dict[str, Any]]:
        """Reports of a box, page after page; one that slips from page to page meanwhile comes twice.

        Args:
            box: in degrees.
            communities: their numbers; empty for all.
            opened_after: date `YYYY-MM-DD`, or empty.
        """
        query = {"box": ",".join(f"{value:.7f}" for value in box), "limit": PAGE_SIZE}
        if communities:
            query["communities"] = ",".join(map(str, communities))
        if opened_after:
            query["opening_date"] = opened_after
        for page in range(1, MOST_PAGES + 1):
            answer = self._ask("GET", f"reports?{urlencode({**query, 'page': page}, safe=',')}")
            found = self._decoded(answer)
            if not isinstance(found, list):
                raise StrangeAnswerError(url=self.url, detail="reports")
            yield from (one for one in found if isinstance(one, dict))
            if answer.status != 206 or not found:
                return

    def report(self, number: str) -> dict[str, Any]:
        """A report with its replies."""
        found = self._object("GET", f"reports/{quote(number, safe='')}")
        if found.get("id") in (None, ""):
            # Some page between here and the service: `{"message": "maintenance"}`.
            raise StrangeAnswerError(url=self.url, detail="report")
        return found

    def reply(self, number: str, content: str, status: str) -> dict[str, Any]:
        """Reply to a report and give it a status."""
        body = {"title": "", "content": content, "status": status}
        return self._object("POST", f"reports/{quote(number, safe='')}/replies", body)

    def set_status(self, number: str, status: str) -> dict[str, Any]:
        """Give a report a status."""
        return self._object("PATCH", f"reports/{quote(number, safe='')}", {"status": status})

    def _object(self, verb: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        found = self._decoded(self._ask(verb, path, body))
        if not isinstance(found, dict):
            raise StrangeAnswerError(url=self.url, detail=path)
        return found

    def _ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.url}/{API}/{path}"
        answer = ask(verb, url, content, self._authcfg, self.feedback, self._timeout_s)
        if answer.status == 401 and self._authcfg:
            # Nothing was taken, and QGIS had time to renew its token.
            answer = ask(verb, url, content, self._authcfg, self.feedback, self._timeout_s)
        if answer.status == 401:
            raise NotSignedInError(url=self.url, detail="HTTP 401")
        if answer.status == 429:
            raise BusyServiceError(url=self.url, wait_s=answer.retry_after_s or DEFAULT_WAIT_S)
        if answer.status in _UNCERTAIN:
            raise NoAnswerError(url=self.url, detail=f"HTTP {answer.status}")
        if 300 <= answer.status < 400:
            raise StrangeAnswerError(url=self.url, detail=f"HTTP {answer.status}")
        if answer.status >= 400:
            detail = _words(answer)
            raise RefusedRequestError(url=self.url, status=answer.status, detail=detail)
        return answer

    def _decoded(self, answer: Answer) -> Any:
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError) as error:
            raise StrangeAnswerError(url=self.url, detail="JSON") from error


def service_address(url: str) -> str:
    """An address as remarks name their service: without the path of its resources."""
    return url.strip().partition("/gcms/")[0].rstrip("/")


def _words(answer: Answer) -> str:
    """What the service says of its refusal."""
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    said = found.get("message") or found.get("detail") if isinstance(found, dict) else None
    # It may be a page; where it is shown, tags would be obeyed.
    return _TAG.sub("", str(said or answer.reason))[:300]
