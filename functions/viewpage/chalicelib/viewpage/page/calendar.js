// A calendar of free and taken nights, for the mouse, the finger and the keyboard.

import { h } from "./element.js";
import { day, nightsOf, plus } from "./format.js";
import { say } from "./words.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** What a calendar remembers; `chosen` is {checkIn, checkOut}, each a day or null. */
export function calendarState(first, chosen = { checkIn: null, checkOut: null }) {
  const at = chosen.checkIn ?? first;
  return { first, month: at.slice(0, 7), focus: at, chosen, taken: new Set() };
}

/** Takes in what the view says of a room's nights. */
export function takeIn(state, room) {
  state.taken = nightsOf([...room.bookedNights, ...room.blockedNights]);
}

/** The calendar; `changed()` is called when another month, or other days, are to be seen. */
export function calendar(state, changed) {
  const months = matchMedia("(min-width: 48rem)").matches ? [state.month, shifted(state.month, 1)] : [state.month];
  const go = (step) => () => {
    state.month = shifted(state.month, step);
    state.focus = `${state.month}-01` < state.first ? state.first : `${state.month}-01`;
    changed();
  };
  return h(
    "div",
    { class: "calendar", "data-key": "calendar", onkeydown: (event) => step(event, state, changed) },
    h("p", { class: "unseen", id: "calendar-help" }, say("calendarHelp")),
    h(
      "div",
      { class: "turn" },
      h("button", { type: "button", class: "plain", "aria-label": say("previous"), disabled: state.month <= state.first.slice(0, 7), onclick: go(-1) }, "‹"),
      h("button", { type: "button", class: "plain", "aria-label": say("next"), onclick: go(1) }, "›"),
    ),
    h("div", { class: "months" }, months.map((month) => monthTable(state, month, changed))),
    h("p", { class: "legend" }, ["Free", "Taken", "Chosen"].map((kind) => h("span", { class: kind.toLowerCase() }, say(`legend${kind}`)))),
  );
}

function monthTable(state, month, changed) {
  const name = day(`${month}-01`, { year: "numeric", month: "long" });
  return h(
    "table",
    { "data-key": month, "aria-describedby": "calendar-help" },
    h("caption", null, name),
    h("thead", null, h("tr", null, say("weekdays").map((weekday) => h("th", { scope: "col" }, weekday)))),
    h("tbody", null, weeksOf(month).map((week) => h("tr", { "data-key": week[0] }, week.map((date) => cell(state, month, date, changed))))),
  );
}

function cell(state, month, date, changed) {
  if (!date.startsWith(month)) return h("td", null);
  const past = date < state.first;
  const taken = state.taken.has(date);
  const chosen = isChosen(state, date);
  const word = chosen ? "dayChosen" : past ? "dayPast" : taken ? "dayTaken" : "dayFree";
  return h(
    "td",
    null,
    h(
      "button",
      {
        type: "button",
        class: [chosen && "chosen", past && "past", taken && "taken"].filter(Boolean).join(" "),
        "data-day": date,
        "aria-label": `${day(date, { month: "long", day: "numeric", weekday: "long" })}, ${say(word)}`,
        "aria-pressed": String(chosen),
        "aria-disabled": past ? "true" : null,
        tabindex: date === state.focus ? 0 : -1,
        onclick: () => {
          state.focus = date;
          if (!past) pick(state, date);
          changed();
        },
      },
      String(Number(date.slice(8))),
    ),
  );
}

/** First the check-in, then the check-out; a night in between that is taken begins anew. */
function pick(state, date) {
  const { checkIn, checkOut } = state.chosen;
  const begins = !checkIn || checkOut || date <= checkIn || !isFree(state, checkIn, date);
  if (begins && state.taken.has(date)) return;
  state.chosen = begins ? { checkIn: date, checkOut: null } : { checkIn, checkOut: date };
}

/** Whether every night of the stay is free. */
export function isFree(state, checkIn, checkOut) {
  for (let night = checkIn; night < checkOut; night = plus(night, 1)) if (state.taken.has(night)) return false;
  return true;
}

function isChosen({ chosen: { checkIn, checkOut } }, date) {
  return date === checkIn || (checkOut !== null && checkIn <= date && date <= checkOut);
}

function step(event, state, changed) {
  if (!(event.key in STEPS) || !event.target.dataset.day) return;
  event.preventDefault();
  const wanted = plus(event.target.dataset.day, STEPS[event.key]);
  if (wanted < state.first) return;
  const box = event.currentTarget;
  state.focus = wanted;
  if (!box.querySelector(`[data-day="${wanted}"]`)) state.month = wanted.slice(0, 7);
  changed();
  box.querySelector(`[data-day="${wanted}"]`)?.focus();
}

function weeksOf(month) {
  const first = `${month}-01`;
  const start = plus(first, -new Date(`${first}T00:00:00Z`).getUTCDay());
  const weeks = [];
  for (let at = start; at < `${shifted(month, 1)}-01`; at = plus(at, 7)) weeks.push([0, 1, 2, 3, 4, 5, 6].map((number) => plus(at, number)));
  return weeks;
}

function shifted(month, number) {
  const [year, index] = month.split("-").map(Number);
  return new Date(Date.UTC(year, index - 1 + number, 1)).toISOString().slice(0, 7);
}
