// Saves a section while somebody writes, and keeps on this device what the site has not said it holds. Without it, the
// buttons save. On the page of two versions, which has the same form with `data-choose`, only the buttons save.
const form = document.querySelector("[data-draft]");
const line = document.querySelector("#saved");
const [said, end, again] = line.children;
const place = `draft ${form.dataset.draft}`;
const isWriting = !("choose" in form.dataset);
const PAUSE = 3000, RETRY = 10000; // milliseconds
let timer, sending;

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
  timer = setTimeout(save, pause);
}

function keep() {
  later(PAUSE);
  localStorage.setItem(place, words());
}

// What the site answered, or null where it could not: then it is tried again.
async function send(body) {
  try {
    return await fetch(form.action, {
      method: "POST", body, redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
    });
  } catch {
    return null;
  }
}

async function save(button) {
  clearTimeout(timer);
  if (sending) await sending;
  const body = words(button), text = `${body}`;
  const answer = await (sending = send(body));
  if (!answer || answer.status >= 500) {
    say(line.dataset.offline);
    return later(RETRY);
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    say(line.dataset.out, true);
    return later(RETRY);
  }
  if (answer.ok) {
    const { saved_at, version, next } = await answer.json();
    const isAll = text === `${words(button)}`;
    form.version.value = version;
    if (button || isAll) localStorage.removeItem(place);
    else keep();
    say(`${line.dataset.saved} ${saved_at}`);
    if (button) location.assign(next);
  } else if (button) {
    form.csrfmiddlewaretoken.value = token();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit(); // the page of the answer says what is to do
  } else {
    say(answer.status === 409 ? (await answer.json()).reasons.join(" ") : line.dataset.refused);
  }
}

function restore(kept) {
  const before = new URLSearchParams(kept);
  for (const field of form.elements) {
    const values = before.getAll(field.name);
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.name === "version" || !["hidden", "submit"].includes(field.type)) field.value = values[0] ?? "";
  }
  say(line.dataset.restored);
  later(PAUSE);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(event.submitter);
});
if (isWriting) {
  form.addEventListener("input", keep);
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && localStorage.getItem(place)) later(0);
  });
  const kept = localStorage.getItem(place);
  if (kept && kept !== `${words()}`) restore(kept);
}
if ("ends" in form.dataset) {
  setTimeout(() => { end.textContent = line.dataset.ending; }, Math.max(0, form.dataset.ends - 120) * 1000);
}
