@echo off
rem SPDX-License-Identifier: GPL-2.0-or-later
rem Installs the backend from this folder, without network. / Installe le moteur depuis ce dossier, sans reseau.
setlocal
cd /d "%~dp0"
for %%v in (3.12 3.13 3.11) do (
    py -%%v install.py --fits >nul 2>nul && (py -%%v install.py & goto :end)
)
for /d %%q in ("%ProgramFiles%\QGIS*" "%OSGEO4W_ROOT%" "C:\OSGeo4W" "%LOCALAPPDATA%\Programs\OSGeo4W") do (
    if exist "%%~q\apps\Python312\python.exe" (
        set "PATH=%%~q\bin;%PATH%"
        "%%~q\apps\Python312\python.exe" install.py & goto :end
    )
)
python install.py --fits >nul 2>nul && (python install.py & goto :end)
echo Python 3.12 is needed: install QGIS 3.34 or later, or Python from python.org.
echo Python 3.12 est necessaire : installez QGIS 3.34 ou plus recent, ou Python depuis python.org.
:end
if errorlevel 1 echo The backend was not installed. / Le moteur n'a pas ete installe.
pause
