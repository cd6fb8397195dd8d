#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What no compiler looks at: the installed text files, the journal catalog, the list of translatable files.

: "${TOP_SRCDIR:?}" "${TOP_BUILDDIR:?}"

number=0

# check NAME CMD...
check ()
{
  name=$1
  shift
  number=$((number + 1))
  if output=$("$@" 2>&1); then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    printf '%s\n' "$output" | sed 's/^/# /'
  fi
}

generated ()
{
  for file in signind.service signind-state.service signin-healthd.service signind.desktop; do
    echo "$TOP_BUILDDIR/systemd/$file"
  done
  echo "$TOP_BUILDDIR/data/org.signind.Signin1.desktop"
  echo "$TOP_BUILDDIR/dbus/org.signind.Signin1.service"
  echo "$TOP_BUILDDIR/dbus/org.signind.Health1.service"
}

no_variable_left ()
{
  for file in $(generated); do
    [ -s "$file" ] || { echo "$file is missing"; return 1; }
    # "$$" is how a unit writes "$".
    ! sed 's/\$\$//g' "$file" | grep -n -e '@[A-Za-z_]*@' -e '[$][{(]' || return 1
  done
}

programs_are_absolute ()
{
  for file in $(generated); do
    grep -q '^Exec\(Start\)\?=/' "$file" || { echo "$file"; return 1; }
  done
}

activation_names_the_unit ()
{
  grep -q '^SystemdService=signind.service$' "$TOP_BUILDDIR/dbus/org.signind.Signin1.service" &&
    grep -q '^BusName=org.signind.Signin1$' "$TOP_BUILDDIR/systemd/signind.service" &&
    grep -q '^SystemdService=signin-healthd.service$' "$TOP_BUILDDIR/dbus/org.signind.Health1.service" &&
    grep -q '^BusName=org.signind.Health1$' "$TOP_BUILDDIR/systemd/signin-healthd.service"
}

# The daemon that runs all day has no network, and no library for it; the other one has.
only_health_has_a_network ()
{
  grep -qx 'RestrictAddressFamilies=AF_UNIX' "$TOP_BUILDDIR/systemd/signind.service" || return 1
  grep -qx 'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK' "$TOP_BUILDDIR/systemd/signin-healthd.service" ||
    return 1
  ! readelf -d "$TOP_BUILDDIR/signind" "$TOP_BUILDDIR/signinctl" | grep -E 'NEEDED.*(curl|ssl)' &&
    ! readelf -d "$TOP_BUILDDIR/signind" | grep 'NEEDED.*jansson' &&
    readelf -d "$TOP_BUILDDIR/signin-healthd" | grep -q 'NEEDED.*libcurl\.so'
}

desktop=data/org.signind.Signin1.desktop

desktop_entry_is_valid ()
{
  out=$(desktop-file-validate "$TOP_BUILDDIR/$desktop" "$TOP_BUILDDIR/systemd/signind.desktop" 2>&1) || out="$out failed"
  [ -z "$out" ] || { echo "$out"; return 1; }
}

desktop_entry_has_actions ()
{
  for action in $(sed -n 's/^Actions=//p' "$TOP_BUILDDIR/$desktop" | tr ';' ' '); do
    sed -n "/^\[Desktop Action $action\]/,/^$/p" "$TOP_BUILDDIR/$desktop" >"$scratch/action"
    grep -q '^Exec=/.*/signinctl .*--popup$' "$scratch/action" || { echo "$action"; return 1; }
    grep -q '^Name\[de\]=.' "$scratch/action" || { echo "$action"; return 1; }
  done
  [ "$(grep -c '^\[Desktop Action ' "$TOP_BUILDDIR/$desktop")" = 3 ] && ! grep -q '^Terminal=true' "$TOP_BUILDDIR/$desktop"
}

# The entry, the icon and what popups say they come from are one id.
desktop_id_is_one ()
{
  id=$(sed -n 's/^#define SIGNIN_DESKTOP_ID "\(.*\)"/\1/p' "$TOP_SRCDIR/daemon/names.h")
  [ -n "$id" ] && [ -f "$TOP_BUILDDIR/data/$id.desktop" ] && grep -qx "Icon=$id" "$TOP_BUILDDIR/data/$id.desktop" &&
    [ -f "$TOP_SRCDIR/data/icons/$id.svg" ] && [ -f "$TOP_SRCDIR/data/icons/$id-symbolic.svg" ]
}

# Themes paint these in the colour of the text: they may have one only, and no pictures.
symbolic_icon_is_symbolic ()
{
  icon=$TOP_SRCDIR/data/icons/org.signind.Signin1-symbolic.svg
  [ "$(grep -o '#[0-9a-fA-F]\{6\}' "$icon" | sort -u | wc -l)" = 1 ] && grep -q 'width="16" height="16"' "$icon" &&
    ! grep -E '<(image|style|script|linearGradient)' "$icon"
}

preset_names_the_unit ()
{
  grep -qx 'enable signind.service' "$TOP_SRCDIR/systemd/80-signind.preset"
}

# Ignored or failing without PrivateUsers=: those belong into the generator.
unit_needs_no_namespaces ()
{
  ! grep -nE '^(Private|Protect|CapabilityBoundingSet|ReadWritePaths|TemporaryFileSystem|StateDirectory)' \
    "$TOP_BUILDDIR/systemd/signind.service"
}

catalog_is_complete ()
{
  awk -v catalog="$TOP_SRCDIR/systemd/signind.catalog" '
    FILENAME == catalog && /^-- / { known[$2] = 1; subject = $2 }
    FILENAME == catalog && /^Subject: ./ { if (subject in known) titled[subject] = 1 }
    FILENAME != catalog && /^#define SIGNIN_MESSAGE_/ {
      gsub (/"/, "", $3); named[$3] = 1
      if (length ($3) != 32) { print $2 " is no id"; bad = 1 }
      if (!($3 in titled)) { print $2 " (" $3 ") has no entry"; bad = 1 }
    }
    END {
      for (id in known)
        if (!(id in named)) { print id " is nobody'\''s"; bad = 1 }
      exit bad
    }' "$TOP_SRCDIR/systemd/signind.catalog" "$TOP_SRCDIR/daemon/names.h"
}

potfiles_is_complete ()
{
  cd "$TOP_SRCDIR" || return 1
  grep '\.[ch]$' po/POTFILES.in | sort >"$scratch/listed"
  find daemon client -name '*.[ch]' -exec grep -lE '(^|[^A-Za-z0-9_])([NC]?_|d?n?gettext) ?\(' {} + |
    sort >"$scratch/needed"
  diff "$scratch/needed" "$scratch/listed"
}

# The generator by itself, with an `unshare` that says yes or no.
generate ()
{
  rm -rf "${scratch:?}/out" "${scratch:?}/bin"
  mkdir "$scratch/out" "$scratch/bin"
  printf '#!/bin/sh\nexit %s\n' "$1" >"$scratch/bin/unshare"
  chmod +x "$scratch/bin/unshare"
  env XDG_STATE_HOME="$2" PATH="$scratch/bin:$PATH" "$TOP_SRCDIR/systemd/signind-sandbox-generator" "$scratch/out" \
    "$scratch/out" "$scratch/out"
}

dropin=signind.service.d/50-sandbox.conf

generator_with_namespaces ()
{
  generate 0 "" && grep -qx 'PrivateUsers=yes' "$scratch/out/$dropin" &&
    grep -qx 'ReadWritePaths="-%h/.local/state/signind"' "$scratch/out/$dropin"
}

generator_without_namespaces ()
{
  generate 1 "" && [ -z "$(ls "$scratch/out")" ]
}

generator_follows_state_home ()
{
  generate 0 "/srv/my 100% state" && grep -qx 'ReadWritePaths="-/srv/my 100%% state/signind"' "$scratch/out/$dropin"
}

generator_ignores_relative_state_home ()
{
  generate 0 "state" && grep -qx 'ReadWritePaths="-%h/.local/state/signind"' "$scratch/out/$dropin"
}

after_install ()
{
  env HOME=/home/somebody XDG_DATA_HOME= "$TOP_SRCDIR/systemd/after-install" "$1/systemd/user" "$1/dbus-1/services" x
}

known_prefix_needs_one_command ()
{
  for data in /usr/share /usr/local/share /home/somebody/.local/share; do
    after_install "$data" | grep -q 'systemctl --user enable --now signind.service' || return 1
    ! after_install "$data" | grep -q 'ln -s' || return 1
  done
}

other_prefix_says_how ()
{
  after_install /opt/signind/share | grep -q "ln -sf '/opt/signind/share/systemd/user'/signind\*.service"
}

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

check "no variable is left in generated files" no_variable_left
check "they start programs by absolute paths" programs_are_absolute
check "bus name, unit and activation file agree" activation_names_the_unit
check "the desktop entries are valid" desktop_entry_is_valid
check "the entry's actions need no terminal" desktop_entry_has_actions
check "entry, icon and popups share one id" desktop_id_is_one
check "the symbolic icon is one" symbolic_icon_is_symbolic
check "the preset names the unit" preset_names_the_unit
check "the unit has no line that needs user namespaces" unit_needs_no_namespaces
check "the catalog explains every message id, and no other" catalog_is_complete
check "po/POTFILES.in lists every file with translatable texts" potfiles_is_complete
check "only signin-healthd may and can use a network" only_health_has_a_network
check "the generator writes the sandbox where user namespaces work" generator_with_namespaces
check "and nothing where they are denied" generator_without_namespaces
check "it lets XDG_STATE_HOME through" generator_follows_state_home
check "but not a relative one" generator_ignores_relative_state_home
check "make install names the one command" known_prefix_needs_one_command
check "and the missing one for an unusual prefix" other_prefix_says_how
echo "1..$number"
