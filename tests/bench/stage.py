# SPDX-License-Identifier: GPL-3.0-or-later
"""Where measuring happens: signind in a scratch home on a real disk, its peers on a bus beside it."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))

from harness import (BUILDDIR, HOUR, SIGNINCTL, SIGNIND, SRCDIR, Rig, check, end_process, now,  # noqa: E402,F401
                     wait_until)

PROBE = os.path.join(BUILDDIR, "tests/bench/probe")
BARE_SQLITE = os.path.join(BUILDDIR, "tests/bench/bare-sqlite")
MANY_SESSIONS = os.path.join(BUILDDIR, "tests/bench/many-sessions")

# Name on the bus and program of each daemon to compare with, and whether it needs a display.
PEERS = {
    "boltd": ("org.freedesktop.bolt", ("/usr/libexec/boltd", "/usr/lib/bolt/boltd"), False),
    "power-profiles-daemon": ("net.hadess.PowerProfiles",
                              ("/usr/libexec/power-profiles-daemon", "/usr/lib/power-profiles-daemon"), False),
    "dunst": ("org.freedesktop.Notifications", ("/usr/bin/dunst",), True),
    "krb5-auth-dialog": ("org.gnome.KrbAuthDialog", ("/usr/bin/krb5-auth-dialog",), True),
}

missing = {}


def find(name, *paths):
    """The path of a program, or None; what is not there is named in the end."""
    found = next((path for path in paths if os.access(path, os.X_OK)), None) or shutil.which(name)
    if not found:
        missing[name] = "not installed"
    return found


def file_system(folder):
    """The type of the file system that a folder lies on."""
    return subprocess.run(["stat", "--file-system", "--format=%T", folder], capture_output=True, text=True,
                          check=True).stdout.strip()


def unit_environment():
    """What the installed unit runs signind with."""
    with open(os.path.join(SRCDIR, "systemd", "signind.service.in"), encoding="utf-8") as file:
        lines = [line.strip().partition("=")[2] for line in file if line.startswith("Environment=")]
    return dict(line.split("=", 1) for line in lines)


def probe(*args, env=None, program=PROBE):
    """Runs the stop-watch, and gives its numbers."""
    done = subprocess.run([program, *map(str, args)], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    check(done.returncode == 0, f"{os.path.basename(program)} {' '.join(map(str, args))}: {done.stderr.strip()}")
    return [float(line) for line in done.stdout.split()]


def time_run(argv, env):
    """The microseconds that a whole process takes."""
    done = subprocess.run([PROBE, "run", *argv], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    check(done.returncode == 0, f"{argv[0]}: {done.stderr.strip()}")
    return float(done.stderr.split()[-1])


def percentile(values, share):
    """The value that SHARE of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


median = statistics.median


def write_back(path):
    """Waits until a file is on disk: pages of a program that was only just built count as dirty, and as its own."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


class Ending:
    """A process that ends with its stage."""

    def __init__(self, process):
        self.process = process

    def close(self):
        """Asks it to end, and makes sure."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            end_process(self.process)


class Stage(Rig):
    """A rig with its state on the disk that the build lies on, and nothing switched on that only tests need."""

    def __init__(self):
        super().__init__()
        self.state = tempfile.mkdtemp(prefix="bench-", dir=BUILDDIR)
        self.env["XDG_STATE_HOME"] = self.state
        del self.env["G_DEBUG"]
        self.env.update(unit_environment())

    def launch(self):
        """Starts signind with nobody to notify: a socket that is not read while something is timed would fill up."""
        write_back(SIGNIND)
        with open(os.path.join(self.dir, "signind.log"), "ab") as log:
            process = self.keep(Ending(subprocess.Popen([SIGNIND], env=self.env, stdin=subprocess.DEVNULL, stdout=log,
                                                        stderr=log))).process
        wait_until(lambda: self.client.owner() or process.poll() is not None, what="signind")
        check(process.poll() is None, "signind did not start")
        return process

    def close(self):
        super().close()
        shutil.rmtree(self.state, ignore_errors=True)

    def add_three(self):
        """Three accounts, one of them signed in."""
        for account_id in ("contoso", "fabrikam", "tailspin"):
            self.client.add(account_id)
        self.client.record(at=now() - HOUR)


class Peers(Stage):
    """Those to compare with, on a bus of their own that stands for both the system's and the session's."""

    def __init__(self):
        super().__init__()
        self.display = None
        self.running = {}
        # Nothing of theirs may touch the machine: state, devices and power settings are those of an empty scratch tree.
        self.env.update(DBUS_SYSTEM_BUS_ADDRESS=self.address, STATE_DIRECTORY=os.path.join(self.state, "lib"),
                        RUNTIME_DIRECTORY=os.path.join(self.dir, "run"), UMOCKDEV_DIR=self.dir, NO_AT_BRIDGE="1",
                        GTK_A11Y="none", GIO_USE_VFS="local",
                        # It is watched, with its folder: that of /tmp changes all the time.
                        KRB5CCNAME="FILE:" + os.path.join(self.state, "krb5cc"))
        os.makedirs(self.env["STATE_DIRECTORY"])
        self.log = open(os.path.join(self.dir, "peers.log"), "wb")

    def need_display(self):
        """Starts a virtual display, once; False if there is no program for it."""
        if self.display or not find("Xvfb"):
            return bool(self.display)
        self.display = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp",
                                         "-noreset"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log)
        self.env["DISPLAY"] = ":" + self.display.stdout.readline().decode().strip()
        self.display.stdout.close()
        return True

    def program(self, name):
        """The path of a peer that can run here, or None."""
        _bus_name, paths, graphical = PEERS[name]
        if name in missing or (graphical and not self.need_display()):
            return None
        return find(name, *paths)

    def start_peer(self, name):
        """Starts a peer and waits for its name; one that does not come up is named in the end."""
        path = self.program(name)
        if not path:
            return
        process = subprocess.Popen([path], env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.running[name] = process
        wait_until(lambda: self.client.owner(PEERS[name][0]) or process.poll() is not None, what=name)
        if process.poll() is not None:
            del self.running[name]
            missing[name] = f"ended with {process.returncode} at its start"

    def close(self):
        for process in self.running.values():
            end_process(process)
        if self.display:
            end_process(self.display)
        self.log.close()
        super().close()


def memory(pid):
    """Memory of a process in kB, as the kernel counts it: what nobody shares, and its fair share of all."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii", errors="replace") as file:
        fields = {line.split(":")[0]: int(line.split()[1]) for line in file if line.endswith("kB\n")}
    return {"private": fields["Private_Dirty"], "pss": fields["Pss"]}


def switches(pid):
    """Context switches of all threads of a process so far: each wake-up is at least one."""
    count = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii", errors="replace") as file:
            count += sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
    return count
