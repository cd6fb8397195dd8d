#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The installed units under a real user manager: bus activation, start at login, sandbox, state folder, crash, stop.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

owner_and_mode ()
{
  [ "$(stat -c '%U %a' "$1")" = "$RIG_USER $2" ]
}

# How /proc describes the mount that PATH lies on for the daemon: "ro" or "rw".
mount_mode ()
{
  local pid
  pid=$(unit_pid)
  findmnt --noheadings --task "$pid" --output OPTIONS --target "$1" | cut -d, -f1
}

mounted ()
{
  [ "$(mount_mode "$1")" = "$2" ]
}

status_field ()
{
  [ "$(awk -v key="$1:" '$1 == key { print $2 }' "/proc/$(unit_pid)/status")" = "$2" ]
}

namespace_of_its_own ()
{
  [ "$(readlink "/proc/$(unit_pid)/ns/$1")" != "$(readlink "/proc/$MANAGER_PID/ns/$1")" ]
}

journal_holds ()
{
  as_user journalctl --user --no-pager -o cat MESSAGE_ID="$1" | grep -q .
}

# status_line_is WORDS SECONDS: and the instant, as the daemon shows it.
status_line_is ()
{
  [ "$(as_user systemctl --user show -P StatusText signind.service)" = "$1 $(env -u TZ date --date="@$2" '+%F %R')" ]
}

# reminded_before SECONDS: this long before the end of the older session, by the status line.
reminded_before ()
{
  status_line_is 'contoso is reminded of at' $((END - $1))
}

# It exits with 0 after warnings too.
verify_units ()
{
  local output
  output=$(as_user systemd-analyze --user --man=no verify /usr/local/share/systemd/user/signind{,-state}.service 2>&1)
  [ -z "$output" ] || {
    echo "$output"
    return 1
  }
}

catalog_compiles ()
{
  mkdir -p "$RIG_SCRATCH/root/usr/lib/systemd/catalog" "$RIG_SCRATCH/root/var/lib/systemd/catalog"
  cp /usr/local/lib/systemd/catalog/signind.catalog "$RIG_SCRATCH/root/usr/lib/systemd/catalog/"
  journalctl --root="$RIG_SCRATCH/root" --update-catalog &&
    journalctl --root="$RIG_SCRATCH/root" --dump-catalog "$(message_id WARNING)" | grep -q '^Subject: '
}

test_activation ()
{
  check "nothing runs before the first call" unit_is ActiveState inactive
  check "signinctl status alone starts the unit" as_user signinctl status
  check "the unit is active" running
  check "the state folder was made, for its owner only" owner_and_mode "$RIG_HOME/.local/state/signind" 700
  check "the folder unit is inactive again and succeeded" as_user systemctl --user show -P Result signind-state.service
  check "the status line says something" test -n "$(as_user systemctl --user show -P StatusText signind.service)"
  check "an account can be added" as_user signinctl add contoso --service dynamics365 --org contoso --region crm4
}

test_sandbox ()
{
  check "the generator wrote the second half" test -f $RIG_RUNTIME/systemd/generator/signind.service.d/50-sandbox.conf
  check "the unit has it" unit_is PrivateUsers yes
  check "a user namespace of its own" namespace_of_its_own user
  check "a network of its own" namespace_of_its_own net
  check "home is read-only" mounted "$RIG_HOME" ro
  check "the state folder can be written" mounted "$RIG_HOME/.local/state/signind" rw
  check "/usr is read-only" mounted /usr ro
  check "system calls are filtered" status_field Seccomp 2
  check "no new privileges" status_field NoNewPrivs 1
  check "no capabilities can be had" status_field CapBnd 0000000000000000
  check "inside of it, the database is in the state folder" test -s "$RIG_HOME/.local/state/signind/signind.db"
}

# put_hook FOLDER NAME LINE...: a hook that everybody can read and its owner can write.
put_hook ()
{
  local folder=$1 name=$2
  shift 2
  mkdir -p "$folder"
  printf '%s\n' '#!/bin/sh' "$@" >"$folder/$name"
  chmod 755 "$folder/$name"
}

# Outside of the sandbox the home can be written.
write_facts ()
{
  # shellcheck disable=SC2016 # the hook expands it
  echo '{ env; cat /proc/self/cgroup; } >~/'"$1"'.new && mv ~/'"$1"'.new ~/'"$1"
}

hook_unit ()
{
  as_user systemctl --user list-units --all --plain --no-legend 'app-signind-hook-long-*' | awk '{ print $1 }'
}

no_hook_unit ()
{
  [ -z "$(hook_unit)" ]
}

# doctor_says WORDS: although its status is 1, because there is no notification server here.
doctor_says ()
{
  as_user signinctl doctor | tr -s '\n ' ' ' | grep -E "$1"
}

test_hooks ()
{
  local hooks=$RIG_HOME/.config/signind/hooks.d unit
  put_hook "$hooks" mine "$(write_facts mine)"
  put_hook "$hooks" hidden "$(write_facts hidden)"
  put_hook "$hooks" long 'echo the hook speaks' 'sleep 1000'
  chown -R $RIG_UID:$RIG_UID "$RIG_HOME/.config"
  put_hook "$RIG_LOCAL/etc/signind/hooks.d" theirs "$(write_facts theirs)"
  put_hook "$RIG_LOCAL/etc/signind/hooks.d" hidden "$(write_facts wrong)"
  check "a sign-in is recorded" as_user signinctl record contoso
  check "the person's hook was run" eventually 10 test -s "$RIG_HOME/mine"
  check "with the facts" grep -qx SIGNIND_EVENT=signed-in "$RIG_HOME/mine"
  check "as a unit of the manager, outside of ours" \
    grep -q '/app.slice/app-signind-hook-mine-[0-9a-f]*\.service$' "$RIG_HOME/mine"
  check "root's hook too, though the sandbox does not know root" eventually 10 test -s "$RIG_HOME/theirs"
  check "one of the same name hides it" eventually 10 test -s "$RIG_HOME/hidden"
  check "and only that one was run" test ! -e "$RIG_HOME/wrong"
  check "a long one runs" eventually 10 test -n "$(hook_unit)"
  unit=$(hook_unit)
  check "within a bound of the manager's" \
    test "$(as_user systemctl --user show -P RuntimeMaxUSec "$unit")" = 30s
  check "what it says is in the journal" eventually 10 journal_says "$unit" 'the hook speaks'
  check "signind can be stopped meanwhile" as_user systemctl --user stop signind.service
  check "and the hook goes on" test "$(hook_unit)" = "$unit"
  as_user systemctl --user kill --signal=KILL "$unit"
  check "a unit that has ended is forgotten" eventually 10 no_hook_unit
  rm -r "$hooks" "$RIG_LOCAL/etc/signind"
  check "signind starts again" as_user systemctl --user start signind.service
  as_user signinctl end contoso
}

journal_says ()
{
  as_user journalctl --user --no-pager -o cat --user-unit="$1" | grep -qx "$2"
}

test_doctor ()
{
  check "doctor: the daemon answers" doctor_says 'ok: signind '
  check "doctor: the unit runs" doctor_says 'ok: The unit signind.service runs'
  check "doctor: the sandbox is whole" doctor_says 'ok: The whole sandbox'
  check "doctor: sign-ins are kept" doctor_says 'ok: Accounts and sign-ins are kept on disk'
  check "doctor: it is not started at login yet" doctor_says 'enable --now signind.service'
  check "doctor: nothing shows popups here" doctor_says 'PROBLEM: (There is no|The) notification server'
}

status_has ()
{
  as_user signinctl status | grep -q "$1"
}

test_provided_account ()
{
  mkdir -p "$RIG_LOCAL/etc/signind/accounts"
  printf '[Account]\nservice=dynamics365\norganization=fabrikam\nregion=crm\n' \
    >"$RIG_LOCAL/etc/signind/accounts/fabrikam.conf"
  check "the administrator provides an account" as_user systemctl --user reload signind.service
  check "everybody has it" eventually 10 status_has '^fabrikam:'
  check "it cannot be edited" as_user sh -c 'signinctl edit fabrikam --length 10h 2>&1 | grep "administrator"'
  check "but hidden" as_user signinctl remove fabrikam
  check "so it is not shown" as_user sh -c '! signinctl status | grep fabrikam'
  check "nor after a restart" as_user sh -c 'systemctl --user restart signind && ! signinctl status | grep fabrikam'
  check "and comes back" as_user sh -c 'rm ~/.config/signind/accounts/fabrikam.conf && systemctl --user reload signind'
  check "as it was" eventually 10 status_has '^fabrikam:'
  rm -r "$RIG_LOCAL/etc/signind"
  as_user signinctl remove fabrikam
}

# Two sessions, one of them announced: what every way of starting again has to keep.
test_sessions ()
{
  local now
  now=$(date +%s)
  check "signed in an hour ago" as_user signinctl record contoso --source new --at "$(stamp $((now - 3600)))"
  check "the status line tells when the warning comes" \
    eventually 10 status_line_is 'contoso is warned of at' $((now + 24000))
  END=$((now + 1140))
  check "and 7 h 41 min ago elsewhere" \
    as_user signinctl record contoso --source old --at "$(stamp $((now - 27660)))"
  check "which is warned of at once" eventually 10 warned_once_of old
  check "the status line tells when the reminder comes" \
    eventually 10 reminded_before 600
  FACTS=$(facts)
  check "both are known" test "$(grep -c '"source": "\(old\|new\)"' <<<"$FACTS")" -ge 2
}

# reminders_in FOLDER MINUTES: a file of settings.
reminders_in ()
{
  mkdir -p "$1" && printf '[Reminders]\nreminders=%s min\n' "$2" >"$1/signind.conf"
}

# Inside of the sandbox other mounts lie over the folders that are watched.
test_settings ()
{
  local folder=$RIG_HOME/.config/signind etc=$RIG_LOCAL/etc/signind other=$RIG_HOME/other pid
  pid=$(unit_pid)
  rm -rf "$folder"
  check "without settings, a reminder 10 min before the end" eventually 10 reminded_before 600
  reminders_in "$folder" 12
  check "settings in a new folder are taken up" eventually 10 reminded_before 720
  reminders_in "$other" 14
  mv "$other/signind.conf" "$folder/signind.conf"
  check "and a file that replaces them" eventually 10 reminded_before 840
  rm -r "$folder"
  check "and that the folder went" eventually 10 reminded_before 600
  reminders_in "$other" 13
  mv "$other" "$folder"
  check "and that another was moved there" eventually 10 reminded_before 780
  rm -r "$folder"
  reminders_in "$etc" 11
  check "the administrator's are taken up" eventually 10 reminded_before 660
  rm -r "$etc"
  check "and forgotten" eventually 10 reminded_before 600
  check "all that by the same process" test "$(unit_pid)" = "$pid"
}

test_crash_and_stop ()
{
  local pid
  pid=$(unit_pid)
  # 0 would be everybody here.
  check "there is a process to crash" test "$pid" -gt 1
  [ "$pid" -le 1 ] || kill -SEGV "$pid"
  check "a crash ends it" eventually 5 rig_gone "$pid"
  check "and the unit is started again" eventually 15 running
  check "by Restart=, once" unit_is NRestarts 1
  check "with every session as it was, and nothing announced again" nothing_is_lost
  check "it can be stopped" as_user systemctl --user stop signind.service
  check "and that is a success" unit_is Result success
  check "with status 0" unit_is ExecMainStatus 0
}

restarted_from ()
{
  local pid
  pid=$(unit_pid)
  running && [ "$pid" -gt 1 ] && [ "$pid" != "$1" ]
}

watchdog_was_told_of ()
{
  as_user journalctl --user --quiet -o cat -u signind.service | grep -q 'Watchdog timeout'
}

# Stopped it cannot tell that it is well, as if it hung.
test_hang ()
{
  local pid folder=$RIG_RUNTIME/systemd/user.control/signind.service.d
  mkdir -p "$folder"
  printf '[Service]\nWatchdogSec=2s\n' >"$folder/watchdog.conf"
  chown -R $RIG_UID:$RIG_UID "$RIG_RUNTIME/systemd/user.control"
  check "a shorter watchdog" as_user sh -c 'systemctl --user daemon-reload && systemctl --user restart signind.service'
  pid=$(unit_pid)
  check "there is a process to stop" test "$pid" -gt 1
  [ "$pid" -le 1 ] || kill -STOP "$pid"
  check "one that hangs is ended and started again" eventually 30 restarted_from "$pid"
  check "by the watchdog" eventually 10 watchdog_was_told_of
  check "with every session as it was, and nothing announced again" nothing_is_lost
  rm "$folder/watchdog.conf"
  as_user systemctl --user daemon-reload
}

test_new_bus ()
{
  local pid
  as_user systemctl --user restart signind.service
  pid=$(unit_pid)
  check "the session bus ends and another begins" as_user systemctl --user restart dbus.service
  check "the daemon is on the new one" eventually 30 restarted_from "$pid"
  check "the status line tells the next deadline again" \
    eventually 10 reminded_before 600
  check "and every session is as it was, with nothing announced again" nothing_is_lost
}

by_hand ()
{
  ! running && as_user signinctl status contoso | grep '^contoso:'
}

# Its state folder is not the manager's idea of one, which changed with systemd 254.
test_by_hand ()
{
  as_user systemctl --user stop signind.service
  # shellcheck disable=SC2016 # the inner shell expands it
  as_user sh -c 'echo $$ >~/by-hand; exec /usr/local/libexec/signind' >"$RIG_SCRATCH/by-hand.log" 2>&1 &
  check "started by hand it has the same accounts" eventually 10 by_hand
  check "with every session as it was" nothing_is_lost
  kill "$(cat "$RIG_HOME/by-hand")"
  wait $!
  check "and it announced nothing again" sh -c "! grep 'about to end' '$RIG_SCRATCH/by-hand.log'"
}

test_login ()
{
  check "make install's enable command" as_user systemctl --user enable --now signind.service
  check "a sign-in of 7 h 39 min 48 s ago is recorded" \
    as_user signinctl record contoso --at "$(stamp $(($(date +%s) - 27588)))"
  manager_stop
  manager_start
  check "after the next login the daemon runs" eventually 5 running
  check "and the warning comes though nobody calls" eventually 30 warned_once_of manual
  check "of what was announced before, not again" warned_once_of old
  check "started by the manager, not by a call" unit_is NRestarts 0
}

# Where user namespaces are denied the generator writes nothing: the first half has to work alone.
test_without_namespaces ()
{
  manager_stop
  mount --bind /dev/null /usr/local/lib/systemd/user-generators/signind-sandbox-generator
  manager_start
  check "without the second half the unit runs too" eventually 5 running
  check "in the user namespace of everybody" unit_is PrivateUsers no
  check "with system calls filtered" status_field Seccomp 2
  check "and answers" as_user signinctl status contoso
  test_settings
  umount /usr/local/lib/systemd/user-generators/signind-sandbox-generator
}

test_own_state_folder ()
{
  manager_stop
  as_user mkdir -p "$RIG_HOME/.config/environment.d"
  as_user sh -c "echo 'XDG_STATE_HOME=$RIG_HOME/my 100% state' >'$RIG_HOME/.config/environment.d/state.conf'"
  manager_start
  check "XDG_STATE_HOME of the manager is followed" eventually 5 running
  check "the folder is there" owner_and_mode "$RIG_HOME/my 100% state/signind" 700
  check "and writable inside of the sandbox" mounted "$RIG_HOME/my 100% state/signind" rw
  check "where the database is" eventually 5 test -s "$RIG_HOME/my 100% state/signind/signind.db"
  as_user rm "$RIG_HOME/.config/environment.d/state.conf"
}

test_no_state_folder ()
{
  manager_stop
  as_user rm -r "$RIG_HOME/.local/state/signind"
  as_user chmod 500 "$RIG_HOME/.local/state"
  manager_start
  check "where no state folder can be made, it starts all the same" eventually 5 running
  check "with its sandbox" unit_is PrivateUsers yes
  check "and says that nothing is kept" eventually 5 journal_holds "$(message_id STORE_MEMORY)"
  check "and answers" as_user signinctl status
}

if [ "${RIG_INSIDE-}" != 1 ]; then
  [ "$(make -s --no-print-directory -C "$TOP_BUILDDIR" print-prefix)" = /usr/local ] ||
    rig_fail "configure without --prefix for this test"
  [ "$(id -u)" = 0 ] || exec sudo -n env TOP_SRCDIR="$TOP_SRCDIR" TOP_BUILDDIR="$TOP_BUILDDIR" "$0" "$@"
  # A warning has the service asked: no question is to leave this machine.
  [ "${UNITS_NET-}" = 1 ] || UNITS_NET=1 exec unshare --net -- "$0" "$@"
fi
rig_enter "$@"

RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
rig_prepare
manager_start
check "systemd-analyze verify has nothing to say" verify_units
check "the journal catalog compiles" catalog_compiles
test_activation
test_sandbox
test_doctor
test_hooks
test_provided_account
test_sessions
test_settings
test_crash_and_stop
as_user systemctl --user start signind.service
test_hang
test_new_bus
test_by_hand
test_login
test_without_namespaces
test_own_state_folder
test_no_state_folder
manager_stop
echo "1..$number"
