"""How long the reader takes to switch a layer: ten articles of 1,000 words, traced in Chromium.

    python tests/benchmarks/reader_switch.py

Prints, for each layer, milliseconds from the click to the finished frame, worst of five.
"""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]

from test_browser import BROWSER, _site  # noqa: E402

from analysis import load  # noqa: E402
from analysis.site.layers import LAYERS  # noqa: E402

WORDS, ARTICLES, TARGET = 1000, 10, 100
SWITCH = """async (layer) => {
  const box = document.getElementById(`layer-${layer}`);
  const start = performance.now();
  box.click();
  document.querySelector(".tellings").getBoundingClientRect();  // style and layout, now
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""


def main() -> int:
    """Build the page, switch every layer on and off five times, print the worst of each."""
    texts = [(ROOT / "data" / "articles" / f"{name}.txt").read_text("utf-8").split("\n")
             for name in ("vox", "duran", "examiner")]
    lines = [line for text in texts for line in text if len(line) > 80]
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for number in range(ARTICLES):
            body, words = [], 0
            for line in lines[number:] + lines[:number]:
                if words < WORDS:
                    body.append(line)
                    words += len(line.split())
            rows.append({"article_id": f"a{number}", "outlet": f"Outlet {number % 3}",
                         "text": "\n\n".join(body)})
        corpus = Path(folder) / "ten.jsonl"
        corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        page_file = _site(load(corpus), Path(folder) / "site", {}) / "reader.html"
        print(f"{ARTICLES} articles, {page_file.stat().st_size / 1e6:.2f} MB")
        worst = measure(page_file)
    for layer, milliseconds in worst.items():
        print(f"{layer:14} {milliseconds:6.1f} ms")
    print(f"worst {max(worst.values()):.1f} ms; target {TARGET} ms")
    return int(max(worst.values()) > TARGET)


def measure(page_file: Path) -> dict[str, float]:
    """Return the worst of ten switches of each layer, in milliseconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        page.goto(page_file.as_uri())
        layers = [name for name in LAYERS if page.locator(f"#layer-{name}").count()]
        worst = {layer: max(page.evaluate(SWITCH, layer) for _ in range(10)) for layer in layers}
        browser.close()
    return worst


if __name__ == "__main__":
    sys.exit(main())
