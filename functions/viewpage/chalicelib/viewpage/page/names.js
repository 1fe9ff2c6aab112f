// What rooms are called, read once each: bookings and messages know them by their ids only.

import { ask, Problem } from "./talk.js";

const known = new Map();

/** `want(ids)` reads what is not known yet, `of(id)` gives a room's view, or null. `told()` is called when more is known. */
export function roomNames(told) {
  return {
    of: (roomId) => known.get(roomId) ?? null,
    want: (roomIds) => Promise.all([...new Set(roomIds)].filter((roomId) => !known.has(roomId)).map((roomId) => read(roomId, told))),
  };
}

async function read(roomId, told) {
  known.set(roomId, null);
  try {
    known.set(roomId, (await ask("GET", `roomviews/${roomId}`)).body);
    told();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status !== 404) known.delete(roomId);
  }
}
