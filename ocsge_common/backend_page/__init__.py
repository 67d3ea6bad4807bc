# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of the backend's section in an options page."""
