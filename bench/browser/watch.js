/** In the page under measurement: times from what a person does until the page has painted what follows. Milliseconds. */
globalThis.bench = {
  /** The time at which the frame now under way has been painted. */
  painted() {
    return new Promise((resolve) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(0);
      });
    });
  },

  /** Presses a button, and waits until `selector` is in the page (at once without one). */
  async press(button, selector) {
    const startMs = performance.now();
    button.click();
    while (selector !== undefined && document.querySelector(selector) === null) {
      await bench.painted();
    }
    return (await bench.painted()) - startMs;
  },

  /** Presses a button that edits the scenario, and waits for the first and the whole answer. */
  async answer(button) {
    const panel = document.querySelector(".answer");
    const startMs = performance.now();
    let firstMs;
    const isWhole = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no answer in 60 s: ${panel.textContent}`)), 60_000);
      let isNew = false;
      const look = () => {
        const { of } = panel.dataset;
        isNew ||= of !== "whole";
        if (of === "first") firstMs ??= performance.now() - startMs;
        if (isNew && of === "whole") resolve();
      };
      const changes = { attributes: true, subtree: true, childList: true, characterData: true };
      new MutationObserver(look).observe(panel, changes);
    });
    button.click();
    await isWhole;
    const wholeMs = (await bench.painted()) - startMs;
    return { firstMs: firstMs ?? wholeMs, wholeMs };
  },

  /** Begins to note how long keys wait: until the page has done its work for each, and until the paint that shows it. */
  watchKeys() {
    bench.keys = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.name.startsWith("key") && entry.name !== "input") continue;
        bench.keys.push({
          doneMs: entry.processingEnd - entry.startTime,
          paintedMs: entry.duration,
        });
      }
    });
    observer.observe({ type: "event", durationThreshold: 16, buffered: false });
  },
};
