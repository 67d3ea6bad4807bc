# SPDX-License-Identifier: GPL-2.0-or-later
"""A shared lot in the real plugin: QGIS's connections, passwords, the list of lots, what is said of holds."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCredentials,
    QgsDataSourceUri,
    QgsProject,
    QgsProviderRegistry,
)
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialogButtonBox

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review import classFactory
from ocsge_pi_review.adapters.postgis_address import LotAddress, saved_connections
from ocsge_pi_review.adapters.postgis_lots import shared_lots
from ocsge_pi_review.adapters.postgis_store import PostgisStore
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from ocsge_pi_review.domain.errors import LostConnectionError
from ocsge_pi_review.gui.connect_postgis import ConnectDialog
from tests.qgis.postgis.conftest import SCHEMA
from tests.qgis.postgis.server import WITH_PASSWORD


def save_connection(name, server, database, account="postgres", authcfg=""):
    """As the dialog of QGIS's browser does."""
    provider = QgsProviderRegistry.instance().providerMetadata("postgres")
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", str(server.port), database, account, "", authConfigId=authcfg)
    provider.saveConnection(provider.createConnection(uri.uri(False), {"saveUsername": True}), name)


@pytest.fixture
def connection(server, database):
    save_connection("Équipe nord", server, database)
    yield "Équipe nord"
    QgsProviderRegistry.instance().providerMetadata("postgres").deleteConnection("Équipe nord")


@pytest.fixture
def plugin(qgis_iface, qgis_canvas, qgis_parent, qgis_new_project, monkeypatch):
    for name in ("registerOptionsWidgetFactory", "unregisterOptionsWidgetFactory", "addPluginToVectorMenu"):
        monkeypatch.setattr(qgis_iface, name, lambda *args: None, raising=False)
    for name in ("removePluginVectorMenu", "removeToolBarIcon", "removeDockWidget"):
        monkeypatch.setattr(qgis_iface, name, lambda *args: None, raising=False)
    review_settings().save(ReviewSettings(operator="anne"))
    qgis_canvas.resize(800, 600)
    qgis_parent.show()
    made = classFactory(qgis_iface)
    made.initGui()
    made._dock.show()
    yield made
    made.unload()


def answer_dialog(act):
    """Act in the dialog once it stands."""

    def look():
        dialog = QgsApplication.activeModalWidget()
        if isinstance(dialog, ConnectDialog):
            try:
                act(dialog)
            except BaseException:
                dialog.reject()
                raise
        else:
            QTimer.singleShot(50, look)

    QTimer.singleShot(0, look)


def test_a_lot_is_chosen_reviewed_with_a_key_and_left(plugin, connection, server, database, qgis_canvas):
    seen = []

    def choose(dialog):
        seen.append([dialog.table.item(0, column).text() for column in range(5)])
        QTest.mouseClick(
            dialog.buttons.button(QDialogButtonBox.StandardButton.Open), Qt.MouseButton.LeftButton
        )

    answer_dialog(choose)
    plugin.shared.choose()
    assert seen == [["Commune d'essai", "", "24 / 24", "0", SCHEMA]]
    lot = plugin.controller.lot
    assert lot.store.is_shared
    assert lot.layers.occupation.dataProvider().name() == "postgres"
    item = lot.review.item
    assert lot.store.item(item.item_id).holder == "anne"
    QTest.keyClick(qgis_canvas, Qt.Key.Key_Space)
    QgsApplication.processEvents()
    assert lot.store.item(item.item_id).state is ItemState.DONE
    assert lot.review.item.item_id != item.item_id
    following = lot.review.item.item_id
    plugin.controller.close()
    rows = server.sql(f"SELECT count(*) FROM {SCHEMA}.review_item WHERE holder IS NOT NULL", database)
    assert rows == "0", following
    assert plugin.shared.keeper is None
    assert review_settings().load().last_connection == connection
    assert not QgsProject.instance().mapLayers()


def test_ended_and_lost_holds_are_said(plugin, connection, address, server, database):
    said = []
    plugin.messages.warning = said.append
    plugin.shared.open(address)
    lot = plugin.controller.lot
    server.sql(
        f"UPDATE {SCHEMA}.review_item SET held_until = now() - interval '1 hour' WHERE holder = 'anne'",
        database,
    )
    bob = PostgisStore(address, "bob")
    bob.take(lot.review.item_id)
    plugin.shared.keeper.look()
    bob.close()
    assert len(said) == 1
    assert "bob" in said[0]


def test_without_a_connection_or_a_lot_the_dialog_says_what_to_do(qgis_app, server, published):
    dialog = ConnectDialog()
    assert "PostgreSQL" in dialog.notice.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled()
    save_connection("vide", server, "postgres")
    try:
        dialog = ConnectDialog()
        assert "ocsge lot publish" in dialog.notice.text()
        assert dialog.address is None
    finally:
        QgsProviderRegistry.instance().providerMetadata("postgres").deleteConnection("vide")
    assert saved_connections() == {}


class Person(QgsCredentials):
    """Answers QGIS's questions for a password.

    Args:
        answers: passwords, one per question.
    """

    def __init__(self, answers):
        super().__init__()
        self.answers, self.asked = answers, []
        self._before = QgsCredentials.instance()
        self.setInstance(self)

    def leave(self):
        self.setInstance(self._before)

    def request(self, realm, username, password, message=""):
        self.asked.append(message)
        return (True, username, self.answers.pop(0)) if self.answers else (False, username, "")

    def requestMasterPassword(self, password, stored):  # noqa: N802 - a virtual method of QGIS
        return True, "master password"


@pytest.fixture
def person():
    made = Person([])
    yield made
    made.leave()


@pytest.fixture
def guarded_account(server, published):
    server.sql(f"CREATE ROLE {WITH_PASSWORD}")
    server.sql(f"CREATE ROLE zoe LOGIN PASSWORD 'clé d''or' IN ROLE {WITH_PASSWORD}, ocsge_interpreter")
    yield "zoe"
    server.sql("DROP ROLE zoe")
    server.sql(f"DROP ROLE {WITH_PASSWORD}")


def test_a_password_that_nobody_saved_is_asked_for_once(server, database, guarded_account, person):
    person.answers += ["faux", "clé d'or"]
    uri = f"host=127.0.0.1 port={server.port} user=zoe dbname={database} sslmode=disable"
    (lot,) = shared_lots(uri)
    assert lot.left == 24
    assert len(person.asked) == 2
    assert "password" in person.asked[1]
    store = PostgisStore(lot.address, "zoe")
    assert store.layer("occupation_sol", "couverture").featureCount() == 50
    store.close()
    assert len(person.asked) == 2
    with pytest.raises(LostConnectionError) as refused:
        shared_lots(uri.replace("sslmode=disable", "sslmode=allow"))
    assert "password" in refused.value.text("fr")


def test_an_authentication_of_qgis_opens_a_lot_and_its_layers(server, database, guarded_account):
    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("master password", True)
    config = QgsAuthMethodConfig("Basic")
    config.setName("base")
    config.setConfigMap({"username": "zoe", "password": "clé d'or"})
    assert manager.storeAuthenticationConfig(config)[0]
    uri = f"host=127.0.0.1 port={server.port} dbname={database} authcfg={config.id()}"
    store = PostgisStore(LotAddress(uri, SCHEMA), "zoe")
    layer = store.layer("occupation_sol", "couverture")
    assert layer.featureCount() == 50
    assert "or" not in layer.source().replace("port", "")
    store.close()
