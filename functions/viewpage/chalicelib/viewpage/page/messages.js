// What Staybook has told the person who is here.

import { h } from "./element.js";
import { moment } from "./format.js";
import { follow, lookNow } from "./live.js";
import { deed, screen, tellProblem, waitingLine } from "./shell.js";
import { ask } from "./talk.js";
import { say } from "./words.js";

export function openMessages() {
  const state = { messages: null, lost: false, busy: new Set() };
  const redraw = screen(() => say("messages"), () => drawMessages(state, redraw));
  redraw();
  const told = (body) => {
    Object.assign(state, { messages: body._embedded.messages, lost: false });
    redraw();
  };
  return follow("messages?size=50", told, () => {
    state.lost = true;
    redraw();
  });
}

function drawMessages(state, redraw) {
  return [
    h("h1", { "data-key": "heading" }, say("myMessages")),
    state.lost && h("p", { role: "status", class: "summary", "data-key": "lost" }, say("lost")),
    state.messages === null && !state.lost && waitingLine(),
    state.messages?.length === 0 && h("p", { class: "summary", "data-key": "none" }, say("noMessages")),
    h("ul", { class: "messages", "data-key": "list" }, (state.messages ?? []).map((message) => messageItem(state, message, redraw))),
  ];
}

function messageItem(state, message, redraw) {
  return h(
    "li",
    { "data-key": message.msgId, class: message.readAt ? "read" : "unread", lang: message.language ?? null },
    h("p", { class: "quiet" }, moment(message.createdAt)),
    message.subject && h("h2", null, message.subject),
    h("p", { class: "said" }, message.content),
    !message.readAt && deed({ label: say("markRead"), meanwhile: say("markRead"), busy: state.busy.has(message.msgId), class: "plain small", "data-key": "read", onclick: () => markRead(state, message, redraw) }),
  );
}

async function markRead(state, message, redraw) {
  state.busy.add(message.msgId);
  redraw();
  try {
    await ask("PATCH", `messages/${message.msgId}`, { body: { read: true } });
  } catch (problem) {
    tellProblem(problem);
  } finally {
    state.busy.delete(message.msgId);
    redraw();
    lookNow();
  }
}
