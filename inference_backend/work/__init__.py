# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished parts of long work in a folder beside its output, so that a run that was stopped goes on."""
