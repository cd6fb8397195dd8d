#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts from what people have, with the real daemon: questions on a terminal, and the way to another computer."""

import json
import os
import pty
import select
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
from harness import BOUND, SIGNINCTL, check, check_equal, run, test  # noqa: E402

HOUR = 3600
PAGE = "https://contoso.crm4.dynamics.com/main.aspx?appid=1"


def accounts(rig):
    """The accounts that are there, by id."""
    return {a["id"]: a for a in json.loads(rig.ctl("status", "--json").stdout)["accounts"]}


def talk(rig, *args, answers=(), code=0):
    """Runs signinctl on a terminal and gives an answer to each question; returns all that stood there."""
    leader, follower = pty.openpty()
    env = dict(rig.env, COLUMNS="200", TERM="xterm")
    with subprocess.Popen([SIGNINCTL, *args], env=env, stdin=follower, stdout=follower, stderr=follower) as child:
        os.close(follower)
        said, left = b"", list(answers)
        while True:
            ready, _, _ = select.select([leader], [], [], BOUND)
            check(ready, f"{args} says nothing any more after {said!r}")
            try:
                more = os.read(leader, 65536)
            except OSError:
                break
            if not more:
                break
            said += more
            last = said.rsplit(b"\n", 1)[-1]
            # A question stands at the end, without an end of line.
            if last.endswith((b"] ", b": ")) and left:
                os.write(leader, left.pop(0).encode())
        status = child.wait(BOUND)
    os.close(leader)
    check_equal((status, left), (code, []), f"status of {args}, answers not asked for; {said!r}")
    return said.decode().replace("\r\n", "\n")


def fails(rig, code, *args, text=None):
    """The one line of a call that cannot be done."""
    done = subprocess.run([SIGNINCTL, *args], env=rig.env, input=text, capture_output=True, timeout=BOUND, check=False)
    line = done.stderr.decode()
    check_equal((done.returncode, done.stdout, line.count("\n")), (code, b"", 1), f"{args}: {line}")
    check("\033" not in line, line)
    as_json = subprocess.run([SIGNINCTL, *args, "--json"], env=rig.env, input=text, capture_output=True, timeout=BOUND,
                             check=False)
    check_equal((as_json.returncode, as_json.stderr), (code, b""), f"{args} --json")
    check_equal(json.loads(as_json.stdout)["error"]["message"], line[len("signinctl: "):-1], "message")
    return line


@test("add asks for user name and length, and an empty answer takes what is usual")
def asks(rig):
    rig.start()
    said = talk(rig, "add", PAGE, answers=["\n", "\n"])
    check("Which name do you sign in with, such as username@contoso.com? [none]" in said, said)
    check("How long does contoso keep you signed in? [8 h]" in said and "Added contoso" in said, said)
    account = accounts(rig)["contoso"]
    check_equal((account["user_name"], account["session_length_sec"]), (None, 8 * HOUR), "account")


@test("add asks for all of it when nothing is said, and takes the answers")
def asks_all(rig):
    rig.start()
    talk(rig, "add", answers=["https:/fabrikam.crm.dynamics.com/apps\n", "anna@fabrikam.com\n", "10h\n"])
    account = accounts(rig)["fabrikam"]
    check_equal((account["url"], account["user_name"], account["session_length_sec"]),
                ("https://fabrikam.crm.dynamics.com", "anna@fabrikam.com", 10 * HOUR), "account")
    talk(rig, "add", "work", answers=["https://contoso.crm4.dynamics.com\n", "\n", "none\n"])
    account = accounts(rig)["work"]
    check_equal((account["organization"], account["region"], account["session_length_sec"]), ("contoso", "crm4", None),
                "account")


@test("a wrong answer is told and asked again, three times; who ends the input changes nothing")
def asks_again(rig):
    rig.start()
    said = talk(rig, "add", PAGE, answers=["Anna Smith\n", "anna@contoso.com\n", "soon\n", "25h\n", "9h\n"])
    check("from 60 min to 1440 min" in said and "'soon' is not a duration" in said, said)
    check_equal(accounts(rig)["contoso"]["session_length_sec"], 9 * HOUR, "length")
    said = talk(rig, "add", code=2,
                answers=["https://login.live.com/\n", "http://x\n", "https://disco.crm.dynamics.com\n"])
    check("some minutes only" in said and "begin with https" in said and "service itself" in said, said)
    check("nothing was changed" in talk(rig, "add", "https://portal.office.com", answers=["\n", "\x04"], code=1), "end")
    check_equal(list(accounts(rig)), ["contoso"], "accounts")


@test("what was said is not asked")
def asks_no_more(rig):
    rig.start()
    said = talk(rig, "add", PAGE, "--user", "anna@contoso.com", "--length", "8h")
    check("?" not in said.replace("record", ""), said)


@test("add never asks behind a pipe, nor with --json")
def never_asks(rig):
    rig.start()
    done = rig.ctl("add", PAGE)
    check(done.returncode == 0 and b"?" not in done.stdout.replace(PAGE.encode(), b""), done)
    json.loads(talk(rig, "add", "https://portal.office.com", "--json"))
    check("signinctl add ID|URL" in fails(rig, 2, "add"), "what is missing")
    check("https://contoso.crm4.dynamics.com" in fails(rig, 2, "add", "https://contoso.api.crm4.dynamics.com"), "api")
    notice = json.loads(rig.ctl("add", "https:/home.dynamics.com", "--json").stdout)["notice"]
    check("one slash" in notice, notice)


def fill(rig):
    """An account of each kind, and a setting."""
    for args in (["https://contoso.crm4.dynamics.com", "--user", "anna@contoso.com", "--length", "10h", "--warn",
                  "30min"],
                 ["https://portal.office.com"], ["https://home.dynamics.com", "--user", "CONTOSO\\anna"],
                 ["https://listening.microsoft.com/app/1234/"],
                 ["endless", "--org", "contoso", "--region", "GCC High", "--length", "none"],
                 ["page", "--url", "https://fabrikam.crm.dynamics.com/main.aspx?appid=1"]):
        check_equal(rig.ctl("add", *args).returncode, 0, f"add {args}")
    write_settings(rig, "# mine\n[Reminders]\nsnooze=7 min\n")


def settings_path(rig):
    return os.path.join(rig.env["XDG_CONFIG_HOME"], "signind", "signind.conf")


def write_settings(rig, text):
    os.makedirs(os.path.dirname(settings_path(rig)), exist_ok=True)
    with open(settings_path(rig), "w", encoding="utf-8") as file:
        file.write(text)


def read_settings(rig):
    with open(settings_path(rig), encoding="utf-8") as file:
        return file.read()


def empty(rig):
    for ident in accounts(rig):
        check_equal(rig.ctl("remove", ident).returncode, 0, "remove")


def take_in(rig, document, *args):
    """What import says of a document."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    done = subprocess.run([SIGNINCTL, "import", *args], env=rig.env, input=text, capture_output=True, timeout=BOUND,
                          check=False)
    check_equal((done.returncode, done.stderr), (0, b""), f"import {args}: {done.stdout}")
    return done.stdout.decode()


@test("what export writes, import makes again; a second time changes nothing")
def there_and_back(rig):
    rig.start()
    fill(rig)
    rig.ctl("record", "contoso")
    document = rig.ctl("export").stdout
    check_equal(rig.ctl("export", "--json").stdout, document, "export --json")
    check(b"signed_in" not in document and b"expires" not in document, "no history")
    before = accounts(rig)
    again = take_in(rig, document)
    check_equal(again.count("is here already"), 6, again)
    empty(rig)
    write_settings(rig, "")
    plan = take_in(rig, document, "--dry-run")
    check("contoso: would be added" in plan and "snooze: would be set to 7 min" in plan, plan)
    check_equal((accounts(rig), read_settings(rig)), ({}, ""), "after a dry run")
    path = os.path.join(rig.dir, "export.json")
    with open(path, "wb") as file:
        file.write(document)
    done = rig.ctl("import", path)
    check(done.returncode == 0 and b"contoso: added" in done.stdout, done)
    after = accounts(rig)
    check_equal(list(after), list(before), "ids")
    for ident, account in after.items():
        for key in ("service", "user_name", "organization", "region", "url", "session_length_sec", "warning_lead_sec"):
            check_equal(account[key], before[ident][key], f"{ident}: {key}")
    check_equal(after["contoso"]["state"], "signed-out", "state")
    check_equal(rig.ctl("export").stdout, document, "export after import")
    check("snooze=7 min\n" in read_settings(rig), read_settings(rig))
    check_equal(take_in(rig, document).count("added"), 0, "the second time")


@test("what differs is left alone and named; --replace takes the file's")
def conflicts(rig):
    rig.start()
    fill(rig)
    document = json.loads(rig.ctl("export").stdout)
    new = {"id": "new", "service": "office365", "session_length_sec": None}
    changed = dict(document, accounts=[new, dict(document["accounts"][0], user_name="ben@contoso.com")],
                   settings={"snooze": "9 min", "sound": "yes"})
    before = accounts(rig)
    text = json.dumps(changed).encode()
    line = fails(rig, 1, "import", text=text)
    check("contoso" in line and "user_name" in line and "--replace" in line, line)
    check_equal((accounts(rig), "9 min" in read_settings(rig)), (before, False), "after a refusal")
    check("is here with other values (user_name)" in take_in(rig, changed, "--dry-run"), "dry run")
    plan = json.loads(take_in(rig, changed, "--dry-run", "--json"))
    check_equal([(a["id"], a["action"], a["differences"]) for a in plan["accounts"]],
                [("new", "add", []), ("contoso", "conflict", ["user_name"])], "plan")
    said = take_in(rig, changed, "--replace")
    check("contoso: changed (user_name)" in said and "new: added" in said and "snooze: set to 9 min" in said, said)
    check_equal(accounts(rig)["contoso"]["user_name"], "ben@contoso.com", "user name")
    check_equal(read_settings(rig), "# mine\n[Reminders]\nsnooze=9 min\n\n[Popups]\nsound=yes\n", "settings")
    # What the file does not have is taken away.
    bare = {"version": 1, "kind": "signind-export", "accounts": [
        {"id": "contoso", "organization": "contoso", "region": "crm4"},
        {"id": "page", "organization": "fabrikam", "region": "crm"}]}
    take_in(rig, bare, "--replace")
    account = accounts(rig)["contoso"]
    check_equal((account["user_name"], account["session_length_sec"]), (None, 8 * HOUR), "account")
    check_equal(accounts(rig)["page"]["url"], "https://fabrikam.crm.dynamics.com", "page")
    check_equal(take_in(rig, bare).count("already"), 2, "the second time")
    other = {"version": 1, "kind": "signind-export", "accounts": [{"id": "contoso", "service": "office365"}]}
    check("remove it first" in fails(rig, 1, "import", "--replace", text=json.dumps(other).encode()), "service")
    write_settings(rig, "# mine\n[Reminders]\nsnooze=7 min\n")
    only = {"version": 1, "kind": "signind-export", "settings": {"snooze": "9 min"}}
    check("the setting snooze" in fails(rig, 1, "import", text=json.dumps(only).encode()), "setting")


@test("a file that makes no sense is refused with its place, and changes nothing")
def refused(rig):
    rig.start()
    head = {"version": 1, "kind": "signind-export"}
    account = {"id": "contoso", "organization": "contoso", "region": "crm4"}
    rows = [
        (b"", "not JSON, at line 1"), (b"{\n,", "at line 2"), (b"[]", "wrote"), (b"{}", "wrote"), (b"\xff", "not JSON"),
        (b'{"version": 1, "version": 1}', "twice"), (b"[" * 100000, "not JSON"),
        (b'{"version": 1, "kind": "signind-export", "x\\u0000y": 1}', "not JSON"),
        (b" " * (1024 * 1024 + 1), "larger than 1048576 bytes"),
        (dict(head, version=2), "version 2"), (dict(head, history=[]), "'history'"),
        (dict(head, accounts={}), "no list"), (dict(head, accounts=[1]), "account 1: this is no object"),
        (dict(head, accounts=[account] * 2), "account 2: 'contoso' stands there twice"),
        (dict(head, accounts=[account] * 257), "more than 256"),
        (dict(head, accounts=[{}]), "'id' is missing"), (dict(head, accounts=[dict(account, id=1)]), "'id' is no text"),
        (dict(head, accounts=[dict(account, id="A b")]), "account 1: account id"),
        (dict(head, accounts=[dict(account, service="none")]), "is not known"),
        (dict(head, accounts=[dict(account, region="crm99")]), "is not known"),
        (dict(head, accounts=[dict(account, organization="disco")]), "service itself"),
        (dict(head, accounts=[dict(account, url="javascript:x")]), "https://"),
        (dict(head, accounts=[dict(account, user_name="\u202ex")]), "user name"),
        (dict(head, accounts=[dict(account, secret="x")]), "'secret'"),
        (dict(head, accounts=[dict(account, session_length_sec=1e300)]), "no number of seconds"),
        (dict(head, accounts=[dict(account, session_length_sec=2 ** 62)]), "no number of seconds"),
        (dict(head, accounts=[dict(account, session_length_sec=60)]), "from 60 min"),
        (dict(head, settings=[]), "no object"), (dict(head, settings={"x\033": "y"}), "'x'"),
        (dict(head, settings={"snooze": 5}), "no text"), (dict(head, settings={"snooze": "never"}), "snooze:"),
    ]
    for document, part in rows:
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        line = fails(rig, 2, "import", text=text)
        check(part in line, f"{text[:100]}: {line}")
    check("No such file" in fails(rig, 1, "import", "/nonexistent"), "no file")
    check("directory" in fails(rig, 1, "import", "/"), "a folder")
    check_equal(accounts(rig), {}, "accounts")
    check("nothing to" not in take_in(rig, dict(head)), "an empty one")


@test("a damaged or linked settings file is left whole")
def settings_file(rig):
    rig.start()
    document = {"version": 1, "kind": "signind-export", "settings": {"snooze": "9 min"}}
    real = os.path.join(rig.dir, "dotfiles.conf")
    with open(real, "w", encoding="utf-8") as file:
        file.write("[Popups]\npopups=no\n[Reminders]\n# before\nreminders=5 min\n\n[Journal]\n")
    os.makedirs(os.path.dirname(settings_path(rig)), exist_ok=True)
    os.symlink(real, settings_path(rig))
    take_in(rig, document)
    check(os.path.islink(settings_path(rig)), "the link stays")
    check_equal(read_settings(rig), "[Popups]\npopups=no\n[Reminders]\n# before\nreminders=5 min\nsnooze=9 min\n"
                "\n[Journal]\n", "settings")
    check_equal(os.stat(real).st_mode & 0o777, 0o600, "mode")
    write_settings(rig, "[Reminders\nsnooze=7 min\n")
    line = fails(rig, 1, "import", text=json.dumps(document).encode())
    check(settings_path(rig) + ":1" in line, line)
    check_equal(read_settings(rig), "[Reminders\nsnooze=7 min\n", "settings")


if __name__ == "__main__":
    run()
