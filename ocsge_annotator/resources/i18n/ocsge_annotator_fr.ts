<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
 <context>
  <name>ocsge</name>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>(none)</source>
   <translation>(aucune)</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>0 shows the image alone</source>
   <translation>0 montre l'image seule</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>0: at each change of patch only. The journal loses nothing in between.</source>
   <translation>0 : à chaque changement de dalle seulement. Le journal ne perd rien entre-temps.</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Accept</source>
   <translation>Accepter</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Accept sure</source>
   <translation>Accepter le sûr</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Accept the patch</source>
   <translation>Accepter la dalle</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Accept, take the next</source>
   <translation>Accepter et prendre la suivante</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>Accepted</source>
   <translation>Acceptée</translation>
  </message>
  <message>
   <location filename="processing/alg_draw_more_patches.py" />
   <source>Add patches to a campaign</source>
   <translation>Ajouter des dalles à une campagne</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Add patches…</source>
   <translation>Ajouter des dalles…</translation>
  </message>
  <message>
   <location filename="processing/alg_draw_more_patches.py" />
   <source>Adds patches to a campaign, behind those it has and never on the same place. To teach a model what it does not know yet, predict the image with it, then choose the patches where it is least sure: those that resemble each other, or patches labelled before, are left aside.

The sets for training, validation and test go on as they are. The campaign must not be open in the annotation panel.</source>
   <translation>Ajoute des dalles à une campagne, à la suite des siennes et jamais au même endroit. Pour apprendre à un modèle ce qu'il ne sait pas encore, prédisez l'image avec lui, puis choisissez les dalles où il est le moins sûr : celles qui se ressemblent, ou qui ressemblent à des dalles déjà étiquetées, sont laissées de côté.

Les jeux d'entraînement, de validation et de test sont poursuivis tels quels. La campagne ne doit pas être ouverte dans le panneau d'annotation.</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Agreement</source>
   <translation>Accord</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Agreement of two annotators: {}</source>
   <translation>Accord de deux annotateurs : {}</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Also a box in the dock</source>
   <translation>Aussi une case dans le panneau</translation>
  </message>
  <message>
   <location filename="processing/alg_prelabel_campaign.py" />
   <location filename="processing/campaign_algorithm.py" />
   <source>Annotation campaign</source>
   <translation>Campagne d'annotation</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <location filename="gui/options.py" />
   <source>Annotator</source>
   <translation>Annotateur</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Annotator: {}</source>
   <translation>Annotateur : {}</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Area of interest</source>
   <translation>Zone d'intérêt</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Area of one colour: press, drag right for more, left for less. Shift: the whole patch</source>
   <translation>Zone d'une même couleur : appuyer, glisser à droite pour plus, à gauche pour moins. Maj : toute la dalle</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>Area of the largest gap closed and of the largest speck removed</source>
   <translation>Surface du plus grand vide comblé et de la plus grande tache supprimée</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <location filename="processing/alg_compare_annotators.py" />
   <source>Areas to arbitrate</source>
   <translation>Zones à arbitrer</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>At random</source>
   <translation>Au hasard</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Brush</source>
   <translation>Pinceau</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Brush size (px)</source>
   <translation>Taille du pinceau (px)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Building</source>
   <translation>Bâtiment</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>By strata of a layer, the rare ones as often as the common ones</source>
   <translation>Par strates d'une couche, les rares aussi souvent que les courantes</translation>
  </message>
  <message>
   <location filename="plugin.py" />
   <location filename="processing/alg_compare_annotators.py" />
   <location filename="processing/alg_create_campaign.py" />
   <location filename="processing/alg_cut_lots.py" />
   <location filename="processing/alg_draw_more_patches.py" />
   <location filename="processing/alg_merge_lots.py" />
   <location filename="processing/alg_prelabel_campaign.py" />
   <location filename="processing/dataset_algorithm.py" />
   <source>Campaign</source>
   <translation>Campagne</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>Campaign (*.gpkg)</source>
   <translation>Campagne (*.gpkg)</translation>
  </message>
  <message>
   <location filename="processing/base.py" />
   <source>Cancelled.</source>
   <translation>Annulé.</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>Change only what the chosen class gains or loses</source>
   <translation>Ne changer que ce que la classe choisie gagne ou perd</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Changed in the campaign alone, kept: {}</source>
   <translation>Modifiées dans la seule campagne, conservées : {}</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>Check</source>
   <translation>Vérifier</translation>
  </message>
  <message>
   <location filename="gui/quality_bench.py" />
   <source>Checks</source>
   <translation>Vérifications</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Choice of the patches</source>
   <translation>Choix des dalles</translation>
  </message>
  <message>
   <location filename="processing/alg_import_dataset.py" />
   <source>Choose the folder or the file of the masks.</source>
   <translation>Choisissez le dossier ou le fichier des masques.</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Choose the layer of the strata.</source>
   <translation>Choisissez la couche des strates.</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Choose the prediction whose doubts are to be looked at.</source>
   <translation>Choisissez la prédiction dont il faut examiner les hésitations.</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <location filename="gui/copy_dialog.py" />
   <source>Class</source>
   <translation>Classe</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Class by class</source>
   <translation>Classe par classe</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <location filename="processing/alg_create_campaign.py" />
   <source>Classes</source>
   <translation>Classes</translation>
  </message>
  <message>
   <location filename="processing/dataset_algorithm.py" />
   <source>Classes (campaign, cover, flair-1, flair-hub, cosia, or a JSON file)</source>
   <translation>Classes (campaign, cover, flair-1, flair-hub, cosia, ou un fichier JSON)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Click along the middle of a road. Ctrl + wheel: width</source>
   <translation>Cliquer le long de l'axe d'une route. Ctrl + molette : largeur</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Click inside, right click outside, or drag a box; Return gives the class, Backspace undoes</source>
   <translation>Cliquez dedans, clic droit dehors, ou tirez un cadre ; Entrée donne la classe, Retour arrière reprend un point</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Click or drag: the segment gets the class; with Shift, what the machine proposes</source>
   <translation>Cliquez ou glissez : le segment prend la classe ; avec Maj, ce que la machine propose</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Click the corners, right click or Return to close</source>
   <translation>Cliquer les sommets, clic droit ou Entrée pour fermer</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Close gaps</source>
   <translation>Combler les vides</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Coarser</source>
   <translation>Plus gros</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Coarser segments</source>
   <translation>Segments plus gros</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <location filename="processing/alg_compare_annotators.py" />
   <source>Cohen's kappa</source>
   <translation>kappa de Cohen</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Comment: {}</source>
   <translation>Commentaire : {}</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Compare annotators…</source>
   <translation>Comparer les annotateurs…</translation>
  </message>
  <message>
   <location filename="processing/alg_compare_annotators.py" />
   <source>Compare two annotators</source>
   <translation>Comparer deux annotateurs</translation>
  </message>
  <message>
   <location filename="processing/alg_compare_annotators.py" />
   <source>Compares the patches of a campaign that two people labelled: share of pixels with one class for both, Cohen's kappa with its interval, intersection over union of each class, who confuses what with what, as a page that prints; and the areas on which they differ as polygons, the largest first, to be arbitrated. Two drawings of one border are marked as such.</source>
   <translation>Compare les dalles d'une campagne que deux personnes ont étiquetées : part des pixels de même classe pour les deux, kappa de Cohen avec son intervalle, intersection sur union de chaque classe, qui confond quoi avec quoi, en une page imprimable ; et les zones où elles diffèrent, en polygones, les plus grandes d'abord, à arbitrer. Deux tracés d'une même limite sont signalés comme tels.</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Confidence from which the machine counts as sure</source>
   <translation>Confiance à partir de laquelle la machine passe pour sûre</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Conflicts</source>
   <translation>Conflits</translation>
  </message>
  <message>
   <location filename="gui/quality_bench.py" />
   <source>Control</source>
   <translation>Contrôle</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Controller: {}</source>
   <translation>Contrôleur : {}</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Copy from a layer…</source>
   <translation>Copier depuis une couche…</translation>
  </message>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>Copy labels from a layer</source>
   <translation>Copier des étiquettes depuis une couche</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Corners with right angles: two edges make a rectangle, Shift sets a corner free</source>
   <translation>Sommets à angles droits : deux côtés font un rectangle, Maj libère un sommet</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Cover codes of OCS GE (14)</source>
   <translation>Codes de couverture de l'OCS GE (14)</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Create a campaign…</source>
   <translation>Créer une campagne…</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Create an annotation campaign</source>
   <translation>Créer une campagne d'annotation</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Cut a campaign into lots</source>
   <translation>Découper une campagne en lots</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Cut into lots…</source>
   <translation>Découper en lots…</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Data set</source>
   <translation>Jeu de données</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Day of the image (2019-07-01)</source>
   <translation>Jour de l'image (2019-07-01)</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Diameter when QGIS starts</source>
   <translation>Diamètre au démarrage de QGIS</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Difference of colour when QGIS starts, 0 to 255</source>
   <translation>Écart de couleur au démarrage de QGIS, de 0 à 255</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Distance between patches (px; 0: they touch)</source>
   <translation>Pas entre les dalles (px ; 0 : jointives)</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Distance between training, validation and test patches (m)</source>
   <translation>Distance entre dalles d'entraînement, de validation et de test (m)</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Diversity (0: the most uncertain patches, 1: those most unlike each other)</source>
   <translation>Diversité (0 : les dalles les plus incertaines ; 1 : les plus différentes entre elles)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Do the gesture again</source>
   <translation>Refaire le geste annulé</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Drag a reference layer onto the image, for this patch; right click puts it back</source>
   <translation>Faites glisser une couche de référence sur l'image, pour cette dalle ; clic droit pour la remettre en place</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>Draw the labels in the views too</source>
   <translation>Dessiner aussi les étiquettes dans les vues</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Département and year, for FLAIR (D032-2019)</source>
   <translation>Département et année, pour FLAIR (D032-2019)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Eraser</source>
   <translation>Gomme</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Every manual tool works without backend; predictions, new segments, the learner and interactive models need it.</source>
   <translation>Tous les outils manuels fonctionnent sans moteur ; les prédictions, les nouveaux segments, l'apprentissage et les modèles interactifs en ont besoin.</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>Every patch of the campaign has been handed in.</source>
   <translation>Toutes les dalles de la campagne ont été rendues.</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Every pixel has its class</source>
   <translation>Chaque pixel a sa classe</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>Every pixel of this patch has its class.</source>
   <translation>Chaque pixel de cette dalle a sa classe.</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Export a campaign as a data set</source>
   <translation>Exporter une campagne en jeu de données</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Export…</source>
   <translation>Exporter…</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Fetching the image of {} patches…</source>
   <translation>Téléchargement de l'image de {} dalles…</translation>
  </message>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>Field</source>
   <translation>Champ</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Field of the class (labels as polygons)</source>
   <translation>Champ de la classe (étiquettes en polygones)</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Field of the strata (for polygons)</source>
   <translation>Champ des strates (pour des polygones)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Fill</source>
   <translation>Remplissage</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Fill small areas without label from around them</source>
   <translation>Combler les petites zones sans étiquette à partir de leur voisinage</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Finer</source>
   <translation>Plus fins</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Finer segments</source>
   <translation>Segments plus fins</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>First person</source>
   <translation>Première personne</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Fit the view to the patch</source>
   <translation>Ajuster la vue à la dalle</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Folder of the lots</source>
   <translation>Dossier des lots</translation>
  </message>
  <message>
   <location filename="processing/alg_import_dataset.py" />
   <source>Folder of the masks</source>
   <translation>Dossier des masques</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Format</source>
   <translation>Format</translation>
  </message>
  <message>
   <location filename="gui/panels/classes.py" />
   <source>Frequent</source>
   <translation>Fréquentes</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Gaps up to this area are closed, specks under it removed</source>
   <translation>Les vides jusqu'à cette surface sont comblés, les taches plus petites supprimées</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Give each lot the images of its patches</source>
   <translation>Joindre à chaque lot les images de ses dalles</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Give small areas to what is around them</source>
   <translation>Donner les petites zones à ce qui les entoure</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Give the class to the connected area under the mouse</source>
   <translation>Donner la classe à la zone d'un seul tenant sous le curseur</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Give the names of the lots.</source>
   <translation>Indiquez les noms des lots.</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Give the number of patches to choose: this method ranks them.</source>
   <translation>Indiquez le nombre de dalles à retenir : cette méthode les classe.</translation>
  </message>
  <message>
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Gives to the pixels of each patch that is still to be done the class of a prediction, where its confidence reaches the floor. Classes are matched by name, then by cover code. Undecided pixels stay without label, and labels that exist stay as they are unless asked otherwise. The campaign must not be open in the annotation panel.</source>
   <translation>Donne aux pixels de chaque dalle qui reste à faire la classe d'une prédiction, là où sa confiance atteint le minimum. Les classes sont rapprochées par leur nom, puis par leur code de couverture. Les pixels indécis restent sans étiquette, et les étiquettes existantes sont conservées sauf demande contraire. La campagne ne doit pas être ouverte dans le panneau d'annotation.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Go to the next area without label</source>
   <translation>Aller à la prochaine zone sans étiquette</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Half the side of the square in which borders are smoothed</source>
   <translation>Demi-côté du carré dans lequel les limites sont lissées</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Hand the patch in and take the next undone one</source>
   <translation>Rendre la dalle et passer à la prochaine à faire</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Height above the ground</source>
   <translation>Hauteur au-dessus du sol</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Hints</source>
   <translation>Indices</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>Hold the patch against the rules</source>
   <translation>Confronter la dalle aux règles</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>I control what others handed in</source>
   <translation>Je contrôle ce que d’autres ont remis</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Image (file or map service)</source>
   <translation>Image (fichier ou service de cartes)</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Image around the patch (%)</source>
   <translation>Image autour de la dalle (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Image of another date</source>
   <translation>Image d'une autre date</translation>
  </message>
  <message>
   <location filename="processing/alg_import_dataset.py" />
   <source>Import masks into a campaign</source>
   <translation>Importer des masques dans une campagne</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>In control</source>
   <translation>Au contrôle</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>In percent of the patch's size</source>
   <translation>En pourcentage de la taille de la dalle</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>In progress</source>
   <translation>En cours</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>In somebody's hands, merge again later: {}</source>
   <translation>Entre les mains de quelqu'un, à fusionner plus tard : {}</translation>
  </message>
  <message>
   <location filename="adapters/views.py" />
   <source>Infrared</source>
   <translation>Infrarouge</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Infrared image</source>
   <translation>Image infrarouge</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Interactive model</source>
   <translation>Modèle interactif</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Intersection over union</source>
   <translation>Intersection sur union</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Keep ours</source>
   <translation>Garder les nôtres</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Keep the first</source>
   <translation>Garder la première</translation>
  </message>
  <message>
   <location filename="adapters/machine_interactive.py" />
   <source>Keeping an embedding</source>
   <translation>Enregistrement d'une empreinte d'image</translation>
  </message>
  <message>
   <location filename="adapters/machine_material.py" />
   <source>Keeping the segments of {}</source>
   <translation>Enregistrement des segments de {}</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Keys</source>
   <translation>Touches</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>Label the patches at once</source>
   <translation>Étiqueter aussitôt les dalles</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Labelled</source>
   <translation>Étiqueté</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Labelled by two people: {}</source>
   <translation>Étiquetée par deux personnes : {}</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Labelled in the campaign and in a lot; choose whose labels stay ({} left):</source>
   <translation>Étiquetées dans la campagne et dans un lot ; choisissez les étiquettes à conserver (reste {}) :</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Labelled on both sides, to be chosen in the campaign's panel: {}</source>
   <translation>Étiquetées des deux côtés, à trancher dans le panneau de la campagne : {}</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Labels</source>
   <translation>Étiquettes</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>Labels in the views</source>
   <translation>Étiquettes dans les vues</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>Labels in views</source>
   <translation>Étiquettes dans les vues</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Labels of another year (raster or polygons)</source>
   <translation>Étiquettes d'un autre millésime (raster ou polygones)</translation>
  </message>
  <message>
   <location filename="processing/alg_import_dataset.py" />
   <source>Labels the patches that are still to be done from masks of others: rasters on any grid, bands of 0 and 1, PNG by name, COCO, YOLO, or a data set of this plugin, which comes back to the pixel. Everything is read before anything is written; a class that the campaign lacks is named with its pixels. Patches handed in, open elsewhere or not saved stay as they are; labels that are replaced are kept in the folder labels_before_import.</source>
   <translation>Étiquette les dalles encore à faire à partir de masques d'autrui : rasters sur une grille quelconque, bandes de 0 et de 1, PNG par leur nom, COCO, YOLO, ou un jeu de données de cette extension, qui revient au pixel près. Tout est lu avant que rien ne soit écrit ; une classe que la campagne n'a pas est nommée avec ses pixels. Les dalles remises, ouvertes ailleurs ou non enregistrées restent telles quelles ; les étiquettes remplacées sont gardées dans le dossier labels_before_import.</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Largest</source>
   <translation>La plus grande</translation>
  </message>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>Layer</source>
   <translation>Couche</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Layer of the strata (raster of classes, or polygons)</source>
   <translation>Couche des strates (raster de classes ou polygones)</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Lays square patches over an image, exactly on its pixels, and writes the campaign: a GeoPackage (patches, classes, sources, description) and a folder of labels beside it. Incomplete patches at the edges are left out.

The image is a file, several files of one mosaic, or a map service (WMS, WMTS). A service is fetched once, patch by patch, at the pixel size given, into files beside the campaign: work then needs no network and the image never changes. If it is stopped, the same settings take up where it ended.

Patches are all those of the area, or a choice: at random, on a regular lattice, by strata of a layer, or where a model is least sure. The draw depends on its seed alone.

With shares for validation and test, patches nearer to each other than the distance given never come into different sets; those between two sets are left without.</source>
   <translation>Pose des dalles carrées sur une image, exactement sur ses pixels, et écrit la campagne : un GeoPackage (dalles, classes, sources, description) et un dossier d'étiquettes à côté. Les dalles incomplètes des bords sont laissées de côté.

L'image est un fichier, plusieurs fichiers d'une même mosaïque, ou un service de cartes (WMS, WMTS). Un service est téléchargé une seule fois, dalle par dalle, à la taille de pixel indiquée, dans des fichiers à côté de la campagne : on travaille ensuite sans réseau, sur une image qui ne change jamais. Après une interruption, les mêmes réglages reprennent là où le téléchargement s'est arrêté.

On retient toutes les dalles de la zone ou une partie : au hasard, sur une grille régulière, par strates d'une couche, ou là où un modèle est le moins sûr. Le tirage ne dépend que de sa graine.

Si des parts sont données à la validation et au test, deux dalles plus proches que la distance indiquée ne tombent jamais dans des jeux différents ; celles qui sont entre deux jeux n'en ont aucun.</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Learner, from your strokes</source>
   <translation>Apprentissage, d'après vos coups de pinceau</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>Least confidence</source>
   <translation>Confiance minimale</translation>
  </message>
  <message>
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Least confidence (0 to 1)</source>
   <translation>Confiance minimale (0 à 1)</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Least part of a patch that has image (%)</source>
   <translation>Part minimale de la dalle couverte par l'image (%)</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Line width (m)</source>
   <translation>Largeur des routes (m)</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>Locate the image {}</source>
   <translation>Localiser l'image {}</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Lot that comes back</source>
   <translation>Lot rendu</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Lot “{}”: when it is done, send the whole folder back.</source>
   <translation>Lot « {} » : une fois terminé, renvoyez le dossier entier.</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Lot: {}</source>
   <translation>Lot : {}</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Magic wand</source>
   <translation>Baguette magique</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Margin along the image's edges (px)</source>
   <translation>Marge au bord de l'image (px)</translation>
  </message>
  <message>
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Mean labelled share</source>
   <translation>Part moyenne étiquetée</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Merge a lot into its campaign</source>
   <translation>Fusionner un lot dans sa campagne</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Merge a lot…</source>
   <translation>Fusionner un lot…</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>Model</source>
   <translation>Modèle</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Model's prediction</source>
   <translation>Prédiction du modèle</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Move hints</source>
   <translation>Déplacer les indices</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Name of the campaign</source>
   <translation>Nom de la campagne</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Name written in the patches; empty for the system's user</source>
   <translation>Nom inscrit dans les dalles ; vide : l'utilisateur du système</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Names of the lots, one for each annotator (A; B; C)</source>
   <translation>Noms des lots, un par annotateur (A ; B ; C)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next</source>
   <translation>Suivante</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next hole</source>
   <translation>Trou suivant</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next patch of the queue</source>
   <translation>Dalle suivante de la file</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next patch that is still to be done</source>
   <translation>Prochaine dalle qui reste à faire</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Next patch that was handed in</source>
   <translation>Dalle remise suivante</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Next to control</source>
   <translation>Suivante à contrôler</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Next undone</source>
   <translation>Suivante à faire</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>No height raster: take 0 everywhere (less accurate)</source>
   <translation>Pas de raster de hauteur : prendre 0 partout (moins exact)</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>No.</source>
   <translation>N°</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>None</source>
   <translation>Aucune</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>Not checked yet</source>
   <translation>Pas encore vérifiée</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Not labelled since: {}</source>
   <translation>Sans nouvelle étiquette : {}</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Nothing is proposed</source>
   <translation>Rien n'est proposé</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>Nothing to complain of</source>
   <translation>Rien à signaler</translation>
  </message>
  <message>
   <location filename="adapters/campaign_desk.py" />
   <source>Nothing was heard of that program after {}.</source>
   <translation>Ce programme ne donne plus signe de vie depuis le {}.</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Number of lots</source>
   <translation>Nombre de lots</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Number of patches</source>
   <translation>Nombre de dalles</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Number of patches (0: all)</source>
   <translation>Nombre de dalles (0 : toutes)</translation>
  </message>
  <message>
   <location filename="adapters/host.py" />
   <location filename="gui/dock.py" />
   <location filename="plugin.py" />
   <location filename="processing/provider.py" />
   <source>OCS GE annotation</source>
   <translation>Annotation OCS GE</translation>
  </message>
  <message>
   <location filename="gui/views_bench.py" />
   <source>OCS GE annotation: views</source>
   <translation>Annotation OCS GE : vues</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>ONNX models (*.onnx)</source>
   <translation>Modèles ONNX (*.onnx)</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>On a regular lattice</source>
   <translation>Sur une grille régulière</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Only patches that were accepted</source>
   <translation>Seulement les dalles acceptées</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>Opacity</source>
   <translation>Opacité</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Opacity of the labels (%)</source>
   <translation>Opacité des étiquettes (%)</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>Open a campaign to look at its patches in other ways.</source>
   <translation>Ouvrez une campagne pour regarder ses dalles autrement.</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Open a campaign…</source>
   <translation>Ouvrir une campagne…</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>Open an annotation campaign</source>
   <translation>Ouvrir une campagne d'annotation</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Open or create a campaign to begin.</source>
   <translation>Ouvrez ou créez une campagne pour commencer.</translation>
  </message>
  <message>
   <location filename="processing/alg_import_dataset.py" />
   <source>Or one file (raster, COCO)</source>
   <translation>Ou un seul fichier (raster, COCO)</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Other files of the same image (mosaic)</source>
   <translation>Autres fichiers de la même image (mosaïque)</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>Other rasters (height…)</source>
   <translation>Autres rasters (hauteur…)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Outlines</source>
   <translation>Contours</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Outside the patch</source>
   <translation>hors de la dalle</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Over one class</source>
   <translation>Sur une classe</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Own class table (JSON)</source>
   <translation>Table de classes personnelle (JSON)</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>Paint only</source>
   <translation>Peindre seulement</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Paint only over the class under the mouse</source>
   <translation>Ne peindre que sur la classe sous la souris</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Paint only over the class where you begin</source>
   <translation>Ne peindre que sur la classe où le geste commence</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>Paint only over this class</source>
   <translation>Ne peindre que sur cette classe</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Paint only the segment where you begin</source>
   <translation>Ne peindre que le segment où le geste commence</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Paint only where there is no label</source>
   <translation>Ne peindre que ce qui est sans étiquette</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Paint the class where you drag. Ctrl + wheel: size</source>
   <translation>Peindre la classe en glissant. Ctrl + molette : taille</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <location filename="gui/patch_table.py" />
   <source>Patch</source>
   <translation>Dalle</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Patch size (px)</source>
   <translation>Taille des dalles (px)</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Patch {} of {}: {} – {}</source>
   <translation>Dalle {} sur {} : {} – {}</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Patches</source>
   <translation>Dalles</translation>
  </message>
  <message>
   <location filename="processing/alg_draw_more_patches.py" />
   <source>Patches added</source>
   <translation>Dalles ajoutées</translation>
  </message>
  <message>
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Patches changed</source>
   <translation>Dalles modifiées</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Patches for the test (%)</source>
   <translation>Dalles de test (%)</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Patches for validation (%)</source>
   <translation>Dalles de validation (%)</translation>
  </message>
  <message>
   <location filename="processing/alg_compare_annotators.py" />
   <source>Patches labelled twice</source>
   <translation>Dalles étiquetées deux fois</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>Patches of {}</source>
   <translation>Dalles de {}</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Patches taken over</source>
   <translation>Dalles reprises</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Patches that a second person labels as well (%)</source>
   <translation>Dalles étiquetées aussi par une seconde personne (%)</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Patches, the least agreed first</source>
   <translation>Dalles, de l'accord le plus faible au plus fort</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Physical classes of the models (15)</source>
   <translation>Classes physiques des modèles (15)</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Pixel of a map service (m)</source>
   <translation>Pixel d'un service de cartes (m)</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Pixels that one person alone labelled are counted apart. Cohen's kappa (1960) sets the agreement against what chance gives with the shares of the classes; its interval resamples whole patches. Intersection over union: pixels that both gave to a class, out of those that either did.</source>
   <translation>Les pixels étiquetés par une seule personne sont comptés à part. Le kappa de Cohen (1960) rapporte l'accord à celui que donnerait le hasard avec les mêmes parts de classes ; son intervalle rééchantillonne des dalles entières. Intersection sur union : pixels que les deux ont donnés à une classe, parmi ceux que l'une ou l'autre lui a donnés.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Polygon</source>
   <translation>Polygone</translation>
  </message>
  <message>
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Pre-label a campaign from a prediction</source>
   <translation>Pré-étiqueter une campagne d'après une prédiction</translation>
  </message>
  <message>
   <location filename="adapters/prelabel_run.py" />
   <source>Pre-labelling</source>
   <translation>Pré-étiquetage</translation>
  </message>
  <message>
   <location filename="adapters/prelabel_run.py" />
   <source>Pre-labelling…</source>
   <translation>Pré-étiquetage en cours…</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>Predict and pre-label</source>
   <translation>Prédire et pré-étiqueter</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>Predict and pre-label {}</source>
   <translation>Prédire et pré-étiqueter {}</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Predict and pre-label…</source>
   <translation>Prédire et pré-étiqueter…</translation>
  </message>
  <message>
   <location filename="adapters/prelabel_run.py" />
   <source>Predicting…</source>
   <translation>Prédiction en cours…</translation>
  </message>
  <message>
   <location filename="adapters/prelabel_run.py" />
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Prediction</source>
   <translation>Prédiction</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Prediction of the model that must learn</source>
   <translation>Prédiction du modèle à améliorer</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Previous</source>
   <translation>Précédente</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Previous class</source>
   <translation>Classe précédente</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Previous patch of the queue</source>
   <translation>Dalle précédente de la file</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Proposal</source>
   <translation>Proposition</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Read again</source>
   <translation>Relire</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Read the states of the patches again: others may have changed them</source>
   <translation>Relire l'état des dalles : d'autres ont pu le modifier</translation>
  </message>
  <message>
   <location filename="adapters/machine_material.py" />
   <source>Reading patch {}</source>
   <translation>Lecture de la dalle {}</translation>
  </message>
  <message>
   <location filename="gui/panels/classes.py" />
   <source>Recent</source>
   <translation>Récentes</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Redo</source>
   <translation>Rétablir</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Reference vectors</source>
   <translation>Vecteurs de référence</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Reject</source>
   <translation>Écarter</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>Rejected</source>
   <translation>Refusée</translation>
  </message>
  <message>
   <location filename="adapters/views.py" />
   <source>Relief</source>
   <translation>Relief</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Remove specks</source>
   <translation>Supprimer les taches</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <location filename="processing/alg_import_dataset.py" />
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>Replace labels that exist</source>
   <translation>Remplacer les étiquettes existantes</translation>
  </message>
  <message>
   <location filename="processing/alg_compare_annotators.py" />
   <source>Report</source>
   <translation>Rapport</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Road</source>
   <translation>Route</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Rows: first person; columns: second person; share of the row.</source>
   <translation>Lignes : première personne ; colonnes : seconde personne ; part de la ligne, en %.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Same class only</source>
   <translation>Même classe seulement</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Save every (s)</source>
   <translation>Enregistrer toutes les (s)</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Second person</source>
   <translation>Seconde personne</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Seed of the draw</source>
   <translation>Graine du tirage</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Segments</source>
   <translation>Segments</translation>
  </message>
  <message>
   <location filename="gui/machine_bench.py" />
   <source>Segments and proposals</source>
   <translation>Segments et propositions</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Segments are being computed…</source>
   <translation>Calcul des segments…</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Segments: none yet</source>
   <translation>Segments : aucun encore</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Send back</source>
   <translation>Renvoyer</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Send the patch back with the comment</source>
   <translation>Renvoyer la dalle avec le commentaire</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Send the proposal away, till the next gesture</source>
   <translation>Écarter la proposition jusqu'au prochain geste</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Set: {}</source>
   <translation>Jeu : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_compare_annotators.py" />
   <source>Share of pixels agreed on</source>
   <translation>Part des pixels en accord</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>Shares the patches that are still to be done out to annotators. Each lot is a folder that is a campaign of its own: with its images it can be sent away and worked on without network. Patches that two people label go into two lots, and the second person starts from a blank patch.

Patches that are in a lot already stay there. The lots come back with “Merge a lot into its campaign”.</source>
   <translation>Répartit entre les annotateurs les dalles qui restent à faire. Chaque lot est un dossier et une campagne à lui seul : avec ses images, on peut l'envoyer et y travailler sans réseau. Les dalles étiquetées par deux personnes vont dans deux lots, et la seconde personne part d'une dalle vierge.

Les dalles qui sont déjà dans un lot y restent. Les lots reviennent par « Fusionner un lot dans sa campagne ».</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Show</source>
   <translation>Montrer</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show or hide the labels</source>
   <translation>Afficher ou masquer les étiquettes</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Show or hide the reference vectors</source>
   <translation>Afficher ou masquer les vecteurs de référence</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>Show or hide the views beside the map</source>
   <translation>Afficher ou masquer les vues à côté de la carte</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>Show or hide this view beside the map</source>
   <translation>Afficher ou masquer cette vue à côté de la carte</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Show the labels as outlines, or filled</source>
   <translation>Afficher les étiquettes en contours ou pleines</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Side of the blocks that stay in one set (m)</source>
   <translation>Côté des blocs qui restent dans un seul jeu (m)</translation>
  </message>
  <message>
   <location filename="gui/panels/tool_options.py" />
   <source>Size</source>
   <translation>Taille</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Size of the segments</source>
   <translation>Taille des segments</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Smallest area (px)</source>
   <translation>Plus petite zone (px)</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Smooth</source>
   <translation>Lisser</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Smooth the borders of the classes</source>
   <translation>Lisser les limites des classes</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Smoothing (px)</source>
   <translation>Lissage (px)</translation>
  </message>
  <message>
   <location filename="adapters/patch_queue.py" />
   <source>Somebody</source>
   <translation>Une autre personne</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Splits (train val test unsplit; empty: all)</source>
   <translation>Lots d'apprentissage (train val test unsplit ; vide : tous)</translation>
  </message>
  <message>
   <location filename="adapters/prelabel_run.py" />
   <source>Starting the backend…</source>
   <translation>Démarrage du moteur…</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>State</source>
   <translation>État</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Stop the prediction</source>
   <translation>Arrêter la prédiction</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Submit</source>
   <translation>Rendre</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>Submitted</source>
   <translation>Rendue</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Sure from {} %</source>
   <translation>Sûr dès {} %</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Take labels away where you drag</source>
   <translation>Effacer les étiquettes en glissant</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Take labels over from another layer</source>
   <translation>Reprendre les étiquettes d'une autre couche</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Take over what is proposed; begin with the learner</source>
   <translation>Prendre ce qui est proposé ; sans proposition, lancer l'apprentissage</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>Take over what is sure</source>
   <translation>Prendre ce qui est sûr</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Take the class used before this one</source>
   <translation>Reprendre la classe utilisée avant celle-ci</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Take the last gesture back</source>
   <translation>Annuler le dernier geste</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Take the patch over</source>
   <translation>Reprendre la dalle</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Take the patch over…</source>
   <translation>Reprendre la dalle…</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>Take the second</source>
   <translation>Prendre la seconde</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Take theirs</source>
   <translation>Prendre les leurs</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Taken over: {}</source>
   <translation>Reprises : {}</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Takes the labels, states and times of a lot back into the campaign from which it was cut. A patch that was labelled on both sides is a conflict: nothing is overwritten, both labellings are kept, and the campaign's panel shows them so that one is chosen. A lot may be merged as often as one likes, also before it is finished.</source>
   <translation>Reprend les étiquettes, les états et les temps d'un lot dans la campagne dont il vient. Une dalle étiquetée des deux côtés est un conflit : rien n'est écrasé, les deux étiquetages sont conservés et le panneau de la campagne les montre pour que l'on tranche. On peut fusionner un lot aussi souvent qu'on le souhaite, même avant qu'il soit terminé.</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>The backend predicts a class for each pixel of the image. The surest pixels become labels of the patches that are still to be done, or the whole is proposed patch by patch.</source>
   <translation>Le moteur prédit une classe pour chaque pixel de l'image. Les pixels les plus sûrs deviennent des étiquettes des dalles restant à faire, ou bien le tout est proposé dalle par dalle.</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>The image is predicted: the model's classes are proposed patch by patch.</source>
   <translation>L'image est prédite : les classes du modèle sont proposées dalle par dalle.</translation>
  </message>
  <message>
   <location filename="adapters/campaign_desk.py" />
   <source>The image shows other pixels than when this patch was chosen. Check that the labels still fit, or put the former image back.</source>
   <translation>L'image n'a plus les pixels qu'elle avait quand cette dalle a été choisie. Vérifiez que les étiquettes conviennent encore, ou remettez l'ancienne image.</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>The interactive model is looking at the patch…</source>
   <translation>Le modèle interactif examine la dalle…</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>The labels as they are stay here</source>
   <translation>Les étiquettes en place restent ici</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>The labels still fit</source>
   <translation>Les étiquettes conviennent encore</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>The learner is at work…</source>
   <translation>L'apprentissage est en cours…</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>The second annotator's class goes here</source>
   <translation>La classe du second annotateur est mise ici</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>There already: {}</source>
   <translation>Déjà présentes : {}</translation>
  </message>
  <message>
   <location filename="gui/tool_actions.py" />
   <source>There is nothing to tidy.</source>
   <translation>Il n'y a rien à nettoyer.</translation>
  </message>
  <message>
   <location filename="adapters/campaign_desk.py" />
   <source>This folder is read-only: the patch can be looked at, not changed.</source>
   <translation>Ce dossier est en lecture seule : on peut regarder la dalle, pas la modifier.</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>This is the end of the queue.</source>
   <translation>C'est le bout de la file.</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>This layer cannot be read: see the campaign's sources.</source>
   <translation>Cette couche ne peut pas être lue : voyez les sources de la campagne.</translation>
  </message>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>This layer has nothing on the patch in hand.</source>
   <translation>Cette couche n'a rien sur la dalle en cours.</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>This patch is with the controller and cannot be changed.</source>
   <translation>Cette dalle est chez le contrôleur et ne peut pas être modifiée.</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>This segment only</source>
   <translation>Ce segment seulement</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>Tidy</source>
   <translation>Nettoyer</translation>
  </message>
  <message>
   <location filename="adapters/project_layers.py" />
   <source>To do</source>
   <translation>À faire</translation>
  </message>
  <message>
   <location filename="gui/panels/tool_options.py" />
   <source>Tolerance</source>
   <translation>Tolérance</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Tolerance of the wand</source>
   <translation>Tolérance de la baguette</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Tools</source>
   <translation>Outils</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>Training {}, validation {}, test {}</source>
   <translation>Entraînement {}, validation {}, test {}</translation>
  </message>
  <message>
   <location filename="adapters/views.py" />
   <source>True colour</source>
   <translation>Couleurs naturelles</translation>
  </message>
  <message>
   <location filename="processing/alg_compare_annotators.py" />
   <source>Two drawings of one border lie this near (px)</source>
   <translation>Écart entre deux tracés d'une même limite (px)</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>Uncertainty of the model: {} %</source>
   <translation>Incertitude du modèle : {} %</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>Under the mouse: {}</source>
   <translation>Sous le curseur : {}</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Undo</source>
   <translation>Annuler</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Unlabelled only</source>
   <translation>Sans étiquette seulement</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Validation ({} %) and test ({} %) together have more than all patches.</source>
   <translation>La validation ({} %) et le test ({} %) dépassent ensemble la totalité des dalles.</translation>
  </message>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>Value</source>
   <translation>Valeur</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>Vector hints (buildings, roads, water, crops…)</source>
   <translation>Indices vectoriels (bâtiments, routes, eau, cultures…)</translation>
  </message>
  <message>
   <location filename="adapters/views.py" />
   <source>Vegetation index</source>
   <translation>Indice de végétation</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <source>View {}</source>
   <translation>Vue {}</translation>
  </message>
  <message>
   <location filename="gui/panels/views.py" />
   <location filename="gui/views_bench.py" />
   <source>Views</source>
   <translation>Vues</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>What has a class stays as it is</source>
   <translation>Ce qui a déjà une classe reste tel quel</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>What has to be done again</source>
   <translation>Ce qui est à reprendre</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>Where a model is least sure (active learning)</source>
   <translation>Là où un modèle est le moins sûr (apprentissage actif)</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>Who said what</source>
   <translation>Qui a dit quoi</translation>
  </message>
  <message>
   <location filename="gui/gestures.py" />
   <source>Whole patch</source>
   <translation>Dalle entière</translation>
  </message>
  <message>
   <location filename="gui/panels/tool_options.py" />
   <source>Width</source>
   <translation>Largeur</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Width of the road tool when QGIS starts</source>
   <translation>Largeur de l'outil route au démarrage de QGIS</translation>
  </message>
  <message>
   <location filename="processing/alg_merge_lots.py" />
   <source>Without label file, ask for the whole folder of the lot: {}</source>
   <translation>Sans fichier d'étiquettes, demandez le dossier entier du lot : {}</translation>
  </message>
  <message>
   <location filename="gui/options.py" />
   <source>Work</source>
   <translation>Travail</translation>
  </message>
  <message>
   <location filename="processing/alg_export_dataset.py" />
   <source>Writes images and labels of the patches that were handed in, in the layout of FLAIR, FLAIR-HUB, ODEON, STAC, COCO, YOLO, or as pairs of PNG. What was painted is what is written, to the pixel; classes without counterpart are named, and nothing is written then. The backend does it on this computer.</source>
   <translation>Écrit les images et les étiquettes des dalles remises, selon la structure de FLAIR, FLAIR-HUB, ODEON, STAC, COCO, YOLO, ou en paires de PNG. Ce qui a été peint est ce qui est écrit, au pixel près ; les classes sans équivalent sont nommées, et rien n'est alors écrit. Le moteur s'en charge sur cet ordinateur.</translation>
  </message>
  <message>
   <location filename="gui/copy_dialog.py" />
   <source>leave as it is</source>
   <translation>laisser tel quel</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>no label</source>
   <translation>sans étiquette</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>of the pixels have one class for both</source>
   <translation>des pixels ont la même classe pour les deux</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>over everything</source>
   <translation>sur tout</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>over {}</source>
   <translation>sur : {}</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>patches labelled twice</source>
   <translation>dalles étiquetées deux fois</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <source>pixels that one person alone labelled</source>
   <translation>pixels étiquetés par une seule personne</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>test</source>
   <translation>test</translation>
  </message>
  <message>
   <location filename="gui/prelabel_dialog.py" />
   <source>the embedded model</source>
   <translation>le modèle intégré</translation>
  </message>
  <message>
   <location filename="gui/panels/tools.py" />
   <source>this class</source>
   <translation>cette classe</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>training</source>
   <translation>entraînement</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>validation</source>
   <translation>validation</translation>
  </message>
  <message>
   <location filename="adapters/agreement_report.py" />
   <location filename="gui/panels/control.py" />
   <source>without label</source>
   <translation>sans étiquette</translation>
  </message>
  <message>
   <location filename="gui/patch_table.py" />
   <source>yes</source>
   <translation>oui</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>{}

Take it over only when you know that nobody works on it any more: what its holder paints from now on will not be saved.</source>
   <translation>{}

Ne la reprenez que si vous savez que plus personne n'y travaille : ce que son détenteur peindra désormais ne sera pas enregistré.</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>{} % labelled</source>
   <translation>{} % étiquetés</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>{} % proposed, {} % sure</source>
   <translation>{} % proposés, {} % sûrs</translation>
  </message>
  <message>
   <location filename="adapters/campaign_desk.py" />
   <source>{} ({}) has had this patch in hand since {}: it can be looked at, not changed.</source>
   <translation>{} ({}) a cette dalle en main depuis le {} : on peut la regarder, pas la modifier.</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>{} beside {} along {} m</source>
   <translation>{} au contact de {} sur {} m</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>{} for training, {} for validation, {} for the test, {} in none (too near)</source>
   <translation>{} pour l'entraînement, {} pour la validation, {} pour le test, {} hors jeu (trop proches)</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>{} gestures were recovered from the journal.</source>
   <translation>{} gestes ont été récupérés dans le journal.</translation>
  </message>
  <message>
   <location filename="adapters/campaign_desk.py" />
   <source>{} of lot {}</source>
   <translation>{} du lot {}</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>{} of {} patches done</source>
   <translation>{} dalles faites sur {}</translation>
  </message>
  <message>
   <location filename="processing/alg_draw_more_patches.py" />
   <source>{} patches added</source>
   <translation>{} dalles ajoutées</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <location filename="processing/alg_prelabel_campaign.py" />
   <source>{} patches pre-labelled, {} % of their pixels.</source>
   <translation>{} dalles pré-étiquetées, {} % de leurs pixels.</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>{} patches, {} classes</source>
   <translation>{} dalles, {} classes</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>{} patches, {} sources</source>
   <translation>{} dalles, {} sources</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>{} pixels have no label. Submit again to hand the patch in as it is.</source>
   <translation>{} pixels sont sans étiquette. Recommencez pour rendre la dalle telle quelle.</translation>
  </message>
  <message>
   <location filename="gui/controller.py" />
   <source>{} places break a rule, see “Checks”. Submit again to hand the patch in as it is.</source>
   <translation>{} endroits enfreignent une règle, voir « Vérifications ». Soumettez encore pour remettre la dalle telle quelle.</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>{} places to look at</source>
   <translation>{} endroits à regarder</translation>
  </message>
  <message>
   <location filename="gui/dock.py" />
   <source>{} px left</source>
   <translation>{} px restants</translation>
  </message>
  <message>
   <location filename="gui/panels/machine.py" />
   <source>{} segments</source>
   <translation>{} segments</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>{} sent it back: {}</source>
   <translation>{} l’a renvoyée : {}</translation>
  </message>
  <message>
   <location filename="gui/panels/control.py" />
   <source>{} to control, {} accepted, {} sent back</source>
   <translation>{} à contrôler, {} acceptées, {} renvoyées</translation>
  </message>
  <message>
   <location filename="gui/panels/campaign.py" />
   <source>{} – lot {}, {}: {} px differ</source>
   <translation>{} – lot {}, {} : {} px diffèrent</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>{}: give the field of the strata; this layer has {}.</source>
   <translation>{} : indiquez le champ des strates ; cette couche a {}.</translation>
  </message>
  <message>
   <location filename="processing/alg_draw_more_patches.py" />
   <source>{}: no place is left for another patch.</source>
   <translation>{} : il n'y a plus de place pour une autre dalle.</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>{}: no whole patch of {} px fits. Choose a smaller patch, margin or a larger area.</source>
   <translation>{} : aucune dalle entière de {} px n'y tient. Choisissez une dalle ou une marge plus petite, ou une zone plus grande.</translation>
  </message>
  <message>
   <location filename="processing/campaign_algorithm.py" />
   <source>{}: the area of interest has no polygon.</source>
   <translation>{} : la zone d'intérêt n'a aucun polygone.</translation>
  </message>
  <message>
   <location filename="processing/alg_draw_more_patches.py" />
   <source>{}: this is a lot; add the patches to the whole campaign.</source>
   <translation>{} : c'est un lot ; ajoutez les dalles à la campagne entière.</translation>
  </message>
  <message>
   <location filename="gui/class_palette.py" />
   <source>{}: {} (key {})</source>
   <translation>{} : {} (touche {})</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>{}: {} m², less than {} m²</source>
   <translation>{} : {} m², moins de {} m²</translation>
  </message>
  <message>
   <location filename="gui/panels/checks.py" />
   <source>{}: {} m², more than {} m²</source>
   <translation>{} : {} m², plus de {} m²</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>{}: {} patches</source>
   <translation>{} : {} dalles</translation>
  </message>
  <message>
   <location filename="processing/alg_create_campaign.py" />
   <source>{}: {} patches are too many. Give an area of interest, or a larger distance.</source>
   <translation>{} : {} dalles, c'est trop. Indiquez une zone d'intérêt ou une distance plus grande.</translation>
  </message>
  <message>
   <location filename="processing/alg_cut_lots.py" />
   <source>“{}” cannot be the name of a folder.</source>
   <translation>« {} » ne peut pas être un nom de dossier.</translation>
  </message>
 </context>
</TS>
