# SPDX-License-Identifier: GPL-2.0-or-later
"""How often intervals of the estimators cover the truth."""
