# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever became of its database, signind starts, says what is wrong and destroys nothing."""

import glob
import os
import sqlite3

from harness import (BUILDDIR, ERROR, HOUR, LENGTH, SECOND, WARNS_AFTER, CallFailed, check, check_equal, now, run, test,
                     wait_until)

BAD_DISK = os.path.join(BUILDDIR, "tests", "lib", "bad-disk-preload.so")


def database(rig):
    """The path of the one database."""
    found = [path for path in glob.glob(rig.state_dir() + "/*") if not path.endswith(("-wal", "-shm", "-journal"))]
    check_equal(len(found), 1, f"number of databases: {found}")
    return found[0]


def read(path):
    """What is in a file."""
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    """Replaces what is in a file."""
    with open(path, "wb") as file:
        file.write(content)


def filled(rig):
    """A database with two accounts and a session, of a daemon that has ended."""
    daemon = rig.start()
    rig.client.add("contoso")
    rig.client.add("fabrikam")
    rig.client.record(at=now() - HOUR)
    check_equal(daemon.stop(), 0, "exit status")
    return database(rig)


def works(rig, daemon):
    """It takes a sign-in, warns, and ends well."""
    client = rig.client
    client.add("fresh")
    client.record("fresh", at=now() - WARNS_AFTER)
    client.wait_signal("Warning")
    check_equal(client.account("fresh")["State"], "expiring", "state")
    check_equal(daemon.stop(), 0, "exit status")


def others(rig, path):
    """What lies beside the database, apart from what SQLite keeps there."""
    return sorted(name for name in os.listdir(rig.state_dir())
                  if name != os.path.basename(path) and not name.endswith(("-wal", "-shm", "-journal")))


def set_aside(rig, path, content):
    """A damaged database: kept under a name with the date, a new one begun, said so once."""
    write(path, content)
    for leftover in glob.glob(path + "-*"):
        os.unlink(leftover)
    daemon = rig.start()
    aside = others(rig, path)
    check_equal(len(aside), 1, f"files beside the database: {aside}")
    check(aside[0].startswith(os.path.basename(path)) and sum(c.isdigit() for c in aside[0]) >= 8,
          f"the name has the date: {aside[0]}")
    check_equal(read(os.path.join(rig.state_dir(), aside[0])), content, "what was set aside")
    check(aside[0] in daemon.log(), f"it says where: {daemon.log()}")
    check_equal(rig.client.objects()[0], {}, "a new one was begun")
    works(rig, daemon)
    daemon = rig.start()
    check(aside[0] not in daemon.log(), "it says so once")
    check_equal(others(rig, path), aside, "files beside the database after another start")
    check_equal(rig.client.account("fresh")["State"], "expiring", "the new one is kept")
    check_equal(os.stat(path).st_mode & 0o777, 0o600, "mode of the new one")


@test("the state folder is 0700, the database 0600")
def modes(rig):
    path = filled(rig)
    check_equal(os.stat(rig.state_dir()).st_mode & 0o777, 0o700, "mode of the folder")
    check_equal(os.stat(path).st_mode & 0o777, 0o600, "mode of the database")


@test("truncated: set aside with its date")
def truncated(rig):
    path = filled(rig)
    content = read(path)
    set_aside(rig, path, content[:len(content) // 2 + 100])


@test("garbage: set aside with its date")
def garbage(rig):
    path = filled(rig)
    set_aside(rig, path, bytes(i * 7919 % 251 for i in range(20_000)))


@test("a page of garbage in the middle: nothing but what is right is shown, and signind works")
def damaged_page(rig):
    path = filled(rig)
    content = bytearray(read(path))
    content[4096:8192] = b"\xa5" * 4096
    set_aside(rig, path, bytes(content))


@test("zero length: a new one is begun, and signind works")
def zero_length(rig):
    path = filled(rig)
    write(path, b"")
    daemon = rig.start()
    check_equal(rig.client.objects()[0], {}, "accounts")
    works(rig, daemon)
    rig.start()
    check_equal(rig.client.account("fresh")["State"], "expiring", "what was recorded is kept")


def from_memory(rig, path, **how):
    """It runs, says that nothing is kept, and leaves the file alone."""
    content = read(path)
    daemon = rig.start(**how)
    check(daemon.log().strip(), "it says something")
    works(rig, daemon)
    check_equal(others(rig, path), [], "files beside the database")
    check_equal(read(path) == content, True, "the file is what it was")
    return daemon


@test("a newer schema: left alone, signind runs from memory and says so")
def newer(rig):
    path = filled(rig)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1000")
    connection.close()
    check("newer" in from_memory(rig, path).log(), "it says why")


@test("a read-only database: left alone, its accounts are there, signind runs from memory and says so")
def read_only(rig):
    path = filled(rig)
    os.chmod(path, 0o400)
    daemon = from_memory(rig, path, obey=True)
    check("read-only" in daemon.log() or "cannot be written" in daemon.log(), f"it says why: {daemon.log()}")


@test("a read-only folder: left alone, signind runs from memory")
def read_only_folder(rig):
    path = filled(rig)
    os.chmod(path, 0o400)
    os.chmod(rig.state_dir(), 0o500)
    from_memory(rig, path, obey=True)


@test("a folder that cannot be made, and a folder in the place of the database: signind runs from memory")
def in_the_way(rig):
    write(rig.state_dir(), b"")
    daemon = rig.start()
    check(daemon.log().strip(), "it says something")
    works(rig, daemon)
    check_equal(read(rig.state_dir()), b"", "the file in the way is still there")
    os.unlink(rig.state_dir())
    path = filled(rig)
    os.rename(path, path + ".saved")
    os.mkdir(path)
    write(os.path.join(path, "kept"), b"kept")
    daemon = rig.start()
    works(rig, daemon)
    inside = [name for name in glob.glob(rig.state_dir() + "/*/kept")]
    check_equal(len(inside), 1, "what lay in the folder is still there")


@test("a full disk: Storage to the caller, nothing changed; timers go on; once there is room, all is well")
def full_disk(rig):
    full = os.path.join(rig.dir, "full")
    daemon = rig.start(preload=[BAD_DISK], env={"BAD_DISK": full})
    client = rig.client
    client.add()
    at = now() - LENGTH + 4 * SECOND
    client.record(at=at)
    client.wait_signal("Warning")
    write(full, b"")
    before = client.objects()
    for member, signature, *args in (("RecordSignIn", "sa{sv}", "contoso", {}), ("RemoveAccount", "s", "contoso"),
                                     ("RecordSignOut", "sa{sv}", "contoso", {}), ("Dismiss", "s", "contoso")):
        mark = len(client.events)
        try:
            client.call(member, signature, *args)
        except CallFailed as error:
            check_equal(error.name, ERROR + "Storage", f"the error of {member}")
            check(error.message, "it says why")
        else:
            raise AssertionError(f"{member} was answered on a full disk")
        check_equal([e for e in client.events[mark:] if e.kind in ("signal", "changed")], [], f"told after {member}")
    check_equal(client.objects(), before, "nothing changed")
    check(now() < at + LENGTH, "the session still ran")
    client.wait_signal("Expired")
    check_equal(client.account()["State"], "expired", "the timer went on")
    os.unlink(full)
    client.record(source="later")
    check_equal([e.member for e in client.signals()], ["SignedIn", "Warning", "Expired", "SignedIn"], "signals")
    daemon.process.kill()
    daemon.wait_exit()
    rig.start()
    states = {s["source"]: s["state"] for s in client.account()["Sessions"]}
    check_equal(states, {"manual": "expired", "later": "active"}, "what is kept")


@test("a disk that is full from the start: signind starts all the same")
def full_from_the_start(rig):
    full = os.path.join(rig.dir, "full")
    write(full, b"")
    daemon = rig.start(preload=[BAD_DISK], env={"BAD_DISK": full})
    check_equal(rig.client.objects()[0], {}, "accounts")
    check_equal(daemon.stop(), 0, "exit status")


@test("a database that another process holds: signind waits or runs from memory, and leaves it alone")
def held(rig):
    path = filled(rig)
    # Reading the file while it is held would give the lock away: this is one process.
    content = read(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        daemon = rig.start(ready=False)
        wait_until(lambda: daemon.is_ready() or daemon.process.poll() is not None, what="the start")
        if daemon.is_ready():
            check(daemon.log().strip(), "it says something")
            check_equal(daemon.stop(), 0, "exit status")
        check_equal(others(rig, path), [], "files beside the database")
        check(read(path) == content, "the file is what it was")
    finally:
        connection.rollback()
        connection.close()
    rig.start()
    check_equal(len(rig.client.objects()[0]), 2, "accounts once it is free")


run()
