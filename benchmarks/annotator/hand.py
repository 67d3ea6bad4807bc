# SPDX-License-Identifier: GPL-2.0-or-later
"""A hand that works the plugin by events of mouse and keys, and knows the truth that it works towards."""

import math
import os
import time

import numpy as np
from klm import Tally
from osgeo import gdal, ogr
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence
from stage import PLAIN

GOAL = 0.95
"""Share of the pixels that must agree with the truth."""
VERTEX_PX = 6
"""Side of the spot that a vertex must hit, px of the screen: 3 px either way, about 0.35 m."""
PANEL_PX, LIST_ROW_PX = 700, 22
"""From the middle of the map to the panel, and the height of a row there, px of the screen."""
SIMPLIFY_PX = 1.5
"""How far an outline may leave the pixels' border, px of the patch."""
ARRIVES_S = 300.0
UNLABELLED = 255


class Hand:
    """Labels the patch in hand, and counts.

    Args:
        stage: the window.
    """

    def __init__(self, stage):
        self.stage, self.session = stage, stage.session
        self.machine = stage.plugin.machine_bench.machine
        self.tally = Tally()
        self.tool, self._mouse = "", stage.at(256, 256)
        self.truth = true_labels(stage)

    @property
    def labels(self):
        """(H, W) uint8 as they are now."""
        return self.session.opened.editor.labels

    def agreement(self, labels=None):
        """Share of the pixels with the true class."""
        return float(np.mean((self.labels if labels is None else labels) == self.truth))

    @property
    def is_done(self):
        """Whether the goal is reached."""
        return self.agreement() >= GOAL

    # Keys

    def press(self, key, modifiers=PLAIN):
        """One key on the map."""
        self.stage.key(key, modifiers)
        self.tally.key()

    def command(self, key, modifiers=PLAIN):
        """A key that needs a thought first: a class, a tool, to accept."""
        self.tally.think()
        self.press(key, modifiers)

    def take(self, tool, key, modifiers=PLAIN):
        """Take a tool, unless it is in hand."""
        if self.tool != tool:
            self.command(key, modifiers)
            self.tool = tool
            assert self.stage.plugin.bench.tool_name == tool, f"{tool} is not in hand"

    def choose(self, value):
        """Take a class by its key, unless it is in hand."""
        if self.session.value == value:
            return
        entry = next(c for c in self.session.campaign.classes if c.value == value)
        self.command(QKeySequence(entry.key)[0])
        assert self.session.value == value, f"key {entry.key} does not choose {entry.name}"

    # Mouse

    def move_to(self, x, y, target_px):
        """Move and press where the mouse is to go; px of the patch."""
        self.tally.point(self._travel(x, y), target_px)
        self.stage.move(x, y)

    def click(self, x, y, target_px):
        """Point and click."""
        self.move_to(x, y, target_px)
        self.stage.press(x, y)
        self.stage.release(x, y)

    def choose_from_list(self):
        """Open a list of the panel and click another row: counted, not played."""
        self.tally.think()
        self.tally.point(PANEL_PX, LIST_ROW_PX)
        self.tally.point(LIST_ROW_PX, LIST_ROW_PX)

    def drag(self, points, target_px):
        """Press at the first point, go straight along the others, release."""
        first, *others = points
        self.move_to(*first, target_px)
        self.stage.press(*first)
        for point in others:
            self.tally.drag(self._travel(*point), target_px)
            self.stage.move(*point, pressed=True)
        self.stage.release(*points[-1])

    def _travel(self, x, y):
        there = self.stage.at(x, y)
        gone, self._mouse = there - self._mouse, there
        return math.hypot(gone.x(), gone.y())

    def screen_px(self, patch_px):
        """A length of the patch on the screen."""
        along = self.stage.at(patch_px, 0) - self.stage.at(0, 0)
        return abs(along.x())

    # Objects

    def outline(self, mask, value):
        """Draw the outer border of one connected area with the polygon tool."""
        self.take("polygon", Qt.Key.Key_P)
        self.choose(value)
        for x, y in outer_vertices(mask):
            self.click(x, y, VERTEX_PX)
        self.press(Qt.Key.Key_Return)

    def wait_for(self, is_there):
        """Let QGIS work until something is there; a person's time does not run."""
        end = time.perf_counter() + ARRIVES_S
        while not is_there():
            QgsApplication.processEvents()
            if time.perf_counter() > end:
                raise TimeoutError("it did not come")


def wrong_areas(labels, truth, least_px=1):
    """Connected areas of one true class that are labelled otherwise, the largest first: (class, mask)."""
    from ocsge_annotator.domain.tidy import number_areas

    found = []
    for value in np.unique(truth):
        numbers, areas = number_areas((truth == value) & (labels != value))
        found += [(int(areas[i]), int(value), i, numbers) for i in np.flatnonzero(areas >= least_px)]
    found.sort(key=lambda item: -item[0])
    return found


def largest_wrong(labels, truth):
    """The largest of `wrong_areas` as (class, mask)."""
    _, value, number, numbers = wrong_areas(labels, truth)[0]
    return value, numbers == number


def outer_vertices(mask):
    """Corners of the outer border of a connected area, simplified, without the closing one; px."""
    height, width = mask.shape
    raster = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
    raster.GetRasterBand(1).WriteArray(mask.astype(np.uint8))
    vectors = ogr.GetDriverByName("Memory").CreateDataSource("")  # a layer lives as long as its source
    layer = vectors.CreateLayer("area")
    gdal.Polygonize(raster.GetRasterBand(1), raster.GetRasterBand(1), layer, -1)
    rings = [feature.GetGeometryRef().GetGeometryRef(0).Clone() for feature in layer]
    ring = max(rings, key=lambda r: r.GetArea())
    outline = ogr.Geometry(ogr.wkbPolygon)
    outline.AddGeometry(ring)
    simple = outline.SimplifyPreserveTopology(SIMPLIFY_PX)
    points = simple.GetGeometryRef(0).GetPoints()[:-1]
    return [(x, abs(y)) for x, y, *_ in points]


def inner_point(mask):
    """A pixel (x, y) far from the edge of an area, and that distance, px."""
    from ocsge_annotator.domain.disagreements import erode

    inner, steps = mask, 0
    while True:
        next_inner = erode(inner, 1)
        if not next_inner.any() or steps > 60:
            break
        inner, steps = next_inner, steps + 1
    rows, cols = np.nonzero(inner)
    middle = len(rows) // 2
    return int(cols[middle]) + 0.5, int(rows[middle]) + 0.5, steps + 1


def true_labels(stage):
    """(H, W) class values of the patch in hand, from the scene's truth."""
    from ocsge_annotator._vendor.inference_backend.contracts.profile import Profile

    from ocsge_annotator.adapters.prediction_raster import open_prediction
    from ocsge_annotator.domain.class_mapping import mapping_table

    campaign, image = stage.session.campaign, stage.session.image
    truth = open_prediction(stage.scene / os.environ["OCSGE_TRUTH"], campaign.crs_wkt)
    table = mapping_table(truth.classes, campaign.classes, Profile.load())
    return table[truth.read(image.grid, stage.session.opened.window)[0]]
