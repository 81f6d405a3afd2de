// Shows how far a file is while it is sent, and says before that if it is too large. Without it, the form just sends.
function prepare() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const box = form.querySelector("[type=file]");
  const button = form.querySelector("button");
  const said = form.querySelector("[role=status]");

  const isTooLarge = () => box.files[0]?.size > form.dataset.most;

  box.addEventListener("change", () => { said.textContent = isTooLarge() ? form.dataset.tooLarge : ""; });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isTooLarge()) return box.focus();
    const bar = document.createElement("progress");
    bar.value = 0;
    bar.setAttribute("aria-labelledby", said.id);
    button.disabled = true;
    said.textContent = form.dataset.sending;
    said.after(bar);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => { bar.value = sent.loaded / sent.total; });
    request.addEventListener("load", () => show(request, form.action));
    request.addEventListener("error", () => {
      bar.remove();
      button.disabled = false;
      said.textContent = form.dataset.lost;
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

// The answer takes the place of this page, unless it is another one, such as that to sign in.
function show(request, here) {
  if (request.responseURL !== here) return location.assign(request.responseURL);
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = answer.title;
  document.querySelector("main").replaceWith(answer.querySelector("main"));
  document.querySelector("main").focus();
  prepare();
}

prepare();
