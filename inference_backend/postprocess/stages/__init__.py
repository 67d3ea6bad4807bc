# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs where: the stages on blocks, in threads or on a cluster, going on after a stop."""
