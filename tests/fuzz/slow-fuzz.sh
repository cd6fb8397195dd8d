#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every fuzz target, with address and undefined-behaviour sanitizers, as many at once as there are processors; they share
# seven minutes of processor time. By hand: FUZZ_SECONDS=600 gives each that many, FUZZ_ONLY="address times" picks some,
# and FUZZ_KEEP=yes adds what reached something new to the corpora, for as long as they stay small.
#
# What breaks a parser is kept in fuzzing/broke/NAME/ of the build folder, which no run empties, and printed; put into
# corpus/NAME/ it is tried for ever.
: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"
set -u
shopt -s nullglob

processor_seconds=400 files_max=60 bytes_max=8192
build=$TOP_BUILDDIR/fuzzing
export SIGNIND_DATADIR=$TOP_SRCDIR/data ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

# What targets write goes to memory: a disk would take most of the time.
TMPDIR=$(mktemp -d -p /dev/shm signind-fuzz.XXXXXX 2>/dev/null || mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

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
  mkdir -p "$work/new"
  [ ! -f "$TOP_SRCDIR/tests/fuzz/$name.dict" ] || dictionary=(-dict="$TOP_SRCDIR/tests/fuzz/$name.dict")
  timeout --kill-after=10 $((seconds + 120)) "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=64 -print_final_stats=1 -artifact_prefix="$work/" "${dictionary[@]}" "$work/new" \
    "$TOP_SRCDIR/tests/fuzz/corpus/$name" >"$work/log" 2>&1 </dev/null
  echo $? >"$work/status"
  [ "${FUZZ_KEEP-}" != yes ] || keep "$name" "$program" >>"$work/log" 2>&1
}

# As few files as reach all edges that the corpus does not, and the corpus as it is.
keep ()
{
  local name=$1 program=$2 work=$build/work/$1 corpus=$TOP_SRCDIR/tests/fuzz/corpus/$1 there room input
  cp -r "$corpus" "$work/merged"
  "$program" -set_cover_merge=1 -use_counters=0 -max_len="$bytes_max" "$work/merged" "$work/new" </dev/null || return
  there=("$corpus"/*)
  room=$((files_max - ${#there[@]}))
  for input in "$work"/merged/*; do
    if [ "$room" -gt 0 ] && [ ! -e "$corpus/${input##*/}" ]; then
      cp "$input" "$corpus/"
      room=$((room - 1))
    fi
  done
}

# told WORD FIELD: a number of the log's last line with that word.
told ()
{
  awk -v word="$1" -v field="$2" '$2 == word { for (i = 3; i < NF; i++) if ($i == field) found = $(i + 1) }
    END { print found + 0 }' "$work/log"
}

report ()
{
  local name=$1 work=$build/work/$1 artefact runs
  runs=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$work/log")
  echo "# $name: ${runs:-0} executions, $((${runs:-0} / seconds)) a second;" \
    "$(($(told DONE cov:) - $(told INITED cov:))) edges and $(($(told DONE ft:) - $(told INITED ft:))) features are" \
    "new to $(told INITED cov:) and $(told INITED ft:)"
  [ "$(cat "$work/status")" = 0 ] && return
  tail -n 60 "$work/log" | sed 's/^/# /'
  for artefact in "$work"/{crash,leak,timeout,oom,slow-unit}-*; do
    mkdir -p "$build/broke/$name" && cp "$artefact" "$build/broke/$name/"
    echo "# $build/broke/$name/${artefact##*/}, in base64:"
    base64 "$artefact" | sed 's/^/# /'
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
seconds=${FUZZ_SECONDS-$((processor_seconds / ${#targets[@]}))}
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
