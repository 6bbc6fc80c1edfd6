@echo off
rem The command line of the installed application, on its own runtime.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Switchgear.exe" "%~dp0..\app.asar\out\main\cli.js" %*
