# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs signind in fast time, with libfaketime, which speeds up its clocks and its timers alike."""

import glob
import time

from desktop import NotificationServer
from harness import LENGTH, MINUTE, SECOND, WARNS_AFTER, account_path, check, check_equal, diag, now, wait_until


def library():
    """Where libfaketime is."""
    found = sorted(glob.glob("/usr/lib/*/faketime/libfaketime.so.1") + glob.glob("/usr/lib/faketime/libfaketime.so.1"))
    check(found, "libfaketime is installed")
    return found[0]


def start_fast(rig, speed):
    """Starts signind at SPEED times the pace. At x3600 the bus has 7 ms for an answer that it has 25 s for otherwise; on a
    busy machine that is too little now and then."""
    for _ in range(10):
        daemon = rig.start(ready=False, env={"FAKETIME": f"+0 x{speed}"}, preload=[library()])
        wait_until(lambda: daemon.is_ready() or daemon.process.poll() is not None, what="READY=1, or an end")
        if daemon.is_ready() or "Timeout was reached" not in daemon.log():
            break
        diag(f"x{speed}: started anew, the bus was too slow")
    return daemon.wait_ready()


def run_session(rig, speed, ago):
    """A session that began AGO microseconds before the start runs to its end at SPEED times the pace."""
    server = NotificationServer(rig)
    client = rig.client
    began = time.monotonic()
    started_at = now()
    daemon = start_fast(rig, speed)
    client.add()
    at = started_at - ago
    client.record(at=at)
    tolerance = 3 * SECOND * speed
    bound = 60 + (LENGTH - ago) / SECOND / speed

    warning = client.wait_signal("Warning", bound)
    check_equal(warning.args[:5], (account_path("contoso"), "contoso", "manual", at, at + LENGTH), "Warning")
    check(20 * MINUTE - tolerance < warning.args[5] <= 20 * MINUTE, f"remaining {warning.args[5]}")
    popup = server.wait_popup()
    check("contoso" in popup["summary"], f"the popup: {popup['summary']}")
    expired = client.wait_signal("Expired", bound)
    check_equal(expired.args, (account_path("contoso"), "contoso", "manual", at + LENGTH), "Expired")
    wait_until(lambda: "signed you out" in server.calls()[-1]["summary"], what="the popup of the end")

    for event, mark in ((warning, WARNS_AFTER), (expired, LENGTH)):
        # Fake time began to run when the process did, which was between these two.
        on_time = began + (mark - ago) / SECOND / speed
        late = event.when - on_time
        diag(f"x{speed}: {event.member} {late * 1e3:.0f} ms after its mark at the earliest")
        check(-0.001 < late < 3, f"{event.member} came {late:.3f} s after its mark")
    client.record(source="barrier", at=at + LENGTH)
    members = [e.member for e in client.signals()]
    reminders = members.count("Reminder")
    check_equal(members, ["SignedIn", "Warning", *reminders * ["Reminder"], "Expired", "SignedIn"], "signals")
    # At this pace whoever is held up for some milliseconds sleeps across steps.
    check(reminders == 3 if speed <= 60 else 1 <= reminders <= 3, f"{reminders} reminders")
    titles = [call["summary"].removeprefix("Dynamics 365 (contoso) ").split(" at ")[0] for call in server.calls()]
    if speed <= 60:
        check_equal(titles, ["signs you out", "signs you out in 10 minutes", "signs you out in 5 minutes",
                             "signs you out in 1 minute", "probably signed you out"], "popups")
        check_equal([call["replaces"] for call in server.calls()[1:]], [popup["id"]] * 3 + [0],
                    "what each takes the place of: the end comes anew")
    else:
        check(2 <= len(titles) <= reminders + 2, f"popups {titles}")
    check_equal(daemon.stop(), 0, "exit status")
