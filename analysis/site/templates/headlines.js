// Shows the articles whose line holds every word that is looked for, and opens their outlets.
"use strict";
{
  const field = document.getElementById("headline"), found = document.getElementById("found");
  const lines = [...document.querySelectorAll(".headlines li")];
  for (const element of document.querySelectorAll("[data-js]")) element.hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const line of lines)
      line.hidden = !words.every((word) => line.textContent.toLowerCase().includes(word));
    for (const shelf of document.querySelectorAll("details.shelf"))
      shelf.open = words.length > 0 && shelf.querySelector("li:not([hidden])") !== null;
    const shown = lines.filter((line) => !line.hidden).length;
    found.textContent = words.length ? `${shown} of ${lines.length} articles` : "";
  });
}
