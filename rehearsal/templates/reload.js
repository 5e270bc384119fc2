// Loads the page again when the campaign has changed: the server answers as soon as there is another version.
"use strict";

const HIDDEN = "hidden-languages";

async function follow() {
  const shown = document.documentElement.dataset.version;
  for (;;) {
    try {
      const answer = await fetch(`/version?shown=${shown}`);
      if (answer.ok && (await answer.text()) !== shown) {
        location.reload();
        return;
      }
    } catch {
      // The command was ended; it may be started again.
      await new Promise((wake) => setTimeout(wake, 1000));
    }
  }
}

// Not every browser keeps boxes as they were when a page is loaded again.
function keepLanguages() {
  const boxes = [...document.querySelectorAll(".filter input")];
  const hidden = (sessionStorage.getItem(HIDDEN) || "").split(" ");
  for (const box of boxes) {
    box.checked = !hidden.includes(box.id);
    box.addEventListener("change", () => {
      const off = boxes.filter((each) => !each.checked).map((each) => each.id);
      sessionStorage.setItem(HIDDEN, off.join(" "));
    });
  }
}

keepLanguages();
follow();
