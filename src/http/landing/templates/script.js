// The pages work without this. With it they keep the time, and move on by themselves.
(() => {
  // A page brought back from memory is out of date: the server is to see that somebody went back.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  for (const form of document.forms) {
    form.addEventListener("submit", () => {
      // After the browser has read the form.
      setTimeout(() => form.querySelectorAll("button").forEach((it) => { it.disabled = true; }));
    });
  }
  const page = document.body.dataset;
  if (!page.status) return;
  const left = document.getElementById("left");
  const look = async () => {
    try {
      const answer = await fetch(page.status, { cache: "no-store" });
      if (answer.ok) {
        const seen = await answer.json();
        if (seen.stage !== page.stage) return location.replace(page.next);
        if (left) left.textContent = seen.left;
      }
    } catch {
      // The mock may be starting again.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
