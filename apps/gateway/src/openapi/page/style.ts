/** Our own words, no input: it goes into the page as it is. The system's fonts, and both of its colour schemes. */
export const STYLE = {
  html: `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --note: #888 }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: anywhere }
h1, h2, h3, h4 { line-height: 1.2 }
h3 b, nav b { text-transform: uppercase; font-size: .8em }
nav { columns: 20rem; background: var(--soft); padding: .5rem 1rem; border-radius: .5rem }
nav h2 { font-size: 1rem; margin: .5rem 0 0; break-after: avoid }
nav ul { margin: 0 0 .5rem; padding: 0; list-style: none }
nav a { text-decoration: none }
section > h2 { border-bottom: 2px solid var(--line); padding-top: 1rem }
article { border-bottom: 1px solid var(--line); padding: .5rem 0 1rem }
h4 { margin: 1rem 0 .25rem }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid var(--line); padding: .3rem .5rem .3rem 0; vertical-align: top }
td:first-child { width: 30%; min-width: 3rem }
code { font: .9em ui-monospace, monospace; background: var(--soft); padding: 0 .2em; border-radius: .2em }
.note, .access { color: var(--note); font-size: .9em }
`,
};
