# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of acceptance.

InputError
├── PlanError   a sampling plan that the standard does not have
└── RuleError   a rule that cannot be applied to this sample
"""

from __future__ import annotations

from inference_backend.errors import InputError


class PlanError(InputError):
    """A sampling plan that the standard does not have."""


class RuleError(InputError):
    """A rule that cannot be applied to this sample."""
