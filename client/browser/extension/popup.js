// SPDX-License-Identifier: GPL-3.0-or-later

import { make, say, translate } from "./page.js";
import { troubleOf, viewsOf } from "./show.js";
import { api, ask, lastStatus, mayObserve, refresh } from "./signind.js";

const SNOOZE_MINUTES = 5;

const time = { hour: "numeric", minute: "2-digit" };
const clockFormat = new Intl.DateTimeFormat(api.i18n.getUILanguage(), time);
const dayFormat = new Intl.DateTimeFormat(api.i18n.getUILanguage(), { weekday: "short", ...time });
const find = (id) => document.getElementById(id);

// The time of day, with the day where it is not today.
function clock(when) {
  const format = new Date(when).toDateString() === new Date().toDateString() ? clockFormat : dayFormat;
  return format.format(when);
}

function tell(text) {
  find("said").textContent = text;
}

function tellError(error) {
  const keys = { "daemon-away": "daemonAway", "no-host": "noHost", "not-signed-in": "notSignedIn",
    "no-such-account": "noSuchAccount" };
  tell(say(keys[error] ?? "failed"));
}

// In this browser, because its profile is the one whose popup was pressed. It is not counted as a sign-in.
async function open(view) {
  if (URL.canParse(view.url) && new URL(view.url).protocol === "https:") {
    await api.tabs.create({ url: view.url });
    window.close();
    return;
  }
  const answer = await ask({ type: "open", account: view.name });
  return answer.ok ? window.close() : tellError(answer.error);
}

async function snooze(view) {
  const answer = await ask({ type: "snooze", account: view.name });
  if (answer.ok) {
    tell(say("snoozed", [view.name, String(SNOOZE_MINUTES)]));
    await refresh();
  } else {
    tellError(answer.error);
  }
}

// Named after what it says and whose it is: "Sign in again contoso".
function button(view, part, number, text, action, primary) {
  const id = `${part}-${number}`;
  return make("button", { type: "button", id, class: primary ? "primary" : false,
    "aria-labelledby": `${id} name-${number}`, onclick: () => action(view) }, text);
}

function bar(view, number) {
  const fill = make("div", { class: "fill", style: `inline-size: ${(view.share * 100).toFixed(1)}%` });
  return make("div", { class: "bar", role: "progressbar", "aria-labelledby": `name-${number} time-${number}`,
    "aria-valuemin": 0, "aria-valuemax": view.length, "aria-valuenow": view.left,
    "aria-valuetext": view.texts.join(", ") || view.stateText }, fill);
}

function item(view, number) {
  const buttons = make("div", { class: "buttons" },
    button(view, "open", number, view.openText, open, view.state !== "active"));
  if (view.canSnooze) {
    buttons.append(button(view, "snooze", number, say("remindMe", [String(SNOOZE_MINUTES)]), snooze));
  }
  const body = make("li", { class: "account", "data-account": view.name, "data-state": view.state,
    "data-urgent": view.urgent ? "yes" : false, "aria-labelledby": `name-${number} state-${number}` },
  make("h2", { id: `name-${number}` }, view.name),
  make("span", { class: "state", id: `state-${number}` }, view.stateText),
  make("p", { class: "about" }, view.about));
  if (view.hasBar) {
    body.append(bar(view, number));
  }
  body.append(make("p", { class: "time", id: `time-${number}` }, view.texts.join(" · ")));
  if (view.state === "expiring") {
    body.append(make("p", { class: "hint" }, say("saveFirst")));
  }
  body.append(buttons);
  return body;
}

let listed = "";

// What is shown already stays, for those who are in the middle of reading it; the button with the focus keeps it.
function list(views) {
  const text = JSON.stringify(views);
  if (text === listed) {
    return;
  }
  listed = text;
  const focused = document.activeElement?.id;
  find("accounts").replaceChildren(...views.map(item));
  if (focused) {
    find(focused)?.focus();
  }
}

async function show() {
  const [status, allowed] = [await lastStatus(), await mayObserve()];
  const trouble = troubleOf(status, allowed);
  const accounts = status?.ok ? viewsOf(status, Date.now(), say, clock) : [];
  const help = trouble ? `${trouble}Help` : status && accounts.length === 0 ? "noAccountsHelp" : "";
  find("trouble").textContent = help && say(help);
  find("trouble").hidden = !help;
  list(accounts);
  document.body.dataset.shown = trouble ?? (status ? "accounts" : "");
}

translate();
find("options").addEventListener("click", () => api.runtime.openOptionsPage());
api.storage.session.onChanged.addListener(show);
await show();
await refresh();
await show();
// What is left gets less while somebody looks.
setInterval(show, 10 * 1000);
