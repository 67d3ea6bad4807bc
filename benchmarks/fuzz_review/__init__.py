# SPDX-License-Identifier: GPL-2.0-or-later
"""Random gestures of a review on coverages shaped like real ones, each judged by GEOS."""
