// Booking a stay: what it costs and on which terms, then one request that cannot happen twice.

import { h } from "./element.js";
import { day, money, moment, stay } from "./format.js";
import { isFree } from "./calendar.js";
import { lookNow } from "./live.js";
import { signIn, who } from "./session.js";
import { deed, labelled, tell, tellProblem } from "./shell.js";
import { ask, newKey, Problem } from "./talk.js";
import { language, say, sayProblem } from "./words.js";

const CARDS = { card_ok: "cardGood", card_declined: "cardDeclined" };
const DECIDED = new Set(["taken", "price-changed", "payment-declined", "room-closed", "unknown-room", "invalid-stay", "expired", "cancelled", "key-reused"]);

export function bookingState(guests) {
  return { guests: Number(guests ?? 2) || 2, card: "card_ok", quote: null, fault: null, asked: "", busy: false, slow: false };
}

/** Asks for the price of the chosen stay, unless it is the one that is shown. `again`: in any case. */
export async function askQuote(state, room, { checkIn, checkOut }, redraw, again = false) {
  const wanted = checkOut ? `checkIn=${checkIn}&checkOut=${checkOut}&guests=${state.guests}` : "";
  if (wanted === state.asked && !again) return;
  if (wanted !== state.asked) Object.assign(state, { asked: wanted, quote: null, fault: null });
  if (!wanted) return redraw();
  try {
    const answer = await ask("GET", `rooms/${room.roomId}/quote?${wanted}`);
    if (state.asked === wanted) Object.assign(state, { quote: answer.body, fault: null });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (state.asked === wanted) Object.assign(state, { quote: null, fault: problem });
  }
  redraw();
}

/** The panel beside the calendar. `days` is the calendar's state. */
export function bookingPanel(state, room, days, redraw) {
  const { checkIn, checkOut } = days.chosen;
  const free = !checkOut || isFree(days, checkIn, checkOut);
  return h(
    "section",
    { class: "panel", "aria-labelledby": "book-heading", "data-key": "panel" },
    h("h2", { id: "book-heading" }, say("bookIt")),
    h("p", { class: "lead" }, say("perNight", money(room.pricePerNight))),
    checkIn ? h("p", { class: "chosen-days", "data-key": "chosen" }, checkOut ? stay(checkIn, checkOut) : `${day(checkIn)} – …`) : h("p", { class: "quiet", "data-key": "choose" }, say("chooseDates")),
    guestsField(state, room, days, redraw),
    checkOut && !free && h("p", { class: "bad", role: "alert", "data-key": "taken" }, say("notFree")),
    state.fault && free && h("p", { class: "bad", role: "alert", "data-key": "fault" }, sayProblem(state.fault)),
    state.quote && free && [breakdown(state.quote), termsOf(state.quote), payment(state, room, days, redraw)],
  );
}

function guestsField(state, room, days, redraw) {
  const change = (event) => {
    state.guests = Number(event.currentTarget.value);
    askQuote(state, room, days.chosen, redraw);
  };
  const options = Array.from({ length: room.maxGuests }, (_, number) => h("option", { value: number + 1, selected: number + 1 === Math.min(state.guests, room.maxGuests) }, String(number + 1)));
  state.guests = Math.min(state.guests, room.maxGuests);
  return labelled("party", say("guests"), h("select", { id: "party", onchange: change }, options));
}

/** Nights of one price in one line. */
function breakdown(quote) {
  const lines = new Map();
  for (const { price, rate, name } of quote.nights) {
    const label = rate === "season" ? name : rate === "weekday" ? say("weekdayRate") : "";
    const line = lines.get(`${price.amount} ${label}`) ?? { nights: 0, price, label };
    lines.set(`${price.amount} ${label}`, { ...line, nights: line.nights + 1 });
  }
  return h(
    "dl",
    { class: "breakdown", "data-key": "breakdown" },
    [...lines.values()].map((line) => [
      h("dt", null, say("nightsAt", line.nights, money(line.price)), line.label && h("small", { class: "quiet" }, ` ${line.label}`)),
      h("dd", null, money({ ...line.price, amount: line.price.amount * line.nights })),
    ]),
    h("dt", { class: "total" }, say("total")),
    h("dd", { class: "total", id: "total" }, money(quote.price)),
  );
}

function termsOf(quote) {
  const { terms } = quote;
  const arrival = instantOf(quote.checkIn, terms.checkInTime, terms.timeZone);
  return h(
    "div",
    { class: "terms", "data-key": "terms" },
    h("h3", null, say("terms")),
    h(
      "ul",
      null,
      terms.refunds.map((tier) => h("li", null, say("until", moment(new Date(arrival - tier.hoursBefore * 3_600_000), terms.timeZone), `${tier.percent}%`))),
      h("li", null, say("nothingAfter")),
    ),
    h("p", { class: "quiet" }, `${say("hostTime")} ${terms.checkInTime}, ${say("checkOutBy")} ${terms.checkOutTime}`),
  );
}

/** A clock time of a day in a time zone, as milliseconds since 1970. */
function instantOf(date, time, timeZone) {
  const guess = Date.parse(`${date}T${time}:00Z`);
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(guess);
  return guess - (Date.parse(`${shown.replace(" ", "T")}Z`) - guess);
}

function payment(state, room, days, redraw) {
  if (!who()) return h("button", { type: "button", class: "primary wide", "data-key": "sign-in", onclick: () => signIn(language()).catch(tellProblem) }, say("signInToBook"));
  if (who().subject === room.hostId) return h("p", { class: "quiet", "data-key": "own" }, say("ownRoom"));
  const choose = (event) => {
    state.card = event.currentTarget.value;
  };
  return h(
    "div",
    { class: "payment", "data-key": "payment" },
    labelled("card", say("payWith"), h("select", { id: "card", onchange: choose }, Object.entries(CARDS).map(([card, name]) => h("option", { value: card, selected: card === state.card }, say(name))))),
    deed({ label: say("book", money(state.quote.price)), meanwhile: say("booking"), busy: state.busy, class: "primary wide", onclick: () => book(state, room, days, redraw) }),
    h("p", { class: "quiet", role: "status" }, say(state.slow ? "stillBooking" : "nothingCharged")),
  );
}

async function book(state, room, days, redraw) {
  if (state.busy) return;
  const { quote } = state;
  const wanted = { roomId: room.roomId, checkIn: quote.checkIn, checkOut: quote.checkOut, guests: quote.guests, price: quote.price, paymentMethod: state.card };
  Object.assign(state, { busy: true, slow: false });
  redraw();
  try {
    await askToBook(wanted, () => {
      state.slow = true;
      redraw();
    });
    days.chosen = { checkIn: null, checkOut: null };
    Object.assign(state, { asked: "", quote: null });
    tell(say("booked"));
  } catch (problem) {
    tellProblem(problem);
    await askQuote(state, room, days.chosen, redraw, true);
  } finally {
    Object.assign(state, { busy: false, slow: false });
    redraw();
    lookNow();
  }
}

/** One key for one wish, kept until its outcome is known: neither a lost answer nor a reload books twice. */
async function askToBook(wanted, whenWaiting) {
  const kept = `staybook.booking.${who().subject}.${JSON.stringify(wanted)}`;
  const key = sessionStorage.getItem(kept) ?? newKey();
  sessionStorage.setItem(kept, key);
  try {
    const answer = await ask("POST", "reservations", { body: wanted, key, whenWaiting });
    sessionStorage.removeItem(kept);
    return answer.body;
  } catch (problem) {
    if (DECIDED.has(problem.kind)) sessionStorage.removeItem(kept);
    throw problem;
  }
}
