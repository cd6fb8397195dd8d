// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs when the browser has something to tell, and not in between: whatever has to last is in the browser's storage.

import { ALL_PATTERNS } from "./clouds.js";
import { post, send } from "./outbox.js";
import { createState, step } from "./rule.js";
import { api, refresh, showBadge } from "./signind.js";

const ALARM = "status";

// Only what people navigate to: never frames inside of a page, nor what pages fetch.
const FILTER = { urls: ALL_PATTERNS, types: ["main_frame"] };

let state = null;
let turn = Promise.resolve();

// Events are taken in order, each when the one before is stored.
function take(event) {
  turn = turn.then(() => apply(event)).catch((error) => console.error(error));
}

async function apply(event) {
  state ??= (await api.storage.session.get("rule")).rule ?? createState();
  const result = step(state, event);
  if (result.state !== state) {
    state = result.state;
    await api.storage.session.set({ rule: state });
  }
  if (result.reports.length > 0) {
    post(result.reports).then(refresh);
  }
}

// What could not be sent before goes first.
async function update() {
  await send();
  await refresh();
}

const header = (details, name) =>
  details.requestHeaders?.find((field) => field.name.toLowerCase() === name)?.value ?? "";

const basics = (type, details) => ({ type, tab: details.tabId, id: details.requestId, url: details.url,
  method: details.method, time: Math.round(details.timeStamp), originUrl: details.originUrl ?? "" });

const web = api.webRequest;
// Chromium tells Origin and Referer only to those who ask for them.
const headers = ["requestHeaders", web.OnSendHeadersOptions?.EXTRA_HEADERS].filter(Boolean);

web.onBeforeRequest.addListener((details) => take(basics("request", details)), FILTER);
web.onSendHeaders.addListener((details) => take({ ...basics("headers", details), origin: header(details, "origin"),
  referer: header(details, "referer") }), FILTER, headers);
web.onBeforeRedirect.addListener((details) => take({ ...basics("redirect", details),
  redirectUrl: details.redirectUrl }), FILTER);
web.onCompleted.addListener((details) => take({ ...basics("completed", details), status: details.statusCode }), FILTER);
web.onErrorOccurred.addListener((details) => take(basics("failed", details)), FILTER);
api.tabs.onRemoved.addListener((tab) => take({ type: "closed", tab }));

api.alarms.onAlarm.addListener(update);
api.runtime.onInstalled.addListener(update);
api.runtime.onStartup.addListener(update);
api.permissions.onAdded.addListener(showBadge);
api.permissions.onRemoved.addListener(showBadge);

// Not all browsers keep alarms when they end, or when the extension is turned off for a while.
async function keepAlarm() {
  if (!(await api.alarms.get(ALARM))) {
    await api.alarms.create(ALARM, { periodInMinutes: 1 });
  }
}

keepAlarm();
