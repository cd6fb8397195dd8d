# SPDX-License-Identifier: GPL-3.0-or-later
"""Real connections over an accelerated day: signind in fast time, the real signin-healthd, and a loopback listener."""

import os
import socket
import threading

from lab import (HEALTHD, LENGTH, NAME, SECOND, Lab, check, check_equal, diag, now, pump, reply, run,  # noqa: F401
                 test, wait_until)
from faketime import start_fast
from harness import HOUR, MINUTE, WARNS_AFTER, watch_for

SPEED = 3600
DAY = 24 * HOUR


class Door(threading.Thread):
    """Counts the connections that come in, and passes them on to nginx."""

    def __init__(self):
        super().__init__(daemon=True)
        self.count = 0
        self.socket = socket.create_server(("127.0.0.3", 443), backlog=128)
        self.start()

    def run(self):
        while True:
            try:
                client, _peer = self.socket.accept()
            except OSError:
                return
            self.count += 1
            there = socket.create_connection(("127.0.0.1", 443))
            for pair in ((client, there), (there, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    def close(self):
        """Takes no more."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def prepare(lab, interval="60s", text="", **answers):
    """A small internet with one door, and a signin-healthd that the bus can start."""
    lab.start_names()
    lab.write_service("dynamics365", interval=interval)
    lab.start_web({"status": reply(404), **answers})
    lab.addresses = lambda name: ["127.0.0.3"]
    lab.make_activatable(NAME, HEALTHD)
    with open(os.path.join(lab.env["XDG_CONFIG_HOME"], "signind", "signind.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    return lab.keep(Door())


def live_a_day(lab, door):
    """Signs in at the beginning of a day; gives the connections at the warning's eve and at the end of the day."""
    daemon = start_fast(lab, SPEED)
    lab.client.add()
    lab.client.record()
    watch_for(WARNS_AFTER / SECOND / SPEED - 1)
    before = door.count
    watch_for((DAY - WARNS_AFTER) / SECOND / SPEED + 1)
    check_equal(len(lab.client.signals("Expired")), 1, "ends")
    known = {(r["verdict"], r["reason"]) for r in lab.client.manager()["Health"]}
    check_equal(daemon.stop(), 0, "exit status")
    return before, door.count, known


@test("a day in which all is well: two connections, at the warning")
def well(lab):
    door = prepare(lab)
    before, after, known = live_a_day(lab, door)
    diag(f"{after} connections, {len(lab.upstream.asked)} requests: {[(h, p) for h, p, _l in lab.upstream.asked]}")
    check_equal((before, after), (0, 2), "connections before the warning and in the whole day")
    check_equal({host for host, _p, _l in lab.upstream.asked},
                {"contoso.crm4.dynamics.com", "login.microsoftonline.com"}, "who was asked")
    check_equal(known, {("up", "auth-challenge")}, "what is known afterwards")


@test("a day with health-at-warning=no, until a person asks: no connection")
def off(lab):
    door = prepare(lab, text="[Health]\nhealth-at-warning=no\n")
    before, after, known = live_a_day(lab, door)
    check_equal((before, after, known), (0, 0, set()), "connections, and what is known")
    lab.start()
    done = lab.ctl("health", "contoso")
    check_equal((done.returncode, done.stdout.decode().split(";")[0]), (0, "Sign-in works"), f"{done.stderr}")
    check(door.count >= 2, "now that a person asked, there are connections")


@test("a service that is down is asked again at each reminder, and at no other time")
def down(lab):
    door = prepare(lab, interval="1s", contoso=reply(500))
    daemon = start_fast(lab, 60)
    lab.client.add()
    lab.client.record(at=now() - 7 * HOUR - 39 * MINUTE)
    lab.client.wait_signal("Expired", 60)
    asked = [host.split(".")[0] for host, _p, _l in lab.upstream.asked]
    diag(f"{door.count} connections, requests: {asked}")
    check_equal(asked.count("contoso"), 4, "requests: at the warning and at three reminders")
    check_equal(asked.count("login"), 4, "and of the sign-in authority")
    check(door.count <= 8, f"{door.count} connections")
    check_equal(lab.client.manager()["Health"][0]["reason"], "http-500", "what is known")
    check_equal(daemon.stop(), 0, "exit status")


run(Lab)
