# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: taken up by the running daemon as the files come, change and go, and shown by signinctl config."""

import json
import os
import re
import shutil
import signal

from harness import (BOUND, ERROR, LENGTH, MINUTE, SECOND, WARNS_AFTER, CallFailed, Rig, check, check_equal, now,
                     run, switches, test, wait_until, watch_for)

USUAL = (10, 5, 1)

# Threads of GLib's that have nothing to do leave after 15 s; a GFileMonitor on a missing folder would look every 4 s.
SETTLE = 20
REST = 12


def folder(rig):
    """The folder of the person's own file."""
    return os.path.join(rig.env["XDG_CONFIG_HOME"], "signind")


def path(rig):
    """The person's own file."""
    return os.path.join(folder(rig), "signind.conf")


def write(rig, text, name="signind.conf"):
    """Writes the file in place; its folder is made if it is not there."""
    os.makedirs(folder(rig), exist_ok=True)
    with open(os.path.join(folder(rig), name), "w", encoding="utf-8") as file:
        file.write(text)


def reminders(value):
    """A file with these reminders."""
    return f"[Reminders]\nreminders={value}\n"


def expiring(rig, left=19 * MINUTE):
    """A daemon with a session that has so much left; gives the daemon and the end."""
    daemon = rig.start()
    rig.client.add()
    end = rig.client.record(at=now() - LENGTH + left)
    if left < 20 * MINUTE:
        rig.client.wait_signal("Warning")
    return daemon, end


def wait_next(rig, end, left, event="reminder"):
    """Waits until what is waited for is due so long before the end."""
    def there():
        manager = rig.client.manager()
        return manager["NextEvent"] == event and abs(manager["NextDeadline"] - (end - left)) < 10
    wait_until(there, what=f"{event} {left / MINUTE:g} min before the end as the next event")


@test("without any file, reminders come 10, 5 and 1 min before the end")
def built_in(rig):
    _, end = expiring(rig)
    wait_next(rig, end, 10 * MINUTE)
    for left in USUAL:
        end = rig.client.record(at=now() - LENGTH + left * MINUTE + SECOND)
        wait_until(lambda: len(rig.client.signals("Reminder")) == USUAL.index(left) + 1, what="the reminder")
        reminder = rig.client.signals("Reminder")[-1]
        check_equal(reminder.args[1:4], ("contoso", "manual", end), "whose")
        check(0 <= left * MINUTE - reminder.args[4] < 5 * SECOND, f"what is left: {reminder.args[4]}")


@test("a change of reminders moves NextDeadline without a restart: a new folder, a new file, in place, by rename, deleted")
def change(rig):
    daemon, end = expiring(rig)
    wait_next(rig, end, 10 * MINUTE)
    check(not os.path.exists(folder(rig)), "there is no folder yet")
    write(rig, reminders("12 min"))
    wait_next(rig, end, 12 * MINUTE)
    write(rig, reminders("13 min;2 min"))
    wait_next(rig, end, 13 * MINUTE)
    write(rig, reminders("14 min"), name="signind.conf.new")
    os.rename(path(rig) + ".new", path(rig))
    wait_next(rig, end, 14 * MINUTE)
    os.remove(path(rig))
    wait_next(rig, end, 10 * MINUTE)
    write(rig, reminders("11 min"))
    wait_next(rig, end, 11 * MINUTE)
    write(rig, reminders(""))
    wait_next(rig, end, 0, event="expired")
    check_equal(daemon.process.poll(), None, "the same daemon runs")
    check_equal(rig.client.signals("Reminder"), [], "nothing was announced by all that")


@test("folders that go, come back, or are moved are followed")
def folders(rig):
    daemon, end = expiring(rig)
    config = rig.env["XDG_CONFIG_HOME"]
    for count in range(3):
        write(rig, reminders("12 min"))
        wait_next(rig, end, 12 * MINUTE)
        shutil.rmtree(folder(rig) if count < 2 else config)
        wait_next(rig, end, 10 * MINUTE)
    write(rig, reminders("13 min"))
    wait_next(rig, end, 13 * MINUTE)
    os.rename(folder(rig), folder(rig) + ".away")
    wait_next(rig, end, 10 * MINUTE)
    write(rig, reminders("14 min"))
    wait_next(rig, end, 14 * MINUTE)

    # The whole of it, with another in its place: nothing in the folder that is watched tells of that.
    other = os.path.join(rig.dir, "other")
    shutil.copytree(config, other)
    with open(os.path.join(other, "signind/signind.conf"), "w", encoding="utf-8") as file:
        file.write(reminders("15 min"))
    os.rename(config, config + ".away")
    os.rename(other, config)
    daemon.process.send_signal(signal.SIGHUP)
    wait_next(rig, end, 15 * MINUTE)
    write(rig, reminders("16 min"))
    wait_next(rig, end, 16 * MINUTE)


@test("a link to the file is followed, and so are changes where it leads to")
def link(rig):
    _, end = expiring(rig)
    target = os.path.join(rig.dir, "dotfiles.conf")
    with open(target, "w", encoding="utf-8") as file:
        file.write(reminders("12 min"))
    os.makedirs(folder(rig))
    os.symlink(target, path(rig))
    wait_next(rig, end, 12 * MINUTE)
    with open(target, "w", encoding="utf-8") as file:
        file.write(reminders("13 min"))
    wait_next(rig, end, 13 * MINUTE)
    os.remove(path(rig))
    wait_next(rig, end, 10 * MINUTE)


@test("a file that makes no sense keeps the values that it had, and the log names file and line")
def broken(rig):
    write(rig, reminders("12 min"))
    daemon, end = expiring(rig)
    wait_next(rig, end, 12 * MINUTE)
    for text, complaint in (("[Reminders]\n\nrem\n", ":3: this is neither"),
                            ("reminders=9 min\n", ":1: this stands before the first [group]")):
        write(rig, text)
        wait_until(lambda: path(rig) + complaint in daemon.log(), what=f"{complaint} in the log")
        wait_next(rig, end, 12 * MINUTE)
    with open(path(rig), "wb") as file:
        file.write(bytes(range(255, -1, -1)) * 16)
    wait_until(lambda: re.search(re.escape(path(rig)) + r":\d+: this is not text", daemon.log()), what="it in the log")
    wait_next(rig, end, 12 * MINUTE)
    with open(path(rig), "wb") as file:
        file.write(b"#" * 65537)
    wait_until(lambda: "larger than 65536 bytes" in daemon.log(), what="the bound in the log")
    wait_next(rig, end, 12 * MINUTE)
    write(rig, reminders("13 min"))
    wait_next(rig, end, 13 * MINUTE)
    check_equal(daemon.process.poll(), None, "signind runs")


@test("a bad value is named with file and line, and the one below stays in force; so at a start, which it never prevents")
def bad_value(rig):
    write(rig, "[Popups]\nsound=loud\nsuond=yes\n" + reminders("20 min") + "snooze=7 min\n")
    daemon, end = expiring(rig)
    wait_next(rig, end, 10 * MINUTE)
    for words in (":2: sound: ", ":3: suond ", ":5: reminders: “20 min” is not less than 20 min"):
        check(path(rig) + words in daemon.log(), f"{words} is in the log: {daemon.log()}")
    write(rig, reminders("12 min;11 min;10 min;9 min"))
    wait_until(lambda: path(rig) + ":2: reminders: more than 3 reminders" in daemon.log(), what="the bound in the log")
    wait_next(rig, end, 10 * MINUTE)


@test("SIGHUP has the files read again, says again what is wrong, and ends nothing")
def reload(rig):
    write(rig, reminders("soon"))
    daemon, end = expiring(rig)
    complaint = path(rig) + ":2: reminders: "
    check_equal(daemon.log().count(complaint), 1, "complaints at the start")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: daemon.log().count(complaint) == 2, what="another complaint")
    wait_next(rig, end, 10 * MINUTE)
    check_equal(daemon.stop(), 0, "exit status")


@test("a storm of changes neither stops signind nor is any of it lost in the end")
def storm(rig):
    daemon, end = expiring(rig)
    for number in range(300):
        write(rig, reminders(f"{11 + number % 8} min"))
        if number % 50 == 25:
            shutil.rmtree(folder(rig))
    write(rig, reminders("17 min"))
    wait_next(rig, end, 17 * MINUTE)
    check(daemon.log().count("Changed settings") < 100, "changes are taken up together")


@test("log-events puts sign-ins and sign-outs into the log, at once and only while it is set")
def log_events(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    client.record()
    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    check("signed" not in daemon.log(), f"nothing of it is in the log: {daemon.log()}")
    write(rig, "[Journal]\nlog-events=yes\n")
    wait_until(lambda: "Changed settings" in daemon.log(), what="the settings to be taken up")
    client.record()
    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    wait_until(lambda: "contoso (manual): signed in" in daemon.log() and "signed out" in daemon.log(), what="both")
    check("user" not in daemon.log().split("Changed settings")[1], "and no name of the person")


@test("at rest nothing wakes up: neither without the folder nor with a file that was changed")
def rest(rig):
    other = Rig()
    try:
        shutil.rmtree(rig.env["XDG_CONFIG_HOME"])
        # Not expiring yet: popups wait for a server in their own way.
        pids = [expiring(rig, left=30 * MINUTE)[0].pid]
        daemon, _ = expiring(other, left=30 * MINUTE)
        pids.append(daemon.pid)
        write(other, reminders("12 min"))
        wait_until(lambda: "Changed settings" in daemon.log(), what="the settings to be taken up")
        watch_for(SETTLE)
        before = [switches(pid) for pid in pids]
        watch_for(REST)
        check_equal([switches(pid) for pid in pids], before, "context switches of each thread")
    finally:
        other.close()


def config(rig, *args):
    """What signinctl config says as JSON: settings by key, and problems."""
    result = rig.ctl("config", "--json", *args)
    check_equal(result.returncode, 0, "exit status")
    answer = json.loads(result.stdout)
    return {setting["key"]: setting for setting in answer["settings"]}, answer["problems"]


@test("signinctl config shows values and origins without a daemon, and what is wrong")
def show_config(rig):
    settings, problems = config(rig)
    check_equal(problems, [], "problems")
    check_equal(settings["reminders"]["value_sec"], [600, 300, 60], "reminders")
    check_equal({s["origin"] for s in settings.values()}, {"built-in"}, "origins")
    write(rig, "[Popups]\nsound=yes\n" + reminders("2 min;90 s") + "snooze=61 min\n")
    settings, problems = config(rig)
    check_equal(settings["reminders"]["value_sec"], [120, 90], "reminders")
    check_equal((settings["sound"]["value"], settings["sound"]["file"], settings["sound"]["line"]),
                (True, path(rig), 2), "sound")
    check_equal((settings["snooze"]["value_sec"], settings["snooze"]["origin"]), (300, "built-in"), "snooze")
    check_equal(problems, [f"{path(rig)}:5: snooze: “61 min” is longer than 1 h; ignored"], "problems")
    check_equal(list(config(rig, "sound")[0]), ["sound"], "one of them")
    check_equal([settings[key]["value"] for key in ("health-at-warning", "token-command", "ca-file")],
                [True, None, None], "what is asked, and how")
    words = rig.ctl("config", "--plain", "reminders")
    check_equal(words.stdout.decode(), f"reminders\t2 min;1 min 30 s\t{path(rig)}:4\n", "in plain words")
    check(b":5: snooze: " in words.stderr, f"{words.stderr}")
    for columns in (20, 40, 80):
        lines = rig.ctl("config", env={"COLUMNS": str(columns)}).stdout.decode().splitlines()
        check(max(map(len, lines)) <= columns, f"no line wider than {columns}: {lines}")
    wrong = rig.ctl("config", "sond")
    check_equal((wrong.returncode, wrong.stdout), (2, b""), "an unknown key")
    check(b"sound" in wrong.stderr, f"{wrong.stderr}")
    check(not rig.client.owner(), "no daemon was started")


@test("signinctl snooze: from the settings or as told, until when, and why not")
def snooze(rig):
    expiring(rig, left=30 * MINUTE)
    early = rig.ctl("snooze")
    check_equal(early.returncode, 1, "exit status when it is too early")
    warns = rig.client.account()["WarnsAt"]
    clock = f"{warns // SECOND % 86400 // 3600:02d}:{warns // SECOND % 3600 // 60:02d}"
    check(clock in early.stderr.decode(), f"it says when the warning comes, {clock}: {early.stderr}")
    end = rig.client.record(at=now() - WARNS_AFTER - MINUTE)
    rig.client.wait_signal("Warning")
    for args, minutes in (((), 5), (("2min",), 2), (("contoso",), 5), (("contoso", "7 min"), 7)):
        before = now()
        done = rig.ctl("snooze", "--json", *args)
        check_equal(done.returncode, 0, f"exit status: {done.stderr}")
        until = rig.client.account()["SnoozedUntil"]
        check(minutes * MINUTE <= until - before < minutes * MINUTE + BOUND * SECOND, f"{args}: {until - before}")
        check_equal(json.loads(done.stdout)["snoozed_until_sec"], until // SECOND, "what it says")
    write(rig, "[Reminders]\nsnooze=3 min\n")
    before = now()
    check_equal(rig.ctl("snooze").returncode, 0, "exit status")
    check(2 * MINUTE < rig.client.account()["SnoozedUntil"] - before < 4 * MINUTE, "as the settings say")
    done = rig.ctl("snooze", "1h")
    check("until the session ends" in done.stdout.decode(), f"{done.stdout}")
    check_equal(rig.client.account()["SnoozedUntil"], end, "never past the end")
    check_equal(rig.client.manager()["NextEvent"], "expired", "what comes next")
    for args, status in ((("10s",), 2), (("2 days",), 3), (("fabrikam",), 3), (("contoso", "soon"), 2)):
        check_equal(rig.ctl("snooze", *args).returncode, status, f"exit status of {args}")


@test("Snooze on the bus: its bounds, and a reminder when it is over")
def snooze_bus(rig):
    expiring(rig)
    for duration in (0, MINUTE - 1, 24 * 60 * MINUTE + 1, 2**64 - 1):
        try:
            rig.client.call("Snooze", "st", "contoso", duration)
            name = None
        except CallFailed as error:
            name = error.name
        check_equal(name, ERROR + "InvalidArgument", f"answer to {duration}")
    rig.client.call("Snooze", "st", "contoso", MINUTE)
    check_equal(rig.client.manager()["NextEvent"], "reminder", "what comes next")
    check_equal(rig.client.manager()["NextDeadline"], rig.client.account()["SnoozedUntil"], "when")


run()
