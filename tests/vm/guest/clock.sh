#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real signind while somebody sets the clock, and while the machine sleeps. What is true is what /proc/uptime says.
# shellcheck source=tests/vm/guest/lib.sh
. /opt/vm/lib.sh

# The warning of a session of 8 hours that is as old as leaves SECONDS until then.
record_before_warning ()
{
  signinctl record "$1" --at "$(date --date="-$((27600 - $2)) sec" --iso-8601=seconds)" >/dev/null
}

add ()
{
  signinctl add "$1" --service dynamics365 --org "$1" --region crm4 >/dev/null
}

expires_sec ()
{
  signinctl status "$1" --json | in_json expires_at_sec
}

systemctl --user start signind.service
check "signind runs in the guest" systemctl --user --quiet is-active signind.service
check "and its events are followed" follow

# The true instant of the warning; what the clock says is an hour, then two hours away from it.
for step in +1 -2; do
  id=step${step#[-+]}
  add "$id"
  record_before_warning "$id" 20
  true_at=$(plus "$(up)" 20)
  before=$(expires_sec "$id")
  sudo date --set="$step hour" >/dev/null
  check "the clock steps by $step h: the warning comes" within 60 exactly 1 warning "$id"
  check "at the true instant" about "$(came_at warning "$id")" "$true_at"
  check "and the end is told in the new time" about "$(expires_sec "$id")" $((before + step * 3600))
done

# Beside it what people do without signind: a timer of the user manager, here with a command that tells when it ran.
add sleeper
record_before_warning sleeper 15
true_mark=$(plus "$(up)" 15)
true_end=$(plus "$true_mark" 1200)
systemd-run --user --quiet --on-active=15s --timer-property=AccuracySec=100ms \
  sh -c 'cut -d " " -f 1 /proc/uptime >~/theirs'
vm-suspend 45
resumed=$(up)
check "asleep across the mark: the warning comes at resume" within 30 exactly 1 warning sleeper
check "at once" about "$(came_at warning sleeper)" "$resumed"
left=$(grep '"event": *"warning".*sleeper' "$EVENTS" | in_json remaining_sec)
check "with what is really left" about "$(plus "$(came_at warning sleeper)" "$left")" "$true_end"
check "a timer of systemd-run --on-active comes, too" within 120 test -s ~/theirs
check "later: it does not count the time asleep" is_later "$(cat ~/theirs)" "$(came_at warning sleeper)"
echo "# planned for $true_mark, asleep until $resumed: signind $(plus "$(came_at warning sleeper)" "-$true_mark") s later," \
  "systemd-run $(plus "$(cat ~/theirs)" "-$true_mark") s later"

mkdir -p ~/.config/signind/services
cat >~/.config/signind/services/short.conf <<'CONF'
[Service]
name=Short
url=https://short.example/
length=40s
lead=15s
min-length=30s
min-lead=5s
CONF
systemctl --user restart signind.service
signinctl add brief --service short >/dev/null
signinctl record brief >/dev/null
recorded=$(up)
vm-suspend 55
check "asleep across mark and end: the end is told once" within 30 exactly 1 expired brief
check "after it" test "$(came_at expired brief | cut -d . -f 1)" -ge "$((${recorded%.*} + 39))"
check "and no warning of what is over" exactly 0 warning brief

signinctl record brief >/dev/null
recorded=$(up)
check "awake: the end comes" within 90 exactly 2 expired brief
ended=$(grep '"event": *"expired".*brief' "$EVENTS" | tail -n 1 | cut -d ' ' -f 1)
check "40 s after the sign-in" about "$ended" "$(plus "$recorded" 40)"
check "nothing was told twice" exactly 1 warning sleeper
