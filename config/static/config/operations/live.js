// The live page: parts that the server sends again when they changed, and one chart.
import { announce, signedOut } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";

const host = document.querySelector("[data-live]");
let tag = "";
let busy = false;

/** Ask for the moving parts; put in place those that changed, and keep the focus. */
async function refresh() {
  if (busy) return;
  busy = true;
  try {
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    if (tag) headers["If-None-Match"] = tag;
    const answer = await fetch(host.dataset.live, { headers, cache: "no-store" });
    if (answer.status === 401) return signedOut(answer.headers.get("X-Sign-In"));
    stamp(answer.headers.get("X-As-Of"));
    if (answer.status !== 200) return undefined;
    tag = answer.headers.get("ETag") || "";
    place(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    document.querySelector(".live")?.classList.add("stale");
  } finally {
    busy = false;
  }
  return undefined;
}

function stamp(time) {
  const line = document.querySelector("[data-as-of]");
  if (!time || !line) return;
  line.textContent = time;
  line.parentElement.classList.remove("stale");
}

function place(fresh) {
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    if (!old || old.outerHTML === part.outerHTML) continue;
    const held = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const scrolled = old.querySelector(".scroll-y,.who")?.scrollTop || 0;
    const next = document.importNode(part, true);
    old.replaceWith(next);
    const list = next.querySelector(".scroll-y,.who");
    if (list) list.scrollTop = scrolled;
    if (held) next.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus();
  }
  const chart = fresh.getElementById("c-thr");
  if (chart) box?.setAttribute("aria-label", chart.getAttribute("aria-label"));
  draw();
}

document.body.addEventListener(host.dataset.beat, refresh);

// --- The chart: it draws what the table says ------------------------------------------------

const box = document.getElementById("c-thr");
const table = document.getElementById("thr-table");
const toggle = document.querySelector("[data-chart-table]");
const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);
let chart = null;

function colour(token) {
  probe.style.color = `var(--${token})`;
  return getComputedStyle(probe).color;
}

const number = (cell) => (cell.textContent.trim() === "" ? null : Number(cell.textContent.replaceAll(",", "")));

function read() {
  const whole = document.getElementById("live-hours");
  const names = [...whole.tHead.rows[0].cells];
  const rows = [...whole.tBodies[0].rows];
  return {
    hours: rows.map((row) => row.cells[0].textContent.trim().slice(0, 5)),
    series: names.slice(1, -2).map((cell, n) => ({
      name: cell.textContent.trim(),
      token: cell.dataset.series,
      values: rows.map((row) => number(row.cells[n + 1])),
    })),
    last: rows.map((row) => number(row.cells[row.cells.length - 1])),
    lastName: whole.dataset.lastName,
  };
}

const APART = 0.075;

/** Names at the line ends where they have room, a legend above where they would collide. */
function endsApart(series) {
  const last = series.map((each) => each.values.filter((v) => v !== null).at(-1) ?? 0);
  const most = Math.max(1, ...series[0]?.values.map((_, h) => series.reduce((sum, each) => sum + (each.values[h] ?? 0), 0)) ?? [1]);
  return last.every((value) => value / most >= APART);
}

function option() {
  const found = read();
  const direct = endsApart(found.series);
  const [text, text2, text3] = ["text", "text-2", "text-3"].map(colour);
  const axis = { axisTick: { show: false }, axisLabel: { color: text3, fontSize: 11 } };
  return {
    animation: false,
    textStyle: { fontFamily: "Geist, system-ui, sans-serif", fontSize: 12, color: text2 },
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: colour("surface"), borderColor: colour("line-strong"),
      textStyle: { color: text, fontSize: 12 }, axisPointer: { lineStyle: { color: text3 } },
    },
    grid: { left: 38, right: direct ? 84 : 16, top: direct ? 14 : 34, bottom: 24 },
    legend: { show: !direct, top: 0, left: 0, itemWidth: 12, itemHeight: 8, icon: "roundRect", textStyle: { color: text2, fontSize: 12 }, data: found.series.map((each) => each.name) },
    xAxis: { type: "category", boundaryGap: false, data: found.hours, ...axis, axisLine: { lineStyle: { color: colour("line-strong") } }, axisLabel: { ...axis.axisLabel, interval: 2 } },
    yAxis: { type: "value", minInterval: 1, ...axis, splitLine: { lineStyle: { color: colour("line") } } },
    series: [
      ...found.series.map((each) => ({
        name: each.name, type: "line", stack: "t", data: each.values, symbol: "none", smooth: 0.2, smoothMonotone: "x",
        lineStyle: { width: 1.75, color: colour(each.token) }, itemStyle: { color: colour(each.token) },
        areaStyle: { color: colour(each.token), opacity: 0.16 },
        endLabel: { show: direct, formatter: each.name, color: colour(each.token), fontSize: 12, fontWeight: 600, distance: 8 },
        labelLayout: { moveOverlap: "shiftY" },
      })),
      {
        name: found.lastName, type: "line", data: found.last, symbol: "none", smooth: 0.2, smoothMonotone: "x",
        lineStyle: { type: [5, 4], width: 1.5, color: text3 }, itemStyle: { color: text3 },
      },
    ],
  };
}

function draw() {
  if (!window.echarts || !box || box.hidden) return;
  chart ??= window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption(option(), { notMerge: true });
}

function show(asTable) {
  box.hidden = asTable;
  table.hidden = !asTable;
  toggle.setAttribute("aria-pressed", String(asTable));
  if (!asTable) draw();
}

toggle?.addEventListener("click", () => {
  const asTable = toggle.getAttribute("aria-pressed") !== "true";
  show(asTable);
  announce(asTable ? gettext("Shown as a table") : gettext("Shown as a chart"));
});

document.fonts.ready.then(() => show(false));
addEventListener("resize", () => chart?.resize());
// Colours are asked for after the page has taken the new scheme, never in the midst of it.
const redraw = () => requestAnimationFrame(() => setTimeout(draw));
document.documentElement.addEventListener("themechange", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
