#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What docs/fleet.md shows administrators of many desktops, as it stands there: files that are put in place, and what
# is counted, from the journal of one, over loopback, to the journal of another, with nothing in it that tells whose it
# was.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

EXPIRED=$(awk '$2 == "SIGNIN_MESSAGE_EXPIRED" { gsub (/"/, "", $3); print $3 }' "$TOP_SRCDIR/daemon/names.h")
DOCUMENT=$(cat "$TOP_SRCDIR/docs/fleet.md")
FLEET=/usr/local/share/signind/fleet

# Each example that begins with the name of its file is put there.
put_in_place ()
{
  local line file='' n=0
  while IFS= read -r line; do
    case $line in
      '    # /etc/signind/'*.conf)
        file=/usr/local/etc${line#    # /etc}
        mkdir -p "${file%/*}" && n=$((n + 1))
        ;;
      '    '*) [ -z "$file" ] || echo "${line#    }" >>"$file" ;;
      '') [ -z "$file" ] || echo >>"$file" ;;
      *) file='' ;;
    esac
  done <<<"$DOCUMENT"
  [ "$n" = 3 ]
}

# setting_is SETTING TEXT FILE
setting_is ()
{
  as_user signinctl config "$1" --plain | tee /dev/stderr | grep -q "^$1	$2	$3"
}

# Both in one file of the person.
locked_for_people ()
{
  as_user mkdir -p $RIG_HOME/.config/signind &&
    as_user tee $RIG_HOME/.config/signind/signind.conf <<<$'[Popups]\nshow-user-name=yes\n[Reminders]\nsnooze=7min' &&
    setting_is snooze '7 min' "$RIG_HOME/.config" && setting_is show-user-name no /usr/local/etc
}

signed_in_for_ten_hours ()
{
  as_user signinctl status "$1" --json | tee /dev/stderr | grep -q '"session_length_sec": 36000,'
}

understood ()
{
  local said
  said=$(systemd-analyze --man=no verify "$RIG_SCRATCH"/units/* 2>&1)
  echo "$said"
  [ -z "$said" ]
}

# The units as they are, but for where this test has its files and its receiver.
prepare_units ()
{
  mkdir -p "$RIG_SCRATCH/units" && for unit in signind-fleet.{service,timer}; do
    sed "s|/usr/share/|/usr/local/share/|; s|https://journals.example.com|http://127.0.0.1:$port|;
      s|/var/lib/signind-fleet|/var/log/fleet|" "$FLEET/$unit" >"$RIG_SCRATCH/units/$unit"
  done
}

# run_line WORD: the ExecStart= of the service that has this word.
run_line ()
{
  local line
  line=$(sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$RIG_SCRATCH/units/signind-fleet.service" |
    sed -n "s/^ExecStart=//; /^\\/.*$1/p")
  [ -n "$line" ] && timeout 30 sh -c "$line"
}

# Ten days ago, as the journal of a desktop that was not used since may have it.
ran_out_before ()
{
  mkdir -p /var/log/fleet/journal
  printf '%s\n' "__REALTIME_TIMESTAMP=$(date --date='10 days ago' +%s)000000" __MONOTONIC_TIMESTAMP=1000000 \
    _BOOT_ID=00112233445566778899aabbccddeeff MESSAGE_ID="$EXPIRED" SIGNIN_EVENT=expired SIGNIN_ANSWERED=no '' |
    /lib/systemd/systemd-journal-remote --output=/var/log/fleet/journal/signind.journal -
}

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
  run_line signind-fleet-export
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
  run_line systemd-journal-upload
}

# The query of the document.
query ()
{
  sed -n '/^How many sessions ran out unnoticed/,/wc -l/s/^    //p' <<<"$DOCUMENT" |
    sed 's|/var/log/journal/remote|/var/log/received|'
}

unnoticed ()
{
  [ "$(sh -c "$(query)")" = "$1" ]
}

# Of how many: the same without that match.
ran_out ()
{
  [ "$(sh -c "$(query | sed 's/ SIGNIN_ANSWERED=no//')")" = "$1" ]
}

ever_received ()
{
  [ "$(sh -c "$(query | sed 's/ SIGNIN_ANSWERED=no//; s/ --since=-7d//')")" = "$1" ]
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

start_receiver
prepare_units
check "the units of the example are understood" understood
check "the files of the examples are put in place" put_in_place
check "settings of the administrator are in force" setting_is reminders '10 min;5 min;1 min' /usr/local/etc
check "and what they lock cannot be changed, unlike the rest" locked_for_people
check "signind starts anew" as_user systemctl --user restart signind.service
check "the service is known" as_user signinctl services expenses
check "everybody has the account, for ten hours" signed_in_for_ten_hours contoso
check "a session ends, and nobody answers its warning" record_ending fleetorg1
check "another ends" record_ending fleetorg2
check "which somebody has dismissed" as_user signinctl dismiss fleetorg2
check "the journal has both" eventually 20 ended 2
check "another ran out ten days ago" ran_out_before
check "they are exported" export_counts
check "a receiver listens" eventually 10 listens
check "what was exported is sent" upload
check "one session ran out unnoticed last week" eventually 20 unnoticed 1
check "of two that ended" ran_out 2
check "with that of the week before" ever_received 3
check "nothing says whose" anonymous
check "a third ends" record_ending fleetorg3
check "and is in the journal" eventually 20 ended 3
check "it is exported the next day" export_counts
check "and sent" upload
check "without the others once more" eventually 20 unnoticed 2
kill "$receiver"
manager_stop
echo "1..$number"
