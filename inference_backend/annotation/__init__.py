# SPDX-License-Identifier: GPL-2.0-or-later
"""What helps an annotator while a patch is labelled: segments, a learner, interactive models."""
