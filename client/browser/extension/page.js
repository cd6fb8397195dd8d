// SPDX-License-Identifier: GPL-3.0-or-later
//
// What both pages need: their texts, and elements.

import { api } from "./signind.js";

export const say = api.i18n.getMessage;

// The texts that stand in the page, in the person's language.
export function translate() {
  document.documentElement.lang = api.i18n.getUILanguage();
  document.documentElement.dir = say("@@bidi_dir");
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say(element.dataset.text);
  }
  document.title = say(document.documentElement.dataset.title);
}

// An element with attributes and contents; texts are never read as markup.
export function make(name, attributes, ...contents) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, value);
    }
  }
  element.append(...contents);
  return element;
}
