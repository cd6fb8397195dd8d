#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The person is away: the screen is locked and unlocked as the real logind tells, and the machine sleeps with a popup on
# its screen. And what the journal says of it all.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

POPUPS=$HOME/popups

# shown TEXT [N]: at least so many popups (1) with TEXT in their title, as long as nobody pressed anything.
shown ()
{
  [ "$(grep -c "^show .*$1" "$POPUPS")" -ge "${2-1}" ]
}

lock ()
{
  busctl call org.freedesktop.login1 /org/freedesktop/login1/session/auto org.freedesktop.login1.Session \
    SetLockedHint b "$1"
}

# What logind says of the session that has the screen.
is_locked ()
{
  busctl get-property org.freedesktop.login1 /org/freedesktop/login1/session/auto org.freedesktop.login1.Session \
    LockedHint | grep -qx "b $1"
}

record ()
{
  signinctl add "$1" --service dynamics365 --org "$1" --region crm4 >/dev/null
  signinctl record "$1" --at '465 min ago' >/dev/null
}

not ()
{
  ! "$@"
}

explained ()
{
  journalctl --user -u signind -x --no-pager | grep -q -- "$1"
}

/opt/vm/notifications >"$POPUPS" &
server=$!
check "a notification server runs" within 30 grep -qx ready "$POPUPS"
systemctl --user start signind.service
check "events are followed" follow
record contoso
check "a warning is shown" within 30 shown contoso

check "logind takes the lock" lock true
check "and tells of it" is_locked true
record fabrikam
check "not yet together" not shown "and 1 more account"
check "another warning comes meanwhile" within 30 exactly 1 warning fabrikam
check "and is on the screen" within 30 shown fabrikam
check "logind takes the unlocking" lock false
check "who is back sees both, in one popup" within 30 shown "contoso.* and 1 more account"
check "though nothing is told again" exactly 1 warning contoso

vm-suspend 15
check "after sleep they are shown again" within 60 shown "contoso.* and 1 more account" 2
check "with no signal again" exactly 1 warning contoso

sudo journalctl --update-catalog
check "the journal has each warning" test "$(journalctl --user -u signind -o cat | grep -c 'is about to end')" -ge 2
check "and explains it" explained 'Save your work'
kill "$server"
systemctl --user stop signind.service
