# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For scripts that run in the guest. Time there is what /proc/uptime says: it counts suspend and no step of the clock.

EVENTS=$HOME/events
# How late a signal may come in a machine that is itself emulated; a wrong clock would be hours off.
SLACK=4

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

# define_short LENGTH: a service whose sessions last no longer.
define_short ()
{
  mkdir -p ~/.config/signind/services
  cat >~/.config/signind/services/short.conf <<CONF
[Service]
name=Short
url=https://short.example/
length=$1
lead=15s
min-length=30s
min-lead=5s
CONF
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

not ()
{
  ! "$@"
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

# When the last such event came.
came_at ()
{
  grep "\"event\": *\"$1\"" "$EVENTS" | grep "\"account\": *\"$2\"" | tail -n 1 | cut -d ' ' -f 1
}

# about VALUE EXPECTED SECONDS
about ()
{
  echo "# is $1, expected $2"
  [ -n "$1" ] && awk -v a="$1" -v b="$2" -v slack="$3" 'BEGIN { exit !(a - b < slack && b - a < slack) }'
}

# in_time EVENT ACCOUNT INSTANT: such an event came then, not sooner, and hardly later. What is read here of the clock is
# a moment old.
in_time ()
{
  local came
  came=$(came_at "$1" "$2")
  echo "# came at $came, due at $3"
  [ -n "$came" ] && awk -v a="$came" -v b="$3" -v slack=$SLACK 'BEGIN { exit !(a > b - 0.1 && a < b + slack) }'
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
