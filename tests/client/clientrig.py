# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of signinctl stand on: the real program, and a daemon and a bus of their own."""

import fcntl
import functools
import json
import os
import pty
import re
import struct
import subprocess
import tempfile
import termios
import time
import traceback
import unicodedata

from fakedaemon import NAME, Bus, Daemon

CTL = os.path.join(os.environ["TOP_BUILDDIR"], "signinctl")

# A time zone in which it is the afternoon now: 8 hours back is today.
ZONE = "TST%+d" % (time.gmtime().tm_hour - 15)


class Rig:
    def __init__(self, folder):
        self.folder = folder
        self.bus = Bus(folder)
        self.daemon = Daemon(self.bus)
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(folder, "de_DE.UTF-8")], check=True)
        self.env = {"PATH": os.environ["PATH"], "DBUS_SESSION_BUS_ADDRESS": self.bus.address, "LC_ALL": "C.UTF-8",
                    "TZ": ZONE, "HOME": folder, "XDG_CONFIG_HOME": folder, "LOCPATH": folder, "TERM": "xterm",
                    "SIGNIND_DATADIR": os.environ["SIGNIND_DATADIR"]}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "GCOV_PREFIX", "LD_LIBRARY_PATH"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def stop(self):
        self.daemon.stop()
        self.bus.stop()

    def run(self, *args, code=0, **env):
        """Runs signinctl with pipes; checks its exit status."""
        done = subprocess.run([CTL, *args], env={**self.env, **env}, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)
        assert done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def json(self, *args, code=0, **env):
        out, err = self.run(*args, "--json", code=code, **env)
        assert err == "", err
        value = json.loads(out)
        assert value["version"] == 1
        return value

    def fails(self, code, *args, **env):
        """The one line that a call says that cannot be done."""
        out, err = self.run(*args, code=code, **env)
        assert out == "", out
        assert err.startswith("signinctl: ") and err.count("\n") == 1 and err.endswith("\n"), err
        assert "\033" not in err and "org.freedesktop" not in err and "GDBus" not in err and NAME not in err, err
        found = self.json(*args, code=code, **env)["error"]
        assert found["exit_status"] == code and found["message"] == err[len("signinctl: "):-1], (found, err)
        return err

    def terminal(self, columns, *args, code=0, typed=b"", **env):
        """What signinctl writes to a terminal, on which somebody types."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        with subprocess.Popen([CTL, *args], env={**self.env, **env}, stdin=follower, stdout=follower,
                              stderr=follower) as child:
            os.close(follower)
            os.write(leader, typed)
            out = b""
            while True:
                try:
                    more = os.read(leader, 65536)
                except OSError:
                    break
                if not more:
                    break
                out += more
        os.close(leader)
        assert child.returncode == code, (child.returncode, out)
        return out.decode().replace("\r\n", "\n")


def columns_of(line):
    """How many columns of a terminal a line takes."""
    plain = re.sub("\033\\[[0-9;]*m", "", line)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in plain)


def run_cases(cases):
    """Calls the functions of (name, function), and speaks TAP; gives the exit status."""
    failed = 0
    print("1..%d" % len(cases), flush=True)
    for number, (name, function) in enumerate(cases, 1):
        try:
            function()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:  # noqa: BLE001: whatever went wrong, the next one may do better
            failed += 1
            print("not ok %d - %s" % (number, name), flush=True)
            print("".join("# " + x + "\n" for x in traceback.format_exc().split("\n")), flush=True)
    return 1 if failed else 0


def run_checks(checks, make_rig=Rig):
    """Runs functions that are called check_… on the same rig."""
    with tempfile.TemporaryDirectory(prefix="signind-client-") as folder:
        rig = make_rig(folder)
        cases = [(c.__name__[len("check_"):].replace("_", " "), functools.partial(c, rig)) for c in checks]
        status = run_cases(cases)
        rig.stop()
    return status
