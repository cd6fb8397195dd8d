# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be told of the extension without a browser: manifest, texts, pages, and the archives."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

from chromium import ID
from firefox import ID as GECKO_ID

HERE = os.path.dirname(os.path.abspath(__file__))
SRCDIR = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(HERE))
BUILDDIR = os.environ.get("TOP_BUILDDIR") or os.path.join(SRCDIR, "build")
EXTENSION = os.path.join(SRCDIR, "client/browser/extension")
ARCHIVE = os.path.join(SRCDIR, "client/browser/archive.py")


def read(name):
    """A file of the extension."""
    with open(os.path.join(EXTENSION, name), encoding="utf-8") as file:
        return file.read()


def names():
    """All files of the extension."""
    return sorted(os.path.relpath(os.path.join(root, name), EXTENSION)
                  for root, _folders, files in os.walk(EXTENSION) for name in files)


def source(*kinds):
    """The text of all files of these kinds."""
    return "".join(read(name) for name in names() if name.endswith(kinds))


MANIFEST = json.loads(read("manifest.json"))
ENGLISH = json.loads(read("_locales/en/messages.json"))
LANGUAGES = sorted(os.listdir(os.path.join(EXTENSION, "_locales")))


def version():
    """The version of the project."""
    with open(os.path.join(SRCDIR, "configure.ac"), encoding="utf-8") as file:
        return re.search(r"AC_INIT\(\[signind\], \[([^]]*)\]", file.read())[1]


def ids_are_fixed():
    """Chromium's follows from the key."""
    digest = hashlib.sha256(base64.b64decode(MANIFEST["key"])).hexdigest()[:32]
    found = "".join(chr(ord("a") + int(digit, 16)) for digit in digest)
    assert found == ID, found
    assert MANIFEST["browser_specific_settings"]["gecko"]["id"] == GECKO_ID


def asks_for_little():
    """Three sites at installation, and nothing that brings a warning of its own."""
    assert MANIFEST["host_permissions"] == ["https://*.dynamics.com/*", "https://listening.microsoft.com/*",
                                            "https://portal.office.com/*"]
    assert MANIFEST["permissions"] == ["alarms", "nativeMessaging", "storage", "webRequest"]
    assert MANIFEST["incognito"] == "not_allowed"
    optional = MANIFEST["optional_host_permissions"]
    for host in re.findall(r'"((?:\*|login)\.[a-z.]+)"', read("clouds.js")):
        pattern = f"https://{host}/*"
        assert (pattern in optional) != (pattern in MANIFEST["host_permissions"]), pattern


def clouds_are_those_of_the_regions():
    """Every region whose cloud is still there can be observed, with its own authority."""
    with open(os.path.join(SRCDIR, "data/regions.conf"), encoding="utf-8") as file:
        groups = re.split(r"^\[", file.read(), flags=re.M)[2:]
    clouds = re.findall(r"applications: \[(.*?)\],\s*authorities: \[(.*?)\]", read("clouds.js"), flags=re.S)
    assert len(clouds) == 3, clouds
    for group in groups:
        host = re.search(r"^host=(.*)$", group, flags=re.M)[1]
        authority = re.search(r"^authority=(.*)$", group, flags=re.M)
        authority = authority[1] if authority else "login.microsoftonline.com"
        # Germany's cloud of its own was closed in 2021.
        if authority == "login.microsoftonline.de":
            continue
        suffixes = [name for applications, authorities in clouds if authority in authorities
                    for name in re.findall(r'"\*(.*?)"', applications)]
        assert host.endswith(tuple(suffixes)), host


def texts_are_there():
    """Every text that is used has a translation in every language, and the other way round."""
    script = source(".js", ".html")
    used = set(re.findall(r'\bsay\("(\w+)"', script)) | set(re.findall(r'data-(?:text|title)="(\w+)"', script))
    used |= set(re.findall(r"__MSG_(\w+)__", read("manifest.json")))
    indirect = {"state_active", "state_expiring", "state_expired", "state_signed_out", "openPage", "signIn",
                "signInAgain", "sitesAdded", "sitesRemoved", "sitesUnchanged", "noneRunning", "noAccounts",
                "notSignedIn", "noSuchAccount", "noAccountsHelp"}
    for key in ("daemonAway", "noHost", "withheld", "failed"):
        indirect |= {key, key + "Help"}
    for key in re.findall(r'key: "(\w+)"', script):
        indirect |= {key, key + "_note"}
    for key in indirect:
        assert key.split("_")[0].removesuffix("Help") in script, key
    assert used | indirect == set(ENGLISH), (used | indirect) ^ set(ENGLISH)
    for language in LANGUAGES:
        texts = json.loads(read(f"_locales/{language}/messages.json"))
        assert set(texts) == set(ENGLISH), set(texts) ^ set(ENGLISH)
        for key, text in texts.items():
            wanted = set(re.findall(r"\$\d", ENGLISH[key]["message"]))
            assert set(re.findall(r"\$\d", text["message"])) == wanted, (language, key)
        assert len(texts["extensionDescription"]["message"]) <= 132, language


def pages_run_only_their_own():
    """No script inside a page, nothing from elsewhere, and no text that could be read as markup."""
    for name in names():
        if name.endswith(".html"):
            page = read(name)
            assert not re.search(r"<script(?![^>]*\bsrc=)", page), name
            assert not re.search(r"\bon\w+=", page), name
            assert not re.search(r"https?://", page), name
        if name.endswith(".js"):
            assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|\bfetch\(|XMLHttp",
                                 read(name)), name


def archive(target, *options):
    """Makes one of all files."""
    subprocess.run([sys.executable, ARCHIVE, *options, target, EXTENSION, *reversed(names())], check=True,
                   stdin=subprocess.DEVNULL)


def archives_are_complete():
    """Those of the build folder hold every file, as it is; only the store's manifest has no key."""
    for name, has_key in (("signind.xpi", True), ("signind-store.zip", False)):
        with zipfile.ZipFile(os.path.join(BUILDDIR, "client/browser", name)) as found:
            assert found.namelist() == names(), (name, found.namelist())
            for entry in found.namelist():
                data = found.read(entry)
                if entry == "manifest.json" and not has_key:
                    assert json.loads(data) == {key: value for key, value in MANIFEST.items() if key != "key"}
                else:
                    with open(os.path.join(EXTENSION, entry), "rb") as file:
                        assert data == file.read(), entry


def archives_are_the_same():
    """Byte for byte, whatever time, zone, mask and order."""
    with tempfile.TemporaryDirectory() as folder:
        for name, options in (("signind.xpi", []), ("signind-store.zip", ["--store"])):
            target = os.path.join(folder, name)
            mask = os.umask(0o077)
            zone = os.environ.get("TZ")
            os.environ["TZ"] = "Pacific/Auckland"
            try:
                archive(target, *options)
            finally:
                os.umask(mask)
                os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
            with open(target, "rb") as made, open(os.path.join(BUILDDIR, "client/browser", name), "rb") as built:
                assert made.read() == built.read(), name


def no_private_key():
    """Nowhere in the extension, nor beside it."""
    for root, _folders, files in os.walk(os.path.dirname(EXTENSION)):
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                assert b"PRIVATE KEY" not in file.read(), name


def has_version():
    """That of the project."""
    assert MANIFEST["version"] == version(), MANIFEST["version"]


TESTS = [has_version, ids_are_fixed, asks_for_little, clouds_are_those_of_the_regions, texts_are_there,
         pages_run_only_their_own, archives_are_complete, archives_are_the_same, no_private_key]


def main():
    """All of them, as TAP."""
    print(f"1..{len(TESTS)}")
    failed = 0
    for number, test in enumerate(TESTS, 1):
        trouble = None
        try:
            test()
        except Exception as error:  # The next one shall run.
            trouble = f"{type(error).__name__}: {error}"
        failed += trouble is not None
        print(f"{'not ok' if trouble else 'ok'} {number} - {test.__name__.replace('_', ' ')}")
        if trouble:
            print("# " + trouble.encode("ascii", "backslashreplace").decode())
    sys.exit(1 if failed else 0)


main()
