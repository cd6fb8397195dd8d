#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What administrators of many desktops count: from the journal of one, over loopback, to the journal of another, with
# nothing in it that tells whose it was.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

EXPIRED=$(awk '$2 == "SIGNIN_MESSAGE_EXPIRED" { gsub (/"/, "", $3); print $3 }' "$TOP_SRCDIR/daemon/names.h")

# record_ending ACCOUNT: a session that ends in a moment.
record_ending ()
{
  as_user signinctl add "$1" --service dynamics365 --org "$1" --region crm4 &&
    as_user signinctl record "$1" --at "$(date --date='-28797 sec' --iso-8601=seconds)"
}

ended ()
{
  [ "$(as_user journalctl --user --quiet -o cat MESSAGE_ID="$EXPIRED" | grep -c .)" = "$1" ]
}

export_counts ()
{
  sh /usr/local/share/signind/fleet/signind-fleet-export /var/log/fleet
}

start_receiver ()
{
  mkdir -p /var/log/received
  # Port 0 is none that it knows: one that nothing has just now.
  port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  /lib/systemd/systemd-journal-remote --listen-http="127.0.0.1:$port" --split-mode=none \
    --output=/var/log/received/remote.journal </dev/null >/dev/null 2>&1 &
  receiver=$!
}

listens ()
{
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

upload ()
{
  timeout 30 /lib/systemd/systemd-journal-upload --follow=no --url="http://127.0.0.1:$port" --directory=/var/log/fleet/journal \
    --save-state=/var/log/fleet/uploaded
}

received ()
{
  journalctl --directory=/var/log/received --quiet --since=-7d -o cat --output-fields=SIGNIN_EVENT "$@" | wc -l
}

unnoticed ()
{
  [ "$(received MESSAGE_ID="$EXPIRED" SIGNIN_ANSWERED=no)" = "$1" ]
}

# Neither the account nor the person, nor the host.
anonymous ()
{
  local entries
  entries=$(journalctl --directory=/var/log/received --quiet -o export)
  [ -n "$entries" ] && ! grep -a -i -e fleetorg -e "$RIG_USER" -e "$(hostname)" -e _UID -e _HOSTNAME -e SIGNIN_ACCOUNT \
    -e '^MESSAGE=' <<<"$entries"
}

rig_enter "$@"
RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
rig_prepare
manager_start

check "a session ends, and nobody answers its warning" record_ending fleetorg1
check "another ends" record_ending fleetorg2
check "which somebody has dismissed" as_user signinctl dismiss fleetorg2
check "the journal has both" eventually 20 ended 2
check "they are exported" export_counts
start_receiver
check "a receiver listens" eventually 10 listens
check "what was exported is sent" upload
check "one session ran out unnoticed last week" eventually 20 unnoticed 1
check "of two that ended" [ "$(received MESSAGE_ID="$EXPIRED")" = 2 ]
check "nothing says whose" anonymous
check "a third ends" record_ending fleetorg3
check "and is in the journal" eventually 20 ended 3
check "it is exported the next day" export_counts
check "and sent" upload
check "without the others once more" eventually 20 unnoticed 2
kill "$receiver"
manager_stop
echo "1..$number"
