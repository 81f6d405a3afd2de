// Offers names while somebody types in the search box: a combobox with a list (WAI-ARIA). Without it, the box just works.
const box = document.querySelector("#q");
const list = document.querySelector("#offers");
const said = document.querySelector("#offered");
let chosen = -1, waiting, asking;

function show(names) {
  list.replaceChildren(...names.map((one, number) => {
    const item = document.createElement("li");
    const kind = document.createElement("span");
    kind.textContent = one.kind;
    kind.className = "kind";
    item.append(one.name, " ", kind);
    item.id = `offer-${number}`;
    item.role = "option";
    item.dataset.url = one.url;
    return item;
  }));
  list.hidden = !names.length;
  box.ariaExpanded = !list.hidden;
  said.textContent = names.length ? `${said.dataset.words} ${names.length}` : "";
  choose(-1);
}

function choose(number) {
  chosen = number;
  [...list.children].forEach((item, at) => { item.ariaSelected = at === chosen; });
  if (chosen < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", `offer-${chosen}`);
}

// An answer must not open the list once the words have changed or the box was left.
function cancel() {
  clearTimeout(waiting);
  asking?.abort();
}

function dismiss() {
  cancel();
  show([]);
}

async function ask() {
  const text = box.value.trim();
  if (text.length < 2) return show([]);
  asking = new AbortController();
  try {
    const answer = await fetch(`${list.dataset.from}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
    show(answer.ok ? (await answer.json()).names : []);
  } catch (error) {
    if (error.name !== "AbortError") show([]); // no network: the form says so when it is sent
  }
}

box.role = "combobox";
box.ariaAutoComplete = "list";
box.ariaExpanded = false;
box.setAttribute("aria-controls", list.id);
box.addEventListener("input", () => {
  cancel();
  waiting = setTimeout(ask, 150);
});
box.addEventListener("keydown", (event) => {
  const size = list.hidden ? 0 : list.children.length;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && size) choose((chosen + step + size + (chosen < 0 && step < 0)) % size);
  else if (event.key === "Escape" && size) dismiss();
  else if (event.key === "Enter" && chosen >= 0) location = list.children[chosen].dataset.url;
  else return;
  event.preventDefault();
});
box.addEventListener("blur", dismiss);
list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus until the click
list.addEventListener("click", (event) => { location = event.target.closest("li").dataset.url; });
