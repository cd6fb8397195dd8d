# SPDX-License-Identifier: GPL-3.0-or-later
"""From a sign-in to its warning and its end, as programs on the bus see it."""

from harness import (ACCOUNT, ERROR, HOUR, LENGTH, MANAGER, MINUTE, PATH, SECOND, WARNS_AFTER, CallFailed,
                     account_path, check, check_equal, now, run, test, wait_until)

CONTOSO = account_path("contoso")


def index_of(events, kind, member, **args):
    """Where in EVENTS the first of KIND and MEMBER with those properties stands."""
    for index, event in enumerate(events):
        if (event.kind, event.member) == (kind, member) and all(event.args.get(k) == v for k, v in args.items()):
            return index
    raise AssertionError(f"no {kind} {member} {args} on record")


@test("a sign-in of 7 h 39 min 58 s ago: properties, SignedIn, the reply; 2 s later properties, Warning")
def warning(rig):
    rig.start()
    client = rig.client
    check_equal(client.add(), CONTOSO, "path of the new account")
    at = now() - WARNS_AFTER + 2 * SECOND
    expires_at = client.record(at=at)
    check_equal(expires_at, at + LENGTH, "the reply of RecordSignIn")

    events = client.events
    changed = index_of(events, "changed", ACCOUNT, State="active")
    manager = index_of(events, "changed", MANAGER, NextEvent="warning")
    signal = index_of(events, "signal", "SignedIn")
    reply = index_of(events, "reply", "RecordSignIn")
    check(max(changed, manager) < signal < reply, f"order: {changed}, {manager} < {signal} < {reply}")
    check_equal(events[signal].args, (CONTOSO, "contoso", "manual", at, at + WARNS_AFTER, at + LENGTH), "SignedIn")
    check_equal(events[manager].args["NextDeadline"], at + WARNS_AFTER, "NextDeadline")
    check_equal(events[manager].args["NextAccount"], CONTOSO, "NextAccount")
    check_equal(client.signals("Warning"), [], "warnings before the mark")

    told = client.wait_signal("Warning")
    late = now() - (at + WARNS_AFTER)
    check(0 <= late < 3 * SECOND, f"the warning came {late} us after its mark")
    account, account_id, source, signed_in_at, ends, remaining = told.args
    check_equal((account, account_id, source, signed_in_at, ends),
                (CONTOSO, "contoso", "manual", at, at + LENGTH), "Warning")
    check(20 * MINUTE - 3 * SECOND < remaining <= 20 * MINUTE, f"remaining {remaining}")
    check(index_of(events, "changed", ACCOUNT, State="expiring") < events.index(told), "state before its signal")
    check(index_of(events, "changed", MANAGER, NextEvent="reminder") < events.index(told), "next before its signal")
    check_equal(len(client.signals("Warning")), 1, "number of warnings")


@test("a sign-in of 8 h - 2 s ago warns at once and expires 2 s later, once each")
def expiry(rig):
    rig.start()
    client = rig.client
    client.add()
    at = now() - LENGTH + 2 * SECOND
    client.record(at=at)
    remaining = client.wait_signal("Warning").args[5]
    check(0 < remaining <= 2 * SECOND, f"remaining {remaining}")
    expired = client.wait_signal("Expired")
    check_equal(expired.args, (CONTOSO, "contoso", "manual", at + LENGTH), "Expired")
    check(now() >= at + LENGTH, "the end did not come early")
    check(index_of(client.events, "changed", ACCOUNT, State="expired") < client.events.index(expired),
          "state before its signal")
    check_equal([e.member for e in client.signals()], ["SignedIn", "Warning", "Expired"], "signals")
    properties = client.account()
    check_equal((properties["State"], properties["ExpiresAt"]), ("expired", at + LENGTH), "properties")
    manager = client.manager()
    check_equal((manager["NextDeadline"], manager["NextEvent"], manager["NextAccount"]), (0, "", "/"), "what is next")


@test("property values, before a sign-in, during a session and after the sign-out")
def values(rig):
    rig.start()
    client = rig.client
    client.add("contoso", user_name="kim@contoso.com", region="EMEA")
    expected = {"Id": "contoso", "Service": "dynamics365", "UserName": "kim@contoso.com", "Organization": "contoso",
                "Region": "crm4", "Url": "https://contoso.crm4.dynamics.com", "State": "signed-out", "SignedInAt": 0,
                "WarnsAt": 0, "ExpiresAt": 0, "SnoozedUntil": 0, "SessionLength": LENGTH, "WarningLead": 20 * MINUTE,
                "Source": "", "Sessions": []}
    properties = client.account()
    check(properties.pop("ServiceName"), "a name of the service for people")
    properties["Url"] = properties["Url"].rstrip("/")
    check_equal(properties, expected, "properties of a new account")

    at = now() - HOUR
    client.record(at=at, source="manual")
    client.record(at=at + MINUTE, source="firefox", silent=True)
    properties = client.account()
    check_equal((properties["State"], properties["SignedInAt"], properties["WarnsAt"], properties["ExpiresAt"],
                 properties["Source"]), ("active", at, at + WARNS_AFTER, at + LENGTH, "manual"), "the earliest end")
    sessions = [(s["source"], s["state"], s["signed-in-at"], s["warns-at"], s["expires-at"], s["silent"],
                 s["dismissed"]) for s in properties["Sessions"]]
    second = at + MINUTE
    check_equal(sessions, [("manual", "active", at, at + WARNS_AFTER, at + LENGTH, False, False),
                           ("firefox", "active", second, second + WARNS_AFTER, second + LENGTH, True, False)],
                "both sessions")

    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    check_equal(client.account()["State"], "signed-out", "state after the sign-out")
    check_equal(sorted(e.args[2] for e in client.signals("SignedOut")), ["firefox", "manual"], "SignedOut")
    check_equal(client.manager()["NextDeadline"], 0, "nothing is waited for")


@test("a service without a known length is tracked and never warns")
def no_length(rig):
    rig.start()
    client = rig.client
    client.add("mail", service="office365", organization="", region="")
    at = now() - 9 * HOUR
    check_equal(client.record("mail", at=at), 0, "no end is known")
    check_equal(client.wait_signal("SignedIn").args[3:], (at, 0, 0), "SignedIn")
    check_equal(client.account("mail")["State"], "active", "state")
    check_equal(client.manager()["NextDeadline"], 0, "nothing is waited for")


@test("accounts come and go with InterfacesAdded and InterfacesRemoved")
def object_manager(rig):
    rig.start()
    client = rig.client
    client.add()
    added = [e.args[0] for e in client.events if e.member == "InterfacesAdded"]
    check_equal(added, [CONTOSO], "InterfacesAdded before the reply")
    managed, _ = client.objects()
    check_equal(list(managed), [CONTOSO], "managed objects")
    check_equal(managed[CONTOSO][ACCOUNT], client.account(), "their properties")
    client.call("RemoveAccount", "s", "contoso")
    removed = [e.args for e in client.events if e.member == "InterfacesRemoved"]
    check_equal(removed, [(CONTOSO, [ACCOUNT])], "InterfacesRemoved before the reply")
    check_equal(client.objects()[0], {}, "nothing is left")


@test("what was recorded survives a restart and repeats nothing")
def restart(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    client.record(at=now() - WARNS_AFTER - MINUTE)
    client.wait_signal("Warning")
    before = client.account()
    check_equal(daemon.stop(), 0, "exit status")
    mark = len(client.events)
    rig.start()
    check_equal(client.account(), before, "properties after the restart")
    client.record(source="barrier")
    check_equal([e.member for e in client.events[mark:] if e.kind == "signal"], ["SignedIn"], "signals since")


@test("what fell due while signind was away is told at its start, an old end without a warning")
def away(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    at = now() - LENGTH + SECOND
    client.record(at=at + HOUR, source="long")
    check_equal(daemon.stop(), 0, "exit status")
    daemon = rig.start()
    client.record(at=at, source="short")
    daemon.process.kill()
    daemon.wait_exit()
    wait_until(lambda: now() > at + LENGTH, what="the end of the session, with nobody there")
    mark = len(client.events)
    rig.start()
    wait_until(lambda: client.signals("Expired"), what="the end that was missed")
    members = [e.member for e in client.events[mark:] if e.kind == "signal"]
    check_equal(members, ["Expired"], "signals after the start")


@test("a stamp that cannot be is refused: ahead, before 2000, already over")
def stamps(rig):
    rig.start()
    client = rig.client
    client.add()
    before = client.objects()
    for at in (now() + 10 * SECOND, 946684799 * SECOND, now() - LENGTH - SECOND, 0, 2**63 - 1, 2**63, 2**64 - 1):
        try:
            client.record(at=at)
        except CallFailed as error:
            expected = "InvalidTime" if at < 2**63 else "InvalidArgument"
            check_equal(error.name, ERROR + expected, f"error for {at}")
        else:
            raise AssertionError(f"{at} was accepted")
    check_equal(client.objects(), before, "nothing changed")
    check_equal(client.signals(), [], "nothing was told")


@test("the manager stands beside the accounts and says its version")
def version_property(rig):
    rig.start()
    check_equal(rig.client.manager()["Version"], rig.ctl("--version").stdout.decode().split()[-1], "version")
    check(PATH not in rig.client.objects()[0], "the manager is not in its own list")


run()
