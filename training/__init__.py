# SPDX-License-Identifier: GPL-2.0-or-later
"""How the embedded model is trained; needs PyTorch, which nothing else of the project does."""
