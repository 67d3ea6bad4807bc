# SPDX-License-Identifier: GPL-2.0-or-later
"""Accepting or rejecting a lot from what a sample shows; pure functions that know no file of a lot."""
