/** Light and dark as the reader's system is; plots beside tables where there is room. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --back: #ffffff; --text: #1f2328; --quiet: #57606a; --line: #d8dee4;
  --good: #1f6feb; --bad: #bc4c00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #30363d;
    --good: #6cb0ff; --bad: #ff9a5c;
  }
}
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
p { max-width: 46rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
section { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); align-items: start; }
section > div { min-width: 0; overflow-x: auto; }
svg { display: block; width: 100%; max-width: 34rem; height: auto; }
svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); paint-order: stroke; stroke: var(--back); stroke-width: 3px; }
svg path { fill: none; }
.grid { stroke: var(--line); }
.axis { stroke: var(--quiet); }
.mark { stroke: var(--text); stroke-dasharray: 3 3; }
circle.good, rect.good { fill: var(--good); }
circle.good { fill-opacity: 0.6; }
rect.bad { fill: var(--bad); }
path.bad { stroke: var(--bad); stroke-width: 1.5; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; }
td { white-space: nowrap; }
td.words { white-space: normal; overflow-wrap: anywhere; }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: 0.95rem; margin-bottom: 0.5rem; }
@media (max-width: 30rem) { table { font-size: 0.8rem; } th, td { padding-right: 0.4rem; } }
`;
