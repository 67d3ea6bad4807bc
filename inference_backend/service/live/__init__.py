# SPDX-License-Identifier: GPL-2.0-or-later
"""What an annotator asks while the mouse moves: patches kept for a while, and answers about them."""
