#!/bin/sh
# Runs the script beside this one, which may or may not say what it is to be read with, and keeps what it said and how
# it ended: whoever started it may not be there any more.
cd "$(dirname "$0")" || exit

if [ "$(head -c 2 script)" = '#!' ]; then
  ./script >stdout 2>stderr </dev/null
else
  sh ./script >stdout 2>stderr </dev/null
fi
echo "$?" >exit.partial && mv exit.partial exit
