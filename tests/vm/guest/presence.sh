#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The person is away: the screen is locked and unlocked as the real logind tells, and the machine sleeps with popups on
# its screen. And what the journal says of it all.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

POPUPS=$HOME/popups

# shown TEXT [N]: so many popups (1) with TEXT in their title, as long as nobody pressed anything.
shown ()
{
  [ "$(grep -c " show .*$1" "$POPUPS")" = "${2-1}" ]
}

# The number of the popup with TEXT in its title.
number_of ()
{
  sed -n "s/.* show \\([0-9]*\\) .*$1.*/\\1/p" "$POPUPS" | tail -n 1
}

# When the popup NUMBER was taken away.
closed_at ()
{
  grep -m 1 " close $1\$" "$POPUPS" | cut -d ' ' -f 1
}

# All that was asked of the server, without when.
told ()
{
  cut -d ' ' -f 2- "$POPUPS" | sed 's/ at [0-9]*:[0-9]*/ at TIME/; s/TIME .* and 1 more/TIME and 1 more/'
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
  signinctl record "$1" --at '462 min ago' >/dev/null
}

# is VALUE EXPECTED: several lines, the difference of which is told.
is ()
{
  diff -u <(echo "$2") <(echo "$1")
}

# The subjects of signind's own explanations.
explained ()
{
  journalctl --user -u signind -x --no-pager | grep -B 1 'Defined-By: signind$' | sed -n 's/.*Subject: //p'
}

# What an entry does not have stands there by its name.
filled_in ()
{
  journalctl --user -u signind -x --no-pager >~/explained && grep -q 'Save your work' ~/explained &&
    ! grep 'SIGNIN_' ~/explained
}

# Without a network a warning would soon be told again, with that in it.
mkdir -p ~/.config/signind
printf '%s\n' '[Health]' health-at-warning=no >~/.config/signind/signind.conf
define_short 40s
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
check "another warning comes meanwhile" within 30 exactly 1 warning fabrikam
check "and is on the screen" within 30 shown fabrikam
check "not yet together" shown "and 1 more account" 0
check "logind takes the unlocking" lock false
check "who is back sees both, in one popup" within 30 shown "contoso.* and 1 more account"
check "though nothing is told again" exactly 1 warning contoso

signinctl add brief --service short >/dev/null
signinctl record brief --at '32 sec ago' >/dev/null
check "an end is shown" within 60 shown "(brief) probably signed you out"
ended=$(number_of "(brief) probably")
vm-suspend 15
resumed=$(up)
check "before it sleeps that popup is put away" is_later "$(plus "$resumed" -12)" "$(closed_at "$ended")"
check "after sleep the other two are shown again" within 60 shown "contoso.* and 1 more account" 2
check "with no signal again" exactly 1 warning contoso

sudo journalctl --update-catalog
check "the journal has each warning and each end once, and explains them" is "$(explained)" \
"The session of contoso is about to end
The session of fabrikam is about to end
The session of brief is about to end
The session of brief has ended"
check "with nothing left to fill in" filled_in
systemctl --user stop signind.service
check "all that was on the screen, and no more than that" is "$(told)" "ready
show 1 Dynamics 365 (contoso) signs you out at TIME
show 2 Dynamics 365 (fabrikam) signs you out at TIME
close 2
show 1 Dynamics 365 (contoso) signs you out at TIME and 1 more account
show 3 Short (brief) signs you out at TIME
close 3
show 4 Short (brief) probably signed you out at TIME
close 4
show 1 Dynamics 365 (contoso) signs you out at TIME and 1 more account
close 1"
kill "$server"
