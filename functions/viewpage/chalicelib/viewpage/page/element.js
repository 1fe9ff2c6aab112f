// Elements from words: what people wrote only ever becomes text, never markup.

const HANDLER = /^on[a-z]+$/;

/** An element. `properties`: on… are handlers, true is a bare attribute, null and false are left out. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (HANDLER.test(name)) element[name] = value;
  else if (name === "value") setValue(element, value);
  else element.setAttribute(name, value === true ? "" : value);
}

/** The attribute too: it is what tells a later drawing whether anything changed. */
function setValue(element, value) {
  element.setAttribute("value", value);
  element.value = value;
}

/** Makes what is there look like what is wanted, touching only what differs: focus, scroll and typing stay. */
function morph(present, wanted) {
  syncAttributes(present, wanted);
  syncHandlers(present, wanted);
  morphChildren(present, [...wanted.childNodes]);
}

/** The same for the children of an element alone. */
export function morphChildren(parent, wanted) {
  const keyed = new Map([...parent.children].filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]));
  let place = parent.firstChild;
  for (const child of wanted) {
    const found = keyed.get(child.dataset?.key) ?? (place && alike(place, child) ? place : null);
    if (found === null || !alike(found, child)) {
      parent.insertBefore(child, place);
      continue;
    }
    if (found === place) place = place.nextSibling;
    else parent.insertBefore(found, place);
    if (found.nodeType === Node.TEXT_NODE) {
      if (found.data !== child.data) found.data = child.data;
    } else morph(found, child);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function alike(one, other) {
  return one.nodeName === other.nodeName && (one.dataset?.key ?? "") === (other.dataset?.key ?? "");
}

function syncAttributes(present, wanted) {
  const valueChanged = present.getAttribute("value") !== wanted.getAttribute("value");
  for (const { name } of [...present.attributes]) {
    if (!wanted.hasAttribute(name) && !(present.nodeName === "DIALOG" && name === "open")) present.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (present.getAttribute(name) !== value) present.setAttribute(name, value);
  }
  if (valueChanged && "value" in wanted) present.value = wanted.value;
}

const HANDLERS = ["onclick", "oninput", "onchange", "onsubmit", "onkeydown", "onclose"];

function syncHandlers(present, wanted) {
  for (const name of HANDLERS) if (present[name] !== wanted[name]) present[name] = wanted[name];
}
