# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures. Each function measures what belongs together, ours and the peers' by turns, and gives rows."""

import glob
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, closing
from functools import partial

import stage
from browserhost import HOST, event, take_memory, take_time
from desktop import NotificationServer
from faults import FAULTS, Subject, calm_subject, compare
from harness import (LENGTH, MANAGER, MINUTE, NAME, PATH, SECOND, WARNS_AFTER, GLib, check, now, wait_until,
                     watch_for)
from stage import (BARE_SQLITE, BUILDDIR, MANY_SESSIONS, PEERS, PROBE, SIGNINCTL, SIGNIND, Peers, Stage, median, memory,
                   percentile, probe, switches, time_run)
from table import Row

SETTLE = 30
REST = 60
LEAD = LENGTH - WARNS_AFTER
STARTS = 20
RUNS = 40
DEADLINES = 1000
SERVED = 200
SPREAD = 20 * SECOND
SOURCES = 16


def in_turns(count, subjects):
    """Calls each of SUBJECTS, by name, COUNT times in turns, so that whatever else the machine does meets all alike."""
    taken = {name: [] for name in subjects}
    for _ in range(count):
        for name, subject in subjects.items():
            taken[name].append(subject())
    return taken


def _expire(client):
    client.add()
    client.record(at=now() - LENGTH + SECOND)
    client.wait_signal("Expired")


def rest():
    """Memory and wake-ups of everybody at rest, in the same minutes."""
    with ExitStack() as stack:
        peers = stack.enter_context(closing(Peers()))
        for name in PEERS:
            peers.start_peer(name)
        running = stack.enter_context(closing(Stage()))
        running.daemon = running.launch()
        running.add_three()
        watch_for(SETTLE)
        ours = memory(running.daemon.pid)
        theirs = {name: memory(process.pid) for name, process in peers.running.items()}

        # Only now the other two: they would share pages with the first, and make it look smaller.
        situations = {"running session": running}
        for name, prepare in (("expired session", _expire), ("no account", lambda client: None)):
            situations[name] = stack.enter_context(closing(Stage()))
            situations[name].daemon = situations[name].launch()
            prepare(situations[name].client)
        watch_for(SETTLE)
        pids = {name: peers.running[name].pid for name in peers.running}
        pids.update({name: rig.daemon.pid for name, rig in situations.items()})
        before = {name: switches(pid) for name, pid in pids.items()}
        watch_for(REST)
        woken = {name: switches(pid) - before[name] for name, pid in pids.items()}

    rows = []
    for key, figure in (("private", "private memory, at rest"), ("pss", "PSS, at rest")):
        for name in PEERS:
            bounds = {"must": 1.3, "goal": 1.0} if name == "boltd" else {}
            rows.append(Row(figure, "kB", ours[key], name, theirs.get(name, {}).get(key), **bounds))
    for name in situations:
        rows.append(Row(f"wake-ups in {REST} s, {name}", "", woken[name], must=0, limits="value"))
    rows += [Row(f"wake-ups in {REST} s", "", woken["running session"], name, woken[name]) for name in peers.running]
    return rows


def start():
    """From exec to the name on the bus and, for us, READY=1: with three accounts and one session to load."""
    with closing(Peers()) as peers, closing(Stage()) as ours:
        daemon = ours.launch()
        ours.add_three()
        daemon.terminate()
        daemon.wait()
        subjects = {"signind": lambda: probe("start", ours.address, NAME, "ready", SIGNIND, env=ours.env)[0]}
        for name, (bus_name, _paths, _graphical) in PEERS.items():
            path = peers.program(name)
            if path:
                subjects[name] = (lambda bus_name=bus_name, path=path:
                                  probe("start", peers.address, bus_name, "name", path, env=peers.env)[0])
        taken = {name: median(values) / 1000 for name, values in in_turns(STARTS, subjects).items()}
    rows = []
    for name in PEERS:
        bounds = {"must": 1.0, "goal": 0.7} if name == "boltd" else {}
        rows.append(Row("exec to name and READY", "ms", taken["signind"], name, taken.get(name), **bounds))
    return rows


def status():
    """`signinctl status`, the whole process, and others that ask their bus one thing."""
    with closing(Peers()) as peers, closing(Stage()) as ours:
        ours.launch()
        ours.add_three()
        peers.start_peer("boltd")
        call = (NAME, PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        commands = {
            "busctl call": (stage.find("busctl"), "--user", "call", *call),
            "dbus-send": (stage.find("dbus-send"), "--session", "--print-reply", "--dest=" + NAME, PATH,
                          ".".join(call[2:])),
            "gdbus call": (stage.find("gdbus"), "call", "--session", "--dest", NAME, "--object-path", PATH, "--method",
                           ".".join(call[2:])),
            "boltctl list": (stage.find("boltctl") if "boltd" in peers.running else None, "list"),
        }
        subjects = {"signinctl": lambda: time_run((SIGNINCTL, "status"), ours.env)}
        for name, argv in commands.items():
            if argv[0]:
                env = peers.env if name.startswith("boltctl") else ours.env
                subjects[name] = lambda argv=argv, env=env: time_run(argv, env)
        taken = {name: median(values) / 1000 for name, values in in_turns(RUNS, subjects).items()}
    rows = []
    for name in commands:
        bounds = {"must": 1.0, "goal": 0.6} if name == "busctl call" else {}
        rows.append(Row("signinctl status", "ms", taken["signinctl"], name, taken.get(name), **bounds))
    return rows


def host():
    """The browsers' host: from starting it to having read its answer, as a browser does for each message."""
    with closing(Stage()) as ours:
        ours.launch()
        ours.add_three()
        subjects = {"event": lambda: take_time(ours, event()), "status": lambda: take_time(ours, {"type": "status"})}
        taken = {name: median(values) * 1000 for name, values in in_turns(RUNS, subjects).items()}
        memory_used = max(take_memory(ours, {"type": "status"}) for _ in range(3)) / 1000
    return [
        Row("browsers' host, round trip of an event", "ms", taken["event"], must=20, limits="value"),
        Row("browsers' host, round trip of status", "ms", taken["status"], must=20, limits="value"),
        Row("browsers' host, memory at most", "kB", memory_used, must=5000, limits="value"),
    ]


def _record_ahead(rig, first):
    """Signs in DEADLINES times, so that the warnings come from FIRST on, SPREAD apart in all."""
    connection = rig.client.connection
    answered = []
    for number in range(DEADLINES):
        if number % SOURCES == 0:
            account = f"account{number // SOURCES}"
            rig.client.add(account)
        options = {"at": GLib.Variant("t", first + number * SPREAD // DEADLINES - WARNS_AFTER),
                   "source": GLib.Variant("s", f"source {number % SOURCES}")}
        connection.call(NAME, PATH, MANAGER, "RecordSignIn", GLib.Variant("(sa{sv})", (account, options)), None, 0, -1,
                        None, lambda link, result: answered.append(link.call_finish(result)))
    wait_until(lambda: len(answered) == DEADLINES, 60, "all sign-ins to be stored")


def _lateness(rig):
    """How late each of DEADLINES warnings arrives on the bus, in ms."""
    with subprocess.Popen([PROBE, "listen", rig.address, str(DEADLINES), str(LEAD)], stdout=subprocess.PIPE,
                          text=True) as listener:
        try:
            check(listener.stdout.readline() == "listening\n", "the listener does not listen")
            first = now() + 10 * SECOND
            _record_ahead(rig, first)
            check(now() < first, "signing in took longer than the deadlines allow")
            # From here on nobody but the listener hears the signals.
            rig.opened.remove(rig.client)
            rig.client.close()
            rig._client = None
            text, _ = listener.communicate(timeout=120)
        finally:
            stage.end_process(listener)
    late = [float(line) / 1000 for line in text.split()]
    check(len(late) == DEADLINES, f"only {len(late)} warnings came")
    check(min(late) >= 0, f"a warning came {-min(late)} ms early")
    return late


def lateness():
    """How late warnings are, with a notification server that hangs and without one; and how calls do meanwhile."""
    late, calls = {}, {}
    for mode in ("undisturbed", "server hangs"):
        with closing(Stage()) as rig:
            server = NotificationServer(rig, "mute") if mode == "server hangs" else None
            rig.launch()
            rig.client.add()
            rig.client.record(at=now() - WARNS_AFTER - MINUTE)
            rig.client.wait_signal("Warning")
            if server:
                wait_until(lambda: server.said[1:], what="the first call to the server that hangs")
            calls[mode] = [value / 1000 for value in probe("read", rig.address, 500)]
            late[mode] = _lateness(rig)
    rows = [
        Row("lateness of Warning, median", "ms", median(late["undisturbed"])),
        Row("lateness of Warning, p99", "ms", percentile(late["undisturbed"], 0.99), must=5, goal=1, limits="value"),
        Row("lateness of Warning, longest", "ms", max(late["undisturbed"])),
        Row("the same, server hangs, p99", "ms", percentile(late["server hangs"], 0.99), "undisturbed",
            percentile(late["undisturbed"], 0.99), must=5, goal=1, limits="value"),
        Row("D-Bus call, server hangs, p99", "ms", percentile(calls["server hangs"], 0.99), "undisturbed",
            percentile(calls["undisturbed"], 0.99), must=50, limits="value"),
    ]
    return rows


def server(name, kind):
    """How late warnings are, and how long calls take, with one fault of a notification server: beside a daemon whose
    server is well, in the same seconds."""
    with closing(Stage()) as rig:
        subject, calm = Subject(rig, kind), calm_subject(rig)
        late = [percentile(values, 0.99) for values in compare(subject, calm, SERVED)]
        calls = [percentile(one.calls(SERVED), 0.99) for one in (subject, calm)]
    return [
        Row(f"lateness of Warning, {name}, p99", "ms", late[0], "undisturbed", late[1],
            must=max(1.5 * late[1], late[1] + 1), limits="value"),
        Row(f"D-Bus call, {name}, p99", "ms", calls[0], "undisturbed", calls[1], must=50, limits="value"),
    ]


def record():
    """A sign-in, stored before it is answered, against the same rows and nothing but the commit; and what is gained by
    many at once."""
    block, abreast = 200, 16
    with closing(Stage()) as rig:
        daemon = rig.launch()
        rig.client.add()
        rig.client.record()
        daemon.terminate()
        daemon.wait()
        for path in glob.glob(os.path.join(rig.state, "signind", "signind.db*")):
            shutil.copy(path, rig.state)
        rig.launch()
        rig.client.close()
        bare = os.path.join(rig.state, "signind.db")
        taken = in_turns(5, {"one": lambda: probe("record", rig.address, block, "contoso", 1),
                             "bare": lambda: probe(bare, block, program=BARE_SQLITE),
                             "many": lambda: probe("record", rig.address, 12, "contoso", abreast),
                             "call": lambda: probe("read", rig.address, block)})
        taken = {name: median([value for values in blocks for value in values]) / 1000 for name, blocks in taken.items()}
    return [
        # A commit of 0.5 ms leaves 0.25 ms for all else; where the disk is faster than that, this stays the bound.
        Row("RecordSignIn, stored", "ms", taken["one"], "bare SQLite", taken["bare"],
            must=max(1.5, 1 + 0.25 / taken["bare"]), goal=1.2),
        Row("RecordSignIn, beside its commit", "ms", taken["one"] - taken["bare"], "a call that only reads",
            taken["call"]),
        Row(f"RecordSignIn, {abreast} at once, each", "ms", taken["many"], "bare SQLite", taken["bare"]),
    ]


def many():
    """Tracker and store with far more than the daemon takes on."""
    results = {}
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILDDIR) as folder, closing(Stage()) as rig:
        for count in (1_000, 10_000, 100_000):
            path = os.path.join(folder, f"{count}.db")
            done = subprocess.run([MANY_SESSIONS, path, str(count)], env=rig.env, capture_output=True, text=True,
                                  check=False)
            check(done.returncode == 0, done.stderr)
            results[count] = json.loads(done.stdout)
    most, least = results[100_000], results[1_000]
    rows = [
        Row("100,000 sessions: load", "s", most["load_sec"], must=1, limits="value"),
        Row("100,000 sessions: memory of each", "bytes", most["bytes_each"], must=400, limits="value"),
        Row("100,000 sessions: a change in memory", "us", most["turn_usec"], must=50, limits="value"),
    ]
    rows += [Row(f"a change in memory at {count:,}", "us", results[count]["turn_usec"]) for count in (1_000, 10_000)]
    # log2 of 100,000 is 5/3 of that of 1,000.
    rows.append(Row("a change at 100,000 by one at 1,000", "x", most["turn_usec"] / least["turn_usec"], "log n", 5 / 3, goal=1))
    return rows


def sizes():
    """What the programs take on disk, without what debuggers need."""
    rows = []
    for name, path, must in (("signind", SIGNIND, 350), ("signinctl", SIGNINCTL, 300), ("the browsers' host", HOST, 300)):
        with tempfile.NamedTemporaryFile(prefix="bench-", dir=BUILDDIR) as file:
            subprocess.run(["strip", "-o", file.name, path], check=True)
            rows.append(Row(f"size of {name}, stripped", "kB", os.stat(file.name).st_size / 1000, must=must, limits="value"))
    return rows


def health():
    """Whether services can be signed in to: against curl, which asks the same of the same servers."""
    done = subprocess.run(["/usr/bin/python3", os.path.join(os.path.dirname(__file__), "health-lab.py")], check=False,
                          stdout=subprocess.PIPE, text=True)
    check(done.returncode == 0, "the servers on loopback could not be asked")
    found = json.loads(done.stdout)
    return [
        Row("20 organizations and authority", "ms", found["ours_sec"] * 1000, "curl --parallel", found["curl_sec"] * 1000,
            must=1.3),
        Row("signin-healthd: exec to first answer", "ms", found["first_sec"] * 1000),
        Row("signin-healthd: private memory, alive", "kB", found["private_kb"], must=4000, limits="value"),
        Row("signin-healthd: private memory, when idle", "kB", found["left_kb"], must=0, limits="value"),
    ]


# What is measured again together if something in it fails.
ALL = {name: [figure] for name, figure in (("sizes", sizes), ("rest", rest), ("start", start), ("status", status), ("host", host),
                                           ("lateness", lateness))}
ALL["servers"] = [partial(server, name, kind) for name, kind in FAULTS.items()]
ALL.update({"record": [record], "many": [many], "health": [health]})
