# SPDX-License-Identifier: GPL-3.0-or-later
"""What every integration test stands on: the real signind on a private bus, and a record of all that it says.

A test is a function that takes a Rig. Each gets a scratch home and a bus of its own, on which nothing can be activated
but what the test itself puts there; what the rig started ends with it, by process id. Nothing here sleeps: wait_until() turns the main loop until something
is true, within a bound that only a broken program reaches.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections import namedtuple

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.signind.Signin1"
PATH = "/org/signind/Signin1"
MANAGER = NAME + ".Manager"
ACCOUNT = NAME + ".Account"
PROPERTIES = "org.freedesktop.DBus.Properties"
ERROR = NAME + ".Error."

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
LENGTH = 8 * HOUR
WARNS_AFTER = LENGTH - 20 * MINUTE

SRCDIR = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILDDIR = os.environ.get("TOP_BUILDDIR") or os.path.join(SRCDIR, "build")
SIGNIND = os.path.join(BUILDDIR, "signind")
SIGNINCTL = os.path.join(BUILDDIR, "signinctl")
# Memory is watched: much slower, and whatever is found fails the test.
VALGRIND = os.environ.get("SIGNIND_VALGRIND") == "1"
BOUND = 90.0 if VALGRIND else 20.0
# The programs were built with sanitizers, which see what they look for in a tenth of the rounds.
SANITIZED = os.environ.get("SIGNIND_GENTLY") == "1"

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Failure(AssertionError):
    """Something that must hold does not."""


class CallFailed(Exception):
    """A D-Bus call was answered with an error."""

    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


def check(truth, what):
    """Fails the running test unless TRUTH."""
    if not truth:
        raise Failure(what)


def check_equal(got, expected, what):
    """Fails the running test unless both are the same, and shows them."""
    if got != expected:
        raise Failure(f"{what}: got {got!r}, expected {expected!r}")


def diag(text):
    """Prints TEXT as a TAP diagnostic."""
    for line in str(text).splitlines():
        print("# " + line.encode("ascii", "backslashreplace").decode(), flush=True)


def wait_until(predicate, bound=BOUND, what="the condition"):
    """Turns the main loop until PREDICATE() is true and returns what it gave."""
    context = GLib.MainContext.default()
    end = time.monotonic() + bound
    # Some predicates look at processes or files, of which the main loop hears nothing.
    tick = GLib.timeout_add(10, lambda: True)
    try:
        while True:
            value = predicate()
            if value:
                return value
            if time.monotonic() >= end:
                raise Failure(f"not within {bound:g} s: {what}")
            context.iteration(True)
    finally:
        GLib.source_remove(tick)


def watch_for(seconds):
    """Turns the main loop for SECONDS: for tests whose subject is that nothing happens meanwhile."""
    over = []
    GLib.timeout_add(int(seconds * 1000), lambda: over.append(True))
    wait_until(lambda: over, seconds + BOUND, "the end of a time of quiet")


def switches(pid):
    """Context switches of every thread of a process, by thread."""
    counted = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii", errors="replace") as file:
            fields = dict(line.split(":", 1) for line in file)
        counted[f"{thread} {fields['Name'].strip()}"] = (int(fields["voluntary_ctxt_switches"])
                                                         + int(fields["nonvoluntary_ctxt_switches"]))
    return counted


def now():
    """CLOCK_REALTIME in microseconds."""
    return time.clock_gettime_ns(time.CLOCK_REALTIME) // 1000


def account_path(account_id):
    """The object of an account."""
    escaped = "".join(chr(b) if chr(b).isalnum() else f"_{b:02x}" for b in account_id.encode())
    return f"{PATH}/account/{escaped}"


def obey_permissions():
    """For a child about to run as root: read-only is read-only for it, too."""
    if os.geteuid() == 0:
        pr_capbset_drop, cap_dac_override, cap_dac_read_search = 24, 1, 2
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (cap_dac_override, cap_dac_read_search):
            if libc.prctl(pr_capbset_drop, capability, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "cannot drop a capability")


def end_process(process):
    """Ends a process that the rig started, whatever state it is in. With SIGNIND_GENTLY=1 it may end by itself first, for
    what only happens then: leaks are looked for, and lines that ran are counted."""
    if process.poll() is None and SANITIZED:
        process.terminate()
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            pass
    if process.poll() is None:
        process.kill()
    process.wait()


Event = namedtuple("Event", "kind member path args when")


class Client:
    """A connection that records, in the order of their arrival, all signals and the manager's answers."""

    def __init__(self, address):
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.connection.set_exit_on_close(False)
        self.events = []
        self.connection.signal_subscribe(None, None, None, None, None, Gio.DBusSignalFlags.NONE, self._signal)

    def _signal(self, _connection, _sender, path, interface, member, parameters):
        kind = "signal"
        args = parameters.unpack()
        if interface == PROPERTIES:
            kind, member, args = "changed", args[0], args[1]
        elif interface.startswith("org.freedesktop."):
            kind = "bus"
        self.events.append(Event(kind, member, path, args, time.monotonic()))

    def call_variant(self, member, parameters, path=PATH, interface=MANAGER, name=NAME, bound=BOUND):
        """Calls with PARAMETERS, a GVariant or None, and gives the unpacked reply."""
        result = []

        def done(connection, task):
            try:
                reply = connection.call_finish(task)
                kind, outcome = "reply", reply.unpack() if reply else ()
            except GLib.Error as error:
                remote = Gio.DBusError.get_remote_error(error)
                message = error.message.removeprefix(f"GDBus.Error:{remote}: ")
                kind, outcome = "error", CallFailed(remote or f"local {error.domain} {error.code}", message)
            result.append(outcome)
            if interface == MANAGER:
                self.events.append(Event(kind, member, path, outcome, time.monotonic()))

        self.connection.call(name, path, interface, member, parameters, None, Gio.DBusCallFlags.NO_AUTO_START,
                             int(bound * 1000), None, done)
        wait_until(lambda: result, bound + 5, f"an answer to {member}")
        if isinstance(result[0], CallFailed):
            raise result[0]
        return result[0]

    def call(self, member, signature=None, *args, **where):
        """Calls with ARGS of SIGNATURE."""
        return self.call_variant(member, GLib.Variant(f"({signature})", args) if signature else None, **where)

    def add(self, account_id="contoso", **details):
        """AddAccount, by default of dynamics365 in an organization called like the account."""
        types = {"length": "t", "lead": "t"}
        details = {"organization": "contoso", "region": "crm4", **details}
        packed = {key.replace("_", "-"): GLib.Variant(types.get(key, "s"), value) for key, value in details.items()}
        return self.call("AddAccount", "sa{sv}", account_id, packed)[0]

    def record(self, account_id="contoso", at=None, source=None, silent=None, bound=BOUND):
        """RecordSignIn; gives the end of the session."""
        options = {}
        if at is not None:
            options["at"] = GLib.Variant("t", at)
        if source is not None:
            options["source"] = GLib.Variant("s", source)
        if silent is not None:
            options["silent"] = GLib.Variant("b", silent)
        return self.call("RecordSignIn", "sa{sv}", account_id, options, bound=bound)[0]

    def properties(self, interface, path):
        """All properties of an object."""
        return self.call("GetAll", "s", interface, path=path, interface=PROPERTIES)[0]

    def account(self, account_id="contoso"):
        """The properties of an account."""
        return self.properties(ACCOUNT, account_path(account_id))

    def manager(self):
        """The properties of the manager."""
        return self.properties(MANAGER, PATH)

    def objects(self):
        """Everything that the daemon shows: its accounts, and the manager."""
        managed = self.call("GetManagedObjects", interface="org.freedesktop.DBus.ObjectManager")[0]
        return managed, self.manager()

    def owner(self, name=NAME):
        """The unique name behind NAME, or None."""
        try:
            return self.call("GetNameOwner", "s", name, path="/org/freedesktop/DBus",
                             interface="org.freedesktop.DBus", name="org.freedesktop.DBus")[0]
        except CallFailed:
            return None

    def signals(self, member=None):
        """The signals of the daemon that came so far."""
        return [e for e in self.events if e.kind == "signal" and member in (None, e.member)]

    def wait_signal(self, member, bound=BOUND, count=1):
        """Waits until MEMBER came COUNT times, and gives the last of them."""
        wait_until(lambda: len(self.signals(member)) >= count, bound, f"signal {member}")
        return self.signals(member)[count - 1]

    def close(self):
        """Leaves the bus."""
        if not self.connection.is_closed():
            self.connection.close_sync(None)


class NotifySocket:
    """Stands in for the service manager: takes what is sent to NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(path)
        self.watch = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, self.socket.fileno(), GLib.IOCondition.IN, self._take)

    def _take(self, *_args):
        try:
            while True:
                self.lines += self.socket.recv(65536).decode().splitlines()
        except BlockingIOError:
            return True

    def values(self, key):
        """Every value that KEY had, in order."""
        return [line.partition("=")[2] for line in self.lines if line.startswith(key + "=")]

    def close(self):
        """Stops listening, with all that came so far taken in."""
        self._take()
        GLib.source_remove(self.watch)
        self.socket.close()


def under_valgrind(command, log):
    """COMMAND as memcheck runs it. What it finds goes to the file LOG, which stays empty otherwise."""
    supp = os.path.join(SRCDIR, "tests", "integration", "memcheck.supp")
    return ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite",
            "--errors-for-leak-kinds=definite", "--num-callers=30", "--child-silent-after-fork=yes",
            f"--suppressions={supp}", f"--log-file={log}", *command]


class Daemon:
    """One life of signind."""

    def __init__(self, rig, args=(), env=None, preload=(), obey=False, program=SIGNIND):
        rig.lives += 1
        self.notify = NotifySocket(os.path.join(rig.dir, f"notify-{rig.lives}"))
        self.log_path = os.path.join(rig.dir, f"signind-{rig.lives}.log")
        environment = dict(rig.env, NOTIFY_SOCKET=self.notify.path, **(env or {}))
        if preload:
            environment["LD_PRELOAD"] = " ".join(preload)
            sanitizer = environment.get("ASAN_OPTIONS", "")
            environment["ASAN_OPTIONS"] = sanitizer + ":verify_asan_link_order=0"
        self.memory_log = os.path.join(rig.dir, f"memory-{rig.lives}.log")
        command = [program, *args]
        if VALGRIND and program == SIGNIND:
            command = under_valgrind(command, self.memory_log)
            environment["G_SLICE"] = "always-malloc"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=rig.dir, preexec_fn=obey_permissions if obey else None)
        self.pid = self.process.pid

    def log(self):
        """All that it printed."""
        with open(self.log_path, encoding="utf-8", errors="backslashreplace") as file:
            return file.read()

    def is_ready(self):
        """Whether READY=1 came."""
        return "1" in self.notify.values("READY")

    def status(self):
        """The last STATUS=."""
        return (self.notify.values("STATUS") or [""])[-1]

    def wait_ready(self, bound=BOUND):
        """Waits for READY=1; an early end is a failure."""
        wait_until(lambda: self.is_ready() or self.process.poll() is not None, bound, "READY=1")
        check(self.is_ready(), f"signind ended with {self.process.returncode} before it was ready:\n{self.log()}")
        return self

    def wait_exit(self, bound=BOUND):
        """Waits for its end and gives the exit status (negative: the signal)."""
        wait_until(lambda: self.process.poll() is not None, bound, "the end of signind")
        self.notify._take()
        return self.process.returncode

    def stop(self, by=signal.SIGTERM, bound=BOUND):
        """Asks it to end, and gives the exit status."""
        self.process.send_signal(by)
        return self.wait_exit(bound)

    def memory_errors(self):
        """Ends it, and gives what memcheck found."""
        if not os.path.exists(self.memory_log):
            return ""
        if self.process.poll() is None:
            # What was lost is counted at the end of a program, not at its death.
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(BOUND)
            except subprocess.TimeoutExpired:
                return "it did not end"
        with open(self.memory_log, encoding="utf-8", errors="backslashreplace") as file:
            return file.read()

    def close(self):
        """Ends it for certain."""
        end_process(self.process)
        self.notify.close()


class Rig:
    """A scratch home with a bus, and everything that was started there."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="signind-test-")
        self.lives = 0
        self.opened = []
        self._client = None
        self.env = self._environment()
        self.address = None
        self.start_bus()

    def _environment(self):
        env = {key: value for key, value in os.environ.items() if key in ("PATH", "TMPDIR") or "SAN_OPTIONS" in key}
        for key, folder in (("HOME", "home"), ("XDG_CONFIG_HOME", "home/.config"), ("XDG_CACHE_HOME", "home/.cache"),
                            ("XDG_DATA_HOME", "home/.local/share"), ("XDG_STATE_HOME", "home/.local/state"),
                            ("XDG_RUNTIME_DIR", "run")):
            env[key] = os.path.join(self.dir, folder)
            os.makedirs(env[key], mode=0o700, exist_ok=True)
        env.update(SIGNIND_DATADIR=os.environ.get("SIGNIND_DATADIR") or os.path.join(SRCDIR, "data"),
                   LC_ALL="C.UTF-8", TZ="UTC", NO_COLOR="1", G_DEBUG="fatal-criticals", GSETTINGS_BACKEND="memory",
                   DBUS_SYSTEM_BUS_ADDRESS="unix:path=" + os.path.join(self.dir, "no-system-bus"))
        return env

    def keep(self, thing):
        """Closes THING when the rig ends, the youngest first."""
        self.opened.append(thing)
        return thing

    def start_bus(self):
        """Starts the bus, and waits for it to take connections."""
        config = os.path.join(self.dir, "bus.conf")
        services = os.path.join(self.dir, "services")
        os.makedirs(services, exist_ok=True)
        with open(config, "w", encoding="utf-8") as file:
            file.write(BUS_CONFIG.format(socket=os.path.join(self.dir, "bus"), services=services))
        with open(os.path.join(self.dir, "bus.log"), "wb") as log:
            self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + config,
                                         "--print-address=1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=log, env=self.env)
        self.address = self.bus.stdout.readline().decode().strip()
        self.bus.stdout.close()
        check(self.address, "dbus-daemon did not start")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.address

    def make_activatable(self, name, command, **environment):
        """Lets the bus start COMMAND when NAME is called, with the rig's environment and ENVIRONMENT."""
        with open(os.path.join(self.dir, "services", name + ".service"), "w", encoding="utf-8") as file:
            file.write(f"[D-BUS Service]\nName={name}\nExec={command}\n")
        bus = {"path": "/org/freedesktop/DBus", "interface": "org.freedesktop.DBus", "name": "org.freedesktop.DBus"}
        self.client.call("ReloadConfig", **bus)
        if environment:
            self.client.call("UpdateActivationEnvironment", "a{ss}", environment, **bus)

    @property
    def client(self):
        """The rig's own connection, with its record."""
        if not self._client:
            self._client = self.keep(Client(self.address))
        return self._client

    def start(self, *args, ready=True, **how):
        """Starts signind; its signals are on record from before it had a name."""
        self.client.owner()
        daemon = self.keep(Daemon(self, args, **how))
        return daemon.wait_ready() if ready else daemon

    def state_dir(self):
        """Where signind keeps its state."""
        return os.path.join(self.env["XDG_STATE_HOME"], "signind")

    def ctl(self, *args, bound=BOUND, **how):
        """Runs signinctl, with text or bytes as arguments."""
        return subprocess.run([SIGNINCTL, *args], env=dict(self.env, **how.pop("env", {})), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=bound, check=False, **how)

    def memory_errors(self):
        """What memcheck found in any of the daemons, which have ended then."""
        return "".join(thing.memory_errors() for thing in self.opened if isinstance(thing, Daemon))

    def show_what_happened(self):
        """What was seen on the bus and what the daemons printed, for whoever reads a failure."""
        if self._client:
            for event in self.client.events[-40:]:
                diag(f"{event.when:.6f} {event.kind} {event.member} {event.path} {str(event.args)[:300]}")
        for thing in self.opened:
            if isinstance(thing, Daemon):
                diag(f"signind {thing.pid}, exit status {thing.process.poll()}, notified {thing.notify.lines}:")
                diag(thing.log()[-4000:])
                diag(thing.memory_errors()[:20000])

    def close(self):
        """Ends all that was started here and forgets it."""
        for thing in reversed(self.opened):
            thing.close()
        end_process(self.bus)
        shutil.rmtree(self.dir, ignore_errors=True)


_tests = []


def test(description):
    """Marks a function as the test that shows DESCRIPTION."""
    def register(function):
        _tests.append((description, function))
        return function
    return register


def _run_one(function, make):
    rig = make()
    try:
        function(rig)
        check(not VALGRIND or not rig.memory_errors(), "memcheck found something")
        return True
    except Exception:  # Whatever it was, the next test shall run.
        diag(traceback.format_exc())
        # What stands on no session bus has nothing more to tell.
        if hasattr(rig, "show_what_happened"):
            rig.show_what_happened()
        return False
    finally:
        rig.close()


def run(make=Rig):
    """Runs the tests of this file, or only those whose description has one of the given words, and speaks TAP. Each gets
    a rig of its own from MAKE.

    SIGNIND_LEAVE_OUT names tests, one a line, that cannot work in the way in which signind is run this time."""
    wanted, left_out = sys.argv[1:], os.environ.get("SIGNIND_LEAVE_OUT", "").splitlines()
    chosen = [(d, f) for d, f in _tests if d not in left_out and (not wanted or any(word in d for word in wanted))]
    print(f"1..{len(chosen)}", flush=True)
    failed = 0
    for number, (description, function) in enumerate(chosen, 1):
        passed = _run_one(function, make)
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {number} - {description}", flush=True)
    sys.exit(1 if failed else 0)
