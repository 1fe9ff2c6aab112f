// The reader's language, and what is said in it.

import { ENGLISH } from "./english.js";
import { KOREAN } from "./korean.js";

const CHOSEN = "staybook.language";
const WORDS = { en: ENGLISH, ko: KOREAN };

let spoken = localStorage.getItem(CHOSEN) ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
if (!(spoken in WORDS)) spoken = "en";

export function language() {
  return spoken;
}

export function speak(chosen) {
  spoken = chosen;
  localStorage.setItem(CHOSEN, chosen);
}

/** The words under a name; with arguments where they take some. */
export function say(name, ...told) {
  const words = WORDS[spoken][name];
  return typeof words === "function" ? words(...told) : words;
}

/** What went wrong, in words for whoever only wanted to book a room. */
export function sayProblem(problem) {
  const errors = WORDS[spoken].errors;
  const words = errors[problem.kind] ?? errors[problem.status] ?? errors.other;
  const faults = (problem.body?.errors ?? []).map((fault) => fieldOf(fault.pointer)).filter(Boolean);
  return faults.length > 0 ? `${words} ${say("lookAt", [...new Set(faults)].join(", "))}` : words;
}

function fieldOf(pointer) {
  return WORDS[spoken].fields[pointer.replace(/^[?/]/, "").split("/")[0]];
}
