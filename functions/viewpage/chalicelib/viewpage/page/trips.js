// The guest's own bookings, and a way out of them: what comes back is said before anything is cancelled.

import { h } from "./element.js";
import { money, nameOf, stay } from "./format.js";
import { follow, lookNow } from "./live.js";
import { roomNames } from "./names.js";
import { who } from "./session.js";
import { confirm, deed, pictureOf, screen, tell, tellProblem, waitingLine } from "./shell.js";
import { ask } from "./talk.js";
import { say } from "./words.js";

export function openTrips() {
  const state = { trips: null, lost: false, busy: new Set() };
  const redraw = screen(() => say("trips"), () => drawTrips(state, redraw));
  const names = roomNames(redraw);
  state.names = names;
  const told = (body) => {
    state.trips = body._embedded.reservations.filter((each) => each.guestId === who()?.subject);
    state.lost = false;
    names.want(state.trips.map((each) => each.roomId));
    redraw();
  };
  redraw();
  return follow("reservations?size=50", told, () => {
    state.lost = true;
    redraw();
  });
}

function drawTrips(state, redraw) {
  return [
    h("h1", { "data-key": "heading" }, say("myTrips")),
    state.lost && h("p", { role: "status", class: "summary", "data-key": "lost" }, say("lost")),
    state.trips === null && !state.lost && waitingLine(),
    state.trips?.length === 0 && h("p", { class: "summary", "data-key": "none" }, say("noTrips"), " ", h("a", { href: "#/" }, say("lookAround"))),
    h("ul", { class: "trips", "data-key": "trips" }, (state.trips ?? []).map((trip) => tripItem(state, trip, redraw))),
  ];
}

function tripItem(state, trip, redraw) {
  const room = state.names.of(trip.roomId);
  const name = room ? nameOf(room) : say("unnamed");
  const cancel = () => cancelStay(trip, { asGuest: true, busy: state.busy, redraw });
  return h(
    "li",
    { class: "trip", "data-key": trip.rsvId, "data-status": trip.status },
    room ? pictureOf(room, 0, name) : h("div", { class: "picture none", "data-key": "none" }),
    h(
      "div",
      { class: "trip-words" },
      h("h2", null, h("a", { href: `#/rooms/${trip.roomId}` }, name)),
      h("p", null, stay(trip.checkIn, trip.checkOut), " · ", say("guestsOf", trip.guests)),
      h("p", { class: "quiet" }, trip.price && money(trip.price), trip.refund && ` · ${say("refunded", money(trip.refund))}`),
    ),
    h("p", { class: `status ${trip.status}` }, say("statusOf")[trip.status]),
    trip.status === "reserved" && deed({ label: say("cancel"), meanwhile: say("cancelling"), busy: state.busy.has(trip.rsvId), class: "plain", "data-key": "cancel", onclick: cancel }),
  );
}

/** Shows what comes back, asks, and cancels with just that. `busy` holds the ids being worked on. */
export async function cancelStay(trip, { asGuest, busy, redraw }) {
  if (busy.has(trip.rsvId)) return;
  busy.add(trip.rsvId);
  redraw();
  try {
    const now = (await ask("GET", `reservations/${trip.rsvId}/refund`)).body;
    const lines = [say(asGuest ? "cancelRefund" : "hostCancelRefund", money(now.refund)), now.fee.amount > 0 && say("cancelFee", money(now.fee))];
    if (await confirm(say("cancelTitle"), lines.filter(Boolean), say("doCancel"), say("keepIt"))) {
      await ask("PATCH", `reservations/${trip.rsvId}`, { body: { status: "reqCancel", refund: now.refund } });
      tell(say("cancelled"));
    }
  } catch (problem) {
    tellProblem(problem);
  } finally {
    busy.delete(trip.rsvId);
    redraw();
    lookNow();
  }
}
