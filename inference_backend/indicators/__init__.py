# SPDX-License-Identifier: GPL-2.0-or-later
"""What a production has made, how good, at what price: read from its lots, shown on one page."""
