#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# All quick tests and most slow ones once more, with every program built for AddressSanitizer and
# UndefinedBehaviorSanitizer: a test program in which anything is found has failed. The same run counts which lines of
# daemon/ are reached: 90 in 100 at least. About 5 minutes on 2 processors.
set -u

build=$TOP_BUILDDIR/sanitized
number=0
export LC_ALL=C.UTF-8
# What was freed is kept for a while, to see who still uses it: no more of it than tests that look at memory can bear.
export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=8:thread_local_quarantine_size_kb=64:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$TOP_SRCDIR/tests/coverage/lsan.supp:print_suppressions=0
export SIGNIND_GENTLY=1
health_labs='tests/health/slow-answers.py tests/health/slow-life.py tests/health/slow-network.py tests/health/slow-sources.py'
faults='tests/integration/slow-disk-full.py tests/integration/slow-faults.py tests/integration/slow-power-cut.py
  tests/integration/slow-servers.py'
# Slow tests that are left out, a pattern to a line, and why.
left_out='tests/integration/slow-crash.py: its kills are those of test-crash.py, and a kill hides leaks
tests/integration/slow-faketime.py: 8 minutes of what test-faketime.py and test-day.py do faster
tests/integration/slow-valgrind.py: memcheck and AddressSanitizer exclude each other
tests/health/slow-day.py: waits for minutes, and does what the other labs do
tests/popups/slow-*: whole desktops for minutes, around few lines of ours; slow-tsan.sh has a sanitizer of its own
tests/browser/slow-*: whole browsers, the same
tests/vm/slow-*: installed programs in a machine without sanitizers
tests/fuzz/slow-*: has these sanitizers already
tests/mutation/slow-*: looks at the tests
tests/coverage/slow-*: looks at the text, or is this'
# Those that wait for the end of the popup thread: none of them has an excuse for what it leaves behind.
popups='tests/popups/test-popup-file tests/popups/test-popup-servers tests/popups/test-popup-thread
  tests/popups/test-popups tests/popups/test-popups-again tests/popups/test-presence'
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

# One to a line: what cannot work under sanitizers, and why.
# x3600: a call over the bus may take 25 s, which are 7 ms there, and a popup takes longer than that.
export SIGNIND_LEAVE_OUT='x3600: a whole session of 8 hours'

# result STATUS NAME
result ()
{
  number=$((number + 1))
  [ "$1" = 0 ] && echo "ok $number - $2" || echo "not ok $number - $2"
}

make_all ()
{
  mkdir -p "$build" && cd "$build" || return 1
  [ -x config.status ] ||
    "$TOP_SRCDIR/configure" --quiet --enable-werror --enable-sanitizers --enable-coverage CFLAGS='-g -O0' || return 1
  find . \( -name '*.gcda' -o -name '*.trs' \) -delete
  make -s -j"$(nproc)" && make -s -j"$(nproc)" check TESTS= && make -s tests/bench/probe
}

failed ()
{
  ! grep -qE '^:test-result: PASS' "$1" || grep -qE '^:test-result: (FAIL|XPASS|ERROR|SKIP)' "$1"
}

# As everywhere, what was unlucky on a busy machine is tried once more, alone.
run_all ()
{
  local trs stem file again=()
  make -s -k -j"$(nproc)" check >check.out 2>&1 </dev/null
  # What is in front of the network is reached by the labs alone.
  make -s -k -j"$(nproc)" check-TESTS TESTS="$faults $health_labs" TEST_SUITE_LOG=slow.log >slow.out 2>&1 </dev/null
  while read -r trs; do
    failed "$trs" || continue
    stem=${trs%.trs}
    for file in "$stem" "$stem.py" "$stem.sh"; do
      { [ -f "$TOP_SRCDIR/$file" ] || [ -x "$file" ]; } && again+=("$file")
    done
    echo "# once more: $stem"
  done < <(find tests -name '*.trs' | sort)
  [ ${#again[@]} = 0 ] || make -s -k check TESTS="${again[*]}" >again.out 2>&1 </dev/null
}

# Names the slow tests that neither run here nor are left out.
forgotten ()
{
  local file run pattern
  for file in tests/*/slow-*; do
    for run in $faults $health_labs; do
      [ "$run" = "$file" ] && continue 2
    done
    while IFS= read -r pattern; do
      # shellcheck disable=SC2053 # patterns are wanted
      [[ $file = ${pattern%%:*} ]] && continue 2
    done <<<"$left_out"
    echo "# $file"
  done
}

# Each by itself, and of its own result: the whole suite writes over their files.
run_without_excuse ()
{
  local try test
  for try in 1 2; do
    LSAN_OPTIONS=print_suppressions=0 make -s -k -j"$(nproc)" check-TESTS TESTS="$popups" TEST_SUITE_LOG=popups.log \
      >popups.out 2>&1 </dev/null && break
    echo "# without suppressions, try $try: not all passed"
  done
  for test in $popups; do
    failed "$test.trs"
    result $((! $?)) "$test leaves nothing behind, the thread of the popups included"
    failed "$test.trs" && grep -vE '^(ok|PASS:) ' "$test.log" | tail -n 80 | sed 's/^/# /'
  done
}

if ! make_all >"$TOP_BUILDDIR/sanitized.out" 2>&1; then
  tail -n 40 "$TOP_BUILDDIR/sanitized.out" | sed 's/^/# /'
  result 1 "everything builds with sanitizers"
  echo "1..$number"
  exit 0
fi

missing=$(cd "$TOP_SRCDIR" && forgotten)
[ -z "$missing" ]
result $? "every slow test runs here, or is left out for a reason"
[ -z "$missing" ] || echo "$missing"
run_without_excuse
run_all
while read -r trs; do
  if failed "$trs"; then
    result 1 "${trs%.trs} with sanitizers"
    grep -vE '^(ok|PASS:) ' "${trs%.trs}.log" | tail -n 80 | sed 's/^/# /'
  else
    result 0 "${trs%.trs} with sanitizers"
  fi
done < <(find tests -name '*.trs' | sort)
# Whoever counts what came out of the suite that this test is part of has its own.
find . -name '*.trs' -delete

/usr/bin/python3 "$TOP_SRCDIR/tests/coverage/report.py" "$build" 90 | sed "s/ok - /ok $((number + 1)) - /"
echo "1..$((number + 1))"
