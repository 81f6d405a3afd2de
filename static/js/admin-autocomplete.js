// Select2 gives the box in which one types no name: it gets that of its field, for those who listen to the page.
// Registered on load, so that it comes behind Django's own script, which makes the boxes when the page is ready.
addEventListener("load", () => django.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) {
    const box = select.parentElement.querySelector(".select2-search__field");
    box?.setAttribute("aria-label", select.labels[0].textContent.trim().replace(/:$/, ""));
  }
}));
