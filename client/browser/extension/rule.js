// SPDX-License-Identifier: GPL-3.0-or-later
//
// When is a request the end of a sign-in? Pure functions: a state and an event give a new state and what to report.
//
// The authority answers an application in one of two ways: the browser posts the answer from the authority's page
// ("form"), or opens an address that has the answer in it ("address"). In both the browser itself says, in a header
// that pages cannot set, that the request comes from the authority. Whether the application took the answer shows at
// the end of the chain of redirects that follows.
//
// Events are what the browser tells of main frames, in its order: "request", "headers", "redirect", "completed",
// "failed" and, of tabs, "closed". Of addresses nothing is kept but host names; of an answer in an address, a number
// that tells whether it comes a second time.

import { cloudOfApplication, isAuthority, isOrganization, regionOf } from "./clouds.js";

// More than anybody needs: what goes beyond is forgotten, the oldest first.
const MOST_TABS = 200;
const MOST_CHAINS = 100;
const MOST_ANSWERS = 50;

export function createState() {
  return { tabs: {}, chains: {}, answers: [] };
}

const isLogout = (url) =>
  /\/(logout|logoutsession)$/.test(url.pathname) || url.searchParams.get("wa") === "wsignout1.0";

// The address of a page that says why the application did not let somebody in.
const isErrorPage = (url) => /\/errorhandler\.aspx$/i.test(url.pathname);

const hostOf = (text) => (URL.canParse(text) ? new URL(text).hostname : "");

// The parameters of an answer in an address: after "?", or after "#" as pages want it that read it themselves.
function answerIn(url) {
  for (const part of [url.search.slice(1), url.hash.slice(1)]) {
    const fields = new URLSearchParams(part);
    if (fields.has("code") && ["state", "session_state", "client_info"].some((name) => fields.has(name))) {
      return fields.get("code");
    }
  }
  return null;
}

// Two rounds of FNV-1a: enough to know an answer again, and nothing can be made of it.
function fingerprint(text) {
  const rounds = [0x811c9dc5, 0x01000193].map((start) => {
    let hash = start;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    }
    return hash;
  });
  return rounds.join("-");
}

// Whether a header names an authority of this application's cloud, and that over https.
function comesFrom(cloud, header) {
  return cloud.authorities.some((host) => header === `https://${host}` || header?.startsWith(`https://${host}/`));
}

// The answer that a request brings: {mark}, or null if it brings none.
function answerOf(state, event, url, cloud) {
  if (event.method === "POST" && comesFrom(cloud, event.origin)) {
    return { mark: null };
  }
  const code = event.method === "GET" && comesFrom(cloud, event.referer) ? answerIn(url) : null;
  const mark = code && fingerprint(code);
  // A page that is opened again with the answer still in its address has nobody signed in.
  return mark && !state.answers.includes(mark) ? { mark } : null;
}

// Whether somebody typed, or clicked, or the authority knew the person: see what the browser lets us see.
function kindOf(tab, originUrl) {
  if (tab.typed) {
    return "signed-in";
  }
  if (isAuthority(hostOf(originUrl)) && new URL(originUrl).pathname.length > 1) {
    return new URL(originUrl).pathname.endsWith("/authorize") ? "sso" : "signed-in";
  }
  return tab.watched ? "sso" : "signed-in";
}

// The organization whose page was asked for, where it can be the one behind this host.
function organizationFor(host, candidates) {
  const found = candidates.find((other) => other && isOrganization(other) && regionOf(other) === regionOf(host));
  return found && found !== host ? { organization_host: found } : {};
}

const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== String(key)));

// With KEY set anew, as the youngest, and the oldest gone where there are too many.
function withEntry(object, key, value, most) {
  const entries = Object.entries(without(object, key)).slice(-(most - 1));
  return Object.fromEntries([...entries, [key, value]]);
}

const EMPTY_TAB = { host: "", typed: false, watched: false, out: "" };

// Keys of objects are sorted if they look like numbers: a letter before them keeps the order of age.
const tabKey = (event) => `t${event.tab}`;
const chainKey = (event) => `r${event.id}`;
const tabOf = (state, event) => state.tabs[tabKey(event)] ?? EMPTY_TAB;

function withTab(state, event, change) {
  const tab = { ...tabOf(state, event), ...change };
  return { ...state, tabs: withEntry(state.tabs, tabKey(event), tab, MOST_TABS) };
}

const withoutChain = (state, event) => ({ ...state, chains: without(state.chains, chainKey(event)) });

const nothing = (state) => ({ state, reports: [] });

function signOut(state, event, host) {
  const tab = tabOf(state, event);
  const report = { kind: "signed-out", host, ...organizationFor(host, [tab.host]), at: event.time };
  return { state: withTab(withoutChain(state, event), event, { out: chainKey(event) }), reports: [report] };
}

// The application took the answer: LAST is where the chain of redirects led.
function succeed(state, event, chain, last) {
  const tab = tabOf(state, event);
  const report = { kind: chain.kind, host: chain.host, ...organizationFor(chain.host, [last, tab.host]), at: chain.at };
  const answers = chain.mark ? [...state.answers, chain.mark].slice(-MOST_ANSWERS) : state.answers;
  const done = withTab(withoutChain({ ...state, answers }, event), event, { typed: false, watched: false });
  return { state: done, reports: [report] };
}

function onRequest(state, event, url) {
  if (isAuthority(url.hostname)) {
    const tab = tabOf(state, event);
    const known = withTab(state, event, { watched: true, typed: tab.typed || event.method === "POST" });
    return isLogout(url) && tab.host && tab.out !== chainKey(event) ? signOut(known, event, tab.host) : nothing(known);
  }
  return nothing(state);
}

function onHeaders(state, event, url) {
  const cloud = cloudOfApplication(url.hostname);
  if (!cloud) {
    return nothing(state);
  }
  const chain = state.chains[chainKey(event)];
  if (chain) {
    return nothing(state);
  }
  const answer = answerOf(state, event, url, cloud);
  if (answer) {
    const kind = kindOf(tabOf(state, event), event.originUrl);
    const begun = { kind, host: url.hostname, at: event.time, mark: answer.mark };
    return nothing({ ...state, chains: withEntry(state.chains, chainKey(event), begun, MOST_CHAINS) });
  }
  // Whoever signs in next in this tab asked for this page.
  return nothing(withTab(state, event, { host: url.hostname, typed: false, watched: false, out: "" }));
}

function onRedirect(state, event, url) {
  const target = URL.canParse(event.redirectUrl) ? new URL(event.redirectUrl) : null;
  const from = cloudOfApplication(url.hostname);
  if (!target || !from) {
    return nothing(state);
  }
  if (isAuthority(target.hostname)) {
    // Sent away to sign out, or to sign in once more: then this answer was not taken.
    return isLogout(target) ? signOut(state, event, url.hostname) : nothing(withoutChain(state, event));
  }
  const chain = state.chains[chainKey(event)];
  if (!chain) {
    return nothing(state);
  }
  if (isErrorPage(target)) {
    return nothing(withoutChain(state, event));
  }
  // Where it leads out of what can be seen, this is the last that is heard of it.
  return cloudOfApplication(target.hostname) ? nothing(state) : succeed(state, event, chain, url.hostname);
}

function onCompleted(state, event, url) {
  const chain = state.chains[chainKey(event)];
  if (!chain) {
    return nothing(state);
  }
  return event.status < 400 ? succeed(state, event, chain, url.hostname) : nothing(withoutChain(state, event));
}

const HANDLERS = {
  request: onRequest,
  headers: onHeaders,
  redirect: onRedirect,
  completed: onCompleted,
  failed: (state, event) => nothing(withoutChain(state, event)),
};

// One event: {state, reports}. A report has kind, host, at, and organization_host where another host was asked for.
export function step(state, event) {
  if (event.type === "closed") {
    return nothing({ ...state, tabs: without(state.tabs, tabKey(event)) });
  }
  return URL.canParse(event.url) ? HANDLERS[event.type](state, event, new URL(event.url)) : nothing(state);
}
