#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every fuzz target for FUZZ_SECONDS (60), with address and undefined-behaviour sanitizers, as many at once as there are
# processors. FUZZ_ONLY="address times" picks some. What breaks a parser is printed; put into corpus/NAME/ it is tried
# for ever.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u

seconds=${FUZZ_SECONDS-60}
build=$TOP_BUILDDIR/fuzzing
export SIGNIND_DATADIR=$TOP_SRCDIR/data ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

make_targets ()
{
  mkdir -p "$build" && cd "$build" || return 1
  [ -x config.status ] || "$TOP_SRCDIR/configure" --quiet --enable-fuzzing CC=clang CFLAGS='-O1 -g' || return 1
  mapfile -t targets < <(make -s --no-print-directory print-fuzz-targets | xargs -n1 | grep '^tests/fuzz/fuzz-')
  [ ${#targets[@]} -gt 0 ] || return 1
  make -s -j"$(nproc)" built-sources && make -s -j"$(nproc)" "${targets[@]}"
}

# fuzz NAME PROGRAM: new inputs go into a scratch folder, so that the source stays as it is.
fuzz ()
{
  local name=$1 program=$2 work=$build/work/$1 dictionary=()
  rm -rf "$work"
  mkdir -p "$work/found"
  [ ! -f "$TOP_SRCDIR/tests/fuzz/$name.dict" ] || dictionary=(-dict="$TOP_SRCDIR/tests/fuzz/$name.dict")
  timeout --kill-after=10 $((seconds + 120)) "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -print_final_stats=1 -artifact_prefix="$work/" "${dictionary[@]}" "$work/found" \
    "$TOP_SRCDIR/tests/fuzz/corpus/$name" >"$work/log" 2>&1 </dev/null
  echo $? >"$work/status"
}

report ()
{
  local name=$1 work=$build/work/$1 artefact
  grep -E '^stat::(number_of_executed_units|average_exec_per_sec)|DONE   cov' "$work/log" | sed 's/^/# /'
  [ "$(cat "$work/status")" = 0 ] && return
  tail -n 60 "$work/log" | sed 's/^/# /'
  for artefact in "$work"/{crash,leak,timeout,oom}-*; do
    [ ! -f "$artefact" ] || { echo "# ${artefact##*/}, in base64:"; base64 "$artefact" | sed 's/^/# /'; }
  done
  return 1
}

if ! make_targets >&2; then
  echo "1..1"
  echo "not ok 1 - the fuzz targets build"
  exit 0
fi

if [ -n "${FUZZ_ONLY-}" ]; then
  mapfile -t targets < <(xargs -n1 <<<"$FUZZ_ONLY" | sed "s,^,tests/fuzz/fuzz-,")
fi
echo "1..${#targets[@]}"
for target in "${targets[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
    wait -n
  done
  fuzz "${target##*/fuzz-}" "$build/$target" &
done
wait

number=0
for target in "${targets[@]}"; do
  name=${target##*/fuzz-}
  number=$((number + 1))
  if report "$name"; then
    echo "ok $number - nothing breaks the parser of $name in $seconds s"
  else
    echo "not ok $number - nothing breaks the parser of $name in $seconds s"
  fi
done
