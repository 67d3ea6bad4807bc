<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>ocsge</name>
    <message>
        <source>OCS GE annotation</source>
        <translation>Annotation OCS GE</translation>
    </message>
    <message>
        <source>Pre-labelling</source>
        <translation>Pré-étiquetage</translation>
    </message>
    <message>
        <source>Starting the backend…</source>
        <translation>Démarrage du moteur…</translation>
    </message>
    <message>
        <source>Predicting…</source>
        <translation>Prédiction en cours…</translation>
    </message>
    <message>
        <source>Pre-labelling…</source>
        <translation>Pré-étiquetage en cours…</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Prédiction</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>À faire</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>En cours</translation>
    </message>
    <message>
        <source>Submitted</source>
        <translation>Rendue</translation>
    </message>
    <message>
        <source>In control</source>
        <translation>Au contrôle</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Acceptée</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Refusée</translation>
    </message>
    <message>
        <source>Patches of {}</source>
        <translation>Dalles de {}</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Touche</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Part</translation>
    </message>
    <message>
        <source>Open an annotation campaign</source>
        <translation>Ouvrir une campagne d'annotation</translation>
    </message>
    <message>
        <source>Campaign (*.gpkg)</source>
        <translation>Campagne (*.gpkg)</translation>
    </message>
    <message>
        <source>This is the end of the queue.</source>
        <translation>C'est le bout de la file.</translation>
    </message>
    <message>
        <source>Every pixel of this patch has its class.</source>
        <translation>Chaque pixel de cette dalle a sa classe.</translation>
    </message>
    <message>
        <source>Every patch of the campaign has been handed in.</source>
        <translation>Toutes les dalles de la campagne ont été rendues.</translation>
    </message>
    <message>
        <source>Locate the image {}</source>
        <translation>Localiser l'image {}</translation>
    </message>
    <message>
        <source>{} patches pre-labelled, {} % of their pixels.</source>
        <translation>{} dalles pré-étiquetées, {} % de leurs pixels.</translation>
    </message>
    <message>
        <source>{} gestures were recovered from the journal.</source>
        <translation>{} gestes ont été récupérés dans le journal.</translation>
    </message>
    <message>
        <source>{} pixels have no label. Submit again to hand the patch in as it is.</source>
        <translation>{} pixels sont sans étiquette. Recommencez pour rendre la dalle telle quelle.</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinceau</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacité</translation>
    </message>
    <message>
        <source>Paint only where there is no label</source>
        <translation>Ne peindre que ce qui est sans étiquette</translation>
    </message>
    <message>
        <source>Outside the patch</source>
        <translation>hors de la dalle</translation>
    </message>
    <message>
        <source>Open a campaign…</source>
        <translation>Ouvrir une campagne…</translation>
    </message>
    <message>
        <source>Create a campaign…</source>
        <translation>Créer une campagne…</translation>
    </message>
    <message>
        <source>Predict and pre-label…</source>
        <translation>Prédire et pré-étiqueter…</translation>
    </message>
    <message>
        <source>Open or create a campaign to begin.</source>
        <translation>Ouvrez ou créez une campagne pour commencer.</translation>
    </message>
    <message>
        <source>Every pixel has its class</source>
        <translation>Chaque pixel a sa classe</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>sans étiquette</translation>
    </message>
    <message>
        <source>Stop the prediction</source>
        <translation>Arrêter la prédiction</translation>
    </message>
    <message>
        <source>{} of {} patches done</source>
        <translation>{} dalles faites sur {}</translation>
    </message>
    <message>
        <source>{} % labelled</source>
        <translation>{} % étiquetés</translation>
    </message>
    <message>
        <source>Under the mouse: {}</source>
        <translation>Sous le curseur : {}</translation>
    </message>
    <message>
        <source>Patch {} of {}: {} – {}</source>
        <translation>Dalle {} sur {} : {} – {}</translation>
    </message>
    <message>
        <source>{} px left</source>
        <translation>{} px restants</translation>
    </message>
    <message>
        <source>Paint the class where you drag. Ctrl + wheel: size</source>
        <translation>Peindre la classe en glissant. Ctrl + molette : taille</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Gomme</translation>
    </message>
    <message>
        <source>Take labels away where you drag</source>
        <translation>Effacer les étiquettes en glissant</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <source>Click the corners, right click or Return to close</source>
        <translation>Cliquer les sommets, clic droit ou Entrée pour fermer</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Remplissage</translation>
    </message>
    <message>
        <source>Give the class to the connected area under the mouse</source>
        <translation>Donner la classe à la zone d'un seul tenant sous le curseur</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Take the last gesture back</source>
        <translation>Annuler le dernier geste</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Do the gesture again</source>
        <translation>Refaire le geste annulé</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>Show or hide the labels</source>
        <translation>Afficher ou masquer les étiquettes</translation>
    </message>
    <message>
        <source>Next hole</source>
        <translation>Trou suivant</translation>
    </message>
    <message>
        <source>Go to the next area without label</source>
        <translation>Aller à la prochaine zone sans étiquette</translation>
    </message>
    <message>
        <source>Whole patch</source>
        <translation>Dalle entière</translation>
    </message>
    <message>
        <source>Fit the view to the patch</source>
        <translation>Ajuster la vue à la dalle</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Précédente</translation>
    </message>
    <message>
        <source>Previous patch of the queue</source>
        <translation>Dalle précédente de la file</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivante</translation>
    </message>
    <message>
        <source>Next patch of the queue</source>
        <translation>Dalle suivante de la file</translation>
    </message>
    <message>
        <source>Next undone</source>
        <translation>Suivante à faire</translation>
    </message>
    <message>
        <source>Next patch that is still to be done</source>
        <translation>Prochaine dalle qui reste à faire</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>Rendre</translation>
    </message>
    <message>
        <source>Hand the patch in and take the next undone one</source>
        <translation>Rendre la dalle et passer à la prochaine à faire</translation>
    </message>
    <message>
        <source>Every tool works without backend; only “Predict and pre-label” needs it.</source>
        <translation>Tous les outils fonctionnent sans moteur ; seul « Prédire et pré-étiqueter » en a besoin.</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Travail</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>Annotateur</translation>
    </message>
    <message>
        <source>Name written in the patches; empty for the system's user</source>
        <translation>Nom inscrit dans les dalles ; vide : l'utilisateur du système</translation>
    </message>
    <message>
        <source>Brush size (px)</source>
        <translation>Taille du pinceau (px)</translation>
    </message>
    <message>
        <source>Diameter when QGIS starts</source>
        <translation>Diamètre au démarrage de QGIS</translation>
    </message>
    <message>
        <source>Opacity of the labels (%)</source>
        <translation>Opacité des étiquettes (%)</translation>
    </message>
    <message>
        <source>0 shows the image alone</source>
        <translation>0 montre l'image seule</translation>
    </message>
    <message>
        <source>Image around the patch (%)</source>
        <translation>Image autour de la dalle (%)</translation>
    </message>
    <message>
        <source>In percent of the patch's size</source>
        <translation>En pourcentage de la taille de la dalle</translation>
    </message>
    <message>
        <source>Save every (s)</source>
        <translation>Enregistrer toutes les (s)</translation>
    </message>
    <message>
        <source>0: at each change of patch only. The journal loses nothing in between.</source>
        <translation>0 : à chaque changement de dalle seulement. Le journal ne perd rien entre-temps.</translation>
    </message>
    <message>
        <source>Also a box in the dock</source>
        <translation>Aussi une case dans le panneau</translation>
    </message>
    <message>
        <source>Address of a remote backend</source>
        <translation>Adresse d'un moteur distant</translation>
    </message>
    <message>
        <source>Empty: a local one is started when needed</source>
        <translation>Vide : un moteur local est démarré au besoin</translation>
    </message>
    <message>
        <source>Authentication</source>
        <translation>Authentification</translation>
    </message>
    <message>
        <source>Identifier of a QGIS authentication configuration</source>
        <translation>Identifiant d'une configuration d'authentification de QGIS</translation>
    </message>
    <message>
        <source>Local command ocsge</source>
        <translation>Commande locale ocsge</translation>
    </message>
    <message>
        <source>Empty: it is looked for</source>
        <translation>Vide : elle est recherchée</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>N°</translation>
    </message>
    <message>
        <source>Patch</source>
        <translation>Dalle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>Étiqueté</translation>
    </message>
    <message>
        <source>Predict and pre-label</source>
        <translation>Prédire et pré-étiqueter</translation>
    </message>
    <message>
        <source>The backend predicts a class for each pixel of the image; the surest pixels become labels of the patches that are still to be done.</source>
        <translation>Le moteur prédit une classe pour chaque pixel de l'image ; les pixels les plus sûrs deviennent des étiquettes des dalles qui restent à faire.</translation>
    </message>
    <message>
        <source>Replace labels that exist</source>
        <translation>Remplacer les étiquettes existantes</translation>
    </message>
    <message>
        <source>Other rasters (height…)</source>
        <translation>Autres rasters (hauteur…)</translation>
    </message>
    <message>
        <source>Least confidence</source>
        <translation>Confiance minimale</translation>
    </message>
    <message>
        <source>Create an annotation campaign</source>
        <translation>Créer une campagne d'annotation</translation>
    </message>
    <message>
        <source>Annotation campaign</source>
        <translation>Campagne d'annotation</translation>
    </message>
    <message>
        <source>Lays square patches over an image, exactly on its pixels, and writes the campaign: a GeoPackage (patches, classes, description) and a folder of labels beside it. Incomplete patches at the edges are left out. With a sample, patches are drawn at random and come in the order of their draw.</source>
        <translation>Découpe une image en dalles carrées, exactement sur ses pixels, et écrit la campagne : un GeoPackage (dalles, classes, description) et un dossier d'étiquettes à côté. Les dalles incomplètes des bords sont laissées de côté. Avec un échantillon, les dalles sont tirées au hasard et viennent dans l'ordre du tirage.</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Name of the campaign</source>
        <translation>Nom de la campagne</translation>
    </message>
    <message>
        <source>Patch size (px)</source>
        <translation>Taille des dalles (px)</translation>
    </message>
    <message>
        <source>Distance between patches (px; 0: they touch)</source>
        <translation>Pas entre les dalles (px ; 0 : jointives)</translation>
    </message>
    <message>
        <source>Margin along the image's edges (px)</source>
        <translation>Marge au bord de l'image (px)</translation>
    </message>
    <message>
        <source>Area of interest</source>
        <translation>Zone d'intérêt</translation>
    </message>
    <message>
        <source>Number of patches drawn at random (0: all)</source>
        <translation>Nombre de dalles tirées au hasard (0 : toutes)</translation>
    </message>
    <message>
        <source>Seed of the draw</source>
        <translation>Graine du tirage</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Classes</translation>
    </message>
    <message>
        <source>Own class table (JSON)</source>
        <translation>Table de classes personnelle (JSON)</translation>
    </message>
    <message>
        <source>Campaign</source>
        <translation>Campagne</translation>
    </message>
    <message>
        <source>Physical classes of the models (15)</source>
        <translation>Classes physiques des modèles (15)</translation>
    </message>
    <message>
        <source>Cover codes of OCS GE (14)</source>
        <translation>Codes de couverture de l'OCS GE (14)</translation>
    </message>
    <message>
        <source>{} patches, {} classes</source>
        <translation>{} dalles, {} classes</translation>
    </message>
    <message>
        <source>{}: no whole patch of {} px fits. Choose a smaller patch, margin or a larger area.</source>
        <translation>{} : aucune dalle entière de {} px n'y tient. Choisissez une dalle ou une marge plus petite, ou une zone plus grande.</translation>
    </message>
    <message>
        <source>Pre-label a campaign from a prediction</source>
        <translation>Pré-étiqueter une campagne d'après une prédiction</translation>
    </message>
    <message>
        <source>Gives to the pixels of each patch that is still to be done the class of a prediction, where its confidence reaches the floor. Classes are matched by name, then by cover code. Undecided pixels stay without label, and labels that exist stay as they are unless asked otherwise. The campaign must not be open in the annotation panel.</source>
        <translation>Donne aux pixels de chaque dalle qui reste à faire la classe d'une prédiction, là où sa confiance atteint le minimum. Les classes sont rapprochées par leur nom, puis par leur code de couverture. Les pixels indécis restent sans étiquette, et les étiquettes existantes sont conservées sauf demande contraire. La campagne ne doit pas être ouverte dans le panneau d'annotation.</translation>
    </message>
    <message>
        <source>Least confidence (0 to 1)</source>
        <translation>Confiance minimale (0 à 1)</translation>
    </message>
    <message>
        <source>Patches changed</source>
        <translation>Dalles modifiées</translation>
    </message>
    <message>
        <source>Mean labelled share</source>
        <translation>Part moyenne étiquetée</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Annulé.</translation>
    </message>
</context>
</TS>
