# SPDX-License-Identifier: GPL-3.0-or-later
"""The detection rule with one part broken, each, and the scenario that tells."""

from collections import namedtuple

Mutant = namedtuple("Mutant", "name file old new scenario browsers")


def mutant(name, file, old, new, scenario, browsers=("chromium", "firefox")):
    """One of them."""
    return Mutant(name, file, old, new, scenario, browsers)


MUTANTS = [
    mutant("posts count wherever they come from", "rule.js",
           'event.method === "POST" && comesFrom(cloud, event.origin)', 'event.method === "POST"',
           "a post from somewhere else"),
    mutant("links count wherever they are", "rule.js", 'event.method === "GET" && comesFrom(cloud, event.referer)',
           'event.method === "GET"', "a link with an answer from somewhere else"),
    mutant("pages count that were opened from the authority", "rule.js", "? answerIn(url) : null", "? url.href : null",
           "a reload right after the sign-in"),
    mutant("answers count twice", "rule.js", "mark && !state.answers.includes(mark)", "mark",
           "the home page, reloaded with the answer in its address"),
    mutant("authorities of other clouds count", "rule.js", "return cloud.authorities.some((host) => ",
           'return ["login.microsoftonline.us", ...cloud.authorities].some((host) => ',
           "an answer from the authority of another cloud"),
    mutant("the end of the chain does not matter", "rule.js", "event.status < 400", "event.status < 1000",
           "a refused sign-in"),
    mutant("being sent back does not matter", "rule.js", "if (isAuthority(target.hostname)) {",
           "if (isLogout(target)) {", "a sign-in that is sent back to the authority"),
    mutant("error pages do not matter", "rule.js", "if (isErrorPage(target)) {", "if (false) {",
           "a sign-in that ends on an error page"),
    mutant("frames count", "background.js", 'types: ["main_frame"]', 'types: ["main_frame", "sub_frame"]',
           "a renewal in a hidden frame"),
    mutant("what was asked for is forgotten in sleep", "background.js",
           "await api.storage.session.set({ rule: state });", "", "a sign-in with the worker asleep meanwhile"),
    mutant("redirectors count as organizations", "clouds.js", '!label.includes("--") && ', "",
           "a sign-in whose answer stays on the redirector"),
    mutant("sign-outs are not seen", "rule.js", "const isLogout = (url) =>",
           "const isLogout = (url) => false &&", "a sign-out"),
    mutant("silent ones count as typed", "rule.js", '.endsWith("/authorize") ? "sso"',
           '.endsWith("/authorize") ? "signed-in"', "a silent single sign-on", ("firefox",)),
]
