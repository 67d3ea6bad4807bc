# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin: builds its objects in `initGui`, takes them apart in reverse in `unload`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTranslator
from qgis.PyQt.QtGui import QAction, QIcon

from ocsge_annotator.adapters.campaign_desk import CampaignDesk
from ocsge_annotator.adapters.host import Host
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.adapters.settings import annotator_settings
from ocsge_annotator.gui.controller import Controller
from ocsge_annotator.gui.dock import AnnotatorDock
from ocsge_annotator.gui.gestures import GestureTable
from ocsge_annotator.gui.machine_bench import MachineBench
from ocsge_annotator.gui.options import make_sections
from ocsge_annotator.gui.panels.campaign import CampaignPanel
from ocsge_annotator.gui.quality_bench import QualityBench
from ocsge_annotator.gui.tool_actions import ToolActions
from ocsge_annotator.gui.views_bench import ViewsBench
from ocsge_annotator.map_tools.bench import Bench
from ocsge_annotator.map_tools.preloaded_view import PreloadedView
from ocsge_annotator.processing.provider import AnnotatorProvider
from ocsge_common.keys import KeyFilter
from ocsge_common.messages import MessageLog, use_log
from ocsge_common.options_page import OptionsPageFactory
from ocsge_common.slots import guarded
from ocsge_common.translation import install_translator, remove_translator, tr

FOLDER = Path(__file__).resolve().parent
ICON = FOLDER / "resources" / "icons" / "annotator.svg"


class AnnotatorPlugin:
    """Annotation of training patches.

    Args:
        interface: QGIS's interface.
    """

    def __init__(self, interface: Any) -> None:
        self._iface = interface
        self._provider: AnnotatorProvider | None = None
        self._translator: QTranslator | None = None
        self.dock: AnnotatorDock | None = None

    def initProcessing(self) -> None:
        """Register the algorithms; called by qgis_process, which has no window."""
        if self._translator is None:
            self._translator = install_translator(FOLDER)
        self._provider = AnnotatorProvider(ICON)
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Build everything."""
        self.initProcessing()
        self.host = Host(self._iface)
        self.messages = MessageLog(tr("OCS GE annotation"), self.host.bar)
        use_log(self.messages)
        self.store = annotator_settings()
        settings = self.store.load()
        self.session = AnnotationSession(settings)
        self.bench = Bench(self.host.canvas, self.session)
        self.table = GestureTable()
        self.dock = AnnotatorDock(self.session, self.table.load(settings.key_changes), self.host.window)
        self.controller = Controller(
            self.session, self.dock, self.bench, self.table, self.messages, self._create_campaign
        )
        self.preloaded = PreloadedView(self.host.canvas, self.session)
        self.machine_bench = MachineBench(
            self.session, self.host.canvas, self.bench, self.dock, self.table, self.controller
        )
        self.quality_bench = QualityBench(
            self.session, self.host.canvas, self.bench, self.dock, self.table, self.controller
        )
        self.views_bench = ViewsBench(
            self.session, self.host.canvas, self.host.window, self.dock, self.table, self.controller
        )
        self.campaign_panel = CampaignPanel(self.session, CampaignDesk(self.session), self._open_algorithm)
        self.dock.add_panel("campaign", tr("Campaign"), self.campaign_panel, is_open=False)
        self.dock.set_gestures(self.table.load(settings.key_changes))
        actions = ToolActions(self.session, self.dock, self.bench, self.messages)
        self.controller.add_actions(actions.actions())
        self.bench.hovered.connect(self.dock.show_hover)
        self.bench.tool_changed.connect(self.dock.show_tool)
        self.action = QAction(QIcon(str(ICON)), tr("OCS GE annotation"), self.host.window)
        self.action.setObjectName("OcsgeAnnotatorAction")
        self.action.triggered.connect(self._show_dock)
        self.host.add(self.action, self.dock)
        self.dock.hide()
        self.keys = KeyFilter(self.dock, {}, self._takes_keys)
        for widget in (self.host.canvas, self.dock):
            self.keys.watch(widget)
        self.session.campaign_changed.connect(self._bind_keys)
        self._bind_keys()
        self.options = OptionsPageFactory(
            tr("OCS GE annotation"), ICON, lambda: make_sections(self.store, self.table, self._on_settings)
        )
        self.host.register_options(self.options)
        QgsApplication.instance().aboutToQuit.connect(self._on_quit)

    def unload(self) -> None:
        """Take everything apart; safe to call again."""
        if self.dock is not None:
            QgsApplication.instance().aboutToQuit.disconnect(self._on_quit)
            self.host.unregister_options(self.options)
            self.keys.stop()
            if self.controller.run is not None:
                self.controller.run.cancel()
            self.session.close_campaign()
            self.bench.unload()
            self.machine_bench.unload()
            self.preloaded.remove()
            self.quality_bench.unload()
            self.views_bench.unload()
            self.session.stop()
            self.host.remove(self.action, self.dock)
            self.dock.deleteLater()
            self.dock = None
            use_log(None)
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        remove_translator(self._translator)
        self._translator = None

    def _takes_keys(self) -> bool:
        return self.session.opened is not None and self.dock is not None and self.dock.isVisible()

    def _create_campaign(self) -> None:
        self._open_algorithm("createcampaign")

    def _open_algorithm(self, name: str) -> None:
        campaign = self.session.campaign
        known = {} if campaign is None or name == "createcampaign" else {"CAMPAIGN": str(campaign.path)}
        self.host.open_algorithm(f"{self._provider.id()}:{name}", known)

    @guarded
    def _show_dock(self) -> None:
        self.dock.setUserVisible(not self.dock.isUserVisible())

    @guarded
    def _bind_keys(self) -> None:
        self.keys.set_bindings(self.controller.bindings(self.session.settings))

    def _show_gestures(self) -> None:
        """Buttons and keys of every gesture in the table."""
        self.dock.set_gestures(self.table.load(self.session.settings.key_changes))
        self._bind_keys()

    @guarded
    def _on_settings(self) -> None:
        settings = self.store.load()
        self.session.use_settings(settings)
        self._show_gestures()

    @guarded
    def _on_quit(self) -> None:
        self.session.close_campaign()
