<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
 <context>
  <name>ocsge</name>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>Address</source>
   <translation>Adresse</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>Address of the backend, as given by who runs it.</source>
   <translation>Adresse du moteur, donnée par qui le tient.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Another command</source>
   <translation>Autre commande</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <source>Asking {}…</source>
   <translation>Interrogation de {}…</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Backend (*.zip *.whl)</source>
   <translation>Moteur (*.zip *.whl)</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Bundle or wheel of the backend</source>
   <translation>Lot d'installation ou wheel du moteur</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Bundle or wheel…</source>
   <translation>Lot d'installation ou wheel…</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <location filename="backend_section.py" />
   <location filename="job_view.py" />
   <source>Cancel</source>
   <translation>Annuler</translation>
  </message>
  <message>
   <location filename="job_view.py" />
   <source>Cancelled: the backend has stopped the job and removed its files.</source>
   <translation>Annulé : le moteur a arrêté le travail et effacé ses fichiers.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <location filename="job_view.py" />
   <source>Cancelling…</source>
   <translation>Annulation…</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Checking the bundle</source>
   <translation>Contrôle du lot d'installation</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Compiling for this machine</source>
   <translation>Compilation pour cette machine</translation>
  </message>
  <message>
   <location filename="backend_page/log_row.py" />
   <source>Copy the log</source>
   <translation>Copier le journal</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>Credentials</source>
   <translation>Identifiants</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Download the backend into its own environment, with QGIS's proxy and certificates.</source>
   <translation>Télécharger le moteur dans son propre environnement, avec le serveur mandataire et les certificats de QGIS.</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Downloading</source>
   <translation>Téléchargement</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Engines of this computer</source>
   <translation>Moteurs de calcul de cet ordinateur</translation>
  </message>
  <message>
   <location filename="backend/files.py" />
   <source>Fetching {}</source>
   <translation>Récupération de {}</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Inference backend</source>
   <translation>Moteur d'inférence</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Installed: version {}, Python {}, from {}, on {}</source>
   <translation>Installé : version {}, Python {}, depuis {}, le {}</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Installing</source>
   <translation>Installation</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <source>Interface {}</source>
   <translation>Interface {}</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>It was at: {}. Nothing half-made is used; press “Set up again” to do it over.</source>
   <translation>Elle en était à : {}. Rien d'inachevé n'est utilisé ; cliquez sur « Réinstaller » pour la refaire.</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Looking for Python</source>
   <translation>Recherche de Python</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Making the environment</source>
   <translation>Création de l'environnement</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Measure the engines</source>
   <translation>Mesurer les moteurs de calcul</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Measuring the engines: ten seconds…</source>
   <translation>Mesure des moteurs de calcul : dix secondes…</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <location filename="backend_section.py" />
   <source>Not tested yet.</source>
   <translation>Pas encore testé.</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>On this computer</source>
   <translation>Sur cet ordinateur</translation>
  </message>
  <message>
   <location filename="backend_page/log_row.py" />
   <source>Open the log folder</source>
   <translation>Ouvrir le dossier des journaux</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Path of the command ocsge; empty for the one that “Set up” makes.</source>
   <translation>Chemin de la commande ocsge ; vide pour celle que crée « Installer le moteur ».</translation>
  </message>
  <message>
   <location filename="messages.py" />
   <source>Read all…</source>
   <translation>Tout lire…</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Remote</source>
   <translation>À distance</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Remove</source>
   <translation>Supprimer</translation>
  </message>
  <message>
   <location filename="backend/home_tasks.py" />
   <source>Remove the OCS GE backend</source>
   <translation>Suppression du moteur OCS GE</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Remove the backend</source>
   <translation>Supprimer le moteur</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Remove the backend's environment from this computer? Models and results stay.</source>
   <translation>Supprimer l'environnement du moteur de cet ordinateur ? Les modèles et les résultats restent.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Removing…</source>
   <translation>Suppression…</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>Save the token</source>
   <translation>Enregistrer le jeton</translation>
  </message>
  <message>
   <location filename="backend/files.py" />
   <source>Sending {} ({} MB)</source>
   <translation>Envoi de {} ({} Mo)</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Set up again</source>
   <translation>Réinstaller</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Set up from a bundle copied to this computer, or from a wheel.</source>
   <translation>Installer depuis un lot copié sur cet ordinateur, ou depuis un wheel.</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Set up the OCS GE backend</source>
   <translation>Installer le moteur OCS GE</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Set up the backend</source>
   <translation>Installer le moteur</translation>
  </message>
  <message>
   <location filename="backend/home_tasks.py" />
   <source>Size of the OCS GE backend</source>
   <translation>Taille du moteur OCS GE</translation>
  </message>
  <message>
   <location filename="backend/engines_task.py" />
   <source>Speed of the engines</source>
   <translation>Vitesse des moteurs de calcul</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Start the backend, or ask the remote one, for its version.</source>
   <translation>Démarrer le moteur, ou interroger le moteur distant, pour connaître sa version.</translation>
  </message>
  <message>
   <location filename="backend/processing_run.py" />
   <source>Starting the backend…</source>
   <translation>Démarrage du moteur…</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <location filename="backend_section.py" />
   <source>Test</source>
   <translation>Tester</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The OCS GE backend is ready.</source>
   <translation>Le moteur OCS GE est prêt.</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <source>The backend answers, version {}.</source>
   <translation>Le moteur répond, version {}.</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <location filename="backend_section.py" />
   <source>The backend cannot be used.</source>
   <translation>Le moteur est inutilisable.</translation>
  </message>
  <message>
   <location filename="backend/follow.py" />
   <source>The backend does not answer; trying again…</source>
   <translation>Le moteur ne répond pas ; nouvel essai…</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The backend is being set up in another window.</source>
   <translation>Le moteur est en cours d'installation dans une autre fenêtre.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The backend is being set up.</source>
   <translation>Le moteur est en cours d'installation.</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <location filename="backend_page/local_box.py" />
   <source>The backend is not set up.</source>
   <translation>Le moteur n'est pas installé.</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <source>The backend is starting…</source>
   <translation>Le moteur démarre…</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The backend was not removed.</source>
   <translation>Le moteur n'a pas été supprimé.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The last set-up was interrupted.</source>
   <translation>La dernière installation a été interrompue.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The set-up failed; nothing has changed.</source>
   <translation>L'installation a échoué ; rien n'a changé.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>The set-up was cancelled; nothing has changed.</source>
   <translation>Installation annulée ; rien n'a changé.</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>The token given by who runs the backend; shown to nobody once saved.</source>
   <translation>Le jeton donné par qui tient le moteur ; une fois enregistré, il n'est plus montré à personne.</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>The token goes, encrypted, into QGIS's authentication database. QGIS asks for the master password of that database once a session, unless the system's wallet keeps it.</source>
   <translation>Le jeton est chiffré dans la base d'authentification de QGIS. QGIS demande le mot de passe principal de cette base une fois par session, sauf si le portefeuille du système le garde.</translation>
  </message>
  <message>
   <location filename="backend/processing_run.py" />
   <source>This backend does not know “{}”; it is ignored.</source>
   <translation>Ce moteur ne connaît pas « {} » ; il n'en est pas tenu compte.</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>Token</source>
   <translation>Jeton</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Trying the backend</source>
   <translation>Essai du moteur</translation>
  </message>
  <message>
   <location filename="messages.py" />
   <source>Unexpected error: {}. The details are in the log panel, tab {}.</source>
   <translation>Erreur inattendue : {}. Les détails sont dans le panneau Journal des messages, onglet {}.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Unpacked bundle of the backend</source>
   <translation>Lot décompressé du moteur</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Unpacked bundle…</source>
   <translation>Lot décompressé…</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Update the backend</source>
   <translation>Mettre à jour le moteur</translation>
  </message>
  <message>
   <location filename="backend_page/log_row.py" />
   <source>Versions, state and last lines, without password, to send to who helps.</source>
   <translation>Versions, état et dernières lignes, sans mot de passe, à envoyer à qui vous aide.</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Which engines run models on this computer, and how fast: ten seconds.</source>
   <translation>Quels moteurs de calcul exécutent les modèles sur cet ordinateur, et à quelle vitesse : dix secondes.</translation>
  </message>
  <message>
   <location filename="backend_page/remote_box.py" />
   <source>With http:// the token and the data travel in clear: prefer https://.</source>
   <translation>Avec http://, le jeton et les données circulent en clair : préférez https://.</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>Without internet</source>
   <translation>Sans internet</translation>
  </message>
  <message>
   <location filename="backend/setup_progress.py" />
   <source>about {} left</source>
   <translation>encore {} environ</translation>
  </message>
  <message>
   <location filename="backend_page/check.py" />
   <source>engines: {}</source>
   <translation>moteurs de calcul : {}</translation>
  </message>
  <message>
   <location filename="backend/client.py" />
   <source>no OCS GE landing page</source>
   <translation>pas de page d'accueil OCS GE</translation>
  </message>
  <message>
   <location filename="backend/local.py" />
   <source>no answer in {} s</source>
   <translation>pas de réponse en {} s</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>the one set up here</source>
   <translation>celle installée ici</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>the package index</source>
   <translation>l'index de paquets</translation>
  </message>
  <message>
   <location filename="backend/engines_task.py" />
   <source>{} ({}): {} Mpx/s</source>
   <translation>{} ({}) : {} Mpx/s</translation>
  </message>
  <message>
   <location filename="backend/time_left.py" />
   <source>{} GB</source>
   <translation>{} Go</translation>
  </message>
  <message>
   <location filename="backend/time_left.py" />
   <source>{} MB</source>
   <translation>{} Mo</translation>
  </message>
  <message>
   <location filename="backend/time_left.py" />
   <source>{} h {} min</source>
   <translation>{} h {} min</translation>
  </message>
  <message>
   <location filename="backend/time_left.py" />
   <source>{} min {} s</source>
   <translation>{} min {} s</translation>
  </message>
  <message>
   <location filename="backend/pip_runs.py" />
   <source>{} of about {}</source>
   <translation>{} sur environ {}</translation>
  </message>
  <message>
   <location filename="backend/pip_runs.py" />
   <source>{} of {} packages</source>
   <translation>{} paquets sur {}</translation>
  </message>
  <message>
   <location filename="backend_page/local_box.py" />
   <source>{} on the disk, {} free</source>
   <translation>{} sur le disque, {} libres</translation>
  </message>
  <message>
   <location filename="backend/time_left.py" />
   <source>{} s</source>
   <translation>{} s</translation>
  </message>
  <message>
   <location filename="job_view.py" />
   <source>{}, about {} left</source>
   <translation>{}, encore {} environ</translation>
  </message>
  <message>
   <location filename="backend/engines_task.py" />
   <source>{}: not available here</source>
   <translation>{} : indisponible ici</translation>
  </message>
 </context>
</TS>
