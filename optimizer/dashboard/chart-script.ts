/**
 * The page's own script, a few lines beside Plotly: reads the data block, gives it the page's colours, and draws. Drawn again when the theme,
 * the choice or the width changes: Plotly's own way of following the width would give up the height. Its hash stands in the page's content security policy.
 */
export const chartScript = `(() => {
  const charts = JSON.parse(document.getElementById("chart-data").textContent);
  const choices = {};
  const palette = () => {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(["ink", "soft", "line", "paper", "card", "good", "warn", "bad", "one", "two", "three", "four", "five"].map((name) => [name, style.getPropertyValue("--" + name).trim()]));
  };
  const coloured = (value, colours) => {
    if (Array.isArray(value)) return value.map((each) => coloured(each, colours));
    if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, colours)]));
    return typeof value === "string" && value.startsWith("@") ? colours[value.slice(1)] ?? value : value;
  };
  const draw = (place) => {
    const { variants, layout } = charts[place.dataset.chart];
    const colours = palette();
    const axis = { gridcolor: "@line", zerolinecolor: "@line", linecolor: "@line", automargin: true };
    const own = { ...layout };
    for (const name of ["xaxis", "yaxis", "xaxis2", "yaxis2"]) if (layout[name] !== undefined) own[name] = { ...axis, ...layout[name] };
    const whole = { paper_bgcolor: "@paper", plot_bgcolor: "@paper", font: { color: "@ink", family: "system-ui, sans-serif", size: 12 }, margin: { l: 56, r: 24, t: 16, b: 40 }, width: place.clientWidth, height: Number(place.dataset.height), ...own };
    const narrow = place.clientWidth < 520;
    const traces = variants[choices[place.dataset.chart] ?? 0].traces.map((trace) => (narrow && trace.colorbar !== undefined ? { ...trace, showscale: false } : trace));
    // Anew: drawn over an earlier picture of another width, legends stay where they were.
    Plotly.newPlot(place, coloured(traces, colours), coloured(whole, colours), { displayModeBar: false });
  };
  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.querySelectorAll("[data-choice]").forEach((choice) =>
    choice.addEventListener("change", () => {
      choices[choice.dataset.choice] = Number(choice.value);
      draw(document.querySelector('[data-chart="' + choice.dataset.choice + '"]'));
    }),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  let resized;
  let width = innerWidth;
  addEventListener("resize", () => {
    // A phone changes its height whenever its address bar comes and goes.
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(resized);
    resized = setTimeout(drawAll, 100);
  });
  drawAll();
  document.documentElement.dataset.drawn = "yes";
})();`;
