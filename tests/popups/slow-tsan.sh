#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The mailbox between the main context and the popup thread under ThreadSanitizer, which knows pthread and eventfd and
# has nothing to say about GLib's own libraries here: nothing is suppressed. The same with its locks taken out has to be
# reported, or the silence would mean nothing.
set -u

programs=$TOP_BUILDDIR/tests/popups
output=$(mktemp)
trap 'rm "$output"' EXIT

# Addresses that are not random: some kernels put things where ThreadSanitizer has its own. GLib's allocator hands pieces
# from thread to thread in ways that are not seen; those of malloc are.
run ()
{
  G_SLICE=always-malloc TSAN_OPTIONS=halt_on_error=1:exitcode=66 timeout 120 setarch -R "$@" >"$output" 2>&1
}

# result NUMBER STATUS NAME
result ()
{
  if [ "$2" = 0 ]; then
    echo "ok $1 - $3"
  else
    echo "not ok $1 - $3"
    head -n 100 "$output" | sed 's/^/# /'
  fi
}

echo 1..3
run "$programs/mailbox-tsan"
result 1 $? "ThreadSanitizer has nothing to say about the mailbox"
grep -q '^ok .*/mailbox/crowd' "$output"
result 2 $? "though eight threads posted"

run "$programs/mailbox-tsan-race" -p /mailbox/crowd
[ $? = 66 ] && grep -q 'WARNING: ThreadSanitizer: data race' "$output" &&
  grep -q ' [a-z_]* [^ ]*mailbox\.c:' "$output"
result 3 $? "without its locks the race is reported, with its place"
grep -m 1 '^SUMMARY' "$output" | sed 's/^/# /'
