// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which sites may be observed. The browser itself asks when one is added; what was taken away is gone at once.

import { CLOUDS, patterns, permissionsOf } from "./clouds.js";
import { make, say, translate } from "./page.js";
import { api } from "./signind.js";

const cloud = (id) => CLOUDS.find((one) => one.id === id);

// Each is a checkbox: key of its texts, and what it stands for.
const CHOICES = [
  { key: "sites_public", permissions: permissionsOf(cloud("public")) },
  { key: "sites_typed", permissions: { origins: patterns(cloud("public").authorities) } },
  { key: "sites_government", permissions: permissionsOf(cloud("government")) },
  { key: "sites_china", permissions: permissionsOf(cloud("china")) },
];

const boxes = new Map();

async function show() {
  for (const [choice, box] of boxes) {
    box.checked = await api.permissions.contains(choice.permissions);
  }
}

// Called by a click: the browser does not ask otherwise.
async function change(choice, wanted) {
  let done = false;
  try {
    done = await (wanted ? api.permissions.request(choice.permissions) : api.permissions.remove(choice.permissions));
  } catch (error) {
    console.debug(String(error));
  }
  document.getElementById("said").textContent = say(done ? (wanted ? "sitesAdded" : "sitesRemoved") : "sitesUnchanged");
  await show();
}

function row(choice) {
  const box = make("input", { type: "checkbox", id: choice.key, "aria-describedby": `${choice.key}-note`,
    onclick: () => change(choice, box.checked) });
  boxes.set(choice, box);
  return make("div", { class: "choice" }, box, make("label", { for: choice.key }, say(choice.key)),
    make("p", { class: "note", id: `${choice.key}-note` }, say(`${choice.key}_note`)));
}

translate();
document.getElementById("choices").append(...CHOICES.map(row));
api.permissions.onAdded.addListener(show);
api.permissions.onRemoved.addListener(show);
await show();
