// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is shown of a status: badge, and one view an account. Pure; SAY(key, values) gives the texts.

const MINUTE = 60 * 1000;
const URGENT_MINUTES = 10;

// White text on each of them can be read: a contrast of at least 4.5 to 1.
const COLORS = { active: "#1a7340", expiring: "#a34a00", expired: "#b3152a", unknown: "#5e5c64" };

// A running session counts up to the last second of a minute: "1 min" until it is over.
const minutesLeft = (end, now) => Math.max(0, Math.ceil((end - now) / MINUTE));

// The state as it is now: a status can be a minute old.
export function stateOf(account, now) {
  if (account.state !== "active" && account.state !== "expiring") {
    return account.state;
  }
  if (account.expires_at > 0 && account.expires_at <= now) {
    return "expired";
  }
  return account.warns_at > 0 && account.warns_at <= now ? "expiring" : "active";
}

// "7 h 12 min", "12 min".
export function durationText(minutes, say) {
  const values = [String(Math.floor(minutes / 60)), String(minutes % 60)];
  return minutes < 60 ? say("minutes", [values[1]]) : say("hoursMinutes", values);
}

const isRunning = (state) => state === "active" || state === "expiring";

// Running ones first, by their end; then those that ran out, the latest first; then the others by name.
function compare(one, other) {
  const rank = (view) => (isRunning(view.state) ? 0 : view.state === "expired" ? 1 : 2);
  const end = (view) => (rank(view) === 0 ? view.end || Number.MAX_VALUE : -view.end);
  return rank(one) - rank(other) || end(one) - end(other) || one.name.localeCompare(other.name);
}

function timeTexts(view, now, say, clock) {
  if (!isRunning(view.state)) {
    return view.state === "expired" && view.end > 0 ? [say("endedAt", [clock(view.end)])] : [];
  }
  if (view.end === 0) {
    return [say("noLength")];
  }
  return [say("left", [durationText(minutesLeft(view.end, now), say)]), say("until", [clock(view.end)])];
}

// What a page shows of one account. CLOCK gives the text of a time of day.
export function viewOf(account, now, say, clock) {
  const state = stateOf(account, now);
  const view = { name: String(account.id), state, end: account.expires_at || 0 };
  const length = view.end - account.signed_in_at;
  const running = isRunning(state);
  return {
    ...view,
    url: account.url,
    about: [account.name, running && account.source_name].filter(Boolean).join(" · "),
    urgent: state === "expiring" && minutesLeft(view.end, now) <= URGENT_MINUTES,
    stateText: say(`state_${state.replace("-", "_")}`),
    texts: timeTexts(view, now, say, clock),
    length: Math.round(length / MINUTE),
    left: running && view.end > 0 ? minutesLeft(view.end, now) : 0,
    share: running && view.end > 0 && length > 0 ? Math.min(1, minutesLeft(view.end, now) * MINUTE / length) : 0,
    hasBar: view.end > 0 && state !== "signed-out",
    openText: say({ active: "openPage", "signed-out": "signIn" }[state] ?? "signInAgain"),
    canSnooze: state === "expiring",
  };
}

export function viewsOf(status, now, say, clock) {
  const accounts = Array.isArray(status.accounts) ? status.accounts : [];
  return accounts.map((account) => viewOf(account, now, say, clock)).sort(compare);
}

// Why nothing can be counted, as the key of a text, or null.
export function troubleOf(status, allowed) {
  if (!allowed) {
    return "withheld";
  }
  if (!status || status.ok) {
    return null;
  }
  return { "daemon-away": "daemonAway", "no-host": "noHost" }[status.error] ?? "failed";
}

// At most four characters fit.
const short = (minutes) => (minutes < 1000 ? String(minutes) : `${Math.floor(minutes / 60)}h`);

// The badge: text, colour, and the same in words for those who see neither.
export function badgeOf(status, allowed, now, say) {
  const title = (text) => say("badgeTitle", [text]);
  const trouble = troubleOf(status, allowed);
  if (trouble) {
    return { text: trouble === "withheld" ? "!" : "?", color: COLORS.unknown, title: title(say(trouble)) };
  }
  const views = status ? viewsOf(status, now, say, String) : [];
  const first = views.find((view) => isRunning(view.state) && view.end > 0) ??
    views.find((view) => view.state === "expired");
  if (!first) {
    return { text: "", color: COLORS.unknown, title: title(say(views.length > 0 ? "noneRunning" : "noAccounts")) };
  }
  if (first.state === "expired") {
    return { text: "0", color: COLORS.expired, title: title(say("badgeExpired", [first.name])) };
  }
  const color = first.urgent ? COLORS.expired : COLORS[first.state];
  const words = say("badgeLeft", [first.name, durationText(first.left, say)]);
  return { text: short(first.left), color, title: title(words) };
}
