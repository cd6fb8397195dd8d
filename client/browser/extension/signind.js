// SPDX-License-Identifier: GPL-3.0-or-later
//
// One message to signind, through its native-messaging host, and its answer; and the badge, which shows the last one.

import { badgeOf } from "./show.js";

export const HOST = "org.signind.browser";

// Firefox has both; only this one gives promises there.
export const api = globalThis.browser ?? globalThis.chrome;

// The answer, {ok: true, …} or {ok: false, error}. "no-host" is said here: the host is not installed, or broken.
export async function ask(message) {
  try {
    const answer = await api.runtime.sendNativeMessage(HOST, message);
    return typeof answer?.ok === "boolean" ? answer : { ok: false, error: "no-host" };
  } catch (error) {
    console.debug("no answer from", HOST, String(error));
    return { ok: false, error: "no-host" };
  }
}

// Asks for the accounts; pages that are open hear of it by the change of the storage.
export async function refresh() {
  await api.storage.session.set({ status: { ...(await ask({ type: "status" })), asked_at: Date.now() } });
  await showBadge();
}

export async function lastStatus() {
  return (await api.storage.session.get("status")).status;
}

// The sites that were asked for at installation can be withheld all the same.
export function mayObserve() {
  return api.permissions.contains({ origins: api.runtime.getManifest().host_permissions });
}

// The name of the browser, as its own people call it, in small letters.
export function browserName() {
  if (api.runtime.getURL("").startsWith("moz-")) {
    return "firefox";
  }
  const brands = (navigator.userAgentData?.brands ?? []).map(({ brand }) => brand).join();
  const known = { Edge: "edge", Vivaldi: "vivaldi", Brave: "brave", "Google Chrome": "chrome" };
  const found = Object.keys(known).find((name) => brands.includes(name));
  return found ? known[found] : navigator.brave ? "brave" : "chromium";
}

export async function showBadge() {
  const badge = badgeOf(await lastStatus(), await mayObserve(), Date.now(), api.i18n.getMessage);
  await api.action.setTitle({ title: badge.title });
  await api.action.setBadgeBackgroundColor({ color: badge.color });
  await api.action.setBadgeTextColor({ color: "#ffffff" });
  await api.action.setBadgeText({ text: badge.text });
}
