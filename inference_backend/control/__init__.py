# SPDX-License-Identifier: GPL-2.0-or-later
"""Control of a lot: drawing a sample, handing it out, collecting answers, deciding, reporting."""
