// Pictures of a place: made small here, posted straight to the store, shown once the room service has looked at them.

import { h } from "./element.js";
import { nameOf } from "./format.js";
import { busily, deed, pictureOf, tell } from "./shell.js";
import { ask, Problem, relative } from "./talk.js";
import { say } from "./words.js";

const LONGEST_SIDE = 1600;
const TYPE = "image/jpeg";
const QUALITY = 0.82;

export function photosState(roomId) {
  return { roomId, busy: false };
}

export function photosSection(state, view, redraw) {
  const choose = (event) => {
    const files = [...event.currentTarget.files];
    event.currentTarget.value = "";
    add(state, files, redraw);
  };
  return h(
    "section",
    { class: "photos", "aria-labelledby": "photos-heading", "data-key": "photos" },
    h("h2", { id: "photos-heading" }, say("photos")),
    h("ul", { class: "photo-list", "data-key": "list" }, view.photos.map((address, number) => photoItem(state, view, address, number, redraw))),
    h(
      "p",
      { "data-key": "add" },
      h("label", { class: "button primary", for: "file", "aria-busy": state.busy ? "true" : null }, say(state.busy ? "uploading" : "addPhoto")),
      h("input", { id: "file", type: "file", class: "unseen", accept: "image/jpeg,image/png,image/webp", multiple: true, disabled: state.busy, onchange: choose }),
    ),
  );
}

function photoItem(state, view, address, number, redraw) {
  const remove = () =>
    busily(state, redraw, async () => {
      await ask("DELETE", relative(address));
      tell(say("removed"));
    });
  return h("li", { "data-key": address }, pictureOf(view, number, nameOf(view)), deed({ label: say("doRemove"), meanwhile: say("doRemove"), busy: state.busy, class: "plain small", "aria-label": say("removePhoto", number + 1), onclick: remove }));
}

async function add(state, files, redraw) {
  await busily(state, redraw, async () => {
    for (const file of files) await upload(state.roomId, await smaller(file));
    tell(say("uploadedPhoto"));
  });
}

async function upload(roomId, content) {
  const { photoId, upload: form } = (await ask("POST", `rooms/${roomId}/photos`, { body: { contentType: TYPE } })).body;
  const sent = new FormData();
  for (const [name, value] of Object.entries(form.fields)) sent.append(name, value);
  sent.append("file", content);
  await post(form.url, sent);
  await ask("PUT", `rooms/${roomId}/photos/${photoId}`, { body: {} });
}

async function post(url, form) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: form, signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    console.info("the store of pictures was asked in vain", error);
    throw new Problem(0);
  }
  if (!answer.ok) throw new Problem(409, { type: "/problems/not-uploaded" });
}

/** The picture as a JPEG of at most so many pixels: faster to send, faster to see, and without what a camera wrote. */
async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch (error) {
    console.info("no picture", error);
    throw new Problem(422, { type: "/problems/no-picture" });
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = h("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, TYPE, QUALITY));
}
