(function () {
  "use strict";
  var box = document.getElementById("filter");
  var input = document.getElementById("filter-text");
  var status = document.getElementById("filter-status");
  var parts = document.querySelectorAll(".part");
  var rows = Array.prototype.map.call(document.querySelectorAll(".row"), function (row) {
    return { element: row, text: row.textContent.toLowerCase() };
  });

  function filter() {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row) {
      row.element.hidden = !words.every(function (word) { return row.text.indexOf(word) !== -1; });
      shown += row.element.hidden ? 0 : 1;
    });
    parts.forEach(function (part) {
      part.hidden = words.length > 0 && !part.querySelector(".row:not([hidden])");
    });
    status.textContent = words.length ? shown + " of " + rows.length + " entries" : "";
  }

  // A link leads to its target also when that is filtered out, or folded up.
  function reveal() {
    var target = document.getElementById(location.hash.slice(1));
    if (!target) { return; }
    if (target.closest("[hidden]")) { input.value = ""; filter(); }
    for (var above = target; above; above = above.parentElement) {
      if (above.tagName === "DETAILS") { above.open = true; }
    }
    target.scrollIntoView();
  }

  input.addEventListener("input", filter);
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", function (event) {
    if (event.target.closest("a[href^='#']")) { setTimeout(reveal, 0); }
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (each) { each.open = true; });
  });
  box.hidden = false;
  filter();
  reveal();
}());
