/** Inline, since the page may load nothing: its content security policy allows no other source. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1a1f24; --soft: #5b6670; --line: #d8dee3; --paper: #fff; --card: #f5f7f8; --good: #1a7f4b; --warn: #9a6700; --bad: #c4321f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaed; --soft: #9aa5af; --line: #333c44; --paper: #14181b; --card: #1c2226; --good: #4cc38a; --warn: #e2b04a; --bad: #ff7b6b; } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 80rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: break-word }
h1 { font-size: 1.6rem; margin: 0 0 .25rem } h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem }
p, dd { margin: .25rem 0 } .soft, caption, .none, .tick-label { color: var(--soft) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0 }
.cards div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem } .cards dt { color: var(--soft); font-size: .85rem } .cards dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums }
small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft) }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem } caption { text-align: left; padding: .2rem 0; font-size: .85rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); font-weight: 400 } thead th { color: var(--soft); font-size: .8rem } tbody th { font-weight: 600; min-width: 8rem }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums } ul { margin: 0; padding-left: 1.1rem }
.good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
.timeline { width: 100%; height: auto; font-size: 12px } .timeline text { fill: var(--ink) } .timeline .tick { stroke: var(--line) } .timeline .tick-label { fill: var(--soft); font-size: 10px }
.legend { display: flex; flex-wrap: wrap; gap: 1.25rem; list-style: none; padding: 0; font-size: .85rem } .legend svg { width: .8rem; height: .8rem; margin-right: .4rem }
.slot-pass { fill: var(--good) } .slot-breach { fill: var(--bad) } .slot-inconclusive { fill: var(--soft); opacity: .5 }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --card: #fff; --good: #1a7f4b; --warn: #7a5200; --bad: #b02a18 } rect { print-color-adjust: exact }
  body { max-width: none; padding: 0; font-size: 11px } h2 { break-after: avoid } tr { break-inside: avoid } .scroll { overflow: visible } }
`;
