# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors: read once for the lot, chosen by the rules, and what the whole lot decides of them."""
