# SPDX-License-Identifier: GPL-2.0-or-later
"""The patch in hand against the rules of its campaign's profile."""

from __future__ import annotations

from inference_backend.contracts.errors import ProfileError
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.domain.label_rules import Finding, LabelRules, RuleKind, find_faults, read_label_rules


class PatchChecks:
    """Finds what a finished patch should not contain; the rules are read once per campaign.

    Args:
        session: has the patch in hand.
    """

    def __init__(self, session: AnnotationSession) -> None:
        self._session = session
        self._rules: LabelRules | None = None
        self._of: Campaign | None = None

    def run(self, pixel_m: float) -> list[Finding]:
        """What breaks a rule, holes left out: these the dock counts and leads to anyway.

        Args:
            pixel_m: side of a pixel on the ground, m.

        Raises:
            ProfileError: the profile's rules cannot be read.
        """
        opened, campaign = self._session.opened, self._session.campaign
        if opened is None or campaign is None:
            return []
        if self._rules is None or self._of is not campaign:
            self._rules, self._of = read_label_rules(_profile(campaign), campaign.classes), campaign
        found = find_faults(opened.editor.labels, self._rules, pixel_m**2)
        return [finding for finding in found if finding.kind is not RuleKind.HOLE]


def _profile(campaign: Campaign) -> Profile:
    """The campaign's profile; the default one where this machine lacks it."""
    try:
        return Profile.load(campaign.profile)
    except (ProfileError, FileNotFoundError):
        return Profile.load(DEFAULT_PROFILE)
