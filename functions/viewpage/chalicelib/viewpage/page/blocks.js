// The nights that a host keeps.

import { h } from "./element.js";
import { calendar, calendarState, takeIn } from "./calendar.js";
import { stay, today } from "./format.js";
import { busily, deed, labelled, tell } from "./shell.js";
import { ask, newKey, Problem } from "./talk.js";
import { say } from "./words.js";

export function blocksState(roomId) {
  return { roomId, items: [], days: null, busy: false, key: newKey() };
}

/** Reads the blocks again; `view` says which nights are taken, by whomever. */
export async function readBlocks(state, view) {
  state.days ??= calendarState(today(view.timeZone));
  takeIn(state.days, view);
  try {
    state.items = (await ask("GET", `rooms/${state.roomId}/blocks`)).body._embedded.blocks;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    console.info("the blocks could not be read", problem);
  }
}

export function blocksSection(state, redraw) {
  const { checkIn, checkOut } = state.days?.chosen ?? {};
  const keep = (event) => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get("reason");
    work(state, redraw, say("kept"), async () => {
      await ask("POST", `rooms/${state.roomId}/blocks`, { body: { checkIn, checkOut, reason }, key: state.key });
      state.days.chosen = { checkIn: null, checkOut: null };
    });
  };
  return h(
    "section",
    { class: "blocks", "aria-labelledby": "blocks-heading", "data-key": "blocks" },
    h("h2", { id: "blocks-heading" }, say("nightsKept")),
    state.items.length === 0 && h("p", { class: "quiet", "data-key": "none" }, say("noBlocks")),
    h("ul", { class: "block-list", "data-key": "list" }, state.items.map((block) => blockItem(state, block, redraw))),
    state.days && calendar(state.days, redraw),
    checkOut &&
      h(
        "form",
        { class: "keep", "data-key": "keep", onsubmit: keep },
        h("p", null, stay(checkIn, checkOut)),
        labelled("reason", say("reason"), h("input", { id: "reason", name: "reason", maxlength: 200 })),
        h("button", { class: "primary", "aria-busy": state.busy ? "true" : null }, say("keepNights")),
      ),
  );
}

function blockItem(state, block, redraw) {
  const giveBack = () => work(state, redraw, say("givenBackNights"), () => ask("DELETE", `rooms/${state.roomId}/blocks/${block.blockId}`));
  return h(
    "li",
    { "data-key": block.blockId },
    h("span", null, stay(block.checkIn, block.checkOut), block.reason && h("small", { class: "quiet" }, ` ${block.reason}`)),
    deed({ label: say("giveBack"), meanwhile: say("giveBack"), busy: state.busy, class: "plain small", onclick: giveBack }),
  );
}

async function work(state, redraw, done, write) {
  await busily(state, redraw, async () => {
    await write();
    state.key = newKey();
    tell(done);
  });
}
