// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events on their way to signind: one after the other, and kept where it cannot be reached now. They carry their time,
// so that a late one still says when it happened.

import { api, ask, browserName } from "./signind.js";

const MOST_KEPT = 16;
// A sign-in that is older says nothing about today.
const LONGEST_KEPT_MSEC = 8 * 60 * 60 * 1000;
// Signind was not there at all; with every other error it has seen the event, and made up its mind.
const AGAIN = new Set(["daemon-away", "no-host"]);

let turn = Promise.resolve();

// Runs ACTION when all that came before is done.
function inTurn(action) {
  const result = turn.then(action);
  turn = result.catch((error) => console.error(error));
  return result;
}

const isYoung = (event) => Math.abs(Date.now() - event.at) < LONGEST_KEPT_MSEC;

async function read() {
  return (await api.storage.local.get({ outbox: [] })).outbox.filter(isYoung);
}

// What tells the cookies of this profile from those of any other: random, made once, and never anything else.
async function profile() {
  const { profile: known } = await api.storage.local.get("profile");
  if (known) {
    return known;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  await api.storage.local.set({ profile: made });
  return made;
}

async function sendAll() {
  let waiting = await read();
  while (waiting.length > 0) {
    const answer = await ask(waiting[0]);
    if (!answer.ok && AGAIN.has(answer.error)) {
      return;
    }
    waiting = waiting.slice(1);
    await api.storage.local.set({ outbox: waiting });
  }
}

// Sends what is kept.
export function send() {
  return inTurn(sendAll);
}

// Sends REPORTS of the rule; they are on disk first.
export function post(reports) {
  return inTurn(async () => {
    const stamp = { type: "event", profile: await profile(), browser: browserName() };
    const events = reports.map((report) => ({ ...stamp, ...report }));
    await api.storage.local.set({ outbox: [...(await read()), ...events].slice(-MOST_KEPT) });
    await sendAll();
  });
}
