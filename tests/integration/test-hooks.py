# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that the real daemon runs on events: as children, and as units of a user manager."""

import os
import time

from gi.repository import GLib

from harness import BOUND, LENGTH, SECOND, WARNS_AFTER, check, check_equal, now, run, test, wait_until
from manager import Manager


def put_hook(rig, name, script, mode=0o755):
    """Puts a shell script into the person's folder of hooks."""
    folder = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind", "hooks.d")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + script)
    os.chmod(path, mode)
    return path


def told(rig):
    """What the hook "tell" has written: the environment of each of its runs, by event."""
    found = {}
    for name in os.listdir(rig.dir):
        if name.startswith("told-") and not name.endswith(".new"):
            with open(os.path.join(rig.dir, name), encoding="utf-8") as file:
                facts = dict(line.partition("=")[::2] for line in file.read().splitlines())
            found[facts["SIGNIND_EVENT"]] = facts
    return found


def put_tell(rig):
    """A hook that writes down its environment."""
    put_hook(rig, "tell", f'out={rig.dir}/told-$$; env >$out.new; mv $out.new $out\n')


def is_gone(pid):
    """Whether a process has ended, waited for or not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return ") Z " in file.read()
    except FileNotFoundError:
        return True


@test("a hook hears of sign-in, warning, end and sign-out, with the facts in its environment")
def facts(rig):
    put_tell(rig)
    rig.start()
    rig.client.add(user_name="kim@contoso.com")
    at = now() - LENGTH + 2 * SECOND
    rig.client.record(at=at)
    wait_until(lambda: "expired" in told(rig), what="the hook to hear of the end")
    rig.client.record(source="firefox:x")
    rig.client.call("RecordSignOut", "sa{sv}", "contoso", {"source": GLib.Variant("s", "firefox:x")})
    wait_until(lambda: len(told(rig)) == 4, what="the hook to hear of all")
    check_equal(set(told(rig)), {"signed-in", "warning", "expired", "signed-out"}, "events")
    for event in ("warning", "expired"):
        heard = told(rig)[event]
        check_equal((heard["SIGNIND_ACCOUNT"], heard["SIGNIND_SERVICE"], heard["SIGNIND_SOURCE"]),
                    ("contoso", "dynamics365", "manual"), event)
        check_equal(int(heard["SIGNIND_EXPIRES_AT"]), (at + LENGTH) // SECOND, "end")
        check_equal(int(heard["SIGNIND_SIGNED_IN_AT"]), at // SECOND, "sign-in")
        check(0 <= int(heard["SIGNIND_REMAINING"]) <= 2, f"remaining: {heard['SIGNIND_REMAINING']}")
        check("kim@" not in str(heard), "no user name")
        check("NOTIFY_SOCKET" not in heard, "what the service manager says is not for hooks")


@test("a hook that hangs delays neither the signals, nor calls, nor the end of signind, and ends with it")
def hanging(rig):
    put_hook(rig, "hang", f"trap '' TERM HUP INT\necho $$ >{rig.dir}/pid.new; mv {rig.dir}/pid.new {rig.dir}/pid\n"
                          "while :; do sleep 1000; done\n")
    daemon = rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER + 2 * SECOND)
    path = os.path.join(rig.dir, "pid")
    wait_until(lambda: os.path.exists(path), what="the hook to run")
    told_at = rig.client.wait_signal("Warning")
    late = now() - told_at.args[3] - WARNS_AFTER
    check(late < SECOND, f"the warning came {late} us late")
    before = time.monotonic()
    rig.client.account()
    check(time.monotonic() - before < 1, "a call is answered")
    before = time.monotonic()
    check_equal(daemon.stop(), 0, "exit status")
    check(time.monotonic() - before < 2, "it ends at once")
    with open(path, encoding="ascii") as file:
        pid = int(file.read())
    wait_until(lambda: is_gone(pid), what="the hook to end")


@test("a hook that everybody can write to is not run, and the journal says why; the others are")
def refused(rig):
    put_hook(rig, "bad", f"touch {rig.dir}/bad-ran\n", mode=0o757)
    put_tell(rig)
    daemon = rig.start()
    rig.client.add()
    rig.client.record()
    wait_until(lambda: told(rig), what="the other hook")
    check("bad is not used: everybody can write to it" in daemon.log(), "the log says why")
    check(not os.path.exists(os.path.join(rig.dir, "bad-ran")), "it was not run")


@test("with a user manager each hook is a transient unit with a time limit, at most eight at once")
def units(rig):
    manager = Manager(rig)
    paths = [put_hook(rig, f"hook-{i}", "") for i in range(5)]
    rig.start()
    rig.client.add()
    rig.client.record()
    rig.client.record()
    wait_until(lambda: len(manager.started) >= 8, what="eight units")
    rig.client.account()
    check_equal(len(manager.started), 8, "units at once")
    check(manager.subscribed > 0, "the manager was asked to tell of units that end")
    name, properties = manager.started[0]
    check(name.startswith("app-signind-hook-hook_0-") and name.endswith(".service"), name)
    check_equal(properties["RuntimeMaxUSec"], 30 * SECOND, "time limit")
    check_equal(properties["CollectMode"], "inactive-or-failed", "collected")
    check_equal(properties["Slice"], "app.slice", "slice")
    check_equal([p["ExecStartEx"][0][0] for _, p in manager.started[:5]], paths, "programs, by name")
    check("SIGNIND_EVENT=signed-in" in properties["Environment"], f"facts: {properties['Environment']}")
    check(not any(v.startswith("SIGNIND_USER_NAME") for v in properties["Environment"]), "no user name")
    manager.remove("app-signind-hook-other.service")
    manager.remove(manager.started[3][0])
    wait_until(lambda: len(manager.started) >= 9, what="the ninth unit")
    rig.client.account()
    check_equal(len(manager.started), 9, "units after one ended")
    manager.remove(manager.started[0][0])
    wait_until(lambda: len(manager.started) >= 10, BOUND, "the tenth unit")


run()
