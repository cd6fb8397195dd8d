# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For scripts that run in the guest. Time there is what /proc/uptime says: it counts suspend and no step of the clock.

EVENTS=$HOME/events
# How far from the true instant a signal may come in a machine that is itself emulated; a wrong clock would be hours off.
SLACK=10

up ()
{
  cut -d ' ' -f 1 /proc/uptime
}

# Each event with the instant at which it came.
follow ()
{
  : >"$EVENTS"
  signinctl monitor --json | while read -r line; do
    echo "$(up) $line"
  done >"$EVENTS" &
  # It listens when it has said what it says of an account that is added.
  signinctl add first --service dynamics365 --org first --region crm4 >/dev/null
  within 30 followed
}

followed ()
{
  signinctl end first >/dev/null
  signinctl record first >/dev/null
  [ "$(how_many signed-in first)" -gt 0 ]
}

# within SECONDS COMMAND...: waits until it succeeds.
within ()
{
  local end
  end=$(($(up | cut -d . -f 1) + $1))
  shift
  until "$@"; do
    [ "$(up | cut -d . -f 1)" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# check NAME COMMAND...
check ()
{
  local name=$1
  shift
  if "$@"; then
    echo "ok - $name"
  else
    echo "not ok - $name"
    sed 's/^/#   /' "$EVENTS" 2>/dev/null
    journalctl --user -u signind -n 20 --no-pager | sed 's/^/#   /'
  fi
}

# how_many EVENT ACCOUNT
how_many ()
{
  grep "\"event\": *\"$1\"" "$EVENTS" | grep -c "\"account\": *\"$2\""
}

exactly ()
{
  [ "$(how_many "$2" "$3")" = "$1" ]
}

# When the first such event came.
came_at ()
{
  grep "\"event\": *\"$1\"" "$EVENTS" | grep -m 1 "\"account\": *\"$2\"" | cut -d ' ' -f 1
}

# about VALUE EXPECTED
about ()
{
  echo "# is $1, expected $2"
  [ -n "$1" ] && awk -v a="$1" -v b="$2" -v slack=$SLACK 'BEGIN { exit !(a - b < slack && b - a < slack) }'
}

# is_later VALUE THAN: by more than a moment.
is_later ()
{
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b + 3) }'
}

plus ()
{
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a + b }'
}

# in_json KEY: the number of it in what is on standard input.
in_json ()
{
  sed -n "s/.*\"$1\": *\\([0-9.]*\\).*/\\1/p" | head -n 1
}
