// Keeps the page up to date, and tells the server the browser's time zone. Everything else
// works without this file.
"use strict";
(() => {
  const body = document.body, main = document.getElementById("main");
  const live = document.getElementById("live"), button = document.getElementById("pause"), status = document.getElementById("status");
  const key = "processtracker-paused", cookie = "processtracker_zone";
  const directory = location.pathname.replace(/[^/]*$/, "");
  let paused = read() === "yes", timer = 0, failed = false;

  function read() { try { return sessionStorage.getItem(key); } catch { return null; } }
  function keep(value) { try { sessionStorage.setItem(key, value); } catch { /* it is paused on this page alone */ } }

  function tellZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || zone === body.dataset.zone || document.cookie.includes(cookie + "=")) return false;
    document.cookie = cookie + "=" + encodeURIComponent(zone) + "; path=" + directory + "; max-age=31536000; samesite=lax";
    return document.cookie.includes(cookie + "=");
  }

  // Somebody who types, has opened a form or has selected text is not disturbed.
  function busy() {
    const active = document.activeElement;
    return main.contains(active) && active.matches("input, select, textarea, summary, button") ||
      main.querySelector("details[open]") !== null || String(getSelection()) !== "";
  }

  function place() {
    const active = document.activeElement;
    const links = [...main.querySelectorAll("a[href]")];
    return {
      href: main.contains(active) && active.getAttribute ? active.getAttribute("href") : null,
      index: links.indexOf(active),
      scrolled: [...main.querySelectorAll(".chart, .list")].map((e) => [e.getAttribute("aria-label"), e.scrollLeft, e === active]),
    };
  }

  function restore(was) {
    for (const [label, left, focused] of was.scrolled) {
      const e = [...main.querySelectorAll(".chart, .list")].find((e) => e.getAttribute("aria-label") === label);
      if (!e) continue;
      e.scrollLeft = left;
      if (focused) e.focus({ preventScroll: true });
    }
    if (was.href === null) return;
    const links = [...main.querySelectorAll("a[href]")];
    const same = links[was.index] && links[was.index].getAttribute("href") === was.href ? links[was.index] : links.find((a) => a.getAttribute("href") === was.href);
    if (same) same.focus({ preventScroll: true });
  }

  async function refresh(force) {
    if (!force && (document.hidden || busy())) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, redirect: "manual", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
        say("You are signed out. Load the page again to sign in.", true);
        pause(true);
        return;
      }
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
      if (!next) throw new Error("no page");
      if (!force && busy()) return;
      if (next.innerHTML !== main.innerHTML) {
        const was = place();
        main.replaceChildren(...next.childNodes);
        restore(was);
      }
      failed = false;
      say("Updated " + new Date().toLocaleTimeString());
    } catch {
      say("The dashboard cannot be reached; what is shown is old. It is tried again.", true);
    }
  }

  function say(text, bad) {
    if (bad && failed) return;
    failed = Boolean(bad);
    status.textContent = text;
    body.classList.toggle("cut-off", failed);
  }

  function pause(now) {
    paused = now;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? "Go on" : "Pause";
    clearInterval(timer);
    if (!paused) timer = setInterval(refresh, every);
  }

  const every = 1000 * Number(body.dataset.every || 0);
  if (tellZone()) refresh(true);
  if (!every) return;
  live.hidden = false;
  status.setAttribute("aria-live", "off");
  button.addEventListener("click", () => {
    pause(!paused);
    keep(paused ? "yes" : "no");
    if (!paused) refresh(true);
    else status.textContent = "Paused";
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !paused) refresh(); });
  pause(paused);
  if (paused) status.textContent = "Paused";
})();
