# SPDX-License-Identifier: GPL-3.0-or-later
"""What the golden tests find when they call: each scene is a function that tells the fake daemon what is true. The clock
stands still at NOW, a Tuesday in Central Europe."""

from fakedaemon import HOUR, MINUTE, NAME, account, session

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


def day(daemon):
    """All that happens in a day, while somebody listens; then the daemon stops, which is the sign to end."""
    path = "/org/signind/Signin1/account/contoso"
    at = NOW - 6 * HOUR
    daemon.emit("SignedIn", "(ossttt)", path, "contoso", "manual", at, at + 460 * MINUTE, at + 480 * MINUTE)
    daemon.emit("Warning", "(ossttt)", path, "contoso", "manual", at, at + 480 * MINUTE, 20 * MINUTE)
    daemon.emit("Reminder", "(osstt)", path, "contoso", "manual", at + 480 * MINUTE, 5 * MINUTE)
    daemon.emit("Expired", "(osst)", path, "contoso", "manual", at + 480 * MINUTE)
    daemon.emit("SignedOut", "(osst)", path, "contoso", "firefox:default-release", at)
    daemon.emit_added(account("fabrikam"))
    daemon.emit_removed("fabrikam")
    daemon.drop_name()
    return b"stopped"
