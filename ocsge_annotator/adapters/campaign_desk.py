# SPDX-License-Identifier: GPL-2.0-or-later
"""What concerns a campaign as a whole: whose a patch is, whether its image changed, conflicts of its lots."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from qgis.PyQt.QtCore import QLocale

from ocsge_annotator.adapters.campaign_update import write_patches
from ocsge_annotator.adapters.conflict_choice import choose
from ocsge_annotator.adapters.conflicts import Conflict, open_conflicts
from ocsge_annotator.adapters.fingerprint import image_fingerprint
from ocsge_annotator.adapters.project_layers import show_labels
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.patch_lock import Holder
from ocsge_common.translation import tr

CHOICE = "choice"


class CampaignDesk:
    """Answers and carries out what the campaign's panel asks.

    Args:
        session: the work.
    """

    def __init__(self, session: AnnotationSession) -> None:
        self._session = session

    @property
    def holder(self) -> Holder | None:
        """Somebody else who has the patch in hand."""
        lock = self._session.lock
        return lock.holder if lock is not None and self._session.opened is not None else None

    @property
    def is_image_changed(self) -> bool:
        """Whether the patch in hand shows other pixels than when it was chosen."""
        return self._session.opened is not None and self._session.opened.is_image_changed

    def notice(self) -> str:
        """What the annotator must know of the patch in hand; empty where there is nothing."""
        parts = []
        lock = self._session.lock
        if self.holder is not None:
            parts.append(_held(self.holder))
        elif lock is not None and lock.is_read_only and self._session.opened is not None:
            parts.append(tr("This folder is read-only: the patch can be looked at, not changed."))
        if self.is_image_changed:
            parts.append(
                tr(
                    "The image shows other pixels than when this patch was chosen. Check that the labels "
                    "still fit, or put the former image back."
                )
            )
        return "\n".join(parts)

    def accept_image(self) -> None:
        """The labels fit the image as it is now: it is the patch's image from here on.

        Raises:
            WriteError: the campaign cannot be written.
        """
        session = self._session
        if session.opened is None or session.campaign is None or session.image is None:
            return
        mark = image_fingerprint(session.image, session.opened.window)
        patch = replace(session.opened.patch, image_fingerprint=mark)
        write_patches(session.campaign.path, [patch], ("image_fingerprint",))
        session.opened.patch, session.opened.is_image_changed = patch, False
        session.patches[session.index] = replace(session.patches[session.index], image_fingerprint=mark)

    # Conflicts

    def conflicts(self) -> list[Conflict]:
        """Those about which nobody has chosen yet."""
        campaign = self._session.campaign
        return open_conflicts(campaign.path) if campaign is not None else []

    def show_conflict(self, conflict: Conflict) -> None:
        """Take the patch in hand, the other labels beside it as a layer."""
        session = self._session
        for index, patch in enumerate(session.patches):
            if patch.patch_id == conflict.patch_id:
                session.go_to(index)
        if session.campaign is not None:
            title = tr("{} of lot {}").format(conflict.patch_id, conflict.lot)
            show_labels(session.campaign.path.parent / conflict.label_path, title)

    def choose(self, conflict: Conflict, choice: str) -> None:
        """Settle a conflict, and take the patch in hand again as it is then.

        Raises:
            LotError: the labels are gone, or somebody has the patch in hand.
            WriteError: the system refuses; the conflict is still open.
        """
        session = self._session
        if session.campaign is None:
            return
        session.suspend(CHOICE)  # pre-labelling may hold the patches up as well, and goes on
        try:
            choose(session.campaign.path, conflict, choice, session.settings.annotator_name)
        finally:
            session.resume(CHOICE)


def _held(holder: Holder) -> str:
    since = QLocale().toString(
        datetime.fromisoformat(holder.since).astimezone(), QLocale.FormatType.ShortFormat
    )
    text = tr("{} ({}) has had this patch in hand since {}: it can be looked at, not changed.").format(
        holder.user, holder.host, since
    )
    if holder.is_stale():
        seen = QLocale().toString(
            datetime.fromisoformat(holder.seen).astimezone(), QLocale.FormatType.ShortFormat
        )
        text += " " + tr("Nothing was heard of that program after {}.").format(seen)
    return text
