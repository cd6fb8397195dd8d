# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A whole machine of our own, for what must not be done to the one that tests: its clock is set, it sleeps, it starts
# anew. Debian with systemd, logind and a user manager in QEMU, without network. Sourced; needs root to be built once.
#   vm_build FOLDER              the guest, from where this machine has its packages; kept in FOLDER
#   vm_disk FOLDER DISK          a new disk of the guest, changes in it stay until it is removed
#   vm_boot FOLDER DISK TREE SCRIPT SECONDS [QEMU-ARGUMENT...]
#                                boots, unpacks the folder TREE over the root, runs SCRIPT as the user `person` in a
#                                session of its own and prints what that prints; ends with the machine
# In there a script may call `sudo date --set=...` and `vm-suspend SECONDS`, which returns after the resume.

VM_PACKAGES=systemd,systemd-sysv,libpam-systemd,dbus,dbus-user-session,sudo,procps,libglib2.0-0,libnotify4,libsqlite3-0,
VM_PACKAGES+=libsystemd0,libcurl4,libjansson4

# Where apt has the packages of this Debian from, and how it is called.
vm_origin ()
{
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
    grep -v -e -security -e -updates | head -n 1
}

vm_build ()
{
  [ ! -e "$1/ready" ] || return 0
  rm -rf "$1"
  mkdir -p "$1" && vm_make_root "$1" && vm_make_start "$1" && rm -rf --one-file-system "${1:?}/root" "$1/kernel" && : >"$1/ready"
}

vm_make_root ()
{
  local root=$1/root uri suite kernel size
  read -r uri suite < <(vm_origin)
  debootstrap --variant=minbase --include="$VM_PACKAGES" "$suite" "$root" "$uri" || return 1
  # The kernel is unpacked, not installed: it needs no boot loader and makes no file of its own to start from.
  kernel=$(chroot "$root" apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p')
  (cd "$root/root" && chroot "$root" sh -c "cd /root && apt-get -o APT::Sandbox::User=root -qq download ${kernel%%[[:space:]]*}") ||
    return 1
  dpkg-deb -x "$root"/root/linux-image-*.deb "$1/kernel" && cp "$1"/kernel/boot/vmlinuz-* "$1/vmlinuz" || return 1
  rm -rf "$root"/root/*.deb "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* \
    "$root"/usr/share/{doc,man,locale}/*
  vm_set_up "$root" || return 1
  size=$(du -sm "$root" | cut -f1)
  truncate -s $((size + 400))M "$1/guest.ext4" && mke2fs -q -t ext4 -d "$root" "$1/guest.ext4"
}

vm_set_up ()
{
  local root=$1 unit
  chroot "$root" useradd --create-home --uid 1000 --shell /bin/bash person || return 1
  echo 'person ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/person"
  mkdir -p "$root/var/lib/systemd/linger" "$root/var/log/journal" "$root/opt/vm"
  : >"$root/var/lib/systemd/linger/person"
  echo guest >"$root/etc/hostname"
  echo '127.0.0.1 localhost guest' >"$root/etc/hosts"
  : >"$root/etc/fstab"
  rm -f "$root/etc/resolv.conf"
  # Nothing but the test sets the clock or takes processor time.
  for unit in apt-daily.timer apt-daily-upgrade.timer systemd-timesyncd.service getty@tty1.service e2scrub_all.timer \
    serial-getty@ttyS0.service fstrim.timer dpkg-db-backup.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  cp "$TOP_SRCDIR/tests/vm/guest/vm-test.service" "$root/etc/systemd/system/"
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -s ../vm-test.service "$root/etc/systemd/system/multi-user.target.wants/"
  install -m 755 "$TOP_SRCDIR/tests/vm/guest/run" "$root/opt/vm/run"
  install -m 755 "$TOP_SRCDIR/tests/vm/guest/vm-suspend" "$root/usr/local/bin/vm-suspend"
  install -m 755 "$TOP_SRCDIR/tests/vm/guest/wake" "$root/usr/lib/systemd/system-sleep/wake"
}

# What runs before systemd: it puts what is to be tested in place.
vm_make_start ()
{
  local start=$1/start name
  mkdir -p "$start"/{bin,dev,proc,sys,root,modules}
  cp "$(command -v busybox)" "$start/bin/"
  for name in sh mount insmod switch_root sleep chroot; do
    ln -s busybox "$start/bin/$name"
  done
  for name in virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk; do
    find "$1/kernel/lib/modules" -name "$name.ko" -exec cp {} "$start/modules/" \;
  done
  install -m 755 "$TOP_SRCDIR/tests/vm/guest/init" "$start/init"
  (cd "$start" && find . | busybox cpio -o -H newc | gzip -1) >"$1/initrd" && rm -r "$start"
}

vm_disk ()
{
  rm -f "$2"
  qemu-img create -q -f qcow2 -b "$(readlink -f "$1/guest.ext4")" -F raw "$2"
}

vm_boot ()
{
  local folder=$1 disk=$2 tree=$3 script=$4 seconds=$5 work
  shift 5
  work=$(mktemp -d "$folder/boot.XXXXXX") || return 1
  tar -C "$tree" --owner=0 --group=0 -cf "$work/tree.tar" . || return 1
  install -m 755 "$script" "$work/script"
  tar -C "$work" -cf "$work/script.tar" script || return 1
  timeout --kill-after=5 "$seconds" qemu-system-x86_64 -accel tcg -cpu max -smp 2 -m 768 -no-reboot -nic none -display none \
    -monitor none -kernel "$folder/vmlinuz" -initrd "$folder/initrd" \
    -drive "file=$disk,format=qcow2,if=virtio,cache=unsafe" \
    -drive "file=$work/tree.tar,format=raw,if=virtio,readonly=on" \
    -drive "file=$work/script.tar,format=raw,if=virtio,readonly=on" \
    -serial "file:$work/console" -serial "file:$work/output" "$@" \
    -append "console=ttyS0 quiet panic=-1 mitigations=off no_console_suspend mem_sleep_default=deep systemd.show_status=0" \
    </dev/null
  cat "$work/output"
  grep -q '^vm: ended' "$work/output" || { tr -d '\r' <"$work/console" | tail -n 20 | sed 's/^/# console: /'; }
  rm -r "$work"
}
