# SPDX-License-Identifier: GPL-3.0-or-later
"""What the golden tests find when they call: each scene is a function that tells the fake daemon what is true. The clock
stands still at NOW, a Tuesday in Central Europe."""

from datetime import datetime
from zoneinfo import ZoneInfo

import fakehealth
from fakedaemon import HOUR, MINUTE, NAME, account, past, session, variant

SECOND = 1000000
# 2026-11-24 15:00:00+01:00.
NOW = 1795528800 * SECOND
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"


def contoso(ago=6 * HOUR + 48 * MINUTE, **more):
    return account("contoso", [session(ago=ago)], **more)


def none(daemon):
    """No account."""
    daemon.set()


def out(daemon):
    """One account, and nobody signed in."""
    daemon.set(account("contoso"))


def one(daemon):
    """One account, signed in since 08:12."""
    values = contoso()
    daemon.set(values, following=(values["WarnsAt"], "warning", "contoso"))


def expiring(daemon):
    """One account, ten minutes before its end."""
    values = account("contoso", [session(ago=7 * HOUR + 50 * MINUTE, state="expiring")])
    daemon.set(values, following=(values["ExpiresAt"] - 5 * MINUTE, "reminder", "contoso"))


def ended(daemon):
    """One account, whose session ended an hour ago."""
    daemon.set(account("contoso", [session(ago=9 * HOUR, state="expired")]))


def browsers(daemon):
    """Two profiles of a browser, and an organization that nobody tracks."""
    profile = "firefox:0123456789abcdef"
    values = account("contoso", [session(profile, ago=6 * HOUR + 48 * MINUTE),
                                 session("firefox:fedcba9876543210", ago=2 * HOUR)])
    daemon.set(values, following=(values["WarnsAt"], "warning", "contoso"))
    daemon.suggestions = [{"host": variant("northwind.crm4.dynamics.com"), "source": variant(profile)}]


def many(daemon):
    """An account of each kind, with names that are short, long, wide and from right to left."""
    first = account("contoso", [session(ago=6 * HOUR + 48 * MINUTE),
                                session("firefox:default-release", ago=2 * HOUR)])
    second = account("fabrikam", [session(ago=7 * HOUR + 45 * MINUTE, state="expiring", dismissed=True)],
                     SnoozedUntil=NOW + 5 * MINUTE)
    third = account("old", [session(ago=9 * HOUR, state="expired")], ServiceName="Dynamics 365 home page")
    fourth = account("open-ended", [session(ago=HOUR, length=0)], SessionLength=0, UserName="j\u00fcrgen@example.org")
    fifth = account("out", UserName="a-very-long-user-name-that-fits-nowhere-at-all@contoso.onmicrosoft.com")
    sixth = account("weekend", [session(ago=5 * 24 * HOUR, state="expired")], ServiceName="\u7d4c\u8cbb\u7cbe\u7b97",
                    UserName="\u0639\u0644\u064a@example.org")
    daemon.set(first, second, third, fourth, fifth, sixth, following=(first["WarnsAt"], "warning", "contoso"))


def at(text):
    """A point in time, as the clock in Berlin showed it; what came twice is meant the first time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * SECOND


def week(daemon):
    """A week of two people's accounts: all ends, a night, two browsers at once, a silent sign-in, one that goes on."""
    one(daemon)
    daemon.accounts["fabrikam"] = account("fabrikam")
    firefox = "firefox:default-release"
    daemon.history = [
        past(1, "contoso", at("2026-11-18 08:12"), at("2026-11-18 16:12"), "expired"),
        past(2, "contoso", at("2026-11-19 08:05"), at("2026-11-19 15:50"), "renewed", answered=True),
        past(3, "contoso", at("2026-11-19 15:50"), at("2026-11-19 17:30"), "signed-out"),
        past(4, "fabrikam", at("2026-11-19 21:40"), at("2026-11-20 05:40"), "expired", answered=True),
        past(5, "contoso", at("2026-11-20 08:31"), at("2026-11-20 16:31"), "expired", answered=True),
        past(6, "contoso", at("2026-11-20 10:00"), at("2026-11-20 18:00"), "expired", firefox, silent=True),
        past(7, "fabrikam", at("2026-11-23 09:15"), at("2026-11-23 17:15"), "expired"),
        past(8, "contoso", at("2026-11-23 13:00"), at("2026-11-23 13:20"), "signed-out"),
        past(9, "contoso", at("2026-11-24 08:12"), 0, "running"),
        past(10, "fabrikam", at("2026-11-24 06:30"), at("2026-11-24 14:30"), "expired"),
    ]


def clocks_changed(daemon):
    """Nights in which clocks were put forward and back while somebody was signed in."""
    one(daemon)
    daemon.history = [
        past(1, "contoso", at("2026-03-28 22:00"), at("2026-03-29 07:00"), "expired"),
        past(2, "contoso", at("2026-10-24 22:00"), at("2026-10-25 05:00"), "expired"),
        past(3, "contoso", at("2026-10-25 02:30"), at("2026-10-25 04:00"), "signed-out", "firefox:default-release"),
        past(4, "contoso", at("2026-10-25 09:00"), at("2026-10-25 12:00"), "signed-out"),
    ]


def full_disk(daemon):
    """Whatever is to be kept cannot be."""
    one(daemon)
    for method in ("AddAccount", "SetAccount", "RemoveAccount", "RecordSignIn", "RecordSignOut"):
        daemon.errors[method] = (NAME + ".Error.Storage", "Cannot store it: database or disk is full")


def exists(daemon):
    """The account that is to be added is there."""
    one(daemon)
    daemon.errors["AddAccount"] = (NAME + ".Error.AccountExists", "There is an account contoso already")


def refusing(daemon):
    """The daemon finds something wrong with an account, or with a time."""
    one(daemon)
    for method in ("AddAccount", "SetAccount"):
        daemon.errors[method] = (NAME + ".Error.InvalidArgument", "There is no region crm99")
    daemon.errors["RecordSignIn"] = (NAME + ".Error.InvalidTime",
                                     "A session of contoso that began 2026-11-24 06:00 has ended already, "
                                     "2026-11-24 14:00")


def old_daemon(daemon):
    """The running daemon is of another version."""
    daemon.set()
    daemon.errors["GetManagedObjects"] = ("org.freedesktop.DBus.Error.UnknownMethod", "raw text")


def gone(daemon):
    """There is no daemon, and nothing that could start one."""
    daemon.set()
    daemon.drop_name()


def services(daemon, *answers):
    """A signin-healthd that answers so."""
    if not hasattr(daemon, "services"):
        daemon.services = fakehealth.Health(daemon.bus.connect)
    daemon.services.say(*answers)


def works(daemon):
    """One account, with which all is well; an administrator's token, too."""
    one(daemon)
    dashboard = "https://admin.microsoft.com/Adminportal/Home#/servicehealth"
    services(daemon, fakehealth.up(tenant="0a1b2c3d-1111-2222-3333-444455556666", session_length_usec=10 * HOUR) + [
        fakehealth.row("portal", "up", "redirect-to-authority", name="portal.office.com", status=302,
                       **fakehealth.times(240)),
        fakehealth.row("feed", "up", "available", name="Microsoft 365 admin center", ago=300,
                       url="https://status.cloud.microsoft/", **fakehealth.times(60)),
        fakehealth.row("graph", "degraded", "service-degradation", name="Dynamics 365 Apps", status=200, url=dashboard,
                       issue_id="CR384241", title="Some people cannot sign in", since=NOW - 3 * HOUR)])


def mixed(daemon):
    """Three accounts: one works, one is overloaded, one does not exist."""
    daemon.set(contoso(), account("fabrikam"), account("tailspin"))
    services(daemon, fakehealth.up() + fakehealth.broken("degraded", "http-503", "fabrikam", retry_after_sec=120)
             + fakehealth.broken("not-found", "name-unknown", "tailspin"))


def offline(daemon):
    """One account, and no network."""
    one(daemon)
    services(daemon, fakehealth.offline())


def captive(daemon):
    """One account, and a network that wants people to log in to it first."""
    one(daemon)
    services(daemon, fakehealth.offline("captive"))


def was_offline(daemon):
    """One account, of which it is known that there was no network."""
    one(daemon)
    daemon.health = [{"account": "contoso", "verdict": "offline", "reason": "name-unknown", "at": NOW - 5 * MINUTE}]


# What goes on while a verb listens: what these yield is awaited in the output; then the verb is ended.
def day(daemon):
    """All that happens in a day; then the daemon stops."""
    path = "/org/signind/Signin1/account/contoso"
    began = NOW - 6 * HOUR
    daemon.emit("SignedIn", "(ossttt)", path, "contoso", "manual", began, began + 460 * MINUTE,
                began + 480 * MINUTE)
    daemon.emit("Warning", "(ossttt)", path, "contoso", "manual", began, began + 480 * MINUTE, 20 * MINUTE)
    daemon.emit("Reminder", "(osstt)", path, "contoso", "manual", began + 480 * MINUTE, 5 * MINUTE)
    daemon.emit("Expired", "(osst)", path, "contoso", "manual", began + 480 * MINUTE)
    daemon.emit("SignedOut", "(osst)", path, "contoso", "firefox:default-release", began)
    daemon.emit_added(account("fabrikam"))
    daemon.emit_removed("fabrikam")
    daemon.drop_name()
    yield b"stopped"


def stop(daemon):
    """The session comes near its end, and then the daemon stops."""
    yield b"1 h 12 min"
    expiring(daemon)
    daemon.emit("PropertiesChanged", "(sa{sv}as)", NAME + ".Account", {}, [], interface="org.freedesktop.DBus.Properties",
                path="/org/signind/Signin1/account/contoso")
    yield b"10 min"
    daemon.drop_name()
    yield b"stopped"
