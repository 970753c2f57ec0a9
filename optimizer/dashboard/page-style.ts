/**
 * Inline, since the page may load nothing: its content security policy names this text's hash. Series colours were chosen to differ in
 * lightness as well as in hue, and to have 3 : 1 contrast on the page in both themes. The rules for `.plotly` are those of its own style
 * sheet that these pictures need: a page with this policy may not let a script add one.
 */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1a1f24; --soft: #5b6670; --line: #d8dee3; --paper: #fff; --card: #f5f7f8; --good: #1a7f4b; --warn: #8a5a00; --bad: #c4321f; --one: #2563c9; --two: #0f8a8a; --three: #8a4fbf; --four: #b0562c; --five: #5f7a1f }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaed; --soft: #9aa5af; --line: #333c44; --paper: #14181b; --card: #1c2226; --good: #4cc38a; --warn: #e2b04a; --bad: #ff7b6b; --one: #6ea8ff; --two: #45c4c4; --three: #c08cf0; --four: #e89468; --five: #a9c75a } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: break-word }
h1 { font-size: 1.1rem; margin: 0; color: var(--soft); font-weight: 500 } h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem } h3 { font-size: 1rem; margin: 1.25rem 0 .4rem }
.notice { border: 1px solid var(--warn); border-left-width: .3rem; border-radius: .25rem; padding: .5rem .75rem; margin: .5rem 0; max-width: 56rem }
.verdict { font-size: 1.45rem; line-height: 1.35; margin: .35rem 0 .5rem; max-width: 56rem }
p, dd { margin: .25rem 0 } .soft, caption, .none { color: var(--soft) } a { color: var(--one) }
.skip { position: absolute; left: -999px } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: .5rem 0 0; margin: 0; font-size: .9rem }
summary { cursor: pointer } summary h2 { display: inline-block; border: 0; margin: .75rem 0 .25rem } details { border-bottom: 1px solid var(--line) } :focus-visible { outline: 2px solid var(--one); outline-offset: 2px }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0 }
.cards div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem } .cards dt { color: var(--soft); font-size: .85rem } .cards dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums }
small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft) } .chart { margin: .75rem 0 } .choice { font-size: .9rem } select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .25rem; padding: .15rem .35rem; max-width: 100% }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem } caption { text-align: left; padding: .2rem 0; font-size: .85rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); font-weight: 400 } thead th { color: var(--soft); font-size: .8rem } tbody th { font-weight: 600; min-width: 8rem; max-width: 22rem } td { max-width: 26rem } th, td { overflow-wrap: break-word }
td details { border: 0; margin-top: .2rem } td summary { color: var(--soft); font-size: .85rem } code { font-size: .95em; overflow-wrap: anywhere }
.figure { text-align: right; font-variant-numeric: tabular-nums } ul { margin: 0; padding-left: 1.1rem }
.good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
.js-plotly-plot .plotly div { direction: ltr; margin: 0; padding: 0 } .js-plotly-plot .plotly .main-svg { position: absolute; top: 0; left: 0; pointer-events: none } .js-plotly-plot .plotly .main-svg .draglayer { pointer-events: all }
.js-plotly-plot .plotly .crisp { shape-rendering: crispEdges } .js-plotly-plot .plotly .user-select-none { user-select: none } .js-plotly-plot .plotly .cursor-pointer { cursor: pointer } .plot { min-height: 4rem; position: relative }
@media print, screen and (min-width: 46.01rem) { td[data-label="Region"], td[data-label="Phase"], td[data-label="Level"] { white-space: nowrap } }
@media screen and (max-width: 46rem) {
  .scroll { overflow-x: visible } thead { position: absolute; left: -9999px } table, tbody, tr, th, td, caption { display: block; width: 100% }
  tr { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; margin: .5rem 0; background: var(--card) } th, td { border: 0; padding: .1rem 0 } td { display: flex; gap: .75rem; text-align: left }
  td::before { content: attr(data-label); flex: 0 0 7.5rem; color: var(--soft); font-size: .8rem } td div { flex: 1; min-width: 0 } th, td div, li { overflow-wrap: anywhere } .figure { text-align: left } .verdict { font-size: 1.2rem }
}
@page { margin: 12mm }
@media print {
  :root { color-scheme: light; font-size: 10.5px; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --card: #fff; --good: #1a7f4b; --warn: #7a5200; --bad: #b02a18 }
  body { max-width: none; padding: 0; font-size: 1rem; line-height: 1.3 } h2 { break-after: avoid; margin: 1rem 0 .2rem } caption, thead { break-after: avoid } tr { break-inside: avoid } section > p { break-after: avoid } p { font-size: .9rem } .verdict { font-size: 1.4rem } .scroll { overflow: visible } nav, .chart, .of-chart, details, .skip { display: none } .cards { grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .3rem; margin: .4rem 0 } .cards div { padding: .3rem .5rem } th, td { padding: .15rem .75rem .15rem 0 } tbody th { min-width: 6rem }
}
`;
