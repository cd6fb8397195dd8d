# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do in a browser, and what signind is to hear of each: exactly that. A scenario takes a Rig with the
played sites as before the first sign-in; it expects events of the form "KIND HOST [ORGANIZATION'S HOST]"."""

from collections import namedtuple

ORGANIZATION = "https://contoso.crm4.dynamics.com/"
REDIRECTOR = "db3--eurcrmlivesg622.crm4.dynamics.com"
SIGNED_IN = f"signed-in {REDIRECTOR} contoso.crm4.dynamics.com"
HOME = "https://home.dynamics.com/"
PORTAL = "https://portal.office.com/"
ENGAGEMENT = "https://listening.microsoft.com/app/1234/"

Scenario = namedtuple("Scenario", "name play expected")
SCENARIOS = {}
# Of what the extension may see only if people allow it.
OPTIONAL = {}


def scenario(name, *expected, into=None):
    """Marks a function as the scenario NAME."""
    def register(play):
        (SCENARIOS if into is None else into)[name] = Scenario(name, play, list(expected))
        return play
    return register


def start(rig, url=ORGANIZATION, then="application", **how):
    """Opens URL and signs in, and takes note of nothing."""
    rig.goto(url)
    rig.sign_in(then=then, **how)
    rig.events()


def again(rig, url, then="application"):
    """Opens URL where nobody has to type."""
    rig.goto(url)
    rig.page(then)


def silent(rig):
    """What a silent sign-in is called: some browsers do not tell."""
    return "sso" if rig.browser.tells_typed else "signed-in"


@scenario("a sign-in to an organization", SIGNED_IN)
def organization(rig):
    rig.goto(ORGANIZATION)
    rig.sign_in()


@scenario("a sign-in with the worker asleep meanwhile", SIGNED_IN)
def asleep(rig):
    rig.site.answers = "stay"
    rig.goto(ORGANIZATION)
    rig.page("login")
    rig.stop_worker()
    rig.sign_in(then="posted")


@scenario("a sign-in with the worker asleep all the time", SIGNED_IN)
def asleep_before(rig):
    rig.stop_worker()
    rig.goto(ORGANIZATION)
    rig.sign_in()


@scenario("a sign-in whose answer stays on the redirector", SIGNED_IN)
def stays(rig):
    rig.site.answers = "stay"
    rig.goto(ORGANIZATION)
    rig.sign_in(then="posted")
    rig.click("on")
    rig.page("application")


@scenario("a sign-in whose answer is in an address", "signed-in querying.crm4.dynamics.com")
def querying(rig):
    rig.goto("https://querying.crm4.dynamics.com/")
    rig.sign_in()


@scenario("a silent single sign-on", f"silent {REDIRECTOR} contoso.crm4.dynamics.com")
def single_sign_on(rig):
    start(rig, PORTAL)
    again(rig, ORGANIZATION)


@scenario("a silent single sign-on with the worker asleep", f"silent {REDIRECTOR} contoso.crm4.dynamics.com")
def single_sign_on_asleep(rig):
    start(rig, PORTAL)
    rig.stop_worker()
    again(rig, ORGANIZATION)


@scenario("two organizations in one tab", f"silent {REDIRECTOR} contoso.crm4.dynamics.com",
          f"silent {REDIRECTOR} fabrikam.crm4.dynamics.com")
def two_organizations(rig):
    start(rig, PORTAL)
    again(rig, ORGANIZATION)
    rig.site.sessions.clear()
    again(rig, "https://fabrikam.crm4.dynamics.com/")


@scenario("the home page of Dynamics 365", "signed-in home.dynamics.com")
def home(rig):
    rig.goto(HOME)
    rig.sign_in(then="home")


@scenario("the home page, reloaded with the answer in its address", "signed-in home.dynamics.com")
def home_reloaded(rig):
    rig.site.keeps_address = True
    rig.goto(HOME)
    rig.sign_in(then="home")
    press_reload(rig, "home")


@scenario("the Office 365 portal", "signed-in portal.office.com")
def portal(rig):
    rig.goto(PORTAL)
    rig.sign_in()


@scenario("the portal, which leads elsewhere", "signed-in portal.office.com")
def portal_forwards(rig):
    rig.site.answers = "forward"
    rig.goto(PORTAL)
    rig.sign_in(then="plain")


@scenario("Social Engagement", "signed-in listening.microsoft.com")
def engagement(rig):
    rig.goto(ENGAGEMENT)
    rig.sign_in()


@scenario("a reload")
def reload(rig):
    start(rig)
    again(rig, ORGANIZATION)
    press_reload(rig)


def press_reload(rig, then="application"):
    """Reloads, and waits for the page."""
    rig.leave()
    rig.browser.reload()
    rig.page(then)


@scenario("a reload right after the sign-in", SIGNED_IN)
def reload_at_once(rig):
    rig.goto(ORGANIZATION)
    rig.sign_in()
    press_reload(rig)


@scenario("a navigation inside of the application")
def navigation(rig):
    start(rig)
    again(rig, ORGANIZATION)
    rig.click("inside")
    rig.page("application")


@scenario("a renewal in a hidden frame")
def renewal_in_frame(rig):
    start(rig)
    again(rig, ORGANIZATION)
    rig.renew("renewInFrame", "frame")


@scenario("a renewal by a fetch")
def renewal_by_fetch(rig):
    start(rig)
    again(rig, ORGANIZATION)
    rig.renew("renewByFetch", "fetch")


@scenario("a wrong password")
def wrong_password(rig):
    rig.goto(ORGANIZATION)
    rig.sign_in(password="wrong", then="login")


@scenario("a wrong password, then the right one", SIGNED_IN)
def right_at_last(rig):
    rig.goto(ORGANIZATION)
    rig.sign_in(password="wrong", then="login")
    rig.sign_in()


@scenario("a refused sign-in")
def refused(rig):
    rig.site.answers = "refuse"
    rig.goto(ORGANIZATION)
    rig.sign_in(then="refused")


@scenario("a sign-in that is sent back to the authority")
def sent_back(rig):
    rig.site.answers = "back"
    rig.goto(ORGANIZATION)
    rig.sign_in(then="login")


@scenario("a sign-in that ends on an error page")
def error_page(rig):
    rig.site.answers = "error page"
    rig.goto(ORGANIZATION)
    rig.sign_in(then="error")


@scenario("a post from somewhere else")
def foreign_post(rig):
    rig.goto(f"https://evil.example/post?to=https://{REDIRECTOR}/")
    rig.page("application")


@scenario("a link with an answer from somewhere else")
def foreign_link(rig):
    rig.goto("https://evil.example/link?to=https://home.dynamics.com/%23code=1%26state=2%26session_state=3")
    rig.page("evil")
    rig.click("link")
    rig.page("home")


@scenario("an answer from the authority of another cloud")
def other_cloud(rig):
    rig.goto(f"https://login.microsoftonline.us/sentinel?host={REDIRECTOR}")
    rig.page("application")


@scenario("a sign-out", "signed-out contoso.crm4.dynamics.com")
def sign_out(rig):
    start(rig)
    again(rig, ORGANIZATION)
    rig.click("out")
    rig.page("signed-out")


@scenario("a sign-out and a new sign-in", "signed-out contoso.crm4.dynamics.com", SIGNED_IN)
def out_and_in(rig):
    sign_out(rig)
    organization(rig)


@scenario("sign in again while the cookie is honoured")
def again_honoured(rig):
    start(rig)
    again(rig, ORGANIZATION)
    rig.browser.new_tab()
    again(rig, ORGANIZATION)


@scenario("sign in again once the cookie is refused", SIGNED_IN)
def again_refused(rig):
    start(rig)
    rig.site.forget()
    rig.browser.new_tab()
    rig.goto(ORGANIZATION)
    rig.sign_in()


def cloud(suffix):
    """What is heard of a sign-in in another cloud."""
    return f"signed-in db3--eurcrmlivesg622.{suffix} contoso.{suffix}"


@scenario("an organization of GCC High", cloud("crm.microsoftdynamics.us"), into=OPTIONAL)
def gcc_high(rig):
    rig.goto("https://contoso.crm.microsoftdynamics.us/")
    rig.sign_in()


@scenario("an organization of the Department of Defense", cloud("crm.appsplatform.us"), into=OPTIONAL)
def defense(rig):
    rig.goto("https://contoso.crm.appsplatform.us/")
    rig.sign_in()


@scenario("an organization in China", cloud("crm.dynamics.cn"), into=OPTIONAL)
def china(rig):
    rig.goto("https://contoso.crm.dynamics.cn/")
    rig.sign_in()


@scenario("a silent sign-on in the government's cloud", cloud("crm.appsplatform.us").replace("signed-in", "sso"),
          into=OPTIONAL)
def government_silent(rig):
    start(rig, "https://contoso.crm.microsoftdynamics.us/")
    again(rig, "https://contoso.crm.appsplatform.us/")


@scenario("typed, with the authority in sight", SIGNED_IN, into=OPTIONAL)
def typed_seen(rig):
    organization(rig)


@scenario("silent, with the authority in sight", f"sso {REDIRECTOR} contoso.crm4.dynamics.com", into=OPTIONAL)
def silent_seen(rig):
    single_sign_on(rig)


@scenario("sent back, with the authority in sight", into=OPTIONAL)
def sent_back_seen(rig):
    sent_back(rig)


@scenario("a sign-out, with the authority in sight", "signed-out contoso.crm4.dynamics.com", into=OPTIONAL)
def sign_out_seen(rig):
    sign_out(rig)


def line(event):
    """An event as scenarios write it."""
    return " ".join(filter(None, (event["kind"], event["host"], event.get("organization_host"))))


ACCOUNTS = {"contoso.crm4.dynamics.com": "contoso", "home.dynamics.com": "home", "portal.office.com": "portal",
            "listening.microsoft.com": "engagement"}


def misunderstood(event):
    """What the real signind did not make of an event, if it was there."""
    account = ACCOUNTS.get(event.get("organization_host") or event["host"], "")
    answer = event["answer"]
    if "account" not in answer:
        return [] if answer == {"ok": True} else [answer]
    return [] if answer["ok"] and answer["account"] == account else [answer]


def play(rig, one):
    """Plays it; gives what went wrong, or nothing."""
    rig.site.forget()
    one.play(rig)
    events = rig.events()
    heard = [line(event) for event in events]
    expected = [text.replace("silent ", silent(rig) + " ") for text in one.expected]
    if heard != expected:
        return f"heard {heard}, expected {expected}"
    wrong = [answer for event in events for answer in misunderstood(event)]
    return f"signind answered {wrong}" if wrong else ""
