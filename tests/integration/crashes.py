# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills signind over and over, and keeps the books of what must never be lost.

The books: every sign-in that was acknowledged is there after each restart; every event that such a sign-in brings is
told at least once, and never twice in a life; it is told again only in the next life that gets as far as telling, and
only if it was in flight at the end of the one before. Where in flight ends cannot be seen from outside: a call that was
answered after the event was heard is a strong hint, so events that come again in spite of one must be few.
"""

import os
import random
import signal
import threading
import time
from collections import Counter

from harness import ACCOUNT, BUILDDIR, ERROR, LENGTH, SECOND, WARNS_AFTER, CallFailed, Daemon, check, diag, now, wait_until

PRELOAD = os.path.join(BUILDDIR, "tests", "lib", "crash-preload.so")
SEED = 1540
N_ACCOUNTS = 3
N_SOURCES = 16
RECORDS_PER_LIFE = 6
# How far before its end a session is that shall expire within the life that records it.
SHORT = 40_000


class Books:
    """What was promised, and what was told."""

    def __init__(self):
        self.promised = {}      # (account, source) -> at: acknowledged
        self.unsure = {}        # (account, source) -> at: the daemon died before it answered
        self.due = set()        # (account, source, at, event) that must be told sooner or later
        self.told_in = {}       # the same -> the life in which it was told last
        self.kept = set()       # the same: told, and a later call was answered in the same life
        self.hit = set()        # lives that were ended between telling an event and keeping that
        self.surprises = []     # events that were told again although they seemed to be kept
        self.life = 0
        self.last_answer = 0    # the last life in which a sign-in was answered
        self.answered_before = 0

    def is_free(self, slot):
        """Whether nothing is owed for this slot, so that it can be used again."""
        return slot not in self.unsure and not any(due[:2] == slot for due in self.due)

    def promise(self, slot, at):
        """The sign-in was acknowledged, or found after a restart."""
        self.promised[slot] = at
        self.unsure.pop(slot, None)
        # A session that is over before its warning could be sent is not warned of any more.
        key = (*slot, at, "Warning" if at + LENGTH > now() + SECOND else "Expired")
        if key not in self.told_in:
            self.due.add(key)

    def hear(self, event):
        """A signal came."""
        if event.member == "Warning":
            key = (*event.args[1:4], "Warning")
        elif event.member == "Expired":
            key = (*event.args[1:3], event.args[3] - LENGTH, "Expired")
        else:
            return
        if key in self.told_in:
            check(self.told_in[key] != self.life, f"{key} was told twice in one life")
            check(self.told_in[key] >= self.answered_before, f"{key} was told again after a life that knew of it")
            self.hit.add(self.told_in[key])
            if key in self.kept:
                self.surprises.append(key)
                self.kept.remove(key)
        self.told_in[key] = self.life
        self.due.discard(key)

    def begin_life(self):
        """Another life of the daemon."""
        self.life += 1
        self.answered_before = self.last_answer

    def answer(self, told_before):
        """A call was answered that began when TOLD_BEFORE had been told."""
        self.last_answer = self.life
        self.kept |= {key for key in told_before if self.told_in[key] == self.life}


class Loop:
    """The lives of the daemon, one after the other, on one bus."""

    def __init__(self, rig, seed=SEED):
        self.rig = rig
        self.random = random.Random(seed)
        self.books = Books()
        self.crash_log = os.path.join(rig.dir, "crash.log")
        self.slots = [(f"account{a}", f"source{s}") for a in range(N_ACCOUNTS) for s in range(N_SOURCES)]

    def listen(self):
        """Enters in the books what came since the last time."""
        events = self.rig.client.events
        for event in events:
            if event.kind == "signal":
                self.books.hear(event)
        events.clear()

    def compare(self):
        """After a start: what was acknowledged is there; what was unsure becomes sure."""
        managed, _ = self.rig.client.objects()
        there = {}
        for path, interfaces in managed.items():
            for session in interfaces[ACCOUNT]["Sessions"]:
                there[(interfaces[ACCOUNT]["Id"], session["source"])] = session["signed-in-at"]
        for slot, at in self.books.promised.items():
            if slot not in self.books.unsure:
                check(there.get(slot) == at, f"{slot} was acknowledged at {at}, and is {there.get(slot)}")
        for slot, at in list(self.books.unsure.items()):
            check(there.get(slot) in (at, self.books.promised.get(slot)), f"{slot} is neither before nor after")
            if there.get(slot) == at:
                self.books.promise(slot, at)
            else:
                del self.books.unsure[slot]

    def record(self):
        """One sign-in at the edge of a mark. False once the daemon is gone."""
        books = self.books
        free = [slot for slot in self.slots if books.is_free(slot)]
        check(free, f"{len(books.due)} events are owed")
        slot = self.random.choice(free)
        at = now() - (LENGTH - SHORT if self.random.random() < 0.3 else WARNS_AFTER)
        self.listen()
        told_before = set(books.told_in)
        books.unsure[slot] = at
        try:
            self.rig.client.record(slot[0], at=at, source=slot[1], bound=5)
        except CallFailed as error:
            if error.name == ERROR + "InvalidTime" and at + LENGTH <= now():
                # Nobody was quick enough for such a short one.
                del books.unsure[slot]
                return True
            gone = ("NoReply", "ServiceUnknown", "NameHasNoOwner", "Disconnected")
            check(error.name.rsplit(".", 1)[-1] in gone, f"a record failed with {error}")
            return False
        books.promise(slot, at)
        books.answer(told_before)
        return True

    def live(self, daemon):
        """Starts, looks, records, until the daemon is killed or has done its share."""
        wait_until(lambda: daemon.is_ready() or daemon.process.poll() is not None, what="the start")
        if not daemon.is_ready():
            return
        try:
            self.compare()
        except CallFailed:
            return
        for _ in range(RECORDS_PER_LIFE):
            if not self.record():
                return
        # What is still due in this life, such as a short session's end, gets the time to come.
        end = time.monotonic() + 2 * SHORT / SECOND
        wait_until(lambda: daemon.process.poll() is not None or time.monotonic() > end, what="a short while")

    def run(self, daemon):
        """A whole life, with its end. False if it had to be ended from here."""
        self.books.begin_life()
        try:
            self.live(daemon)
            was_killed = daemon.process.poll() is not None
            if not was_killed:
                daemon.process.kill()
            status = daemon.wait_exit()
            # The bus hands out all that the daemon sent before it says that the name is free.
            wait_until(lambda: not self.rig.client.owner(), what="the name to be free")
            self.listen()
            check(status == -signal.SIGKILL, f"signind ended with {status}")
            return was_killed
        except Exception:
            diag(f"life {self.books.life}:\n{daemon.log()[-3000:]}")
            raise
        finally:
            daemon.close()

    def kill_at(self, call, after=""):
        """A life that ends right before its CALL-th call that leaves a trace, counted from the message AFTER on."""
        env = {"CRASH_AT": str(call), "CRASH_AFTER": after, "CRASH_LOG": self.crash_log}
        return self.run(Daemon(self.rig, env=env, preload=[PRELOAD]))

    def kill_after(self, seconds):
        """A life that ends after a time."""
        daemon = Daemon(self.rig)
        timer = threading.Timer(seconds, daemon.process.kill)
        timer.start()
        try:
            self.run(daemon)
        finally:
            timer.cancel()
            timer.join()

    def set_up(self):
        """The accounts, in a life that is left in peace."""
        daemon = self.rig.start()
        for number in range(N_ACCOUNTS):
            self.rig.client.add(f"account{number}")
        daemon.stop()

    def settle(self):
        """A last life in peace: nothing is owed after it."""
        self.books.begin_life()
        daemon = self.rig.start()
        self.compare()
        wait_until(lambda: self.listen() or not self.books.due, what="every event that is due")
        daemon.stop()

    def calls_hit(self):
        """Which calls were never made, and how often."""
        with open(self.crash_log, encoding="ascii") as log:
            return dict(Counter(line.split()[0] for line in log))


def kill_loop(rig, kills, between):
    """KILLS lives: half of them killed at random times, half at a chosen call, BETWEEN of these between telling and
    keeping an event."""
    loop = Loop(rig)
    loop.set_up()
    for _ in range(kills // 2):
        loop.kill_after(loop.random.uniform(0.0, 0.08))
    by_call = in_peace = 0
    while by_call < kills - kills // 2 or len(loop.books.hit) < between:
        if by_call % 2:
            killed = loop.kill_at(loop.random.randint(1, 80))
        else:
            killed = loop.kill_at(loop.random.randint(1, 2), after=loop.random.choice(("Warning", "Expired")))
        by_call += killed
        in_peace += not killed
        check(by_call + in_peace < 3 * kills, f"only {len(loop.books.hit)} kills between telling and keeping")
    loop.settle()
    check(len(loop.books.surprises) <= kills // 10, f"{len(loop.books.surprises)} events came again that were known")
    diag(f"{len(loop.books.told_in)} events; {len(loop.books.surprises)} came again in spite of a later answer")
    diag(f"{kills // 2} kills at random times, {by_call} at chosen calls: {loop.calls_hit()}")
    diag(f"{in_peace} lives made fewer calls; {len(loop.books.hit)} kills came between telling an event and keeping it")
    return loop
