// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pure modules of the extension, in a browser's own JavaScript. Each test gives what went wrong, or nothing.

import { cloudOfApplication, isOrganization, regionOf } from "./clouds.js";
import { createState, step } from "./rule.js";
import { badgeOf, durationText, stateOf, troubleOf, viewsOf } from "./show.js";

const NOW = 1_795_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REDIRECTOR = "https://db3--eurcrmlivesg622.crm4.dynamics.com/";
const AUTHORITY = "https://login.microsoftonline.com";

const say = (key, values = []) => [key, ...values].join(" ");
const same = (got, wanted) =>
  JSON.stringify(got) === JSON.stringify(wanted) ? "" : `got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`;

const session = (id, left, state = "active") => ({ id, name: "Dynamics 365", state, signed_in_at: NOW + left - 8 * HOUR,
  warns_at: NOW + left - 20 * MINUTE, expires_at: NOW + left });
const status = (...accounts) => ({ ok: true, accounts });
const badge = (...accounts) => badgeOf(status(...accounts), true, NOW, say).text;

const event = (type, url, more = {}) => ({ type, tab: 1, id: "1", method: "GET", time: NOW, origin: "", referer: "",
  originUrl: "", url, ...more });

// What is reported of events in a row.
function reports(...events) {
  let state = createState();
  return events.flatMap((one) => {
    const result = step(state, one);
    state = result.state;
    return result.reports;
  });
}

const posted = event("headers", REDIRECTOR, { method: "POST", origin: AUTHORITY });
const done = (status = 200) => event("completed", REDIRECTOR, { method: "POST", status });

const TESTS = {
  "a minute counts until it is over": () => same([1, MINUTE, MINUTE + 1].map((left) => badge(session("a", left))),
    ["1", "1", "2"]),
  "nothing is left of what is over": () => same(badge(session("a", 0)), "0"),
  "a status that is old tells the state of now": () =>
    same([session("a", HOUR), session("a", 20 * MINUTE), session("a", -1)].map((one) => stateOf(one, NOW)),
      ["active", "expiring", "expired"]),
  "a badge has room for a day": () => same(badge({ ...session("a", 24 * HOUR), warns_at: NOW + 23 * HOUR }), "24h"),
  "the earliest end comes first": () =>
    same(viewsOf(status(session("b", 3 * HOUR), session("z", -HOUR, "expired"), session("a", 5 * HOUR),
      { id: "n", state: "active", expires_at: 0, signed_in_at: NOW }, { id: "c", state: "signed-out" },
      session("y", -MINUTE, "expired")), NOW, say, String).map((view) => view.name), ["b", "a", "n", "y", "z", "c"]),
  "a session without a known length has no bar": () => {
    const endless = { id: "n", state: "active", signed_in_at: NOW, warns_at: 0, expires_at: 0 };
    const [view] = viewsOf(status(endless), NOW, say, String);
    return same([view.hasBar, view.texts, view.state], [false, ["noLength"], "active"]);
  },
  "ten minutes are urgent": () =>
    same([10, 11].map((left) => badgeOf(status(session("a", left * MINUTE)), true, NOW, say).color),
      ["#b3152a", "#a34a00"]),
  "durations": () => same([0, 59, 60, 479].map((minutes) => durationText(minutes, say)),
    ["minutes 0", "minutes 59", "hoursMinutes 1 0", "hoursMinutes 7 59"]),
  "troubles": () => same([troubleOf(status(), false), troubleOf(undefined, true),
    troubleOf({ ok: false, error: "x" }, true), troubleOf({ ok: false, error: "no-host" }, true)],
  ["withheld", null, "failed", "noHost"]),
  "accounts that are none": () => same(viewsOf({ ok: true, accounts: "many" }, NOW, say, String), []),

  "hosts of applications": () => same(["contoso.crm4.dynamics.com", "dynamics.com", "evildynamics.com",
    "contoso.crm.dynamics.cn", "portal.office.com.evil.example"].map((host) => cloudOfApplication(host)?.id ?? null),
  ["public", null, null, "china", null]),
  "organizations": () => same(["contoso.crm4.dynamics.com", "db3--eurcrmlivesg622.crm4.dynamics.com",
    "disco.crm.dynamics.com", "home.dynamics.com", "contoso.api.crm4.dynamics.com", "contoso.crm.appsplatform.us"]
    .map(isOrganization), [true, false, false, false, false, true]),
  "regions": () => same(regionOf("contoso.crm4.dynamics.com"), "crm4.dynamics.com"),

  "an answer that was taken": () => same(reports(posted, done()),
    [{ kind: "signed-in", host: new URL(REDIRECTOR).hostname, at: NOW }]),
  "an answer that was not": () => same(reports(posted, done(403)), []),
  "an answer that got lost": () => same(reports(posted, event("failed", REDIRECTOR), done()), []),
  "the same address over http": () =>
    same(reports({ ...posted, origin: "http://login.microsoftonline.com" }, done()), []),
  "a host that only begins like the authority": () =>
    same(reports({ ...posted, origin: `${AUTHORITY}.evil.example` }, done()), []),
  "a page that was asked for in another region is not whose it is": () =>
    same(reports(event("headers", "https://contoso.crm.dynamics.com/"), posted, done())
      .map((one) => one.organization_host), [undefined]),
  "a page that was asked for in another tab is not whose it is": () =>
    same(reports(event("headers", "https://contoso.crm4.dynamics.com/", { tab: 2 }), posted, done())
      .map((one) => one.organization_host), [undefined]),
  "a tab that was closed is forgotten": () =>
    same(reports(event("headers", "https://contoso.crm4.dynamics.com/"), { type: "closed", tab: 1 }, posted, done())
      .map((one) => one.organization_host), [undefined]),
  "an address that is none": () => same(reports(event("headers", "nonsense")), []),
  "nothing grows without end": () => {
    let state = createState();
    for (let i = 0; i < 1000; i++) {
      const url = `https://home.dynamics.com/#code=${i}&state=s`;
      const each = { tab: i, id: String(i), referer: `${AUTHORITY}/` };
      state = step(state, event("headers", "https://contoso.crm4.dynamics.com/", { ...each, id: `first ${i}` })).state;
      state = step(state, event("headers", url, each)).state;
      state = i % 2 === 0 ? step(state, event("completed", url, { ...each, status: 200 })).state : state;
    }
    const sizes = [Object.keys(state.tabs).length, Object.keys(state.chains).length, state.answers.length];
    return same(sizes, [200, 100, 50]) || (state.tabs.t999 ? "" : "the youngest was forgotten");
  },
  "no address is kept": () => {
    const secret = event("headers", "https://home.dynamics.com/path?code=SECRET&state=s", { referer: `${AUTHORITY}/` });
    const kept = JSON.stringify(step(createState(), secret).state);
    return kept.includes("SECRET") || kept.includes("path") ? kept : "";
  },
};

globalThis.results = Object.entries(TESTS).map(([name, test]) => {
  try {
    return [name, test()];
  } catch (error) {
    return [name, String(error)];
  }
});
document.body.dataset.page = "unit";
