# SPDX-License-Identifier: GPL-2.0-or-later
"""Models on a KServe V2 server: the client."""
