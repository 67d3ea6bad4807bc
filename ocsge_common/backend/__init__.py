# SPDX-License-Identifier: GPL-2.0-or-later
"""Finding, starting and calling the backend; nothing of it is needed to review a lot."""
