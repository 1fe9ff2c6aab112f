// A host's own place: registering it, describing it, its pictures, the nights that are kept.

import { h } from "./element.js";
import { blocksSection, blocksState, readBlocks } from "./blocks.js";
import { cityName, cityOf, KNOWN_CITIES, major, minor, nameOf } from "./format.js";
import { follow } from "./live.js";
import { photosSection, photosState } from "./photos.js";
import { busily, confirm, labelled, screen, tell, waitingLine } from "./shell.js";
import { ask, newKey, Problem } from "./talk.js";
import { say } from "./words.js";

const EMPTY = { title: "", desc: "", city: "", maxGuests: 2, minNights: 1, pricePerNight: { amount: 100_000, currency: "KRW" }, cancellationPolicy: "flexible" };

export function openNewPlace() {
  const state = { room: EMPTY, tag: null, busy: false, key: newKey() };
  const redraw = screen(() => say("newTitle"), () => [backToPlaces(), h("h1", { "data-key": "heading" }, say("newTitle")), placeForm(state, register)]);
  const register = (body) =>
    save(state, redraw, async () => {
      const answer = await ask("POST", "rooms", { body, key: state.key });
      location.hash = `#/hosting/${answer.body.roomId}`;
    });
  redraw();
  return () => {};
}

export function openPlace(roomId) {
  const state = { roomId, room: null, view: null, tag: null, busy: false, gone: false, blocks: blocksState(roomId), photos: photosState(roomId) };
  const redraw = screen(() => (state.room ? nameOf(state.room) : say("editTitle")), () => drawPlace(state, redraw));
  const told = async (view) => {
    state.view = view;
    await Promise.all([readPlace(state), readBlocks(state.blocks, view)]);
    redraw();
  };
  redraw();
  readPlace(state).then(redraw);
  return follow(`roomviews/${roomId}`, told);
}

/** The place as its own service has it, with the tag that a change of it must name. */
async function readPlace(state) {
  try {
    const answer = await ask("GET", `rooms/${state.roomId}`);
    Object.assign(state, { room: answer.body, tag: answer.tag });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    state.gone = problem.status === 404;
  }
}

function drawPlace(state, redraw) {
  if (state.gone) return [backToPlaces(), h("p", { class: "summary", role: "status", "data-key": "gone" }, say("gone"))];
  if (state.room === null) return [backToPlaces(), waitingLine()];
  const change = (body) =>
    save(state, redraw, async () => {
      await ask("PATCH", `rooms/${state.roomId}`, { body, match: state.tag });
      tell(say("saved"));
      await readPlace(state);
    });
  return [
    backToPlaces(),
    h("div", { class: "head-row", "data-key": "head" }, h("h1", null, nameOf(state.room)), h("a", { class: "button plain", href: `#/rooms/${state.roomId}` }, say("show"))),
    placeForm(state, change),
    state.view && photosSection(state.photos, state.view, redraw),
    state.view && blocksSection(state.blocks, redraw),
    h("p", { class: "remove", "data-key": "remove" }, h("button", { type: "button", class: "danger plain", onclick: () => removePlace(state, redraw) }, say("remove"))),
  ];
}

function placeForm(state, send) {
  const { room } = state;
  const submit = (event) => {
    event.preventDefault();
    send(bodyOfForm(new FormData(event.currentTarget), room.pricePerNight.currency));
  };
  return h(
    "form",
    { class: "place-form", "data-key": "form", onsubmit: submit },
    labelled("title", say("title"), h("input", { id: "title", name: "title", required: true, maxlength: 120, value: room.title })),
    labelled("desc", say("desc"), h("textarea", { id: "desc", name: "desc", required: true, maxlength: 2000, rows: 4 }, room.desc)),
    labelled("place-city", say("city"), h("input", { id: "place-city", name: "city", required: true, maxlength: 80, list: "place-cities", autocomplete: "off", value: cityName(room.city) })),
    h("datalist", { id: "place-cities" }, KNOWN_CITIES.map((city) => h("option", { value: cityName(city) }))),
    labelled("pricePerNight", `${say("pricePerNight")} (${room.pricePerNight.currency})`, h("input", { id: "pricePerNight", name: "pricePerNight", type: "number", min: 0, step: "any", required: true, inputmode: "decimal", value: major(room.pricePerNight) })),
    labelled("maxGuests", say("maxGuests"), h("input", { id: "maxGuests", name: "maxGuests", type: "number", min: 1, max: 50, required: true, value: room.maxGuests })),
    labelled("minNights", say("minNights"), h("input", { id: "minNights", name: "minNights", type: "number", min: 1, max: 30, required: true, value: room.minNights })),
    labelled("policy", say("policy"), h("select", { id: "policy", name: "cancellationPolicy" }, Object.keys(say("policies")).map((policy) => h("option", { value: policy, selected: policy === room.cancellationPolicy }, say("termsOf")[policy])))),
    h("div", { class: "choices" }, h("button", { class: "primary", "aria-busy": state.busy ? "true" : null }, say(state.busy ? "saving" : "save"))),
  );
}

function bodyOfForm(given, currency) {
  return {
    title: given.get("title").trim(),
    desc: given.get("desc").trim(),
    city: cityOf(given.get("city")),
    maxGuests: Number(given.get("maxGuests")),
    minNights: Number(given.get("minNights")),
    pricePerNight: { amount: minor(Number(given.get("pricePerNight")), currency), currency },
    cancellationPolicy: given.get("cancellationPolicy"),
  };
}

async function save(state, redraw, write) {
  await busily(state, redraw, async () => {
    try {
      await write();
    } catch (problem) {
      if (problem.kind === "key-reused") state.key = newKey();
      if (problem.status === 412) await readPlace(state);
      throw problem;
    }
  });
}

async function removePlace(state, redraw) {
  if (!(await confirm(say("removeTitle"), [say("removeText")], say("doRemove"), say("keepIt")))) return;
  await save(state, redraw, async () => {
    await ask("DELETE", `rooms/${state.roomId}`);
    tell(say("removed"));
    location.hash = "#/hosting";
  });
}

function backToPlaces() {
  return h("p", { class: "back", "data-key": "back" }, h("a", { href: "#/hosting" }, `‹ ${say("allPlaces")}`));
}
