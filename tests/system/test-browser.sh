#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "Sign in again" with a real browser under a real user manager: it runs as a program of the desktop, outside of our
# sandbox, and is still there when signind is not.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh"

put_browser ()
{
  local entry=$RIG_HOME/.local/share/applications/web.desktop
  mkdir -p "$RIG_HOME/.local/share/applications" "$RIG_HOME/.config"
  cat >"$entry" <<EOF
[Desktop Entry]
Type=Application
Name=Web
MimeType=x-scheme-handler/https;
Exec=/usr/bin/chromium --headless=new --no-first-run --disable-gpu --disable-background-networking --remote-debugging-port=0 --user-data-dir=$RIG_HOME/profile "--host-resolver-rules=MAP * ~NOTFOUND" %u
EOF
  printf '[Default Applications]\nx-scheme-handler/https=web.desktop\n' >"$RIG_HOME/.config/mimeapps.list"
  cp "$TOP_SRCDIR/tests/integration/notification-server.py" "$RIG_HOME/server.py"
  mkfifo "$RIG_HOME/buttons"
  chown -R $RIG_UID:$RIG_UID "$RIG_HOME"
}

server_start ()
{
  exec 8<>"$RIG_HOME/buttons"
  as_user /usr/bin/python3 "$RIG_HOME/server.py" answer <&8 >"$RIG_HOME/server.out" 2>&1 &
  server=$!
  check "a notification server runs" eventually 20 grep -q '"owned": true' "$RIG_HOME/server.out"
}

# The number of the last popup that offers to sign in.
popup ()
{
  grep '"call": "Notify"' "$RIG_HOME/server.out" | grep signind-sign-in | sed -n '$s/.*"id": \([0-9]*\).*/\1/p'
}

has_popup ()
{
  [ -n "$(popup)" ]
}

open_units ()
{
  as_user systemctl --user list-units --all --plain --no-legend 'app-signind-open-*' | awk '{ print $1 }'
}

one_unit ()
{
  [ "$(open_units | wc -l)" = 1 ]
}

browser_pid ()
{
  as_user systemctl --user show -P MainPID "$(open_units | head -n 1)"
}

is_chromium ()
{
  [ "$(readlink "/proc/$(browser_pid)/exe")" = /usr/lib/chromium/chromium ]
}

# It writes its command line anew, with spaces.
asked_for ()
{
  tr '\0 ' '\n' <"/proc/$(browser_pid)/cmdline" | grep -qxF "$1"
}

works ()
{
  [ -s "$RIG_HOME/profile/DevToolsActivePort" ]
}

field ()
{
  [ "$(awk -v key="$1:" '$1 == key { print $2 }' "/proc/$(browser_pid)/status")" = "$2" ]
}

same_namespace ()
{
  [ "$(readlink "/proc/$(browser_pid)/ns/$1")" = "$(readlink "/proc/$MANAGER_PID/ns/$1")" ]
}

rig_enter "$@"

RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
rig_prepare
put_browser
manager_start
server_start
check "an account can be added" as_user signinctl add contoso --service dynamics365 --org contoso --region crm4
check "signind runs in its sandbox" unit_is PrivateUsers yes
check "a sign-in of 7 h 50 min ago is recorded" as_user signinctl record contoso --at '470 min ago'
check "its popup comes" eventually 20 has_popup
# Pressed twice, as by somebody who double-clicks everything.
number_pressed=$(popup)
printf '%s signind-sign-in\n%s signind-sign-in\n' "$number_pressed" "$number_pressed" >&8
check "the browser is started" eventually 20 is_chromium
check "and comes up" eventually 60 works
check "with the page of the account" asked_for https://contoso.crm4.dynamics.com
check "once a click" one_unit
pid=$(browser_pid)
# Chromium moves into a scope of its own some time after its start.
check "in app.slice, in a unit of its own" \
  grep -qE '/app\.slice/app-(signind-open-[^/]*\.service|org\.chromium\.[^/]*\.scope)$' "/proc/$pid/cgroup"
check "may gain privileges, as every program of the desktop" field NoNewPrivs 0
check "without a filter of system calls" field Seccomp 0
check "in the user namespace of the manager" same_namespace user
check "with its network" same_namespace net
check "and its files" same_namespace mnt
check "signind can be stopped" as_user systemctl --user stop signind.service
check "and is gone" unit_is ActiveState inactive
check "the browser stays" is_chromium
check "as the same process" test "$(browser_pid)" = "$pid"
as_user systemctl --user stop 'app-signind-open-*'
check "it ends as a unit of the manager does" eventually 20 rig_gone "$pid"
exec 8>&-
kill "$server" 2>/dev/null
manager_stop
echo "1..$number"
