#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real signind while somebody sets the clock, and while the machine sleeps. What is true is what /proc/uptime says.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

# Nobody in there knows when exactly it was that the machine woke.
RESUME_SLACK=5

add ()
{
  signinctl add "$1" --service dynamics365 --org "$1" --region crm4 >/dev/null
}

# record_with ACCOUNT SECONDS AGE: signed in so long ago that at the age of AGE seconds SECONDS are left until then. When
# that is, is in $true_at.
record_with ()
{
  true_at=$(plus "$(up)" "$2")
  signinctl record "$1" --at "$(date --date="-$(($3 - $2)) sec" +%Y-%m-%dT%H:%M:%S.%6N%:z)" >/dev/null
}

expires_sec ()
{
  signinctl status "$1" --json | in_json expires_at_sec
}

define_short 40s
systemctl --user start signind.service
check "signind runs in the guest" systemctl --user --quiet is-active signind.service
check "and its events are followed" follow

# The true instants of a warning at 7 h 40 min and of an end; what the clock says is an hour, then two hours away from
# them.
for step in +1 -2; do
  id=step${step#[-+]}
  add "$id"
  signinctl add "end-$id" --service short >/dev/null
  record_with "$id" 20 27600
  warns_at=$true_at
  record_with "end-$id" 20 40
  before=$(expires_sec "$id")
  sudo date --set="$step hour" >/dev/null
  check "the clock steps by $step h: the warning comes" within 60 exactly 1 warning "$id"
  check "at the true instant" in_time warning "$id" "$warns_at"
  check "an end comes, too" within 60 exactly 1 expired "end-$id"
  check "at the true instant" in_time expired "end-$id" "$true_at"
  check "and the end is told in the new time" about "$(expires_sec "$id")" $((before + step * 3600)) $SLACK
done

# Beside it what people do without signind: a timer of the user manager, here with a command that tells when it ran.
add sleeper
record_with sleeper 15 27600
true_mark=$true_at
true_end=$(plus "$true_mark" 1200)
systemd-run --user --quiet --on-active=15s --timer-property=AccuracySec=100ms \
  sh -c 'cut -d " " -f 1 /proc/uptime >~/theirs'
vm-suspend 45
resumed=$(up)
check "asleep across the mark: the warning comes at resume" within 30 exactly 1 warning sleeper
check "at once" about "$(came_at warning sleeper)" "$resumed" $RESUME_SLACK
left=$(grep '"event": *"warning".*sleeper' "$EVENTS" | in_json remaining_sec)
check "with what is really left" about "$(plus "$(came_at warning sleeper)" "$left")" "$true_end" $SLACK
check "a timer of systemd-run --on-active comes, too" within 120 test -s ~/theirs
check "later: it does not count the time asleep" is_later "$(cat ~/theirs)" "$(came_at warning sleeper)"
echo "# planned for $true_mark, asleep until $resumed: signind $(plus "$(came_at warning sleeper)" "-$true_mark") s later," \
  "systemd-run $(plus "$(cat ~/theirs)" "-$true_mark") s later"

signinctl add brief --service short >/dev/null
record_with brief 35 40
vm-suspend 45
resumed=$(up)
check "asleep across the end: it is told once" within 30 exactly 1 expired brief
check "after it" is_later "$(came_at expired brief)" "$true_at"
check "at once" about "$(came_at expired brief)" "$resumed" $RESUME_SLACK
check "asleep across the mark, too: no warning of what is over" exactly 0 warning brief

record_with brief 40 40
check "awake: the end comes" within 90 exactly 2 expired brief
check "40 s after the sign-in" in_time expired brief "$true_at"
for id in step1 step2 end-step1 end-step2 sleeper brief; do
  check "nothing was told twice: one warning of $id" exactly 1 warning $id
done
check "nor an end" exactly 1 expired end-step1
check "of either" exactly 1 expired end-step2
