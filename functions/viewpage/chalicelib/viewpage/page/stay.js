// One stay: its pictures, its calendar, what it costs, and what guests say of it.

import { h } from "./element.js";
import { bookingPanel, bookingState, askQuote } from "./booking.js";
import { calendar, calendarState, takeIn } from "./calendar.js";
import { cityName, money, nameOf, today } from "./format.js";
import { follow } from "./live.js";
import { askReviews, reviewsSection, reviewsState } from "./reviews.js";
import { who } from "./session.js";
import { pictureOf, screen, stars, waitingLine } from "./shell.js";
import { say } from "./words.js";

export function openStay(roomId, query) {
  const state = { room: null, gone: false, lost: false, shown: 0, days: null, booking: bookingState(query.get("guests")), reviews: reviewsState(roomId) };
  const redraw = screen(() => (state.room ? nameOf(state.room) : say("rooms")), () => drawStay(state, changed));
  const changed = () => {
    redraw();
    if (state.room) askQuote(state.booking, state.room, state.days.chosen, redraw);
  };
  const told = (room) => {
    if (state.room === null) arrive(state, room, query);
    Object.assign(state, { room, gone: false, lost: false });
    takeIn(state.days, room);
    document.title = `${nameOf(room)} · Staybook`;
    changed();
    askQuote(state.booking, room, state.days.chosen, redraw, true);
    askReviews(state.reviews, redraw);
  };
  const failed = (problem) => {
    Object.assign(state, problem.status === 404 ? { gone: true } : { lost: true });
    redraw();
  };
  const wide = matchMedia("(min-width: 48rem)");
  wide.addEventListener("change", redraw);
  redraw();
  const ends = [follow(`roomviews/${roomId}`, told, failed)];
  if (who()) ends.push(follow("reservations?size=50", (body) => state.reviews.heard(body._embedded.reservations, redraw)));
  return () => {
    wide.removeEventListener("change", redraw);
    for (const end of ends) end();
  };
}

function arrive(state, room, query) {
  const first = today(room.timeZone);
  const [checkIn, checkOut] = [query.get("checkIn"), query.get("checkOut")];
  const chosen = checkIn && checkOut && checkIn >= first && checkIn < checkOut ? { checkIn, checkOut } : undefined;
  state.days = calendarState(first, chosen);
}

function drawStay(state, changed) {
  const { room } = state;
  const back = h("p", { class: "back", "data-key": "back" }, h("a", { href: "#/" }, `‹ ${say("back")}`));
  if (state.gone) return [back, h("p", { class: "summary", role: "status", "data-key": "gone" }, say("gone"))];
  if (room === null) return [back, state.lost ? h("p", { role: "status", "data-key": "lost" }, say("lost")) : waitingLine()];
  return [
    back,
    heading(room),
    gallery(state, room, changed),
    state.lost && h("p", { role: "status", class: "summary", "data-key": "lost" }, say("lost")),
    h(
      "div",
      { class: "two", "data-key": "two" },
      h("div", { class: "wide-column" }, h("p", { class: "description" }, room.desc), h("h2", null, say("whenFree")), calendar(state.days, changed)),
      bookingPanel(state.booking, room, state.days, changed),
    ),
    reviewsSection(state.reviews, changed),
  ];
}

function heading(room) {
  const facts = [cityName(room.city), say("sleeps", room.maxGuests), room.minNights > 1 && say("atLeast", room.minNights), say("perNight", money(room.pricePerNight))];
  return h(
    "header",
    { class: "stay-head", "data-key": "head" },
    h("h1", null, nameOf(room)),
    h("p", { class: "facts" }, stars(room.rating), h("span", null, say("reviewsOf", room.reviewCnt)), facts.filter(Boolean).map((fact) => h("span", null, fact))),
  );
}

function gallery(state, room, changed) {
  const name = nameOf(room);
  const shown = Math.min(state.shown, Math.max(0, room.photos.length - 1));
  const choose = (number) => () => {
    state.shown = number;
    changed();
  };
  return h(
    "div",
    { class: "gallery", "data-key": "gallery" },
    pictureOf(room, shown, name),
    room.photos.length > 1 &&
      h(
        "div",
        { class: "strip", "data-key": "strip" },
        room.photos.map((address, number) =>
          h("button", { type: "button", "data-key": address, "aria-pressed": String(number === shown), onclick: choose(number) }, pictureOf(room, number, name)),
        ),
      ),
  );
}
