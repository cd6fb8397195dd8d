#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the fuzzers begin with, and what they once found, goes through every parser again.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u
shopt -s nullglob

mapfile -t targets < <(make -s --no-print-directory -C "$TOP_BUILDDIR" print-fuzz-targets | xargs -n1 | grep '^tests/fuzz/fuzz-')
echo "1..${#targets[@]}"
number=0
for target in "${targets[@]}"; do
  number=$((number + 1))
  name=${target##*/fuzz-}
  inputs=("$TOP_SRCDIR/tests/fuzz/corpus/$name"/*)
  if timeout 60 "$TOP_BUILDDIR/$target" "${inputs[@]}" >/dev/null; then
    echo "ok $number - $name takes its corpus of ${#inputs[@]}"
  else
    echo "not ok $number - $name takes its corpus of ${#inputs[@]}"
  fi
done
