// Keeps on this device what somebody types until the site has said that it holds it. A section, which has a version, is
// saved while they write; a message goes when they send it. On the page of two versions, which has the form of a section
// with `data-choose`, only the buttons save. Without this script, they always do.
const form = document.querySelector("[data-draft]");
const line = document.querySelector("#saved");
const [said, end, again] = line.firstElementChild.children;
const discard = line.lastElementChild;
const place = `draft ${form.dataset.draft}`;
const isWriting = !("choose" in form.dataset), savesItself = isWriting && Boolean(form.version);
const isSent = "sent" in form.dataset && !savesItself; // the site shows what it was sent, and holds nothing of it
const PAUSE = 3000, RETRY = 10000, PATIENCE = 30000; // milliseconds
const shown = `${words()}`; // as the page came
let version = form.version?.value; // the newest that this page knows
let timer, isBusy, pressed;
let asked = ""; // what went to the site and got no answer

function words(button) {
  const data = new URLSearchParams(new FormData(form, button));
  data.delete("csrfmiddlewaretoken");
  return data;
}

// Signing in again in another tab makes a new token; the cookie has it.
function token() {
  return document.cookie.match(/csrftoken=(\w+)/)?.[1] ?? form.csrfmiddlewaretoken.value;
}

function say(text, isOut = false) {
  if (said.textContent !== text) said.textContent = text; // or it would be read out each time
  again.hidden = !isOut;
}

function later(pause) {
  clearTimeout(timer);
  if (savesItself) timer = setTimeout(save, pause);
}

function store(hasLeft) {
  const data = words();
  if (asked) data.append("asked", asked);
  if (hasLeft) data.append("left", 1);
  localStorage.setItem(place, data);
}

function keep() {
  later(PAUSE);
  if (!localStorage.getItem(place)) discard.hidden = true; // the words that came back are saved, these are others
  if (savesItself || isSent || `${words()}` !== shown) store();
  else localStorage.removeItem(place);
}

// What the site answered, or null where it could not.
async function send(body) {
  try {
    return await fetch(form.action, {
      method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      headers: {
        Accept: "application/json", "X-CSRFToken": token(), "Content-Type": "application/x-www-form-urlencoded",
      },
    });
  } catch {
    return null;
  }
}

async function save(button) {
  clearTimeout(timer);
  pressed = button ?? pressed;
  if (isBusy) return; // one at a time; the one under way goes on with this
  isBusy = true;
  while (await post());
  isBusy = false;
}

// Send the words, and tell whether to go on at once. What got no answer may have arrived: it goes once more as it was,
// before anything newer, and the site, which knows words that it has, answers with the version to go on from. So nobody
// is told that they overtook themselves, and only what somebody else saved, or they elsewhere, is a conflict.
async function post() {
  const before = asked, body = before || `${words(pressed)}`;
  if (savesItself) {
    asked = before || `${words()}`; // without the button: nothing is handed in later than somebody meant to
    store();
  }
  const answer = await send(body);
  const isOut = answer?.type === "opaqueredirect" || answer?.status === 403;
  if (!answer || answer.status >= 500 || isOut) {
    pressed = null;
    say(isOut ? line.dataset.out : line.dataset.offline, isOut);
    later(RETRY);
    return false;
  }
  asked = "";
  if (!answer.ok) {
    const { reasons, version: saved } = await answer.json().catch(() => ({}));
    if (saved) form.version.value = version = saved; // it is held, though something was missing to go on
    if (savesItself) store();
    if (before) return true; // these were the older words; now the newer ones
    if (pressed) ask(pressed);
    else say(answer.status === 409 ? reasons.join(" ") : line.dataset.refused);
    return false;
  }
  const { saved_at, version: saved, next } = await answer.json();
  const isAll = body === `${words(pressed)}`;
  if (saved) form.version.value = version = saved;
  if (isAll) localStorage.removeItem(place);
  else if (savesItself) keep();
  if (saved) say(`${line.dataset.saved} ${saved_at}`);
  if (!pressed) return !isAll && Boolean(before);
  if (isAll || !saved) location.assign(next);
  return !isAll && Boolean(saved);
}

// Send the form without the script: the page of the answer says what is to do.
function ask(button) {
  store(true);
  form.csrfmiddlewaretoken.value = token();
  carry(button.name, button.value);
  form.submit();
}

function carry(name, value) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", className: "carried", name, value }));
}

function fill(text) {
  const data = new URLSearchParams(text);
  for (const field of form.querySelectorAll(".carried")) field.remove();
  for (const field of form.elements) {
    const values = data.getAll(field.name);
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (["version", "seen", "token"].includes(field.name) || !["hidden", "submit", "button"].includes(field.type)) field.value = values[0] ?? "";
  }
  // Of a form in steps, what a later one asks for: it goes along until its field is here.
  for (const [name, value] of data) if (!form.elements[name]) carry(name, value);
}

function restore(kept) {
  const data = new URLSearchParams(kept), before = data.get("asked") ?? "";
  data.delete("asked");
  data.delete("left");
  if (`${data}` === shown) return;
  asked = before;
  fill(data);
  discard.hidden = false;
  say(line.dataset.restored);
  later(PAUSE);
}

form.addEventListener("submit", (event) => {
  // This button brings the form back with the words in it, and perhaps with others.
  if ("anew" in event.submitter.dataset) return store(true);
  event.preventDefault();
  save(event.submitter);
});
// Back to what the site had when the page came; where it has the words by now, it is told so.
discard.addEventListener("click", () => {
  clearTimeout(timer);
  localStorage.removeItem(place);
  asked = "";
  fill(shown);
  if (form.version && form.version.value !== `${version}`) {
    form.version.value = version;
    keep();
  }
  discard.hidden = true;
  say(line.dataset.discarded);
  line.focus();
});
if (isWriting) {
  form.addEventListener("input", keep);
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && localStorage.getItem(place)) later(0);
  });
  const kept = localStorage.getItem(place);
  // What the site shows is the answer to the words that left for it; others were typed since.
  if (isSent && (!kept || new URLSearchParams(kept).has("left"))) store();
  else if (kept) restore(kept);
}
if ("ends" in form.dataset) {
  setTimeout(() => { end.textContent = line.dataset.ending; }, Math.max(0, form.dataset.ends - 120) * 1000);
}
