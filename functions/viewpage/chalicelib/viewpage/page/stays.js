// The first screen: all stays as cards, and a search by city, dates, guests and price.

import { h } from "./element.js";
import { cityName, cityOf, KNOWN_CITIES, minor, money, nameOf, plus, today } from "./format.js";
import { follow } from "./live.js";
import { labelled, pictureOf, screen, stars } from "./shell.js";
import { relative } from "./talk.js";
import { say } from "./words.js";

const PAGE_SIZE = 24;
const ENOUGH = 12; // a page may come short when few rooms fit: pages are added until this many are there
const PAGES_AT_ONCE = 40; // of a search that finds little, before somebody says to go on
const ORDERS = ["newest", "price", "rating"];
const HOME_ZONE = "Asia/Seoul";
const HOME_CURRENCY = "KRW";

export function openStays(query) {
  const wish = Object.fromEntries(query);
  const state = { pages: [], lost: false, wanted: ENOUGH, most: PAGES_AT_ONCE };
  const redraw = screen(() => say("rooms"), () => drawStays(state, wish));
  state.more = () => {
    state.wanted = Math.max(state.wanted, shownRooms(state).length) + PAGE_SIZE;
    state.most = state.pages.length + PAGES_AT_ONCE;
    reach(state);
  };
  state.redraw = redraw;
  redraw();
  openPage(state, 0, `roomviews?${searchOf(wish)}`);
  return () => closePages(state, 0);
}

/** The search as the API takes it. */
function searchOf(wish) {
  const query = new URLSearchParams({ size: PAGE_SIZE });
  if (wish.city) query.set("city", cityOf(wish.city));
  if (wish.checkIn && wish.checkOut) {
    query.set("checkIn", wish.checkIn);
    query.set("checkOut", wish.checkOut);
  }
  if (wish.guests) query.set("guests", wish.guests);
  if (ORDERS.includes(wish.sort)) query.set("sort", wish.sort);
  if (wish.maxPrice) query.set("maxPrice", minor(Number(wish.maxPrice), HOME_CURRENCY));
  return query;
}

function openPage(state, number, address) {
  closePages(state, number);
  const page = { address, rooms: null, next: null };
  state.pages.push(page);
  const told = (body) => {
    page.rooms = body._embedded.roomviews;
    page.next = body._links.next ? relative(body._links.next.href) : null;
    state.lost = false;
    const after = state.pages[number + 1];
    if (after && after.address !== page.next) closePages(state, number + 1);
    if (page.rooms.length === 0 && page.next) page.end(); // nothing to keep true: a long search asks once
    reach(state);
    state.redraw();
  };
  page.end = follow(address, told, () => {
    state.lost = true;
    page.rooms ??= [];
    state.redraw();
  });
}

/** Adds pages until enough rooms are there, or no more. */
function reach(state) {
  const last = state.pages.at(-1);
  if (isEnough(state) || !last.next) return;
  openPage(state, state.pages.length, last.next);
}

function isEnough(state) {
  return shownRooms(state).length >= state.wanted || state.pages.length >= state.most;
}

function closePages(state, from) {
  for (const page of state.pages.splice(from)) page.end();
}

function shownRooms(state) {
  const found = state.pages.flatMap((page) => page.rooms ?? []);
  return [...new Map(found.map((room) => [room.roomId, room])).values()];
}

function drawStays(state, wish) {
  const rooms = shownRooms(state);
  const waiting = state.pages.some((page) => page.rooms === null);
  const searching = Object.values(wish).some(Boolean);
  return [
    h("section", { class: "opening", "data-key": "opening" }, h("h1", null, say("headline")), h("p", null, say("lead"))),
    searchForm(wish),
    h(
      "div",
      { class: "list-head", "data-key": "list-head" },
      h("p", { class: "summary", role: "status", "data-key": "summary" }, summary(state, rooms, waiting, searching)),
      orderChoice(wish),
    ),
    h("ul", { class: "cards", "data-key": "cards", "aria-label": say("rooms") }, rooms.map(card)),
    state.pages.at(-1)?.next && isEnough(state) && h("button", { type: "button", class: "plain wide", "data-key": "more", onclick: state.more }, say("more")),
  ];
}

function summary(state, rooms, waiting, searching) {
  if (state.lost) return say("lost");
  if (waiting && rooms.length === 0) return say("loading");
  if (rooms.length === 0) return say(searching ? "none" : "noneYet");
  return say("found", rooms.length);
}

function searchForm(wish) {
  const first = today(HOME_ZONE);
  return h(
    "form",
    { id: "search", class: "search", role: "search", "data-key": "search", onsubmit: search, onchange: keepDatesApart },
    labelled("city", say("city"), h("input", { id: "city", name: "city", list: "cities", placeholder: say("anyCity"), autocomplete: "off", value: wish.city ?? "" })),
    h("datalist", { id: "cities" }, KNOWN_CITIES.map((city) => h("option", { value: cityName(city) }))),
    labelled("checkIn", say("checkIn"), h("input", { id: "checkIn", name: "checkIn", type: "date", min: first, value: wish.checkIn ?? "" })),
    labelled("checkOut", say("checkOut"), h("input", { id: "checkOut", name: "checkOut", type: "date", min: plus(first, 1), value: wish.checkOut ?? "" })),
    labelled("guests", say("guests"), h("input", { id: "guests", name: "guests", type: "number", min: 1, max: 50, inputmode: "numeric", value: wish.guests ?? "" })),
    labelled("maxPrice", say("maxPrice"), h("input", { id: "maxPrice", name: "maxPrice", type: "number", min: 0, step: 1000, inputmode: "numeric", value: wish.maxPrice ?? "" })),
    h("div", { class: "choices" }, h("button", { class: "primary" }, say("search")), Object.values(wish).some(Boolean) && h("a", { class: "button plain", href: "#/" }, say("clear"))),
  );
}

/** Belongs to the search, and is a search by itself. */
function orderChoice(wish) {
  const chosen = ORDERS.includes(wish.sort) ? wish.sort : ORDERS[0];
  const options = ORDERS.map((order) => h("option", { value: order, selected: order === chosen }, say("orders")[order]));
  return labelled("sort", say("sort"), h("select", { id: "sort", name: "sort", form: "search", value: chosen, onchange: searchNow }, options));
}

function searchNow({ currentTarget: control }) {
  control.form.requestSubmit();
}

/** One end of a stay alone finds nothing: the other end follows. */
function keepDatesApart({ currentTarget: form }) {
  const { checkIn, checkOut } = form.elements;
  if (checkIn.value && (!checkOut.value || checkOut.value <= checkIn.value)) checkOut.value = plus(checkIn.value, 1);
}

function search(event) {
  event.preventDefault();
  const asked = new URLSearchParams([...new FormData(event.currentTarget)].filter(([name, value]) => value && !(name === "sort" && value === ORDERS[0])));
  location.hash = `#/?${asked}`;
}

function card(room) {
  const name = nameOf(room);
  const reserved = room.roomStatus === "reserved";
  return h(
    "li",
    { "data-key": room.roomId, "data-room-id": room.roomId },
    h(
      "a",
      { class: "card", href: `#/rooms/${room.roomId}${datesIn(location.hash)}` },
      pictureOf(room, 0, name),
      h("p", { class: "over" }, h("span", null, cityName(room.city)), stars(room.rating)),
      h("h2", { class: "title" }, name),
      h("p", { class: "under" }, h("span", { class: "price" }, say("perNight", money(room.pricePerNight))), h("span", { class: reserved ? "state reserved" : "state" }, say(reserved ? "taken" : "free"))),
    ),
  );
}

/** What was searched for goes along to the room. */
function datesIn(hash) {
  const query = new URLSearchParams(hash.split("?")[1] ?? "");
  const kept = ["checkIn", "checkOut", "guests"].filter((name) => query.get(name)).map((name) => [name, query.get(name)]);
  return kept.length > 0 ? `?${new URLSearchParams(kept)}` : "";
}
