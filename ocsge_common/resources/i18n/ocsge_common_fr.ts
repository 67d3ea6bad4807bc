<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
 <context>
  <name>ocsge</name>
  <message>
   <location filename="backend_section.py" />
   <source>Address of a remote backend; empty to work on this computer.</source>
   <translation>Adresse d'un moteur distant ; vide pour travailler sur cet ordinateur.</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Backend (*.zip *.whl)</source>
   <translation>Moteur (*.zip *.whl)</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Bundle or wheel of the backend</source>
   <translation>Lot d'installation ou wheel du moteur</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Checking the bundle</source>
   <translation>Contrôle du lot d'installation</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Inference backend</source>
   <translation>Moteur d'inférence</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Installing the backend</source>
   <translation>Installation du moteur</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Local command</source>
   <translation>Commande locale</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Looking for Python</source>
   <translation>Recherche de Python</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Make the backend's own environment from a bundle or a wheel.</source>
   <translation>Créer l'environnement propre au moteur à partir d'un lot d'installation ou d'un wheel.</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Making the environment</source>
   <translation>Création de l'environnement</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Path of the command ocsge; empty for the one that “Set up” makes.</source>
   <translation>Chemin de la commande ocsge ; vide pour celle que crée « Installer le moteur ».</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Remote address</source>
   <translation>Adresse distante</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Remote credentials</source>
   <translation>Identifiants distants</translation>
  </message>
  <message>
   <location filename="backend/setup_task.py" />
   <source>Set up the OCS GE backend</source>
   <translation>Installer le moteur OCS GE</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Set up the backend…</source>
   <translation>Installer le moteur…</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Start the backend and ask for its version.</source>
   <translation>Démarrer le moteur et lui demander sa version.</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Starting…</source>
   <translation>Démarrage…</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>Test</source>
   <translation>Tester</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>The backend answers, version {}.</source>
   <translation>Le moteur répond, version {}.</translation>
  </message>
  <message>
   <location filename="backend_section.py" />
   <source>The backend is ready: {}</source>
   <translation>Le moteur est prêt : {}</translation>
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
 </context>
</TS>
