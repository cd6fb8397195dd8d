#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The token command under a real user manager: a unit outside of signin-healthd's sandbox, of whose output the journal
# gets nothing. No server is asked: signin-healthd is given a network without anybody in it.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

. "$TOP_SRCDIR/tests/system/user-manager.sh" || exit 99

TOKEN=eyJ0eXAiOiJKV1QiLCJub25jZSI6.nobodys-business.0123456789

# set_command LINE...: a token command of these lines of shell.
set_command ()
{
  local config=$RIG_HOME/.config/signind
  mkdir -p "$config"
  printf '%s\n' '#!/bin/sh' "$@" >"$config/token"
  chmod 755 "$config/token"
  printf '%s\n' '[Health]' "token-command=$config/token %r" >"$config/signind.conf"
  chown -R $RIG_UID:$RIG_UID "$RIG_HOME/.config"
}

ask ()
{
  as_user busctl --user --timeout=60 call org.signind.Health1 /org/signind/Health1 org.signind.Health1 Check 'a{sv}' 2 \
    feeds b false refresh b true
}

# ask_says WORDS: what comes out of asking has them.
ask_says ()
{
  ask | grep -F -- "$1"
}

journal_is_silent ()
{
  ! as_user journalctl --user --no-pager -o export | grep -aF "$1" && ! journalctl --no-pager -o export | grep -aF "$1"
}

journal_speaks ()
{
  as_user journalctl --user --no-pager -o cat | grep -F "$1"
}

rig_enter "$@"

RIG_LOCAL=$RIG_SCRATCH/tree/usr/local
make -s --no-print-directory -C "$TOP_BUILDDIR" install DESTDIR="$RIG_SCRATCH/tree" >"$RIG_SCRATCH/install.log" 2>&1 ||
  { sed 's/^/# /' "$RIG_SCRATCH/install.log"; rig_fail "make install fails"; }
rig_prepare
mkdir -p "$RIG_HOME/.config/systemd/user/signin-healthd.service.d"
printf '%s\n' '[Service]' PrivateNetwork=yes >"$RIG_HOME/.config/systemd/user/signin-healthd.service.d/network.conf"
# shellcheck disable=SC2016 # the command expands it
set_command 'cat /proc/self/cgroup >~/where.new && mv ~/where.new ~/where' 'echo "$1 $SIGNIND_RESOURCE" >~/what' \
  "echo $TOKEN >&2" "echo $TOKEN"
manager_start
check "asking starts signin-healthd, which has a token but no network" ask_says '"graph.microsoft.com"'
check "and says so" ask_says '"name-unknown"'
check "the command was run outside of the sandbox, in which the home is read-only" test -s "$RIG_HOME/where"
check "as a unit of its own" grep -q '/app.slice/app-signind-token-[0-9a-f]*\.service$' "$RIG_HOME/where"
check "and was told what the token is for" grep -qx 'https://graph.microsoft.com https://graph.microsoft.com' \
  "$RIG_HOME/what"
check "no journal has the token, nor what went to standard error" journal_is_silent "$TOKEN"
check "the journal knows of the unit" journal_speaks 'Token command of signind'
set_command "echo $TOKEN" 'exit 3'
check "a command that fails gives no token" ask_says '"token-command-failed"'
set_command 'yes 0123456789abcdef'
check "one that writes without end is stopped" ask_says '"token-too-long"'
set_command 'echo Please sign in first'
check "words are no token" ask_says '"token-malformed"'
check "and are not in the journal either" journal_is_silent 'Please sign in first'
manager_stop
echo "1..$number"
