"use strict";
// Without this the layers are still switched, by style; this adds the panel, the choices and the keys.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const panel = one("panel"), said = one("said"), found = one("found");
  const sentences = all(".text .s[id]");
  const cut = (id) => [id.slice(0, id.lastIndexOf("-")), id.slice(id.lastIndexOf("-") + 1)];
  const about = (s) => { const [key, n] = cut(s.id); return data.articles[key].s[n]; };
  const signed = (x) => x === 0 ? "0.00" : (x > 0 ? "+" : "−") + Math.abs(x).toFixed(2);
  const plain = (words) => words.replaceAll("_", " ");

  // The panel: all that is said of a sentence, as text.
  function row(list, term, entries) {
    if (!entries || !entries.length) return;
    const div = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = term;
    for (const entry of entries) {
      const p = document.createElement("p");
      p.dir = "auto";
      p.textContent = entry;
      dd.append(p);
    }
    div.append(dt, dd);
    list.append(div);
  }
  const minus = (words) => words.replace(/-(?=\d)/g, "−");
  function source(a) {
    if (a.form === "scare") return `scare quotes, ${a.by}${a.uptake ? `, uptake: ${a.uptake}` : ""}`;
    const who = (a.speaker || a.named || "no speaker") + (a.named && a.named !== a.speaker ? ` (“${a.named}”)` : "");
    const rest = [a.by, a.cue ? `cue “${a.cue}”` : "no cue", a.role, a.form, a.kind, a.stance && `stance: ${a.stance}`,
      a.score && `score ${a.score}`, a.uptake && `uptake: ${a.uptake}`];
    return `${who}: ${rest.filter(Boolean).join(", ")}`;
  }
  function tell(s, key, quiet) {
    const [id, n] = cut(s.id), facts = about(s), list = document.createElement("dl");
    const article = s.closest(".telling"), head = document.createElement("p"), link = document.createElement("a");
    head.className = "place";
    link.href = "#" + s.id;
    link.textContent = `${article.querySelector(".outlet").textContent.trim()}, sentence ${n}`;
    head.append(link, ` · paragraph ${facts.p} · voice: ${plain(facts.v)}`);
    const keys = key ? key.split("|") : facts.a || [];
    row(list, "attribution", keys.map((k) => source(data.articles[id].a[k])));
    if (!key) {
      const tones = Object.entries(facts.t || {}).map(([by, [x, words]]) => [`${by} ${signed(x)}`, words]);
      row(list, "tone", [tones.map(([score]) => score).join(" · "), ...tones.filter(([, words]) => words).map(([score, words]) => `${score}: ${minus(words)}`)].filter(Boolean));
      row(list, "note", (facts.n || []).map(([kind, words]) => words.toLowerCase().startsWith(kind) ? words : `${kind}: ${words}`));
      row(list, "polarity", (facts.m || []).map(([mention, target, polarity, holder, by]) => `${mention} (${target}): ${polarity}${holder ? `, held by ${holder}` : ""}, ${by}`));
      row(list, "frames", Object.entries(facts.f || {}).map(([by, names]) => `${by}: ${names.join(", ")}`));
      row(list, "cues", (facts.c || []).map(([cue, kind]) => `${cue} (${kind})`));
      row(list, "agency", (facts.g || []).map(([name, role, verb]) => `${[name, role].filter(Boolean).join(": ")}${verb ? ` of “${verb}”` : ""}`));
    }
    said.setAttribute("aria-live", quiet ? "off" : "polite");
    panel.style.setProperty("--hue", getComputedStyle(article).getPropertyValue("--hue"));
    said.replaceChildren(head, list);
    panel.hidden = false;
    for (const old of all(".map a[aria-current]")) old.removeAttribute("aria-current");
    article.querySelector(`.map a[href="#${CSS.escape(s.id)}"], .map a[href="#${s.id}"]`)?.setAttribute("aria-current", "true");
  }
  function light(key, article) {
    for (const piece of all(".lit")) piece.classList.remove("lit");
    if (key) for (const piece of all("[data-a]", article)) {
      if (piece.dataset.a.split("|").some((k) => key.split("|").includes(k))) piece.classList.add("lit");
    }
  }
  function choose(s, move) {
    for (const old of all(".s.now")) { old.classList.remove("now"); old.tabIndex = -1; }
    for (const first of all(".s[tabindex='0']", s.closest(".text"))) first.tabIndex = -1;
    s.classList.add("now");
    s.tabIndex = 0;
    if (move) s.focus();
    tell(s);
  }
  const shut = () => { panel.hidden = true; light(""); for (const s of all(".s.now")) s.classList.remove("now"); };

  // Pointer: it lights an attribution; a click chooses the sentence.
  const on = (layer) => one(`layer-${layer}`)?.checked;
  document.addEventListener("mouseover", (event) => {
    const piece = event.target.closest?.(".text [data-a]");
    if (!piece || !on("attributions")) return light("");
    light(piece.dataset.a, piece.closest(".telling"));
  });
  document.addEventListener("click", (event) => {
    const s = event.target.closest?.(".text .s[id]");
    if (!s || !getSelection().isCollapsed) return;
    remember("#" + s.id);
    choose(s, true);
  });
  document.addEventListener("focusin", (event) => {
    const handle = event.target.closest?.(".text [data-a][tabindex]");
    if (handle) { light(handle.dataset.a, handle.closest(".telling")); tell(handle.closest(".s"), handle.dataset.a); }
    else if (event.target.matches?.(".text .s[id]") && !event.target.classList.contains("now")) choose(event.target);
  });

  // Keys within the text: sentences, layers; within a map: stripes.
  function step(items, current, key) {
    const i = items.indexOf(current);
    const to = { ArrowDown: i + 1, ArrowRight: i + 1, ArrowUp: i - 1, ArrowLeft: i - 1, Home: 0, End: items.length - 1 }[key];
    return to === undefined ? null : items[Math.min(Math.max(to, 0), items.length - 1)];
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return shut();
    const s = event.target.closest?.(".text .s[id]"), stripe = event.target.closest?.(".map a");
    if (s && /^[1-9]$/.test(event.key)) return all(".layers input")[event.key - 1]?.click();
    if (s && /^(ArrowDown|ArrowUp|Home|End)$/.test(event.key)) {
      event.preventDefault();
      choose(step(all(".s[id]", s.closest(".text")), s, event.key), true);
    } else if (stripe) {
      const next = step(all("a", stripe.closest("svg")), stripe, event.key);
      if (next) { event.preventDefault(); stripe.tabIndex = -1; next.tabIndex = 0; next.focus(); }
    }
  });
  one("close").addEventListener("click", shut);

  // A layer is a class: cheaper to switch than the rules that pages without script need.
  const boxes = all(".layers input"), presets = all(".presets button"), views = all(".views button");
  const lit = () => boxes.filter((box) => box.checked).map((box) => box.id.replace("layer-", ""));
  const same = (preset) => lit().filter((name) => name !== "furniture").join(" ") === boxes.map((box) => box.id.replace("layer-", "")).filter((name) => preset.split(" ").includes(name)).join(" ");
  function show(box) {
    one("content").classList.toggle(box.id.replace("layer", "on"), box.checked);
    for (const button of presets) button.setAttribute("aria-pressed", same(button.dataset.on));
  }
  function layers(names) {
    for (const box of boxes) {
      const wanted = names.includes(box.id.replace("layer-", ""));
      if (wanted !== box.checked) { box.checked = wanted; box.dispatchEvent(new Event("change")); }
    }
  }
  for (const box of boxes) { box.addEventListener("change", () => { show(box); remember(); }); show(box); }
  for (const button of presets) button.addEventListener("click", () => layers([...button.dataset.on.split(" "), "furniture"]));

  // Which articles are shown: all side by side, or one.
  function view(key) {
    for (const article of all(".telling")) article.classList.toggle("away", key !== "" && article.id !== `text:${key}`);
    document.querySelector(".tellings").classList.toggle("alone", key !== "" || views.length === 0);
    for (const button of views) button.setAttribute("aria-pressed", button.dataset.show === key);
  }
  for (const button of views) button.addEventListener("click", () => { view(button.dataset.show); remember(); });
  const reveal = (element) => { const article = element.closest(".telling"); if (article?.classList.contains("away")) view(article.id.slice(5)); };

  // What is chosen stands in the address.
  let ready = false;
  function remember(hash = location.hash) {
    if (!ready) return;
    const asked = new URLSearchParams(), shown = views.find((b) => b.getAttribute("aria-pressed") === "true")?.dataset.show;
    const kept = { show: shown, layers: lit().join(" "), tone: one("instrument")?.value, frames: one("coder")?.value, actor: data.actors[one("actor")?.value], find: one("find")?.value };
    for (const [name, value] of Object.entries(kept)) if (value) asked.set(name, value);
    try { history.replaceState(null, "", `?${asked}${hash}`); } catch { history.replaceState(null, "", hash || "#"); }
  }
  function recall() {
    const asked = new URLSearchParams(location.search), act = (id, value, type = "change") => {
      const element = one(id);
      if (element && value !== null) { element.value = value; element.dispatchEvent(new Event(type)); }
    };
    view(asked.get("show") ?? (matchMedia("(max-width: 46rem)").matches ? views[1]?.dataset.show ?? "" : ""));
    if (asked.has("layers")) layers(asked.get("layers").split(" "));
    act("instrument", asked.get("tone"));
    act("coder", asked.get("frames"));
    if (asked.has("actor")) act("actor", String(data.actors.indexOf(asked.get("actor"))));
    act("find", asked.get("find"), "input");
  }

  // Attributions can be reached with the tabulator while their layer is on: one handle each.
  const handles = [];
  for (const article of all(".telling")) {
    const seen = new Set();
    for (const piece of [...all(".cue[data-a]", article), ...all("[data-a]", article)]) {
      const fresh = piece.dataset.a.split("|").filter((key) => !seen.has(key));
      if (fresh.length) handles.push(piece);
      fresh.forEach((key) => seen.add(key));
    }
  }
  function reach() {
    for (const piece of handles) {
      if (on("attributions")) { piece.tabIndex = 0; piece.setAttribute("role", "button"); piece.setAttribute("aria-controls", "panel"); }
      else for (const name of ["tabindex", "role", "aria-controls"]) piece.removeAttribute(name);
    }
  }
  one("layer-attributions").addEventListener("change", reach);

  // Choices: instrument, coder, actor, words.
  const listen = (id, type, act) => one(id)?.addEventListener(type, (event) => { act(event.target.value); remember(); });
  function label(s, name, value) { if (value) s.setAttribute(name, value); else s.removeAttribute(name); }
  function instrument(by) {
    for (const s of sentences) label(s, "data-t", about(s).t?.[by] ? signed(about(s).t[by][0]) : "");
    for (const word of all(".word[data-w]")) word.classList.toggle("off", !word.dataset.w.split("|").includes(by));
  }
  listen("instrument", "change", instrument);
  // Typed marks find printed ones: ' and ’, " and “, - and –. Each letter stays one letter.
  const fold = (words) => words.toLowerCase().replace(/[‘’‚‛]/g, "'").replace(/[“”„‟«»]/g, '"').replace(/[‐‑‒–—−]/g, "-").replace(/[\u00a0\n\t]/g, " ");
  listen("coder", "change", (by) => { for (const s of sentences) label(s, "data-f", about(s).f?.[by]?.join(" · ")); });
  listen("actor", "change", (actor) => {
    const has = (s) => actor === "" || (about(s).i || []).includes(Number(actor));
    for (const s of sentences) s.classList.toggle("dim", !has(s));
    for (const m of all(".m[data-m]")) m.classList.toggle("off", actor !== "" && !m.dataset.m.split("|").includes(actor));
    found.textContent = actor === "" ? "" : `${sentences.filter(has).length} sentences name this actor`;
    one("next").hidden = actor === "";
  });
  function ranges(s, wanted) {
    const walker = document.createTreeWalker(s, NodeFilter.SHOW_TEXT), nodes = [];
    for (let at = 0; walker.nextNode(); at += walker.currentNode.length) nodes.push([at, walker.currentNode]);
    const place = (offset) => { const [at, node] = nodes.findLast(([start]) => start <= offset); return [node, offset - at]; };
    const text = fold(s.textContent), made = [];
    for (let i = text.indexOf(wanted); i >= 0; i = text.indexOf(wanted, i + wanted.length)) {
      const range = new Range();
      range.setStart(...place(i));
      range.setEnd(...place(i + wanted.length - 1).map((part, k) => k ? part + 1 : part));
      made.push(range);
    }
    return made;
  }
  function search(typed) {
    const wanted = fold(typed.trim());
    const hits = sentences.filter((s) => s.classList.toggle("hit", wanted !== "" && fold(s.textContent).includes(wanted)));
    if (globalThis.Highlight) CSS.highlights.set("found", new Highlight(...hits.flatMap((s) => ranges(s, wanted))));
    found.textContent = wanted ? `${hits.length} ${hits.length === 1 ? "sentence" : "sentences"}` : "";
    one("next").hidden = !hits.length;
    return hits;
  }
  listen("find", "input", search);
  document.querySelector(".controls").addEventListener("submit", (event) => event.preventDefault());
  // The next sentence that was found, or that names the actor; with shift the one before.
  function next(back) {
    const typed = one("find").value, hits = typed.trim() ? search(typed) : sentences.filter((s) => one("actor")?.value && !s.classList.contains("dim"));
    const now = hits.indexOf(document.querySelector(".s.now")), step = back ? (now < 0 ? hits.length : now) - 1 : now + 1;
    const s = hits.at(step % (hits.length || 1));
    if (s) { reveal(s); choose(s); s.scrollIntoView({ block: "center" }); }
  }
  one("next").addEventListener("click", () => next(false));
  one("find").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    next(event.shiftKey);
  });
  async function copy(button, words) {
    const before = button.textContent;
    try { await navigator.clipboard.writeText(words); button.textContent = "Copied"; } catch { getSelection().selectAllChildren(document.querySelector(".s.now")); button.textContent = "Press Ctrl+C"; }
    setTimeout(() => { button.textContent = before; }, 1500);
  }
  one("copy-words").addEventListener("click", (event) => {
    const s = document.querySelector(".s.now"), article = s?.closest(".telling");
    if (s) copy(event.target, `“${s.textContent.replace(/\s+/g, " ").trim()}” (${article.querySelector(".outlet").textContent.trim()}, ${article.querySelector(".meta").textContent.replace(/\s+/g, " ").trim()}; sentence ${cut(s.id)[1]})`);
  });
  one("copy-link").addEventListener("click", (event) => {
    const s = document.querySelector(".s.now");
    if (s) copy(event.target, location.href.replace(/#.*/, "") + "#" + s.id);
  });

  // What the address asks for: a sentence, an article, or one mention with its layer and actor.
  function arrive() {
    const target = one(decodeURIComponent(location.hash.slice(1))), s = target?.closest(".text .s");
    for (const old of all(".asked")) old.classList.remove("asked");
    if (target) reveal(target);
    if (!s) return;
    if (target.matches(".at")) {
      layers([target.dataset.layer, "furniture"]);
      if (one("actor")?.querySelector(`option[value="${target.dataset.actor}"]`)) { one("actor").value = target.dataset.actor; one("actor").dispatchEvent(new Event("change")); }
      const choice = { tone: "instrument", frames: "coder" }[target.dataset.layer];
      if (choice && target.dataset.by) { one(choice).value = target.dataset.by; one(choice).dispatchEvent(new Event("change")); }
      if (target.dataset.layer === "targets") target.nextElementSibling?.classList.add("asked");
    }
    choose(s, true);
    if (target.matches(".at[data-layer='targets']")) {  // what it is about stands first in the panel
      const row = all("dt", said).find((dt) => dt.textContent === "polarity")?.parentElement;
      row?.parentElement.prepend(row);
      for (const p of all("p", row ?? said)) p.classList.toggle("sought", p.textContent.endsWith(`held by author, ${target.dataset.by}`) && p.textContent.startsWith(`${target.nextElementSibling?.textContent} (`));
    }
    s.scrollIntoView({ block: "start" });
  }
  for (const element of all("[data-js]")) element.hidden = false;
  if (matchMedia("(max-width: 46rem)").matches) document.querySelector(".single").open = false;
  for (const map of all(".map svg")) all("a", map).forEach((a, i) => { a.tabIndex = i ? -1 : 0; });
  for (const text of all(".text")) { all(".s[id]", text).forEach((s, i) => { s.tabIndex = i ? -1 : 0; }); }
  if (one("instrument")) instrument(one("instrument").value);
  reach();
  recall();
  addEventListener("hashchange", arrive);
  arrive();
  ready = true;
})();
