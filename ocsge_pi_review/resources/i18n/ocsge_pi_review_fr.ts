<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
 <context>
  <name>ReviewPanel</name>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>2nd choice</source>
   <translation>2e classe</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Accept and next</source>
   <translation>Accepter et continuer</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Accept the proposal and go to the next item</source>
   <translation>Accepter la proposition et passer à l'élément suivant</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Area</source>
   <translation>Surface</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Choose a use instead of a cover</source>
   <translation>Choisir un usage plutôt qu'une couverture</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Colour polygons by cover</source>
   <translation>Colorer les polygones par couverture</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Colour polygons by use</source>
   <translation>Colorer les polygones par usage</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Colours</source>
   <translation>Couleurs</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Comment</source>
   <translation>Commenter</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Comment, postpone or ask the controller</source>
   <translation>Commenter, reporter ou demander au contrôleur</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Confidence</source>
   <translation>Confiance</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Cover</source>
   <translation>Couverture</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Hide</source>
   <translation>Masquer</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Hide or show the colours over the image</source>
   <translation>Masquer ou montrer les couleurs sur l'image</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Lead of the proposed cover over the second choice</source>
   <translation>Avance de la couverture proposée sur la deuxième classe</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Margin</source>
   <translation>Marge</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Mean score of the proposed cover</source>
   <translation>Score moyen de la couverture proposée</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>More: databases, edits, check, state, close, help</source>
   <translation>Plus : bases de données, saisies, contrôle, état, fermer, aide</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Next</source>
   <translation>Suivant</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Next item</source>
   <translation>Élément suivant</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Next item that nobody has decided</source>
   <translation>Prochain élément qui reste à décider</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Next undone</source>
   <translation>Proch. à faire</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>No lot is open</source>
   <translation>Aucun lot ouvert</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>OCS GE review</source>
   <translation>Reprise OCS GE</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Opacity of the colours</source>
   <translation>Opacité des couleurs</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Open a lot (GeoPackage) for review</source>
   <translation>Ouvrir un lot (GeoPackage) pour le reprendre</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Open a lot…</source>
   <translation>Ouvrir un lot…</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Previous</source>
   <translation>Précédent</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Previous item</source>
   <translation>Élément précédent</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Redo the gesture undone last</source>
   <translation>Rétablir le dernier geste annulé</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Take the second choice of the model</source>
   <translation>Prendre la deuxième classe du modèle</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Undo the last gesture</source>
   <translation>Annuler le dernier geste</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Use</source>
   <translation>Usage</translation>
  </message>
  <message>
   <location filename="resources/ui/review_panel.ui" />
   <source>Why</source>
   <translation>Pourquoi</translation>
  </message>
 </context>
 <context>
  <name>ocsge</name>
  <message>
   <location filename="gui/signalement_box.py" />
   <source> ({} of {})</source>
   <translation> ({} sur {})</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source> in {}</source>
   <translation> en {}</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>(by couples alone {}; the rest by clusters)</source>
   <translation>(par les seuls couples : {} ; le reste par les ensembles)</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>(no text)</source>
   <translation>(sans texte)</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>(outside the lot) {}</source>
   <translation>(hors du lot) {}</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>1. Predict: image to classes</source>
   <translation>1. Prédire : de l'image aux classes</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>2. Post-process: classes to OCS GE lot</source>
   <translation>2. Post-traiter : des classes au lot OCS GE</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>2018, avant, apres, …; without one, the last.</source>
   <translation>2018, avant, apres, … ; sans valeur, la dernière.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/panel.py" />
   <source>2nd choice</source>
   <translation>2e classe</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>3. Check the conformity of an OCS GE layer</source>
   <translation>3. Contrôler la conformité d'une couche OCS GE</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>A change layer, no partition</source>
   <translation>Couche de différences, pas une partition</translation>
  </message>
  <message>
   <location filename="gui/conformity.py" />
   <source>A check is already running.</source>
   <translation>Un contrôle est déjà en cours.</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>A click on the map puts any polygon in front, in the queue or not.</source>
   <translation>Un clic sur la carte prend n'importe quel polygone, dans la file ou non.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>A code, for instance CS2.2.1.</source>
   <translation>Un code, par exemple CS2.2.1.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>A code, for instance US6.6.</source>
   <translation>Un code, par exemple US6.6.</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>A constant that stands for a band that you do not have: for instance height, 0.</source>
   <translation>Une constante à la place d'une bande que vous n'avez pas : par exemple height, 0.</translation>
  </message>
  <message>
   <location filename="gui/control_help.py" />
   <source>A control needs no backend and no network.</source>
   <translation>Un contrôle ne demande ni moteur ni réseau.</translation>
  </message>
  <message>
   <location filename="gui/control_favourites.py" />
   <source>A couple that you give often comes here</source>
   <translation>Un couple que vous donnez souvent viendra ici</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>A delivery as it was unpacked: every layer in it and below that the profile knows.</source>
   <translation>Une livraison telle qu'elle a été décompressée : toutes les couches que le profil connaît, sous-dossiers compris.</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>A drawing on the map goes with it.</source>
   <translation>Un dessin sur la carte l'accompagne.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>A page that stands alone and prints to PDF, with its tables.</source>
   <translation>Une page autonome, qui s'imprime en PDF, avec ses tableaux.</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>A remote backend sees the same files (shared disk)</source>
   <translation>Un moteur distant voit les mêmes fichiers (disque partagé)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>AQL of the cover (%)</source>
   <translation>NQA de la couverture (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>AQL of the use (%)</source>
   <translation>NQA de l'usage (%)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Absorb</source>
   <translation>Absorber</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>Absorbed</source>
   <translation>Absorbé</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <location filename="processing/alg_control_decide.py" />
   <source>Accept</source>
   <translation>Accepter</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/panel.py" />
   <source>Accept and next</source>
   <translation>Accepter et continuer</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Accept or reject a lot</source>
   <translation>Accepter ou refuser un lot</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Accept the lot</source>
   <translation>Accepter le lot</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Accept the proposal and go to the next item</source>
   <translation>Accepter la proposition et passer à l'élément suivant</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>Accepted</source>
   <translation>Accepté</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>Address</source>
   <translation>Adresse</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>After</source>
   <translation>Après</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Align</source>
   <translation>Aligner</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Align within {}: click a line of a reference layer. Ctrl + wheel: reach.</source>
   <translation>Aligner à moins de {} : cliquez sur une ligne d'une couche de référence. Ctrl + molette : portée.</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>All items again</source>
   <translation>De nouveau tous les éléments</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>All of the classes that failed, too</source>
   <translation>Ainsi que toutes les classes non acceptées</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Also write the probability of every class</source>
   <translation>Écrire aussi la probabilité de chaque classe</translation>
  </message>
  <message>
   <location filename="gui/control_help.py" />
   <source>An error that cannot be seen at the scale of production is no error.</source>
   <translation>Une erreur invisible à l'échelle de production n'est pas une erreur.</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>An object above its threshold is missing: it should be a polygon of its own</source>
   <translation>Un objet au-dessus de son seuil manque : il devrait former un polygone à part</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Answer</source>
   <translation>Réponse</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>Answer ({}, {}, {}): </source>
   <translation>Réponse ({}, {}, {}) : </translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>Answer and send back</source>
   <translation>Répondre et renvoyer</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>Answer of the controller:</source>
   <translation>Réponse du contrôleur :</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>Answer to remark {}</source>
   <translation>Réponse au signalement {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Answers brought back</source>
   <translation>Réponses ramenées</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Answers changed and not confirmed: {} (first: no. {}). The earlier answer stays.</source>
   <translation>Réponses modifiées mais non validées : {} (la première : nº {}). La réponse précédente reste en vigueur.</translation>
  </message>
  <message>
   <location filename="gui/signalement_box.py" />
   <location filename="gui/signalement_list.py" />
   <source>Answer…</source>
   <translation>Répondre…</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Arbiter where two differ</source>
   <translation>Arbitre en cas de divergence</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="gui/edits_details.py" />
   <location filename="processing/alg_control_decide.py" />
   <source>Area</source>
   <translation>Surface</translation>
  </message>
  <message>
   <location filename="processing/area_algorithm.py" />
   <source>Area of interest</source>
   <translation>Zone d'intérêt</translation>
  </message>
  <message>
   <location filename="processing/area_algorithm.py" />
   <source>Area of interest: it has no polygon inside the extent.</source>
   <translation>Zone d'intérêt : aucun polygone dans l'emprise.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Areas are measured on</source>
   <translation>Surfaces mesurées sur</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>Artificialised ground: {}</source>
   <translation>Sol artificialisé : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>As its kind says</source>
   <translation>Selon sa nature</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>As the profile says where nothing is given.</source>
   <translation>À défaut, la valeur du profil.</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <location filename="gui/texts.py" />
   <source>Ask the controller</source>
   <translation>Demander au contrôleur</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>Ask the database again which lots it holds</source>
   <translation>Redemander à la base quels lots elle contient</translation>
  </message>
  <message>
   <location filename="adapters/styles.py" />
   <location filename="gui/texts.py" />
   <source>Asked</source>
   <translation>Avis demandé</translation>
  </message>
  <message>
   <location filename="adapters/signalement_tasks.py" />
   <source>Asking the collaborative service</source>
   <translation>Question à l'Espace collaboratif</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>Asking…</source>
   <translation>Connexion…</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>Assigned</source>
   <translation>Affecté</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>At equal steps</source>
   <translation>À pas égaux</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>At random</source>
   <translation>Au hasard</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>At work</source>
   <translation>Au travail</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Band of the model</source>
   <translation>Bande du modèle</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Bands</source>
   <translation>Bandes</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Bands, {}: give a raster from 1 to {} and a band from 1.</source>
   <translation>Bandes, {} : indiquez un raster de 1 à {} et une bande à partir de 1.</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>Before</source>
   <translation>Avant</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Begin the control</source>
   <translation>Commencer le contrôle</translation>
  </message>
  <message>
   <location filename="adapters/open_control.py" />
   <source>Blind control: no layer of the lot</source>
   <translation>Contrôle en aveugle : aucune couche du lot</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Borders</source>
   <translation>Limites</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Both ends</source>
   <translation>Les deux bornes</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>Both outlines</source>
   <translation>Les deux contours</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Bring rasters to the model's resolution</source>
   <translation>Ramener les rasters à la résolution du modèle</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Bring the answers of a control back</source>
   <translation>Rapporter les réponses d'un contrôle</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Brings what controllers answered into the lot; twice changes nothing.</source>
   <translation>Ramène dans le lot les réponses des contrôleurs ; recommencer ne change rien.</translation>
  </message>
  <message>
   <location filename="adapters/lot_group.py" />
   <location filename="adapters/lot_layers.py" />
   <location filename="processing/alg_check_conformity.py" />
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Built-up zone</source>
   <translation>Zone construite</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>By an edit of its own, which Redo makes again; refused where a later edit stands on it</source>
   <translation>Par un geste à part, et Rétablir refait la saisie ; refusé si une saisie plus récente s'appuie dessus</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>By area</source>
   <translation>Selon la surface</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>By motive (remarks inside the lot)</source>
   <translation>Par motif (signalements situés dans le lot)</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Call the lot back</source>
   <translation>Rappeler le lot</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <location filename="gui/signalement_dialog.py" />
   <source>Cancel</source>
   <translation>Annuler</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Cancel a control that runs already</source>
   <translation>Annuler un contrôle déjà en cours</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Cannot say</source>
   <translation>Ne se prononce pas</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Cells of the skeleton</source>
   <translation>Mailles de l'ossature</translation>
  </message>
  <message>
   <location filename="gui/signalement_box.py" />
   <source>Change the answer…</source>
   <translation>Modifier la réponse…</translation>
  </message>
  <message>
   <location filename="processing/alg_lot_state.py" />
   <source>Change the state of a lot</source>
   <translation>Changer l'état d'un lot</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Changed while their answer waited</source>
   <translation>Modifiés alors que leur réponse attendait</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Check conformity…</source>
   <translation>Contrôler la conformité…</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Check the coverage of a lot</source>
   <translation>Contrôler la partition d'un lot</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Checking the lot against its journal…</source>
   <translation>Le lot est confronté à son journal…</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Choose a folder for the arbiter's file.</source>
   <translation>Choisissez un dossier pour le fichier d'arbitrage.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Choose a lot and name a controller.</source>
   <translation>Choisissez un lot et nommez un contrôleur.</translation>
  </message>
  <message>
   <location filename="processing/lot_algorithm.py" />
   <source>Choose a lot or a journal.</source>
   <translation>Choisissez un lot ou un journal.</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>Choose a motive</source>
   <translation>Choisissez un motif</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>Choose a production</source>
   <translation>Choisir une production</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>Choose a production file first.</source>
   <translation>Choisissez d'abord un fichier de production.</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Choose a production file: it names départements, lots, plan and rates.</source>
   <translation>Choisissez un fichier de production : il nomme les départements, les lots, le plan et les tarifs.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Choose a use instead of a cover: its key follows</source>
   <translation>Choisir un usage au lieu d'une couverture : sa touche suit</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>Choose an edit in the list, or click one on the map.</source>
   <translation>Choisissez une saisie dans la liste ou cliquez-en une sur la carte.</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>Class</source>
   <translation>Classe</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Class table, for a raster of classes alone</source>
   <translation>Table des classes, pour un raster de classes seul</translation>
  </message>
  <message>
   <location filename="adapters/prediction_style.py" />
   <source>Classes</source>
   <translation>Classes</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Classifies every pixel of an ortho-image with a model.</source>
   <translation>Classe chaque pixel d'une orthophoto avec un modèle.</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Classifies every pixel of rasters that together hold the model's bands (ortho-image, height, …) and writes the class, its confidence, the runner-up class and the margin between both.

Rasters: files or WMS and WMTS layers, in any order. Bands are known by their description (red, nir, height, …); where it is missing, name them in the advanced parameters, and give a constant for a band that you do not have.

Area and extent keep to a part of the image; with both, to what they share.

The backend does the work: the one that Settings &gt; Options &gt; OCS GE review names. A run that was stopped goes on from its last finished block when it is started again with the same output.</source>
   <translation>Classe chaque pixel de rasters qui contiennent ensemble les bandes du modèle (orthophoto, hauteur, …), et écrit la classe, sa confiance, la deuxième classe et la marge entre les deux.

Rasters : fichiers ou couches WMS et WMTS, dans n'importe quel ordre. Les bandes se reconnaissent à leur description (red, nir, height, …) ; si elle manque, nommez-les dans les paramètres avancés, et donnez une constante pour une bande que vous n'avez pas.

La zone et l'emprise limitent le travail à une partie de l'image ; avec les deux, à ce qu'elles ont en commun.

Le travail est fait par le moteur que désignent Préférences &gt; Options &gt; Reprise OCS GE. Un essai arrêté repart de son dernier bloc fini si vous le relancez avec la même sortie.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Click a line of a reference layer: nearby borders move onto it; Ctrl + wheel: reach</source>
   <translation>Cliquer sur une ligne d'une couche de référence : les limites proches s'y calent ; Ctrl + molette : portée</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Click a segment of the prediction or of the image to cut it out; Ctrl + wheel: size</source>
   <translation>Cliquer sur un segment de la prédiction ou de l'image pour le découper ; Ctrl + molette : taille</translation>
  </message>
  <message>
   <location filename="gui/edits_panel.py" />
   <source>Click an edit on the map</source>
   <translation>Cliquer une saisie sur la carte</translation>
  </message>
  <message>
   <location filename="gui/control_door.py" />
   <source>Close the file</source>
   <translation>Fermer le fichier</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Close the lot</source>
   <translation>Fermer le lot</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Closed or trials, left out</source>
   <translation>Clos ou de test, laissés de côté</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Coarser</source>
   <translation>Plus grossier</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Coarser segments, a wider road, a longer reach</source>
   <translation>Segments plus grossiers, route plus large, portée plus longue</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>Codes above leaves</source>
   <translation>Codes au-dessus des feuilles</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Codes around</source>
   <translation>Codes autour</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>Colour</source>
   <translation>Couleur</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Colour polygons by cover or by use</source>
   <translation>Colorer les polygones selon la couverture ou l'usage</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Colours</source>
   <translation>Couleurs</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Column of the INSEE code, if unusual</source>
   <translation>Colonne du code INSEE, si inhabituelle</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/gestures.py" />
   <location filename="gui/panel.py" />
   <location filename="gui/texts.py" />
   <source>Comment</source>
   <translation>Commenter</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Comment on the decision</source>
   <translation>Commentaire de la décision</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>Comment on this item</source>
   <translation>Commentaire sur cet élément</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Comment, postpone or ask the controller</source>
   <translation>Commenter, reporter ou interroger le contrôleur</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>Comment: {}</source>
   <translation>Commentaire : {}</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <location filename="processing/alg_control_sample.py" />
   <source>Commune</source>
   <translation>Commune</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Communes</source>
   <translation>Communes</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>Communities (none ticked: all)</source>
   <translation>Groupes (aucun coché : tous)</translation>
  </message>
  <message>
   <location filename="gui/queue_model.py" />
   <source>Conf.</source>
   <translation>Conf.</translation>
  </message>
  <message>
   <location filename="adapters/lot_group.py" />
   <location filename="adapters/prediction_style.py" />
   <location filename="processing/alg_control_sample.py" />
   <source>Confidence</source>
   <translation>Confiance</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Confirm and next</source>
   <translation>Valider et continuer</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Conflicts</source>
   <translation>Conflits</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Conflicts: {}</source>
   <translation>Conflits : {}</translation>
  </message>
  <message>
   <location filename="gui/report_dialog.py" />
   <source>Conformity of the lot</source>
   <translation>Conformité du lot</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="gui/conformity.py" />
   <source>Conformity of {}</source>
   <translation>Conformité de {}</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Conforms</source>
   <translation>Conforme</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Conforms.</source>
   <translation>Conforme.</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>Connection</source>
   <translation>Connexion</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Constant</source>
   <translation>Constante</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Contract</source>
   <translation>Contrat</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <location filename="processing/alg_control_sample.py" />
   <source>Control file: {}</source>
   <translation>Fichier de contrôle : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Control files</source>
   <translation>Fichiers de contrôle</translation>
  </message>
  <message>
   <location filename="processing/control_algorithm.py" />
   <source>Control of a lot</source>
   <translation>Contrôle d'un lot</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>Control · {} · {}</source>
   <translation>Contrôle · {} · {}</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <location filename="gui/item_card.py" />
   <source>Controller: {}</source>
   <translation>Contrôleur : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Controllers, separated by commas</source>
   <translation>Contrôleurs, séparés par des virgules</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Coordinate system of the lot</source>
   <translation>Système de coordonnées du lot</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Coordinate system, for a raster without one</source>
   <translation>Système de coordonnées, pour un raster qui n'en a pas</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Coordinate system, for rasters without one</source>
   <translation>Système de coordonnées, pour des rasters qui n'en ont pas</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Copy the images along</source>
   <translation>Copier les images avec les fichiers</translation>
  </message>
  <message>
   <location filename="processing/alg_export_corrections.py" />
   <source>Corrections</source>
   <translation>Corrections</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Counts what a delivery is refused for: gaps, overlaps, invalid and multipart geometries, polygons under their minimum area, missing, unknown and non-leaf codes, duplicate identifiers. Takes any OCS GE layer: a lot, a published one, with columns in capitals or not.

The output “conforms” and the counts can be used in a model. The backend does the work; the algorithm “Check the coverage of a lot” looks at gaps and overlaps without one.</source>
   <translation>Compte ce qui fait refuser une livraison : lacunes, recouvrements, géométries invalides ou multiples, polygones sous leur surface minimale, codes manquants, inconnus ou non terminaux, identifiants en double. Accepte toute couche OCS GE : un lot, une couche publiée, colonnes en majuscules ou non.

La sortie « Conforme » et les comptes s'emploient dans un modèle. Le travail est fait par le moteur ; l'algorithme « Contrôler la partition d'un lot » cherche lacunes et recouvrements sans lui.</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/edits_details.py" />
   <location filename="gui/queue_model.py" />
   <location filename="processing/alg_control_sample.py" />
   <source>Cover</source>
   <translation>Couverture</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Cover and use</source>
   <translation>Couverture et usage</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <location filename="processing/alg_import.py" />
   <source>Cover column, if unusual</source>
   <translation>Colonne de couverture, si inhabituelle</translation>
  </message>
  <message>
   <location filename="gui/palette_bench.py" />
   <source>Cover of what is drawn</source>
   <translation>Couverture de l'objet dessiné</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Cover or use</source>
   <translation>Couverture ou usage</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Cover right, each class (%)</source>
   <translation>Couverture juste, par classe (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Cover right, overall (%)</source>
   <translation>Couverture juste, globale (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Cover where the layer does not tell</source>
   <translation>Couverture là où la couche ne la dit pas</translation>
  </message>
  <message>
   <location filename="gui/palette_bench.py" />
   <source>Cover: keys 1 to 9, 0</source>
   <translation>Couverture : touches 1 à 9, 0</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Coverage (occupation_sol)</source>
   <translation>Partition (occupation_sol)</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <location filename="processing/alg_signalements_import.py" />
   <source>Credentials (OAuth2)</source>
   <translation>Identifiants (OAuth2)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Ctrl+Shift+Z</source>
   <translation>Ctrl+Maj+Z</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Cut a lot into lots</source>
   <translation>Découper un lot en lots</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>Dashboard of {}</source>
   <translation>Tableau de bord de {}</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <location filename="processing/alg_predict.py" />
   <source>Dask scheduler</source>
   <translation>Ordonnanceur Dask</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Date of a change layer</source>
   <translation>Date d'une couche de différences</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Decide against the rules</source>
   <translation>Décider contre les règles</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Decides by the contract or ISO 2859-1 from the answers of the controllers.</source>
   <translation>Décide selon le contrat ou l'ISO 2859-1 d'après les réponses des contrôleurs.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Decision</source>
   <translation>Décision</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Decision: {}</source>
   <translation>Décision : {}</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Deliver the lot</source>
   <translation>Livrer le lot</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>Delivered</source>
   <translation>Livré</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Delivered lots</source>
   <translation>Lots livrés</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Delivered lots (GeoPackage)</source>
   <translation>Lots livrés (GeoPackage)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Do the gesture taken back last again</source>
   <translation>Refaire le dernier geste annulé</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>Documents: {}</source>
   <translation>Documents : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Does not conform: {}</source>
   <translation>Non conforme : {}</translation>
  </message>
  <message>
   <location filename="adapters/styles.py" />
   <location filename="gui/texts.py" />
   <source>Done</source>
   <translation>Fait</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>Done for it</source>
   <translation>Reprises faites</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <location filename="gui/control_words.py" />
   <source>Drag to draw a line, click to set a mark, right-click to take one back</source>
   <translation>Glissez pour tracer une ligne, cliquez pour poser une marque, clic droit pour retirer la dernière</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Draw</source>
   <translation>Dessiner</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Draw a new polygon: what lies underneath is cut, its code comes from the keys</source>
   <translation>Dessiner un nouveau polygone : ce qui est dessous est découpé, les touches donnent son code</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Draw the axis of a road; Ctrl + wheel: its width</source>
   <translation>Dessiner l'axe d'une route ; Ctrl + molette : sa largeur</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Draw the sample of a control</source>
   <translation>Tirer l'échantillon d'un contrôle</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Draw the skeleton too</source>
   <translation>Tirer aussi l'ossature</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Drawn</source>
   <translation>Tirage</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Draws polygons or points of delivered lots and writes blind files for the controllers.</source>
   <translation>Tire des polygones ou des points de lots livrés et écrit des fichiers à l'aveugle pour les contrôleurs.</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>Duplicate identifiers</source>
   <translation>Identifiants en double</translation>
  </message>
  <message>
   <location filename="gui/control_help.py" />
   <source>Each confirmed answer is on the disk at once: nothing is lost if QGIS stops.</source>
   <translation>Chaque réponse validée est aussitôt sur le disque : rien n'est perdu si QGIS s'arrête.</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>Each gesture is in the journal on disk before the layer changes: nothing is lost if QGIS stops.</source>
   <translation>Chaque geste est dans le journal sur le disque avant que la couche change : rien n'est perdu si QGIS s'arrête.</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Each open remark inside the lot becomes an item at the top of its queue; one that is there already is brought up to date. Without a file, the reports of the collaborative service in the box of the lot are read. Remarks outside the lot are counted and kept without item.</source>
   <translation>Chaque signalement ouvert situé dans le lot devient un élément en tête de sa file ; un signalement déjà présent est mis à jour. Sans fichier, les signalements de l'Espace collaboratif situés dans l'emprise du lot sont lus. Ceux qui tombent hors du lot sont comptés et gardés sans élément.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Earlier lots</source>
   <translation>Lots antérieurs</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Edges held twice</source>
   <translation>Côtés portés deux fois</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <source>Edit</source>
   <translation>Saisie</translation>
  </message>
  <message>
   <location filename="gui/edits.py" />
   <source>Edit {} is taken back. Redo makes it again.</source>
   <translation>La saisie {} est annulée. Rétablir la refait.</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>Edit {}: {}</source>
   <translation>Saisie {} : {}</translation>
  </message>
  <message>
   <location filename="gui/edits.py" />
   <source>Edits</source>
   <translation>Saisies</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Edits applied</source>
   <translation>Saisies appliquées</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Ellipsoid</source>
   <translation>Ellipsoïde</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Empty: nothing is written, the outcome is shown.</source>
   <translation>Vide : rien n'est écrit, le résultat est affiché.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>English</source>
   <translation>Anglais</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Equally</source>
   <translation>À parts égales</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>Erase the drawing</source>
   <translation>Effacer le dessin</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Esc</source>
   <translation>Échap</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Estimate</source>
   <translation>Estimation</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Every gesture of a delivered lot is applied where the polygons are still as the lot got them, with its operator and time. Vertices that two lots added to a common border end on both sides. Gestures that do not fit any more are conflicts: they change nothing and lie in a layer of their own beside the lot. Merging a lot twice changes nothing.

A lot that was changed past its journal, is not delivered or comes from elsewhere is refused.

The backend does the work and must see these files.</source>
   <translation>Chaque geste d'un lot livré s'applique là où les polygones sont encore tels que le lot les a reçus, avec son opérateur et son heure. Les sommets que deux lots ont ajoutés à une limite commune se retrouvent des deux côtés. Les gestes qui ne conviennent plus sont des conflits : ils ne changent rien et se trouvent dans une couche à part, à côté du lot. Fusionner un lot deux fois ne change rien.

Un lot modifié hors de son journal, non livré ou venu d'ailleurs est refusé.

Le moteur fait le travail et doit voir ces fichiers.</translation>
  </message>
  <message>
   <location filename="gui/queue_bench.py" />
   <source>Every item was looked at; {} are postponed or asked.</source>
   <translation>Tous les éléments ont été vus ; {} sont reportés ou attendent un avis.</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Every unit is answered.</source>
   <translation>Toutes les unités ont une réponse.</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Expected work of a lot, at most (h)</source>
   <translation>Travail attendu d'un lot, au plus (h)</translation>
  </message>
  <message>
   <location filename="processing/alg_export_corrections.py" />
   <source>Export corrections as a corrective patch</source>
   <translation>Exporter les corrections en patch correctif</translation>
  </message>
  <message>
   <location filename="processing/alg_export_journal.py" />
   <source>Export the journal of a lot</source>
   <translation>Exporter le journal d'un lot</translation>
  </message>
  <message>
   <location filename="processing/area_algorithm.py" />
   <source>Extent</source>
   <translation>Emprise</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Feature {}: {}</source>
   <translation>Entité {} : {}</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Fetch from the collaborative service…</source>
   <translation>Récupérer depuis l'Espace collaboratif…</translation>
  </message>
  <message>
   <location filename="gui/view_buttons.py" />
   <source>Fetch the image of the lot from its map service and lay it under the polygons</source>
   <translation>Demander l'image du lot à son service de cartes et la placer sous les polygones</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Figures of {}, reckoned on {}; lots: {}</source>
   <translation>Chiffres du {}, calculés le {} ; lots : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>File for the arbiter</source>
   <translation>Fichier d'arbitrage</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>File of remarks</source>
   <translation>Fichier de signalements</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Fill gaps up to (m²)</source>
   <translation>Combler les trous jusqu'à (m²)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Find a cover or a use by a word or a code</source>
   <translation>Trouver une couverture ou un usage par un mot ou un code</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Finer</source>
   <translation>Plus fin</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Finer segments, a narrower road, a shorter reach</source>
   <translation>Segments plus fins, route plus étroite, portée plus courte</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>Folder of a profile of your own</source>
   <translation>Dossier d'un profil à vous</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Folder of conflicts</source>
   <translation>Dossier des conflits</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Folder of references</source>
   <translation>Dossier de références</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Folder of the arbiter's file</source>
   <translation>Dossier du fichier d'arbitrage</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Folder of the control files</source>
   <translation>Dossier des fichiers de contrôle</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Folder of the lots</source>
   <translation>Dossier des lots</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Folder of the report</source>
   <translation>Dossier du rapport</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Four digits, for instance 2022.</source>
   <translation>Quatre chiffres, par exemple 2022.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Four digits; needed where the layer does not say it.</source>
   <translation>Quatre chiffres ; nécessaire si la couche ne le dit pas.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>French</source>
   <translation>Français</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="processing/alg_check_conformity.py" />
   <location filename="processing/alg_check_coverage.py" />
   <source>Gaps</source>
   <translation>Trous</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Gathering the references</source>
   <translation>Rassemblement des références</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>Geometries of several parts</source>
   <translation>Géométries en plusieurs parties</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Geometry</source>
   <translation>Géométrie</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Gestures merged</source>
   <translation>Gestes fusionnés</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Give again the answer taken back last</source>
   <translation>Redonner la dernière réponse annulée</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Give either a number of units, a precision or a share.</source>
   <translation>Donnez soit un nombre d'unités, soit une précision, soit une part.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Give one of the three: a number of units, a precision of the overall accuracy, or a share of every class. The lots are then in control; their polygons stay as they are.

Each controller gets a file (.control.gpkg) to open in the review window. It holds the units in random order, their surroundings as lines and the images, but no delivered code: nobody can know what was delivered. The first controller answers every unit, the others give second opinions.

The same seed draws the same sample. For a decision by ISO 2859-1, draw polygons at random without strata.

The backend does the work and must see these files; a lot kept in a database is sampled with the command ocsge control sample.</source>
   <translation>Donnez l'une des trois valeurs : un nombre d'unités, une précision de l'exactitude globale, ou une part de chaque classe. Les lots passent en contrôle ; leurs polygones ne changent pas.

Chaque contrôleur reçoit un fichier (.control.gpkg) à ouvrir dans la fenêtre de reprise. Il contient les unités dans un ordre aléatoire, leurs environs sous forme de lignes et les images, mais aucun code livré : personne ne peut savoir ce qui a été livré. Le premier contrôleur répond à toutes les unités, les autres donnent des seconds avis.

La même graine tire le même échantillon. Pour une décision selon l'ISO 2859-1, tirez des polygones au hasard, sans strates.

Le moteur fait le travail et doit voir ces fichiers ; un lot conservé dans une base s'échantillonne par la commande ocsge control sample.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Give the polygon to the neighbour that suits it best</source>
   <translation>Donner le polygone au voisin qui lui convient le mieux</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Give up</source>
   <translation>Renoncer</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Give up the gesture begun, or the selection</source>
   <translation>Renoncer au geste commencé, ou à la sélection</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Go back to the unit before</source>
   <translation>Revenir à l'unité précédente</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Go to the next item once one is decided</source>
   <translation>Passer à l'élément suivant après chaque décision</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Go to the next unit without an answer</source>
   <translation>Aller à la prochaine unité sans réponse</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Go to the unit after, without an answer</source>
   <translation>Passer à l'unité suivante sans répondre</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <source>Ground</source>
   <translation>Terrain</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Half the width of the 95 % interval of the overall accuracy: 3 for plus or minus 3 %.</source>
   <translation>Demi-largeur de l'intervalle à 95 % de l'exactitude globale : 3 pour plus ou moins 3 %.</translation>
  </message>
  <message>
   <location filename="gui/control_door.py" />
   <source>Hand back the file</source>
   <translation>Rendre le fichier</translation>
  </message>
  <message>
   <location filename="gui/control_door.py" />
   <source>Hand back the file…</source>
   <translation>Rendre le fichier…</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Hand the lot to somebody…</source>
   <translation>Confier le lot à quelqu'un…</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Handed to</source>
   <translation>Confié à</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <location filename="processing/alg_cut_lots.py" />
   <source>Height</source>
   <translation>Hauteurs</translation>
  </message>
  <message>
   <location filename="gui/control_door.py" />
   <location filename="plugin.py" />
   <source>Help</source>
   <translation>Aide</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Hide</source>
   <translation>Masquer</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Hide or show the borders around the unit</source>
   <translation>Masquer ou afficher les limites autour de l'unité</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Hide or show the colours over the image</source>
   <translation>Masquer ou afficher les couleurs par-dessus l'image</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>ISO 2859-1</source>
   <translation>ISO 2859-1</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Identifier column, if unusual</source>
   <translation>Colonne d'identifiant, si inhabituelle</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>If rejected, to redo</source>
   <translation>En cas de refus, à reprendre</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Image of another date</source>
   <translation>Image d'une autre date</translation>
  </message>
  <message>
   <location filename="gui/view_buttons.py" />
   <source>Image of the lot</source>
   <translation>Image du lot</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Image to show underneath</source>
   <translation>Image à montrer dessous</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Import a file of remarks</source>
   <translation>Importer un fichier de signalements</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Import a file…</source>
   <translation>Importer un fichier…</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Import an existing layer as a lot</source>
   <translation>Importer une couche existante en lot</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Import remarks of the territory</source>
   <translation>Importer des signalements</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>In control</source>
   <translation>En contrôle</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>In interpretation</source>
   <translation>En interprétation</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>In proportion</source>
   <translation>En proportion</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>In the hands of {}</source>
   <translation>Entre les mains de {}</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>In the hands of {} until {}</source>
   <translation>Entre les mains de {} jusqu'à {}</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Inference engine</source>
   <translation>Moteur de calcul</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <location filename="processing/alg_cut_lots.py" />
   <source>Infrared</source>
   <translation>Infrarouge</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Insert</source>
   <translation>Insérer</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Insert: drag or click the outline, right-click to close. Keys choose its code.</source>
   <translation>Insérer : tracez le contour ou cliquez ses sommets, clic droit pour fermer. Les touches choisissent son code.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Inspection level (S-1 to S-4, I to III)</source>
   <translation>Niveau de contrôle (S-1 à S-4, I à III)</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>Instead of the one above. A remote backend must have it under the same path.</source>
   <translation>À la place de celui d'au-dessus. Un moteur distant doit l'avoir sous le même chemin.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Instead of what the history says.</source>
   <translation>Au lieu de ce que dit l'historique.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Interpreter</source>
   <translation>Interprète</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="processing/alg_check_conformity.py" />
   <source>Invalid geometries</source>
   <translation>Géométries invalides</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>It came from a file: the list of answers can be exported</source>
   <translation>Il vient d'un fichier ou d'un autre service : la liste des réponses peut être exportée</translation>
  </message>
  <message>
   <location filename="gui/shared_lot.py" />
   <source>Item {} is with {} now: you had left it for too long. Go to the next item.</source>
   <translation>L'élément {} est désormais entre les mains de {} : vous l'aviez laissé trop longtemps. Passez à l'élément suivant.</translation>
  </message>
  <message>
   <location filename="gui/shared_lot.py" />
   <source>Item {} was with {} until {}; nobody renewed it, it is yours now.</source>
   <translation>L'élément {} était réservé par {} jusqu'à {} ; la réservation n'a pas été renouvelée, il est maintenant à vous.</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Items to decide again</source>
   <translation>Éléments à décider de nouveau</translation>
  </message>
  <message>
   <location filename="processing/alg_lot_state.py" />
   <source>Items to decide again, if rejected</source>
   <translation>Éléments à décider de nouveau, si le lot est rejeté</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Its band</source>
   <translation>Sa bande</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Its gaps and small polygons are no fault.</source>
   <translation>Ses lacunes et ses petits polygones ne sont pas des fautes.</translation>
  </message>
  <message>
   <location filename="processing/alg_export_journal.py" />
   <source>Journal</source>
   <translation>Journal</translation>
  </message>
  <message>
   <location filename="processing/lot_algorithm.py" />
   <source>Journal of a lot in a database (layer “Edits” of the second look)</source>
   <translation>Journal d'un lot en base (couche « Saisies » de la relecture)</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>Keep as a draft</source>
   <translation>Garder en brouillon</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Keys</source>
   <translation>Touches</translation>
  </message>
  <message>
   <location filename="adapters/lot_group.py" />
   <source>Land cover</source>
   <translation>Couverture du sol</translation>
  </message>
  <message>
   <location filename="adapters/lot_layers.py" />
   <source>Land cover and use</source>
   <translation>Occupation du sol</translation>
  </message>
  <message>
   <location filename="adapters/lot_group.py" />
   <source>Land use</source>
   <translation>Usage du sol</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Language of the page</source>
   <translation>Langue de la page</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Largest map scale 1:</source>
   <translation>Plus grande échelle 1:</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Layer occupation_sol</source>
   <translation>Couche occupation_sol</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Layer of the files, where files were chosen</source>
   <translation>Couche des fichiers, si des fichiers ont été choisis</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Layers of remarks (*.gpkg *.geojson *.json *.sqlite *.fgb *.shp)</source>
   <translation>Couches de signalements (*.gpkg *.geojson *.json *.sqlite *.fgb *.shp)</translation>
  </message>
  <message>
   <location filename="gui/view_buttons.py" />
   <source>Layers of the project</source>
   <translation>Couches du projet</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Layers, or blocks of one layer</source>
   <translation>Couches, ou dalles d'une même couche</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Least distance between units (m)</source>
   <translation>Distance minimale entre unités (m)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Leave out covers (codes)</source>
   <translation>Exclure des couvertures (codes)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Leave out larger polygons (m²)</source>
   <translation>Exclure les polygones plus grands (m²)</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Leave slivers as they are</source>
   <translation>Laisser les languettes telles quelles</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>Leaves out what moved no border and changed no code</source>
   <translation>Écarte ce qui n'a déplacé aucune limite ni changé aucun code</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Less precise</source>
   <translation>Moins précis</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Let the keys mean the use, or the cover again</source>
   <translation>Faire porter les touches sur l'usage, ou de nouveau sur la couverture</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Level of the codes (0: leaves)</source>
   <translation>Niveau des codes (0 : feuilles)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <location filename="processing/alg_cut_lots.py" />
   <source>Limits of communes</source>
   <translation>Limites des communes</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Link images instead of clipping them</source>
   <translation>Lier les images au lieu de les découper</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>List again</source>
   <translation>Actualiser</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>List and statistics…</source>
   <translation>Liste et statistiques…</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_statistics.py" />
   <source>List of remarks</source>
   <translation>Liste des signalements</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>Locked: part of the skeleton ({}).</source>
   <translation>Verrouillé : fait partie de l'ossature ({}).</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Looks for gaps, overlaps and vertices that only one side of a border has, on the edges of the polygons alone: exact, in seconds for 100,000 polygons, without backend. The output holds each gap; one without area is a missing vertex.</source>
   <translation>Cherche les trous, les recouvrements et les sommets qu'un seul côté d'une limite possède, sur les seuls côtés des polygones : exact, en quelques secondes pour 100 000 polygones, sans moteur. La sortie contient chaque trou ; un trou sans surface est un sommet manquant.</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_control_sample.py" />
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <location filename="processing/lot_algorithm.py" />
   <source>Lot (GeoPackage)</source>
   <translation>Lot (GeoPackage)</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Lot as it was handed out</source>
   <translation>Lot tel qu'il a été remis</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <location filename="processing/alg_control_decide.py" />
   <source>Lot in control (GeoPackage)</source>
   <translation>Lot en contrôle (GeoPackage)</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Lot made again</source>
   <translation>Lot refait</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Lot to cut (GeoPackage)</source>
   <translation>Lot à découper (GeoPackage)</translation>
  </message>
  <message>
   <location filename="adapters/lot_group.py" />
   <source>Lot {}</source>
   <translation>Lot {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Lot, or JSON of a decision</source>
   <translation>Lot, ou JSON d'une décision</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Lots (*.gpkg)</source>
   <translation>Lots (*.gpkg)</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Lots and control files (*.gpkg)</source>
   <translation>Lots et fichiers de contrôle (*.gpkg)</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Lots are</source>
   <translation>Les lots sont</translation>
  </message>
  <message>
   <location filename="adapters/production.py" />
   <source>Lots by state</source>
   <translation>Lots par état</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Lots coloured by their state, over the project's layers</source>
   <translation>Les lots colorés selon leur état, par-dessus les couches du projet</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <location filename="processing/alg_cut_lots.py" />
   <location filename="processing/alg_merge_lots.py" />
   <location filename="processing/lot_algorithm.py" />
   <source>Lots under review</source>
   <translation>Lots en reprise</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Lots, or folders of lots, whose decisions are the history of the subcontractor.</source>
   <translation>Lots, ou dossiers de lots, dont les décisions forment l'historique du prestataire.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Lower end</source>
   <translation>Borne basse</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Lower end: the buyer is sure. Upper end: the supplier is sure. Both: undecided between them.</source>
   <translation>Borne basse : le maître d'ouvrage est sûr. Borne haute : le prestataire est sûr. Les deux : sans décision entre elles.</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Makes a complete coverage with cover, use and review queue.</source>
   <translation>Produit une partition complète avec couverture, usage et file de reprise.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Makes a lot of a published OCS GE, a change layer, blocks of CoSIA or any other land-cover layer. Overlaps, holes, slivers, invalid rings, duplicates and unknown codes are repaired into a valid coverage. Nothing disappears silently: a report accounts for every square metre, polygon by polygon.

Another nomenclature than OCS GE and CoSIA needs a file that says what its values mean (JSON or TOML).

The backend does the work: the one that Settings &gt; Options &gt; OCS GE review names.</source>
   <translation>Fait un lot d'une OCS GE publiée, d'une couche de différences, de dalles CoSIA ou de toute autre couche d'occupation du sol. Recouvrements, trous, languettes, anneaux invalides, doublons et codes inconnus sont réparés en une partition valide. Rien ne disparaît en silence : un bilan justifie chaque mètre carré, polygone par polygone.

Une nomenclature autre que l'OCS GE et CoSIA demande un fichier qui dit ce que ses valeurs signifient (JSON ou TOML).

Le travail est fait par le moteur que désignent Préférences &gt; Options &gt; Reprise OCS GE.</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Makes an OCS GE lot of a prediction and reference vectors: a complete coverage without gap or overlap, every polygon with cover, use, source and confidence; the built-up zone; and the review queue, the most valuable first, with its reasons.

References: BD TOPO, RPG, BD Forêt, fichiers fonciers; layers, whole files or a folder, in any coordinate system. A layer is recognised by its name in the file (batiment, troncon_de_route, …), never by that of the legend. All of them are optional: rules whose source is missing stay silent.

The lot is one GeoPackage; the review opens it as it is. When it ends, a group of layers shows cover, use, confidence, built-up zone and queue in official colours.

The backend does the work: the one that Settings &gt; Options &gt; OCS GE review names.</source>
   <translation>Fait un lot OCS GE d'une prédiction et de vecteurs de référence : une partition complète, sans lacune ni recouvrement, où chaque polygone a couverture, usage, source et confiance ; la zone construite ; et la file de reprise, le plus rentable d'abord, avec ses motifs.

Références : BD TOPO, RPG, BD Forêt, fichiers fonciers ; couches, fichiers entiers ou un dossier, dans n'importe quel système de coordonnées. Une couche est reconnue à son nom dans le fichier (batiment, troncon_de_route, …), jamais à celui de la légende. Toutes sont facultatives : les règles dont la source manque se taisent.

Le lot est un seul GeoPackage ; la reprise l'ouvre tel quel. À la fin, un groupe de couches montre couverture, usage, confiance, zone construite et file de reprise aux couleurs officielles.

Le travail est fait par le moteur que désignent Préférences &gt; Options &gt; Reprise OCS GE.</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Makes lots of equal work that can be handed over, each in one file.</source>
   <translation>Fait des lots de travail égal que l'on peut confier, chacun dans un fichier.</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Makes the layer again from the lot as it was handed out and the journal of the lot that came back, edit by edit, and compares it with the layer that came back: a polygon that differs was edited past the journal. With the number of an edit, the layer as it was after that edit.</source>
   <translation>Refait la couche à partir du lot tel qu'il a été remis et du journal du lot revenu, saisie par saisie, et la compare à la couche revenue : un polygone qui diffère a été modifié hors du journal. Avec le numéro d'une saisie, la couche telle qu'elle était après cette saisie.</translation>
  </message>
  <message>
   <location filename="adapters/views.py" />
   <source>Map service: {}</source>
   <translation>Service de cartes : {}</translation>
  </message>
  <message>
   <location filename="adapters/lot_layers.py" />
   <source>Margin (neighbouring lots)</source>
   <translation>Marge (lots voisins)</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Margin of a tile on each side (px)</source>
   <translation>Marge d'une tuile de chaque côté (px)</translation>
  </message>
  <message>
   <location filename="gui/report_dialog.py" />
   <source>Measure</source>
   <translation>Mesure</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Median days</source>
   <translation>Délai médian (jours)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Merge</source>
   <translation>Fusionner</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>Merge a lot</source>
   <translation>Reprendre un lot</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Merge into the neighbour that you click</source>
   <translation>Fusionner avec le voisin sur lequel vous cliquez</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Merge lots back</source>
   <translation>Fusionner des lots rendus</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Merge: click the neighbour that absorbs the polygon. Right click or Esc to give up.</source>
   <translation>Fusion : cliquez sur le voisin qui absorbe le polygone. Clic droit ou Échap pour renoncer.</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Missing bands</source>
   <translation>Bandes absentes</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Missing bands, {}: “{}” is no number.</source>
   <translation>Bandes absentes, {} : « {} » n'est pas un nombre.</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>Missing codes</source>
   <translation>Codes manquants</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Mix the scores of neighbouring tiles</source>
   <translation>Mélanger les scores des tuiles voisines</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Model (ONNX)</source>
   <translation>Modèle (ONNX)</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <location filename="gui/signalement_list.py" />
   <source>Motive</source>
   <translation>Motif</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Move shared borders: draw the new border from border to border</source>
   <translation>Déplacer une limite commune : dessiner le nouveau tracé de limite à limite</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Name colleagues beside their pace</source>
   <translation>Nommer les collègues à côté de leur rythme</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Name of the lot</source>
   <translation>Nom du lot</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Needed where the rasters differ in resolution, origin or coordinate system.</source>
   <translation>Nécessaire si les rasters diffèrent par leur résolution, leur origine ou leur système de coordonnées.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Needs a comment that says why.</source>
   <translation>Demande un commentaire qui dit pourquoi.</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>New</source>
   <translation>Nouveaux</translation>
  </message>
  <message>
   <location filename="processing/alg_lot_state.py" />
   <source>New state</source>
   <translation>Nouvel état</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/gestures.py" />
   <location filename="gui/panel.py" />
   <source>Next</source>
   <translation>Suivant</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next item</source>
   <translation>Élément suivant</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next item that nobody has decided</source>
   <translation>Élément suivant que personne n'a décidé</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Next to do</source>
   <translation>À faire</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next undone</source>
   <translation>Proch. à faire</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Neyman</source>
   <translation>Neyman</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>No</source>
   <translation>Non</translation>
  </message>
  <message>
   <location filename="gui/signalement_sender.py" />
   <source>No answer waits to be sent to {}.</source>
   <translation>Aucune réponse n'attend d'être envoyée à {}.</translation>
  </message>
  <message>
   <location filename="gui/view_buttons.py" />
   <source>No image of this kind in the lot, no raster layer in the project</source>
   <translation>Aucune image de ce genre dans le lot, aucune couche raster dans le projet</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>No longer under the minimum: {}</source>
   <translation>Repasse au-dessus du seuil : {}</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>No lot is open</source>
   <translation>Aucun lot ouvert</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>No production is chosen</source>
   <translation>Aucune production n'est choisie</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>No such layer.</source>
   <translation>Cette couche n'existe pas.</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <location filename="gui/queue_model.py" />
   <location filename="gui/signalement_list.py" />
   <source>No.</source>
   <translation>N°</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>No. {} · {} · {}</source>
   <translation>N° {} · {} · {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>None</source>
   <translation>Aucune</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>None: only tells where the control stands.</source>
   <translation>Aucun : dit seulement où en est le contrôle.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Normal</source>
   <translation>Normal</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Not signed: nothing was written.</source>
   <translation>Non signé : rien n'a été écrit.</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>Note only</source>
   <translation>Simple note</translation>
  </message>
  <message>
   <location filename="gui/queue_bench.py" />
   <source>Nothing is left to do under these filters.</source>
   <translation>Il ne reste rien à faire avec ces filtres.</translation>
  </message>
  <message>
   <location filename="gui/gesture_bench.py" />
   <source>Nothing to redo.</source>
   <translation>Rien à rétablir.</translation>
  </message>
  <message>
   <location filename="gui/gesture_bench.py" />
   <source>Nothing to undo.</source>
   <translation>Rien à annuler.</translation>
  </message>
  <message>
   <location filename="gui/shared_lot.py" />
   <source>Nothing was done for a while: your items can now be taken by others. Going on takes them up again where nobody did.</source>
   <translation>Sans activité depuis un moment, vos éléments peuvent être pris par d'autres. Reprenez le travail : ceux que personne n'a pris vous reviennent.</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Number of gaps</source>
   <translation>Nombre de trous</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Number of lots</source>
   <translation>Nombre de lots</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Number of lots made</source>
   <translation>Nombre de lots produits</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Number of the last edit (empty: all)</source>
   <translation>Numéro de la dernière saisie (vide : toutes)</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Numbers of communities (none: all)</source>
   <translation>Numéros de groupes (aucun : tous)</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>OCS GE layer, or lot</source>
   <translation>Couche OCS GE, ou lot</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>OCS GE production</source>
   <translation>Production OCS GE</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <location filename="plugin.py" />
   <location filename="processing/provider.py" />
   <source>OCS GE review</source>
   <translation>Reprise OCS GE</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>OCS GE review: help</source>
   <translation>Reprise OCS GE : aide</translation>
  </message>
  <message>
   <location filename="gui/views_dock.py" />
   <source>OCS GE review: views</source>
   <translation>Reprise OCS GE : vues</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Of equal work</source>
   <translation>De travail égal</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Omission</source>
   <translation>Omission</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>On the map</source>
   <translation>Sur la carte</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_statistics.py" />
   <source>One line per motive: how many remarks by the status of their answer, how many were sent, and the median number of days from a remark to its answer. The list has every remark with its answer, for whoever has no access to the service.</source>
   <translation>Une ligne par motif : nombre de signalements selon le statut de leur réponse, nombre de réponses envoyées et délai médian, en jours, entre le signalement et sa réponse. La liste contient chaque signalement et sa réponse, pour qui n'a pas accès au service.</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>One that is in the project already lies underneath anyway.</source>
   <translation>Une image déjà dans le projet se trouve dessous de toute façon.</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>Only items in the part of the map that is in sight now</source>
   <translation>Seulement les éléments de la partie de la carte visible maintenant</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>Only items in these communes</source>
   <translation>Seulement les éléments de ces communes</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>Only items in these states</source>
   <translation>Seulement les éléments dans ces états</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>Only items whose proposal is in these branches</source>
   <translation>Seulement les éléments dont la proposition est dans ces branches</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>Only items with one of these reasons</source>
   <translation>Seulement les éléments qui ont un de ces motifs</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Open a lot first.</source>
   <translation>Ouvrez d'abord un lot.</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Open a lot in a GeoPackage first.</source>
   <translation>Ouvrez d'abord un lot dans un GeoPackage.</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>Open a lot of a database</source>
   <translation>Ouvrir un lot d'une base de données</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Open a lot of a database…</source>
   <translation>Ouvrir un lot d'une base de données…</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Open a lot or a control file</source>
   <translation>Ouvrir un lot ou un fichier de contrôle</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Open the page</source>
   <translation>Ouvrir la page</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Opened</source>
   <translation>Ouvert le</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <location filename="processing/alg_signalements_import.py" />
   <source>Opened since</source>
   <translation>Ouverts depuis le</translation>
  </message>
  <message>
   <location filename="gui/control_panel.py" />
   <source>Open…</source>
   <translation>Ouvrir…</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Operator</source>
   <translation>Opérateur</translation>
  </message>
  <message>
   <location filename="gui/control_answers.py" />
   <source>Opinion {}</source>
   <translation>Avis {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Opinions that differ</source>
   <translation>Avis divergents</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Or precision (points)</source>
   <translation>Ou précision (points)</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Or say how many hours a lot may take; squares and communes need neither.</source>
   <translation>Ou dites combien d'heures un lot peut prendre ; carrés et communes s'en passent.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Or share of every stratum (%)</source>
   <translation>Ou part de chaque strate (%)</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Order cover keys by probability</source>
   <translation>Ordonner les touches de couverture par probabilité</translation>
  </message>
  <message>
   <location filename="adapters/lot_images.py" />
   <location filename="gui/texts.py" />
   <location filename="processing/alg_cut_lots.py" />
   <source>Ortho-image</source>
   <translation>Ortho-image</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Other</source>
   <translation>Autres</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Other date</source>
   <translation>Autre date</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Otherwise each cover keeps its key, the lot's most frequent first</source>
   <translation>Sinon chaque couverture garde sa touche, les plus fréquentes du lot d'abord</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>Otherwise files are sent to a remote backend, and results are fetched from it.</source>
   <translation>Sinon, les fichiers sont envoyés au moteur distant et les résultats en sont récupérés.</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Otherwise it stays in front until you accept or move on</source>
   <translation>Sinon il reste affiché jusqu'à ce que vous acceptiez ou avanciez</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Otherwise what the others decided is one sum, without names</source>
   <translation>Sinon, ce que les autres ont décidé est un total, sans noms</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Outside the lot</source>
   <translation>Hors du lot</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Overlap (m²)</source>
   <translation>Recouvrement (m²)</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="processing/alg_check_conformity.py" />
   <source>Overlaps</source>
   <translation>Recouvrements</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Page</source>
   <translation>Page</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Page: {}</source>
   <translation>Page : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Pixel size (m), for a raster without georeference</source>
   <translation>Taille du pixel (m), pour un raster sans géoréférence</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Points</source>
   <translation>Points</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>Polygon</source>
   <translation>Polygone</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>Polygon {} (not in the queue)</source>
   <translation>Polygone {} (hors file)</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="processing/alg_check_conformity.py" />
   <location filename="processing/alg_control_decide.py" />
   <location filename="processing/alg_control_sample.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Polygons</source>
   <translation>Polygones</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>Polygons around that change status with it: {}</source>
   <translation>Polygones voisins qui changent de statut avec lui : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Polygons edited past the journal</source>
   <translation>Polygones modifiés hors du journal</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>Polygons of the skeleton (OSSATURE = 1) are locked.</source>
   <translation>Les polygones de l'ossature (OSSATURE = 1) sont verrouillés.</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Polygons stay whole. Each lot gets its own polygons, their neighbours as a read-only margin, its part of the queue, the reference vectors and images of its ground, styles and rules: whoever gets the file needs nothing else.

What was handed out is noted in the lot that was cut; “Merge lots back” takes it back.

The backend does the work and must see these files.</source>
   <translation>Les polygones restent entiers. Chaque lot reçoit les siens, leurs voisins comme marge en lecture seule, sa part de la file, les vecteurs de référence et les images de son terrain, les styles et les règles : qui reçoit le fichier n'a besoin de rien d'autre.

Ce qui est sorti est noté dans le lot découpé ; « Fusionner des lots rendus » le ramène.

Le moteur fait le travail et doit voir ces fichiers.</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Polygons to review</source>
   <translation>Polygones à reprendre</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <location filename="gui/texts.py" />
   <source>Postpone</source>
   <translation>Reporter</translation>
  </message>
  <message>
   <location filename="adapters/styles.py" />
   <location filename="gui/texts.py" />
   <source>Postponed</source>
   <translation>Reporté</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <location filename="processing/alg_cut_lots.py" />
   <location filename="processing/alg_predict.py" />
   <source>Prediction</source>
   <translation>Prédiction</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Prediction, or raster of classes</source>
   <translation>Prédiction, ou raster de classes</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>Prepared</source>
   <translation>Préparé</translation>
  </message>
  <message>
   <location filename="processing/alg_lot_state.py" />
   <source>Prepared, assigned, in interpretation, delivered, in control, accepted or rejected; a rejected lot names the items to decide again. A lot that is delivered is checked against its journal.</source>
   <translation>Préparé, affecté, en interprétation, livré, en contrôle, accepté ou rejeté ; un lot rejeté nomme les éléments à décider de nouveau. Un lot que l'on livre est confronté à son journal.</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Press Refresh: its lots are read in the background.</source>
   <translation>Appuyez sur Actualiser : ses lots sont lus en arrière-plan.</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/gestures.py" />
   <location filename="gui/panel.py" />
   <source>Previous</source>
   <translation>Précédent</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Previous item</source>
   <translation>Élément précédent</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Probability of every class</source>
   <translation>Probabilité de chaque classe</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>Production files (*.json)</source>
   <translation>Fichiers de production (*.json)</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>Production of a lot</source>
   <translation>Production d'un lot</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Production…</source>
   <translation>Production…</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>Profile (nomenclature, thresholds, rules)</source>
   <translation>Profil (nomenclature, seuils, règles)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Projection</source>
   <translation>Projection</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>Put into the outbox</source>
   <translation>Mettre dans la boîte d'envoi</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>QGIS knows no PostgreSQL connection yet. Create one in the browser panel: PostgreSQL, New connection…</source>
   <translation>QGIS ne connaît encore aucune connexion PostgreSQL. Créez-en une dans l'explorateur : PostgreSQL, Nouvelle connexion…</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Raster (1: first of the list)</source>
   <translation>Raster (1 : le premier de la liste)</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Rasters (ortho-image, height, …)</source>
   <translation>Rasters (orthophoto, hauteur, …)</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>Read-only: it belongs to a neighbouring lot.</source>
   <translation>Lecture seule : il appartient à un lot voisin.</translation>
  </message>
  <message>
   <location filename="adapters/signalement_tasks.py" />
   <source>Reading remarks</source>
   <translation>Lecture des signalements</translation>
  </message>
  <message>
   <location filename="gui/control_door.py" />
   <source>Ready to be sent: {}</source>
   <translation>Prêt à être envoyé : {}</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <location filename="gui/filter_bar.py" />
   <source>Reason</source>
   <translation>Motif</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Redo</source>
   <translation>Rétablir</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Reduced</source>
   <translation>Réduit</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Reference vectors</source>
   <translation>Vecteurs de référence</translation>
  </message>
  <message>
   <location filename="adapters/references.py" />
   <location filename="gui/gestures.py" />
   <source>References</source>
   <translation>Références</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>References (BD TOPO, RPG, BD Forêt, …)</source>
   <translation>Références (BD TOPO, RPG, BD Forêt, …)</translation>
  </message>
  <message>
   <location filename="gui/queue_bench.py" />
   <source>References that the lot names and does not hold: {}</source>
   <translation>Références que le lot annonce et ne contient pas : {}</translation>
  </message>
  <message>
   <location filename="gui/edits_panel.py" />
   <location filename="gui/indicators_panel.py" />
   <source>Refresh</source>
   <translation>Actualiser</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Reject</source>
   <translation>Refuser</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Reject the lot…</source>
   <translation>Rejeter le lot…</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>Rejected</source>
   <translation>Rejeté</translation>
  </message>
  <message>
   <location filename="gui/signalement_box.py" />
   <source>Remark {}</source>
   <translation>Signalement {}</translation>
  </message>
  <message>
   <location filename="gui/signalement_sender.py" />
   <source>Remark {} was changed on the server: read it again before you answer.</source>
   <translation>Le signalement {} a changé sur le serveur : relisez-le avant d'y répondre.</translation>
  </message>
  <message>
   <location filename="gui/signalement_sender.py" />
   <source>Remark {}: {}</source>
   <translation>Signalement {} : {}</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>Remark · {} · {}</source>
   <translation>Signalement · {} · {}</translation>
  </message>
  <message>
   <location filename="gui/signalement_bench.py" />
   <source>Remarks are being read already.</source>
   <translation>Les signalements sont déjà en cours de lecture.</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>Remarks of the collaborative service</source>
   <translation>Signalements de l'Espace collaboratif</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Remarks of the lot</source>
   <translation>Signalements du lot</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Remarks of the territory</source>
   <translation>Signalements</translation>
  </message>
  <message>
   <location filename="gui/signalement_bench.py" />
   <source>Remarks: {}</source>
   <translation>Signalements : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Repairs a layer into a valid coverage and says what became of every polygon.</source>
   <translation>Répare une couche en une partition valide et dit ce qu'est devenu chaque polygone.</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>Replay the journal of a lot</source>
   <translation>Rejouer le journal d'un lot</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>Reply of {} ({}): </source>
   <translation>Réponse de {} ({}) : </translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Report</source>
   <translation>Rapport</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Report (JSON)</source>
   <translation>Rapport (JSON)</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Report of the repairs</source>
   <translation>Bilan des réparations</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Report of the repairs (JSON)</source>
   <translation>Bilan des réparations (JSON)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Reshape</source>
   <translation>Remodeler</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Reshape: draw the new border, from border to border. Alt: no attraction.</source>
   <translation>Remodeler : tracez la nouvelle limite, de limite à limite. Alt : sans accrochage.</translation>
  </message>
  <message>
   <location filename="adapters/lot_layers.py" />
   <source>Review items</source>
   <translation>Éléments à reprendre</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Review queue</source>
   <translation>File de reprise</translation>
  </message>
  <message>
   <location filename="adapters/lot_group.py" />
   <source>Review queue, by reason</source>
   <translation>File de reprise, par motif</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>Reviewing needs no backend and no network; only the conformity check and segments of the image use one.</source>
   <translation>La reprise se passe de moteur et de réseau ; seuls le contrôle de conformité et les segments de l'image en utilisent un.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Road</source>
   <translation>Route</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Road, {} wide: draw its axis. Ctrl + wheel or + and −: width.</source>
   <translation>Route large de {} : dessinez son axe. Ctrl + molette, ou + et − : largeur.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Rule</source>
   <translation>Règle</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Save</source>
   <translation>Enregistrer</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Save the list with the answers…</source>
   <translation>Enregistrer la liste et les réponses…</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Save the statistics…</source>
   <translation>Enregistrer les statistiques…</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>Schema</source>
   <translation>Schéma</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Search a code</source>
   <translation>Chercher un code</translation>
  </message>
  <message>
   <location filename="gui/palette_grid.py" />
   <source>Search: meadow, road, 2.1.3…</source>
   <translation>Chercher : prairie, route, 2.1.3…</translation>
  </message>
  <message>
   <location filename="gui/edits_dock.py" />
   <source>Second look at the edits</source>
   <translation>Relecture des saisies</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <source>Second look at the edits…</source>
   <translation>Relecture des saisies…</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Second opinions (%)</source>
   <translation>Seconds avis (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Seed</source>
   <translation>Graine</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Segment</source>
   <translation>Segment</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Segment ({}): click it. Shift: beyond the polygon. Ctrl + wheel: size.</source>
   <translation>Segment ({}) : cliquez dessus. Maj : au-delà du polygone. Ctrl + molette : taille.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Select alike</source>
   <translation>Sélectionner les semblables</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Select the items in view with the same proposal: one key then decides them all</source>
   <translation>Sélectionner les éléments visibles de même proposition : une touche les décide tous ensuite</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <source>Send now</source>
   <translation>Envoyer maintenant</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Send the answers</source>
   <translation>Envoyer les réponses</translation>
  </message>
  <message>
   <location filename="gui/signalement_menu.py" />
   <source>Send the answers ({})</source>
   <translation>Envoyer les réponses ({})</translation>
  </message>
  <message>
   <location filename="adapters/signalement_tasks.py" />
   <source>Sending an answer</source>
   <translation>Envoi d'une réponse</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Sent</source>
   <translation>Envoyées</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Service</source>
   <translation>Service</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>Set cover</source>
   <translation>Changer la couverture</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>Set use</source>
   <translation>Changer l'usage</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Severity</source>
   <translation>Sévérité</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Share of the units that two controllers answer, where there are two.</source>
   <translation>Part des unités vues par deux contrôleurs, s'ils sont deux.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Share the units out among all controllers</source>
   <translation>Répartir les unités entre tous les contrôleurs</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Shared out among strata</source>
   <translation>Répartition entre les strates</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Shares of</source>
   <translation>Parts en</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>Shift + click, Shift + drag</source>
   <translation>Maj + clic, Maj + glisser</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show or hide the codes of the neighbours on the map</source>
   <translation>Afficher ou masquer les codes des voisins sur la carte</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show or hide the reference vectors</source>
   <translation>Afficher ou masquer les vecteurs de référence</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show the image of the other date beside the map</source>
   <translation>Montrer l'image de l'autre date à côté de la carte</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show the infrared image</source>
   <translation>Montrer l'image infrarouge</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Show the lot as a group of layers when it ends</source>
   <translation>Montrer le lot en groupe de couches à la fin</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show the prediction of the model</source>
   <translation>Montrer la prédiction du modèle</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show the shaded heights</source>
   <translation>Montrer les hauteurs ombrées</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Side of a block (px)</source>
   <translation>Côté d'un bloc (px)</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Side of a square (m)</source>
   <translation>Côté d'un carré (m)</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>Sign in and list my communities</source>
   <translation>Se connecter et lister mes groupes</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Signed by</source>
   <translation>Signé par</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>Signed in as {}</source>
   <translation>Connecté : {}</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>Since</source>
   <translation>Depuis</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>Sketch: {}</source>
   <translation>Croquis : {}</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Small polygons are not shown closer than this</source>
   <translation>Les petits polygones ne sont pas montrés de plus près</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Smaller blocks take less memory. The result does not depend on it.</source>
   <translation>Des blocs plus petits prennent moins de mémoire. Le résultat n'en dépend pas.</translation>
  </message>
  <message>
   <location filename="gui/gesture_bench.py" />
   <location filename="gui/gestures.py" />
   <source>Space</source>
   <translation>Espace</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Split</source>
   <translation>Découper</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Split by a line: drag it, or click its vertices and right-click</source>
   <translation>Découper par une ligne : la tracer d'un geste, ou cliquer ses sommets puis clic droit</translation>
  </message>
  <message>
   <location filename="gui/tool_hints.py" />
   <source>Split: drag the line, or click its vertices and right-click to cut.</source>
   <translation>Découper : tracez la ligne d'un geste, ou cliquez ses sommets puis clic droit pour couper.</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <location filename="processing/alg_predict.py" />
   <source>Spreads the work over a cluster: for instance tcp://host:8786.</source>
   <translation>Répartit le travail sur une grappe de machines : par exemple tcp://hote:8786.</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Squares</source>
   <translation>Des carrés</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <location filename="processing/alg_predict.py" />
   <source>Start over</source>
   <translation>Tout reprendre</translation>
  </message>
  <message>
   <location filename="gui/backend_run.py" />
   <source>Starting the backend…</source>
   <translation>Démarrage du moteur…</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <location filename="gui/edits_model.py" />
   <location filename="gui/filter_bar.py" />
   <location filename="gui/queue_model.py" />
   <location filename="processing/alg_lot_state.py" />
   <source>State</source>
   <translation>État</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>State of the lot</source>
   <translation>État du lot</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>State of the lot: {}</source>
   <translation>État du lot : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_statistics.py" />
   <source>Statistics by motive</source>
   <translation>Statistiques par motif</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_statistics.py" />
   <source>Statistics of the remarks of a lot</source>
   <translation>Statistiques des signalements d'un lot</translation>
  </message>
  <message>
   <location filename="gui/signalement_dialog.py" />
   <location filename="gui/signalement_list.py" />
   <source>Status</source>
   <translation>Statut</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Stop</source>
   <translation>Arrêter</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>Stop; the figures of last time stay</source>
   <translation>Arrêter ; les chiffres précédents restent</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>Stopped; the figures of last time stay.</source>
   <translation>Arrêté ; les chiffres précédents restent.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Strata</source>
   <translation>Strates</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Strata with fewer units are taken whole</source>
   <translation>Les strates de moins d'unités sont prises entières</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Sweep between two images in the map</source>
   <translation>Balayer d'une image à l'autre dans la carte</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Swipe</source>
   <translation>Balayer</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <location filename="processing/alg_signalements_statistics.py" />
   <source>Tables (*.csv)</source>
   <translation>Tableaux (*.csv)</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Take the code above: trees, without saying which; again: higher still</source>
   <translation>Prendre le code du dessus : des arbres, sans dire lesquels ; encore : plus haut</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Take the last answer back, over sessions</source>
   <translation>Annuler la dernière réponse, même d'une séance précédente</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Take the last gesture back, over sessions</source>
   <translation>Annuler le dernier geste, même d'une session précédente</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Take the lot back</source>
   <translation>Reprendre le lot</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Take the reference layers along</source>
   <translation>Joindre les couches de référence</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Take the second choice of the model</source>
   <translation>Prendre le second choix du modèle</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>Take this edit back</source>
   <translation>Annuler cette saisie</translation>
  </message>
  <message>
   <location filename="gui/queue_model.py" />
   <source>Taken</source>
   <translation>Pris</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Takes delivered lots back into the one they were cut from.</source>
   <translation>Ramène des lots livrés dans celui dont ils sont issus.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Takes the control files as the controllers hand them back and writes their answers into the lot. A file may be collected as often as one likes: nothing counts twice. Files of another control, damaged or altered ones are refused, and the lot stays as it is.

Where two controllers differ, name an arbiter: a file with these units alone is written for that person; collect it as well.

The backend does the work and must see these files.</source>
   <translation>Prend les fichiers de contrôle tels que les contrôleurs les rendent et inscrit leurs réponses dans le lot. Un fichier peut être rapporté autant de fois que l'on veut : rien ne compte deux fois. Les fichiers d'un autre contrôle, endommagés ou altérés sont refusés, et le lot reste tel qu'il est.

Quand deux contrôleurs divergent, nommez un arbitre : un fichier avec ces seules unités est écrit pour cette personne ; rapportez-le aussi.

Le moteur fait le travail et doit voir ces fichiers.</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Text</source>
   <translation>Texte</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>The border is wrong by more than the scale allows</source>
   <translation>La limite est fausse au-delà de ce que permet l'échelle</translation>
  </message>
  <message>
   <location filename="gui/conformity.py" />
   <source>The check is done.</source>
   <translation>Le contrôle est terminé.</translation>
  </message>
  <message>
   <location filename="gui/conformity.py" />
   <source>The check was cancelled.</source>
   <translation>Le contrôle a été annulé.</translation>
  </message>
  <message>
   <location filename="gui/comment_box.py" />
   <source>The comment that was being written is noted with its item.</source>
   <translation>Le commentaire en cours de saisie est noté avec son élément.</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>The dashboard is up to date.</source>
   <translation>Le tableau de bord est à jour.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>The errors found</source>
   <translation>Les erreurs trouvées</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>The faithful one</source>
   <translation>La plus fidèle</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>The figures are being reckoned already.</source>
   <translation>Le calcul des chiffres est déjà en cours.</translation>
  </message>
  <message>
   <location filename="gui/control_help.py" />
   <source>The file does not hold what was delivered: nothing here can tell it, nor can you change it.</source>
   <translation>Le fichier ne contient pas ce qui a été livré : rien ici ne peut le révéler, et vous ne pouvez pas le modifier.</translation>
  </message>
  <message>
   <location filename="gui/control_door.py" />
   <source>The file is closed and holds every answer: send {} back.</source>
   <translation>Le fichier sera fermé et contient toutes les réponses : renvoyez {}.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>The first</source>
   <translation>Le premier</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>The first answers every unit, the others give second opinions.</source>
   <translation>Le premier répond à toutes les unités, les autres donnent des seconds avis.</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>The image does not tell: nothing is counted as an error</source>
   <translation>L'image ne permet pas de trancher : rien n'est compté comme erreur</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>The item comes back to the interpreter with the answer</source>
   <translation>L'élément revient à l'interprète avec la réponse</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>The item stays in the queue; comment and drawing travel with the lot.</source>
   <translation>L'élément reste dans la file ; le commentaire et le dessin voyagent avec le lot.</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>The items of this lot have no commune</source>
   <translation>Les éléments de ce lot n'ont pas de commune</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>The larger</source>
   <translation>Le plus grand</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>The last</source>
   <translation>Le dernier</translation>
  </message>
  <message>
   <location filename="adapters/lot_warnings.py" />
   <source>The last gesture of this lot is dated {}, later than this computer's clock. Set the clock right: the order of the gestures is kept by their numbers, but their dates would be wrong.</source>
   <translation>Le dernier geste de ce lot est daté du {}, après l'heure de cet ordinateur. Réglez l'horloge : l'ordre des gestes est tenu par leurs numéros, mais leurs dates seraient fausses.</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>The layer conforms.</source>
   <translation>La couche est conforme.</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>The layer does not conform.</source>
   <translation>La couche n'est pas conforme.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>The layer should cover its whole extent</source>
   <translation>La couche devrait couvrir toute son emprise</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>The lot they were cut from (GeoPackage)</source>
   <translation>Le lot dont ils sont issus (GeoPackage)</translation>
  </message>
  <message>
   <location filename="gui/gesture_bench.py" />
   <source>The model gave no second choice for this polygon.</source>
   <translation>Le modèle n'a pas de deuxième classe pour ce polygone.</translation>
  </message>
  <message>
   <location filename="gui/queue_table.py" />
   <source>The others</source>
   <translation>Les autres</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>The polygon is below its threshold and should not exist</source>
   <translation>Le polygone est sous son seuil et ne devrait pas exister</translation>
  </message>
  <message>
   <location filename="gui/queue_bench.py" />
   <source>The queue is finished.</source>
   <translation>La file est terminée.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>The same share</source>
   <translation>La même part</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>The smaller</source>
   <translation>Le plus petit</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>The whole dashboard in the browser: it prints, and it can be sent</source>
   <translation>Le tableau de bord entier dans le navigateur : il s'imprime et s'envoie</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>The whole lot is checked first: one that does not conform is rejected. Then the accuracy of cover and use is estimated from the answers, and the lot is decided by the rule: the thresholds of the contract (least shares that are right, by their 95 % interval), or a plan of ISO 2859-1, normal, tightened or reduced by the history of the subcontractor.

Without a signature nothing is written: look at the outcome first. Signed, the lot is accepted, or rejected with the items to redo at the top of its queue, each with the controller's words. Polygons stay as they are.

The backend does the work and must see these files; a lot kept in a database is decided with the command ocsge control decide.</source>
   <translation>Le lot entier est d'abord vérifié : un lot non conforme est refusé. L'exactitude de la couverture et de l'usage est ensuite estimée d'après les réponses, et le lot est décidé selon la règle : les seuils du contrat (parts justes minimales, d'après leur intervalle à 95 %), ou un plan de l'ISO 2859-1, normal, renforcé ou réduit selon l'historique du prestataire.

Sans signature, rien n'est écrit : regardez d'abord le résultat. Signé, le lot est accepté, ou refusé avec les éléments à reprendre en tête de sa file, chacun avec les mots du contrôleur. Les polygones ne changent pas.

Le moteur fait le travail et doit voir ces fichiers ; un lot conservé dans une base se décide par la commande ocsge control decide.</translation>
  </message>
  <message>
   <location filename="gui/control_view.py" />
   <source>There is no answer to give again.</source>
   <translation>Aucune réponse à rétablir.</translation>
  </message>
  <message>
   <location filename="gui/control_view.py" />
   <source>There is no answer to take back.</source>
   <translation>Aucune réponse à annuler.</translation>
  </message>
  <message>
   <location filename="gui/indicators_dock.py" />
   <source>There is no map of this production yet: press Refresh.</source>
   <translation>Cette production n'a pas encore de carte : appuyez sur Actualiser.</translation>
  </message>
  <message>
   <location filename="adapters/open_control.py" />
   <source>These layers of the project show codes: {}. Remove them, or the control will not be blind.</source>
   <translation>Ces couches du projet montrent des codes : {}. Retirez-les, sinon le contrôle ne sera pas aveugle.</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>This account may not read that lot; ask the manager of the database.</source>
   <translation>Ce compte n'a pas le droit de lire ce lot ; adressez-vous à qui gère la base.</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>This database holds no lot. A lot is put there with ocsge lot publish.</source>
   <translation>Cette base ne contient aucun lot. Un lot s'y dépose avec ocsge lot publish.</translation>
  </message>
  <message>
   <location filename="gui/control_view.py" />
   <source>This file brings no reference vectors.</source>
   <translation>Ce fichier n'apporte pas de vecteurs de référence.</translation>
  </message>
  <message>
   <location filename="adapters/open_control.py" />
   <source>This file is {}'s: the answers will carry that name.</source>
   <translation>Ce fichier est celui de {} : les réponses porteront ce nom.</translation>
  </message>
  <message>
   <location filename="gui/queue_bench.py" />
   <source>This lot brings no reference vectors.</source>
   <translation>Ce lot n'apporte pas de vecteurs de référence.</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>This plugin contains no compiled library and no model.</source>
   <translation>Cette extension ne contient ni bibliothèque compilée ni modèle.</translation>
  </message>
  <message>
   <location filename="gui/comment_box.py" />
   <source>This polygon is not in the queue: there is no item to comment.</source>
   <translation>Ce polygone n'est pas dans la file : il n'y a pas d'élément à commenter.</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Threshold</source>
   <translation>Seuil</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Tightened</source>
   <translation>Renforcé</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>To cut by, and for the filter of the queue.</source>
   <translation>Pour découper, et pour le filtre de la file.</translation>
  </message>
  <message>
   <location filename="adapters/styles.py" />
   <location filename="gui/connect_postgis.py" />
   <location filename="gui/texts.py" />
   <source>To do</source>
   <translation>À faire</translation>
  </message>
  <message>
   <location filename="adapters/styles.py" />
   <location filename="gui/texts.py" />
   <source>To redo</source>
   <translation>À refaire</translation>
  </message>
  <message>
   <location filename="gui/signalement_list.py" />
   <source>Total</source>
   <translation>Total</translation>
  </message>
  <message>
   <location filename="adapters/prediction_style.py" />
   <source>Undecided</source>
   <translation>Indécis</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>Under the minimum area, excused</source>
   <translation>Sous la surface minimale, justifiés</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="processing/alg_check_conformity.py" />
   <source>Under the minimum area, without excuse</source>
   <translation>Sous la surface minimale, sans justification</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>Under the minimum: {} of {}</source>
   <translation>Sous le seuil : {} pour {}</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/gestures.py" />
   <location filename="gui/texts.py" />
   <source>Undo</source>
   <translation>Annuler</translation>
  </message>
  <message>
   <location filename="gui/control_answers.py" />
   <source>Unit {}</source>
   <translation>Unité {}</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Units</source>
   <translation>Unités</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Units drawn</source>
   <translation>Unités tirées</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Units found wrong</source>
   <translation>Unités trouvées fausses</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Units of a stratum, at least</source>
   <translation>Unités par strate, au moins</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Units of a stratum, at most</source>
   <translation>Unités par strate, au plus</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Units of which cover or use could not be said: {}.</source>
   <translation>Unités dont la couverture ou l'usage n'a pas pu être dit : {}.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Units to draw</source>
   <translation>Unités à tirer</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>Units without an answer</source>
   <translation>Unités sans réponse</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Units without an answer: {} (first: no. {}).</source>
   <translation>Unités sans réponse : {} (la première : nº {}).</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <source>Unknown codes</source>
   <translation>Codes inconnus</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>Unlikely couple: {}</source>
   <translation>Couple improbable : {}</translation>
  </message>
  <message>
   <location filename="gui/gesture_bench.py" />
   <source>Unlikely couple: {}. Choose the use, or accept to keep it.</source>
   <translation>Couple improbable : {}. Choisissez l'usage, ou acceptez pour le garder.</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>Until</source>
   <translation>Jusqu'au</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Updated</source>
   <translation>Mis à jour</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Upper end</source>
   <translation>Borne haute</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <location filename="gui/edits_details.py" />
   <location filename="gui/gestures.py" />
   <location filename="gui/panel.py" />
   <location filename="processing/alg_control_sample.py" />
   <source>Use</source>
   <translation>Usage</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <location filename="processing/alg_import.py" />
   <source>Use column, if unusual</source>
   <translation>Colonne d'usage, si inhabituelle</translation>
  </message>
  <message>
   <location filename="gui/palette_bench.py" />
   <source>Use of what is drawn</source>
   <translation>Usage de l'objet dessiné</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Use right, each class (%)</source>
   <translation>Usage juste, par classe (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>Use right, overall (%)</source>
   <translation>Usage juste, global (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Use where the layer does not tell</source>
   <translation>Usage là où la couche ne le dit pas</translation>
  </message>
  <message>
   <location filename="gui/use_strip.py" />
   <source>Use: Alt + 1 to {}</source>
   <translation>Usage : Alt + 1 à {}</translation>
  </message>
  <message>
   <location filename="gui/palette_bench.py" />
   <source>Use: press its key</source>
   <translation>Usage : tapez sa touche</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>Valid coverage</source>
   <translation>Partition valide</translation>
  </message>
  <message>
   <location filename="gui/report_dialog.py" />
   <source>Value</source>
   <translation>Valeur</translation>
  </message>
  <message>
   <location filename="gui/filter_bar.py" />
   <source>View</source>
   <translation>Vue</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>What a delivery is refused for, counted.</source>
   <translation>Compte ce qui fait refuser une livraison.</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>What has to reach the threshold</source>
   <translation>Ce qui doit atteindre le seuil</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>What makes it doubtful, what should be checked…</source>
   <translation>Ce qui fait douter, ce qui serait à vérifier…</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>What the values of another nomenclature mean</source>
   <translation>Ce que signifient les valeurs d'une autre nomenclature</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <source>When</source>
   <translation>Quand</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>Where communes are strata.</source>
   <translation>Quand les communes sont les strates.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Where the file of the layer has none.</source>
   <translation>Si le fichier de la couche n'en a pas.</translation>
  </message>
  <message>
   <location filename="processing/alg_check_conformity.py" />
   <source>Where the file of the layer has none; without any, the smallest minimum holds.</source>
   <translation>Si le fichier de la couche n'en a pas ; sans zone, le plus petit seuil vaut partout.</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Which band is which, where descriptions do not tell: for instance nir, 2, 1.</source>
   <translation>Quelle bande est laquelle, si les descriptions ne le disent pas : par exemple nir, 2, 1.</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <source>Who</source>
   <translation>Qui</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Who keeps what several polygons claim</source>
   <translation>Qui garde ce que plusieurs polygones revendiquent</translation>
  </message>
  <message>
   <location filename="processing/alg_lot_state.py" />
   <source>Who says so</source>
   <translation>Qui le dit</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <location filename="gui/queue_model.py" />
   <source>Why</source>
   <translation>Pourquoi</translation>
  </message>
  <message>
   <location filename="processing/alg_lot_state.py" />
   <source>Why, or to whom</source>
   <translation>Pourquoi, ou à qui</translation>
  </message>
  <message>
   <location filename="processing/alg_signalements_import.py" />
   <source>Without a place</source>
   <translation>Sans localisation</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Without a value, one per processor core. The result does not depend on it.</source>
   <translation>Sans valeur, un par cœur du processeur. Le résultat n'en dépend pas.</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Without a value, that of the model.</source>
   <translation>Sans valeur, celle du modèle.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Without a value, that of the profile.</source>
   <translation>Sans valeur, celle du profil.</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <location filename="processing/alg_predict.py" />
   <source>Without it, the finished blocks of an earlier run with the same inputs are kept.</source>
   <translation>Sans cette option, les blocs finis d'un essai antérieur aux mêmes entrées sont gardés.</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Without one, beside each lot.</source>
   <translation>Sans dossier, à côté de chaque lot.</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>Without one, the model that comes with the backend, made to try the tools.</source>
   <translation>Sans fichier, le modèle livré avec le moteur, fait pour essayer les outils.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Without one, the name of the file.</source>
   <translation>Sans nom, celui du fichier.</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Work</source>
   <translation>Travail</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>Work on the lot</source>
   <translation>Travailler au lot</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>Workers (blocks at the same time)</source>
   <translation>Ouvriers (blocs traités en même temps)</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Write a word to whoever interprets; Enter ends it</source>
   <translation>Écrire un mot au photo-interprète ; Entrée termine</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>Write the answer on the disk and go to the next unit to do</source>
   <translation>Écrire la réponse sur le disque et passer à la prochaine unité à faire</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Write the report of a control</source>
   <translation>Écrire le rapport d'un contrôle</translation>
  </message>
  <message>
   <location filename="processing/alg_control_report.py" />
   <source>Writes a page that stands alone (HTML, to be printed to PDF by any browser), its tables (CSV) and the document (JSON): the decision first, then matrices, accuracy of each class with its interval, areas, risks, map and list of the errors, method and seed.

Takes the lot, or the JSON that a decision wrote. A control that nobody decided is shown as a draft by the thresholds of the profile. The backend does the work and must see these files.</source>
   <translation>Écrit une page autonome (HTML, à imprimer en PDF depuis tout navigateur), ses tableaux (CSV) et le document (JSON) : la décision d'abord, puis les matrices, l'exactitude de chaque classe avec son intervalle, les surfaces, les risques, la carte et la liste des erreurs, la méthode et la graine.

Prend le lot, ou le JSON écrit par une décision. Un contrôle que personne n'a décidé est montré comme un projet, selon les seuils du profil. Le moteur fait le travail et doit voir ces fichiers.</translation>
  </message>
  <message>
   <location filename="processing/alg_export_journal.py" />
   <source>Writes one row per gesture: when, who, what, for how long, why, on which polygons, how much ground changed its code, and the codes of the first polygon before and after; its geometry is the ground touched. Undone gestures and their undo are there too (in_force = 0).</source>
   <translation>Écrit une ligne par geste : quand, qui, quoi, en combien de temps, pour quel motif, sur quels polygones, combien de terrain a changé de code, et les codes du premier polygone avant et après ; sa géométrie est le terrain touché. Les gestes annulés et leur annulation y figurent aussi (in_force = 0).</translation>
  </message>
  <message>
   <location filename="processing/alg_export_corrections.py" />
   <source>Writes what the review changed in the form of IGN's corrective patches: ground of a delivered object (id_ocs and its attributes as they were), cs_corr, us_corr and os_corr with the new value or RAS, and decoup_geo = 1 where the ground is a part of the object alone. Several patches may name one object.</source>
   <translation>Écrit ce que la reprise a changé sous la forme des patchs correctifs de l'IGN : du terrain d'un objet livré (id_ocs et ses attributs d'origine), cs_corr, us_corr et os_corr avec la nouvelle valeur ou RAS, et decoup_geo = 1 si le terrain n'est qu'une partie de l'objet. Plusieurs patchs peuvent nommer un même objet.</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Written into the journal; empty for the session's user</source>
   <translation>Inscrit dans le journal ; vide pour l'utilisateur de la session</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Year of the ortho-image (millésime)</source>
   <translation>Millésime (année de l'orthophoto)</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <location filename="processing/alg_postprocess.py" />
   <source>Year of the ortho-image: four digits are wanted, for instance 2022.</source>
   <translation>Millésime : quatre chiffres attendus, par exemple 2022.</translation>
  </message>
  <message>
   <location filename="processing/alg_import.py" />
   <source>Yes</source>
   <translation>Oui</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>a large part is undecided</source>
   <translation>une grande part est indécise</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>a reference says something else</source>
   <translation>une référence dit autre chose</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>about {} left</source>
   <translation>reste environ {}</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <location filename="processing/alg_control_decide.py" />
   <source>accepted</source>
   <translation>accepté</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>already right</source>
   <translation>déjà conforme</translation>
  </message>
  <message>
   <location filename="gui/control_answers.py" />
   <source>answered</source>
   <translation>répondue</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>any edit</source>
   <translation>toute saisie</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>any reason</source>
   <translation>tout motif</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>assigned</source>
   <translation>affecté</translation>
  </message>
  <message>
   <location filename="processing/alg_predict.py" />
   <source>auto, openvino, onnxruntime, or v2:ADDRESS of a KServe V2 server.</source>
   <translation>auto, openvino, onnxruntime, ou v2:ADRESSE d'un serveur KServe V2.</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>below the minimum area</source>
   <translation>sous le seuil de surface</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>by edit</source>
   <translation>par saisie</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>by person</source>
   <translation>par personne</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>by reason</source>
   <translation>par motif</translation>
  </message>
  <message>
   <location filename="gui/control_words.py" />
   <source>cannot be said</source>
   <translation>ne se prononce pas</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>changed while their answer waited, look at them again: {}</source>
   <translation>modifiés alors que leur réponse attendait, à relire : {}</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>changes only</source>
   <translation>changements seulement</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>closed or trials, left out: {}</source>
   <translation>clos ou de test, laissés de côté : {}</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>corrected</source>
   <translation>corrigé</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>decides whether the ground is artificialised</source>
   <translation>décide si le sol est artificialisé</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>delivered</source>
   <translation>livré</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>draft</source>
   <translation>brouillon</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>everybody</source>
   <translation>tout le monde</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>flair-1, flair-1-argmax, flair-hub or cosia; or the path of a JSON file of your own.</source>
   <translation>flair-1, flair-1-argmax, flair-hub ou cosia ; ou le chemin d'un fichier JSON à vous.</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>found wrong by a control</source>
   <translation>jugé faux par un contrôle</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>in control</source>
   <translation>en contrôle</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <source>in force</source>
   <translation>en vigueur</translation>
  </message>
  <message>
   <location filename="gui/edits_filter.py" />
   <source>in force only</source>
   <translation>en vigueur seulement</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>in interpretation</source>
   <translation>en interprétation</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>later than the image</source>
   <translation>postérieur à la prise de vue</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>made of many small pieces</source>
   <translation>fait de beaucoup de petits morceaux</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>no reference knows this object</source>
   <translation>aucune référence ne connaît cet objet</translation>
  </message>
  <message>
   <location filename="gui/connect_postgis.py" />
   <source>no right to read</source>
   <translation>lecture non autorisée</translation>
  </message>
  <message>
   <location filename="adapters/production.py" />
   <source>not read</source>
   <translation>non lu</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>not visible</source>
   <translation>non visible</translation>
  </message>
  <message>
   <location filename="gui/signalement_bench.py" />
   <source>nothing yet</source>
   <translation>aucune pour l'instant</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>numbers of the queue, for instance 12 15</source>
   <translation>numéros de la file, par exemple 12 15</translation>
  </message>
  <message>
   <location filename="map_tools/segment_tool.py" />
   <source>of the image, size {} of {}</source>
   <translation>de l'image, taille {} sur {}</translation>
  </message>
  <message>
   <location filename="map_tools/segment_tool.py" />
   <source>of the prediction</source>
   <translation>de la prédiction</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>on its way</source>
   <translation>en cours d'envoi</translation>
  </message>
  <message>
   <location filename="gui/edits.py" />
   <source>other</source>
   <translation>autre</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>outside the specifications</source>
   <translation>hors spécifications</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>outside this lot: {}</source>
   <translation>hors de ce lot : {}</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>prepared</source>
   <translation>préparé</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>refused by the service</source>
   <translation>refusée par le service</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <location filename="processing/alg_control_decide.py" />
   <source>rejected</source>
   <translation>rejeté</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>said in another remark</source>
   <translation>répète un autre signalement</translation>
  </message>
  <message>
   <location filename="gui/control_help.py" />
   <source>say a couple that you gave before</source>
   <translation>donner un couple que vous avez déjà donné</translation>
  </message>
  <message>
   <location filename="gui/control_help.py" />
   <source>say the cover, then the use, under that key: keys never change place</source>
   <translation>donner la couverture, puis l'usage, de cette touche : les touches ne changent jamais de place</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>select polygons: one key then decides them all</source>
   <translation>sélectionner des polygones : une touche les décide tous ensuite</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>sent</source>
   <translation>envoyée</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>set the cover under that key</source>
   <translation>donner la couverture de cette touche</translation>
  </message>
  <message>
   <location filename="gui/help_dialog.py" />
   <source>set the use under that key, one of the most probable here</source>
   <translation>donner l'usage de cette touche, un des plus probables ici</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>somebody remarked on it</source>
   <translation>objet d'un signalement</translation>
  </message>
  <message>
   <location filename="gui/edits_model.py" />
   <source>taken back</source>
   <translation>annulée</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>the model is not sure</source>
   <translation>le modèle n'est pas sûr</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>to be sent</source>
   <translation>à envoyer</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>to compare: {}</source>
   <translation>repère : {}</translation>
  </message>
  <message>
   <location filename="gui/control_answers.py" />
   <source>to confirm</source>
   <translation>à valider</translation>
  </message>
  <message>
   <location filename="gui/control_answers.py" />
   <source>to do</source>
   <translation>à faire</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>today: {}</source>
   <translation>aujourd'hui : {}</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>two covers are nearly as likely</source>
   <translation>deux couvertures sont presque aussi probables</translation>
  </message>
  <message>
   <location filename="processing/alg_control_decide.py" />
   <source>undecided</source>
   <translation>sans décision</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>unknown</source>
   <translation>inconnu</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>unknown code</source>
   <translation>code inconnu</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>unrelated to land cover and use</source>
   <translation>sans rapport avec l'occupation du sol</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>unusual shape</source>
   <translation>forme inhabituelle</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>use given for want of a source</source>
   <translation>usage par défaut, faute de source</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>without a place: {}</source>
   <translation>sans localisation : {}</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>without answer</source>
   <translation>sans réponse</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>{} (absorbed)</source>
   <translation>{} (absorbé)</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>{} (made)</source>
   <translation>{} (créé)</translation>
  </message>
  <message>
   <location filename="gui/item_card.py" />
   <source>{} (minimum {})</source>
   <translation>{} (minimum {})</translation>
  </message>
  <message>
   <location filename="gui/signalement_sender.py" />
   <source>{} answers sent.</source>
   <translation>Réponses envoyées : {}.</translation>
  </message>
  <message>
   <location filename="gui/signalement_sender.py" />
   <source>{} answers stay in the outbox and are tried again.</source>
   <translation>Réponses restées dans la boîte d'envoi : {}. Un nouvel essai suit de lui-même.</translation>
  </message>
  <message>
   <location filename="gui/signalement_sender.py" />
   <source>{} answers stay in the outbox: menu Remarks &gt; Send the answers tries again.</source>
   <translation>Réponses restées dans la boîte d'envoi : {}. Menu Signalements &gt; Envoyer les réponses pour un nouvel essai.</translation>
  </message>
  <message>
   <location filename="gui/signalement_bench.py" />
   <source>{} answers to remarks wait in the outbox: menu Remarks &gt; Send the answers.</source>
   <translation>Réponses en attente dans la boîte d'envoi : {}. Menu Signalements &gt; Envoyer les réponses.</translation>
  </message>
  <message>
   <location filename="processing/alg_export_corrections.py" />
   <source>{} corrections.</source>
   <translation>{} corrections.</translation>
  </message>
  <message>
   <location filename="gui/edits.py" />
   <source>{} edits</source>
   <translation>{} saisies</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>{} edits applied.</source>
   <translation>{} saisies appliquées.</translation>
  </message>
  <message>
   <location filename="gui/signalement_bench.py" />
   <source>{} gestures while it was in front</source>
   <translation>Gestes faits pendant son affichage : {}</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>{} h {} min</source>
   <translation>{} h {} min</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="gui/texts.py" />
   <source>{} ha</source>
   <translation>{} ha</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>{} is delivered: it was checked against its journal. Close it and send the file.</source>
   <translation>{} est livré : il concorde avec son journal. Fermez-le et envoyez le fichier.</translation>
  </message>
  <message>
   <location filename="gui/signalement_fetch.py" />
   <source>{} is no date: write it as 2026-01-31 or 31/01/2026.</source>
   <translation>« {} » n'est pas une date : écrivez 31/01/2026 ou 2026-01-31.</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>{} is still in use; copy it together with its -wal file.</source>
   <translation>{} est encore utilisé ; copiez-le avec son fichier -wal.</translation>
  </message>
  <message>
   <location filename="map_tools/plan_tool.py" />
   <source>{} m</source>
   <translation>{} m</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>{} min</source>
   <translation>{} min</translation>
  </message>
  <message>
   <location filename="adapters/conformity_report.py" />
   <location filename="gui/texts.py" />
   <source>{} m²</source>
   <translation>{} m²</translation>
  </message>
  <message>
   <location filename="processing/alg_control_collect.py" />
   <source>{} new answers; {} of {} units answered; {} second opinions missing; {} differ</source>
   <translation>{} nouvelles réponses ; {} unités renseignées sur {} ; {} seconds avis manquants ; {} divergences</translation>
  </message>
  <message>
   <location filename="gui/signalement_texts.py" />
   <source>{} new, {} updated, {} as they were</source>
   <translation>nouveaux : {}, mis à jour : {}, inchangés : {}</translation>
  </message>
  <message>
   <location filename="gui/edits_details.py" />
   <source>{} of ground changed</source>
   <translation>{} de terrain changé</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>{} per hour</source>
   <translation>{} par heure</translation>
  </message>
  <message>
   <location filename="gui/gesture_bench.py" />
   <source>{} polygons chosen: a code or {} decides them all; Esc gives up.</source>
   <translation>{} polygones choisis : un code ou {} les décide tous ; Échap pour renoncer.</translation>
  </message>
  <message>
   <location filename="adapters/lot_warnings.py" />
   <source>{} polygons of this lot are not as its journal says ({}): another program edited the layer. Those edits will be refused when the lot is taken back.</source>
   <translation>{} polygones de ce lot ne sont pas tels que son journal le dit ({}) : un autre programme a modifié la couche. Ces modifications seront refusées à la reprise du lot.</translation>
  </message>
  <message>
   <location filename="processing/alg_replay_journal.py" />
   <source>{} polygons were edited past the journal: {}</source>
   <translation>{} polygones ont été modifiés hors du journal : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_check_coverage.py" />
   <source>{} polygons: {} gaps, {} m² of overlap, {} edges held twice.</source>
   <translation>{} polygones : {} trous, {} m² de recouvrement, {} côtés portés deux fois.</translation>
  </message>
  <message>
   <location filename="gui/texts.py" />
   <source>{} s</source>
   <translation>{} s</translation>
  </message>
  <message>
   <location filename="gui/queue_table.py" />
   <source>{} today: {} in {}</source>
   <translation>{}, aujourd'hui : {} en {}</translation>
  </message>
  <message>
   <location filename="processing/alg_postprocess.py" />
   <source>{}: a prediction is a file, not an address. Save it as a GeoTIFF.</source>
   <translation>{} : une prédiction est un fichier, pas une adresse. Enregistrez-la en GeoTIFF.</translation>
  </message>
  <message>
   <location filename="processing/backend_algorithm.py" />
   <source>{}: no such layer or file.</source>
   <translation>{} : couche ou fichier introuvable.</translation>
  </message>
  <message>
   <location filename="gui/lot_state.py" />
   <source>{}: this lot is now {}.</source>
   <translation>{} : état du lot, {}.</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>{}: {} gestures merged, {} known already, {} conflicts</source>
   <translation>{} : {} gestes fusionnés, {} déjà connus, {} conflits</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>{}: {} polygons, {} to review, expected {:.2f} h</source>
   <translation>{} : {} polygones, {} à revoir, {:.2f} h attendues</translation>
  </message>
  <message>
   <location filename="processing/alg_control_sample.py" />
   <source>{}: {} units, {} of them answered twice</source>
   <translation>{} : {} unités, dont {} vues deux fois</translation>
  </message>
  <message>
   <location filename="gui/key_form.py" />
   <source>{}: {}; only one of them will answer.</source>
   <translation>{} : {} ; un seul des deux répondra.</translation>
  </message>
  <message>
   <location filename="gui/indicators_panel.py" />
   <source>… and {} more on the page</source>
   <translation>… et {} de plus sur la page</translation>
  </message>
  <message>
   <location filename="gui/effect_line.py" />
   <source>…and {} more</source>
   <translation>… et {} de plus</translation>
  </message>
  <message>
   <location filename="gui/comment_dialog.py" />
   <source>✎ Draw on the map</source>
   <translation>✎ Dessiner sur la carte</translation>
  </message>
 </context>
</TS>
