#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `./dev run` where there is no desktop: the warning is seen, on the bus and as a popup, or the call fails.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
number=0

result ()
{
  number=$((number + 1))
  if [ "$1" = 0 ]; then
    echo "ok $number - $2"
  else
    sed 's/^/# /' "$scratch/output"
    echo "not ok $number - $2"
  fi
}

# demo FOLDER: with the programs of that folder, without a terminal or a display.
demo ()
{
  env -u DISPLAY -u G_DEBUG TOP_BUILDDIR="$1" "$TOP_SRCDIR/tests/demo/run" </dev/null >"$scratch/output" 2>&1
}

echo 1..5
mkdir "$scratch/good" "$scratch/bad"
ln -s "$TOP_BUILDDIR/signind" "$TOP_BUILDDIR/signinctl" "$scratch/good"
ln -s "$TOP_BUILDDIR/signinctl" "$scratch/bad"
ln -s /bin/false "$scratch/bad/signind"

demo "$scratch/good"
result $? "it ends by itself, and well"
grep -q 'contoso: warning' "$scratch/output"
result $? "the warning came on the bus"
[ -s "$scratch/good/demo-warning.png" ] && grep -q 'demo-warning.png' "$scratch/output"
result $? "the popup was drawn, and its picture is named"
grep -q '20 min left' "$scratch/output"
result $? "signinctl says what is left"
! demo "$scratch/bad"
result $? "without a working signind it fails"
