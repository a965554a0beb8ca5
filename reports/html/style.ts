/** The style of the page: light and dark by the reader's preference, plain on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1b2430; --faint: #5b6673; --line: #d9dee5;
  --good: #1a7f4b; --bad: #c0262d; --unsure: #9a6200; --event: #6d3fc4;
  --up: #8fcfae; --dented: #f0c14b; --poor: #ee8a3c; --down: #d3343c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --card: #1b212a; --ink: #e4e8ee; --faint: #9aa5b3; --line: #313b48;
    --good: #5fd39a; --bad: #ff7b80; --unsure: #f0bf5a; --event: #b79cff;
    --up: #2f7d57; --dented: #c79a2a; --poor: #d0702a; --down: #e5484d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main, footer { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
p { margin: .4rem 0; }
.faint, footer { color: var(--faint); }
.verdict { display: inline-block; margin: .8rem 0 .4rem; padding: .35rem .9rem; border-radius: .4rem; border: 2px solid; font-weight: 600; }
.pass { color: var(--good); } .fail { color: var(--bad); } .inconclusive, .none { color: var(--unsure); }
.facts { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; margin: 1rem 0; list-style: none; }
.facts li { background: var(--card); border-radius: .4rem; padding: .5rem .9rem; }
.facts b { display: block; font-size: 1.2rem; }
.events { margin: .4rem 0; padding-left: 1.6rem; }
.events li::marker { color: var(--event); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--faint); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } thead th { color: var(--faint); font-weight: 500; white-space: nowrap; }
td small { display: block; color: var(--faint); white-space: nowrap; }
td.dented { color: var(--unsure); } td.down { color: var(--bad); font-weight: 600; }
figure { margin: 0; } figcaption { color: var(--faint); } svg { max-width: 100%; height: auto; }
.outage, .pending { background: var(--card); border-left: 4px solid var(--dented); border-radius: .3rem; padding: .6rem 1rem; margin: .6rem 0; break-inside: avoid; }
.outage.down { border-color: var(--down); } .outage.whole { border-color: var(--up); } .pending { border-color: var(--event); }
.outage h3, .pending h3 { font-size: 1rem; margin: 0; }
.chain { display: flex; flex-wrap: wrap; gap: .15rem .5rem; list-style: none; padding: 0; margin: .4rem 0; }
.chain li + li::before { content: '→'; color: var(--faint); margin-right: .5rem; }
.chain li:first-child { font-weight: 600; }
.phases { width: auto; margin: .2rem 0 .2rem 1rem; font-size: .93em; }
.phases th, .phases td { border: 0; padding: .05rem 1.1rem .05rem 0; } .phases td:not(:last-child) { white-space: nowrap; }
dl { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: .15rem .8rem; margin: .4rem 0; }
dt { color: var(--faint); overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; }
section.run + section.run { border-top: 2px solid var(--line); margin-top: 3rem; padding-top: 2rem; }
@media (max-width: 40rem) { main, footer { padding: 1rem; } }
@media print {
  :root { --paper: #ffffff; --card: #ffffff; --ink: #000000; --faint: #444444; --line: #bbbbbb; }
  body { font-size: 10pt; } main, footer { max-width: none; padding: 0; }
  h2 { break-after: avoid; } tr, figure { break-inside: avoid; }
  * { print-color-adjust: exact; }
}
`;
