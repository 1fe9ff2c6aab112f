// A host's desk: own places and the coming week at a glance, bookings, earnings.

import { h } from "./element.js";
import { day, money, nameOf, nightsOf, plus, stay, today } from "./format.js";
import { follow } from "./live.js";
import { who } from "./session.js";
import { deed, screen, waitingLine } from "./shell.js";
import { askAll } from "./talk.js";
import { cancelStay } from "./trips.js";
import { say } from "./words.js";

const DAYS = [0, 1, 2, 3, 4, 5, 6];

export function openHosting() {
  const me = who().subject;
  const state = { rooms: null, bookings: [], payments: [], lost: false, busy: new Set() };
  const redraw = screen(() => say("hosting"), () => drawHosting(state, redraw));
  const failed = () => {
    state.lost = true;
    redraw();
  };
  const keep = (name, mine) => async (body) => {
    state[name] = (await askAll("", body)).filter(mine);
    state.lost = false;
    redraw();
  };
  redraw();
  const isMine = (each) => each.hostId === me;
  const ends = [
    follow(`roomviews?hostId=${me}&size=100`, keep("rooms", isMine), failed),
    follow("reservations?size=100", keep("bookings", isMine), failed),
    follow("payments?size=100", keep("payments", isMine), failed),
  ];
  return () => ends.forEach((end) => end());
}

function drawHosting(state, redraw) {
  return [
    h("div", { class: "head-row", "data-key": "head" }, h("h1", null, say("myPlaces")), h("a", { class: "button primary", href: "#/hosting/new" }, say("newRoom"))),
    state.lost && h("p", { role: "status", class: "summary", "data-key": "lost" }, say("lost")),
    state.rooms === null && !state.lost && waitingLine(),
    state.rooms?.length === 0 && h("p", { class: "summary", "data-key": "none" }, say("noRooms")),
    state.rooms?.length > 0 && placesTable(state.rooms),
    earnings(state.payments),
    bookingsTable(state, redraw),
  ];
}

function placesTable(rooms) {
  const first = today(rooms[0].timeZone);
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": say("week"), "data-key": "places" },
    h(
      "table",
      { class: "places" },
      h("caption", { class: "unseen" }, say("week")),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, say("place")), DAYS.map((number) => h("th", { scope: "col", "data-key": plus(first, number) }, day(plus(first, number), { weekday: "short", day: "numeric" }))), h("th", { scope: "col" }, say("price")), h("th", { scope: "col" }, h("span", { class: "unseen" }, say("edit"))))),
      h("tbody", null, rooms.map((room) => placeRow(room, first))),
    ),
  );
}

function placeRow(room, first) {
  const [booked, blocked] = [nightsOf(room.bookedNights), nightsOf(room.blockedNights)];
  const kindOf = (night) => (booked.has(night) ? "Booked" : blocked.has(night) ? "Blocked" : "Free");
  return h(
    "tr",
    { "data-key": room.roomId },
    h("th", { scope: "row" }, h("a", { href: `#/rooms/${room.roomId}` }, nameOf(room))),
    DAYS.map((number) => {
      const kind = kindOf(plus(first, number));
      return h("td", { class: `night ${kind.toLowerCase()}` }, h("span", null, say(`cell${kind}`)));
    }),
    h("td", { class: "number" }, money(room.pricePerNight)),
    h("td", null, h("a", { class: "button plain small", href: `#/hosting/${room.roomId}`, "aria-label": `${say("edit")}: ${nameOf(room)}` }, say("edit"))),
  );
}

/** Sums by currency: what guests paid, what went back, what is left; of this month and of all time. */
function earnings(payments) {
  const month = new Date().toISOString().slice(0, 7);
  const currencies = [...new Set(payments.map((each) => each.price?.currency).filter(Boolean))];
  const sum = (some, name, currency) => ({ amount: some.filter((each) => each.price?.currency === currency).reduce((total, each) => total + (each[name]?.amount ?? 0), 0), currency });
  const left = (some, currency) => ({ amount: sum(some, "charged", currency).amount - sum(some, "refunded", currency).amount, currency });
  const thisMonth = payments.filter((each) => each.createdAt.startsWith(month));
  return h(
    "section",
    { class: "earnings", "aria-labelledby": "earnings-heading", "data-key": "earnings" },
    h("h2", { id: "earnings-heading" }, say("earnings")),
    (currencies.length > 0 ? currencies : ["KRW"]).map((currency) =>
      h(
        "dl",
        { class: "figures", "data-key": currency },
        figure("thisMonth", left(thisMonth, currency)),
        figure("earned", left(payments, currency)),
        figure("held", sum(payments, "charged", currency)),
        figure("givenBack", sum(payments, "refunded", currency)),
      ),
    ),
  );
}

function figure(name, price) {
  return h("div", { "data-figure": name }, h("dt", null, say(name)), h("dd", null, money(price)));
}

function bookingsTable(state, redraw) {
  const names = new Map((state.rooms ?? []).map((room) => [room.roomId, nameOf(room)]));
  return h(
    "section",
    { "aria-labelledby": "bookings-heading", "data-key": "bookings" },
    h("h2", { id: "bookings-heading" }, say("bookings")),
    state.bookings.length === 0 && h("p", { class: "quiet", "data-key": "none" }, say("noBookings")),
    state.bookings.length > 0 &&
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "bookings-heading", "data-key": "table" },
        h(
          "table",
          null,
          h("thead", null, h("tr", null, ["place", "dates", "guests", "price", "status"].map((name) => h("th", { scope: "col" }, say(name))), h("th", { scope: "col" }, h("span", { class: "unseen" }, say("cancel"))))),
          h("tbody", null, state.bookings.map((booking) => bookingRow(state, booking, names, redraw))),
        ),
      ),
  );
}

function bookingRow(state, booking, names, redraw) {
  const cancel = () => cancelStay(booking, { asGuest: false, busy: state.busy, redraw });
  return h(
    "tr",
    { "data-key": booking.rsvId, "data-status": booking.status },
    h("th", { scope: "row" }, names.get(booking.roomId) ?? say("unnamed")),
    h("td", null, stay(booking.checkIn, booking.checkOut)),
    h("td", { class: "number" }, String(booking.guests)),
    h("td", { class: "number" }, booking.price ? money(booking.price) : ""),
    h("td", null, h("span", { class: `status ${booking.status}` }, say("statusOf")[booking.status])),
    h("td", null, booking.status === "reserved" && deed({ label: say("cancel"), meanwhile: say("cancelling"), busy: state.busy.has(booking.rsvId), class: "plain small", onclick: cancel })),
  );
}
