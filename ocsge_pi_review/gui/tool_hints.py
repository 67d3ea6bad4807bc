# SPDX-License-Identifier: GPL-2.0-or-later
"""What each map tool waits for, in a sentence."""

from __future__ import annotations

from ocsge_common.translation import tr


def tool_hint(name: str, size: str) -> str:
    """What to do with a tool; empty for the one at rest.

    Args:
        name: of the tool.
        size: its width, reach or fineness, for people.
    """
    hints = {
        "merge": tr("Merge: click the neighbour that absorbs the polygon. Right click or Esc to give up."),
        "split": tr("Split: drag the line, or click its vertices and right-click to cut."),
        "reshape": tr("Reshape: draw the new border, from border to border. Alt: no attraction."),
        "insert": tr("Insert: drag or click the outline, right-click to close. Keys choose its code."),
        "road": tr("Road, {} wide: draw its axis. Ctrl + wheel or + and −: width.").format(size),
        "align": tr("Align within {}: click a line of a reference layer. Ctrl + wheel: reach.").format(size),
        "segment": tr("Segment ({}): click it. Shift: beyond the polygon. Ctrl + wheel: size.").format(size),
    }
    return hints.get(name, "")
