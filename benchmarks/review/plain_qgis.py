# SPDX-License-Identifier: GPL-2.0-or-later
"""Seconds that a person needs for the same corrections with QGIS alone.

Twice. As it opens a lot: the queue is a docked attribute table, a row is zoomed to by its key, values are
typed, the form is reached through the results of identify. And as well prepared as it can be: the map
follows the row, value lists and a form that opens by itself. In both the layer is in edit mode, snapping and
topological editing are on, the identify tool is in hand; nothing is counted for mistakes, nor for looking
codes up, nor for the topology that breaks. Distances are those of a window of 1920 × 1080 px, sizes those of
its widgets.
"""

TOOLBAR_PX, TOOL_PX = 550, 28
TABLE_PX, ROW_PX = 600, 22
FIELD_PX, LIST_ROW_PX = 250, 22
OK_PX, BUTTON_PX = 220, 60
VERTEX_PX = 6
SAVE_EVERY = 10


DONE = "done"


class PlainQgis:
    """Counts into a tally.

    Args:
        tally: where seconds go.
        is_prepared: whether somebody made a project with value lists and forms.
    """

    def __init__(self, tally, *, is_prepared):
        self.tally, self._is_prepared, self._edits = tally, is_prepared, 0

    def next_item(self):
        """Choose the next row of the queue's table, and go there."""
        self._command(TABLE_PX, ROW_PX)
        if not self._is_prepared:
            self.tally.key()

    def mark_done(self):
        """Set the row's state in the table."""
        self._give(DONE)
        self._edited()

    def set_codes(self, codes, target_px):
        """Identify a polygon, give it values in its form, confirm."""
        self._command(TABLE_PX, target_px)
        if not self._is_prepared:
            self._command(FIELD_PX, TOOL_PX)
        for code in codes:
            self._give(code)
        self._confirm()
        self._edited()

    def split(self, sides_px):
        """Take the tool, draw the line, end it, take identify again."""
        self._tool()
        self._draw(sides_px)
        self._tool()
        self._edited()

    def reshape(self, sides_px):
        """The same with the other tool: with topological editing it moves both sides."""
        self.split(sides_px)

    def insert(self, sides_px, codes):
        """Fill the ring that is drawn, choose its codes in the form, take identify again."""
        self._tool()
        self._draw(sides_px)
        for code in codes:
            self._give(code)
        self._confirm()
        self._tool()
        self._edited()

    def _tool(self):
        self._command(TOOLBAR_PX, TOOL_PX)

    def _command(self, distance_px, target_px):
        self.tally.think()
        self.tally.point(distance_px, target_px)

    def _give(self, value):
        """A value from a list: open it, take its row. Else go to the field, choose what is there, type."""
        self._command(FIELD_PX, LIST_ROW_PX)
        if self._is_prepared:
            self.tally.point(4 * LIST_ROW_PX, LIST_ROW_PX)
            return
        for _ in range(1 + len(value)):
            self.tally.key()

    def _confirm(self):
        self.tally.point(OK_PX, BUTTON_PX)

    def _draw(self, sides_px):
        self.tally.point(TOOLBAR_PX, VERTEX_PX)
        for side_px in sides_px:
            self.tally.point(side_px, VERTEX_PX)
        self.tally.point(0, VERTEX_PX)

    def _edited(self):
        self._edits += 1
        if self._edits % SAVE_EVERY == 0:
            self._command(TOOLBAR_PX, TOOL_PX)
