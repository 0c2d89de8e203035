namespace QuantumFed.Report;

/// <summary>The style sheet. Text and lines keep a contrast of 4.5 or more with the ground in both schemes; a test computes it.</summary>
internal static class PageStyle
{
    // No '<' and no '&' may stand here: the page is read as XML too.
    public const string Css = """
        :root {
          --paper: #fdfcf9; --ink: #1c2126; --soft: #565e66; --rule: #d9d5cb; --wash: #f4f1e9;
          --federated: #0b5d66; --pooled: #8a4b08; --local: #5a5570; --bad: #9b1c1c; --good: #22633a;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #15181b; --ink: #e8e5de; --soft: #a9b0b7; --rule: #383d42; --wash: #1f2428;
            --federated: #74c7d0; --pooled: #e2a65c; --local: #b7aede; --bad: #f29a93; --good: #8ccf9f;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--paper); color: var(--ink);
          font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Georgia, "Liberation Serif", serif;
          overflow-wrap: break-word;
        }
        main { max-width: 62rem; margin: 0 auto; padding: 4rem 2rem 3rem; }
        .patterns { position: absolute; }
        .kicker, nav, dt, th, h4, figcaption, summary, .note, .key, .chart text, footer, caption, table, .missing {
          font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
        }
        .kicker { margin: 0 0 .75rem; color: var(--soft); font-size: .875rem; letter-spacing: .02em; }
        h1 { margin: 0 0 1.75rem; max-width: 40rem; font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.75rem); line-height: 1.15; font-weight: 600; text-wrap: balance; }
        h2 { margin: 0; font-size: 1.25rem; line-height: 1.3; font-weight: 600; }
        h3 { margin: 0 0 .5rem; font-size: 1.0625rem; }
        h4 { margin: 0 0 .25rem; font-size: .8125rem; font-weight: 600; color: var(--soft); }
        p { margin: 0 0 1rem; max-width: 44rem; }
        a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em; }
        a:hover { text-decoration-color: currentColor; }
        :focus-visible { outline: 2px solid var(--federated); outline-offset: 2px; }
        ul { margin: 0; padding-left: 1.2em; }
        code { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
        .notice { border: 1px solid var(--pooled); padding: .6rem 1rem; }
        .abstract { margin: 0; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--rule); }
        .abstract > div { padding: .9rem 0; border-top: 1px solid var(--rule); }
        .abstract > div:first-child { border-top: 0; }
        dt { font-size: .875rem; font-weight: 600; color: var(--soft); }
        dd { margin: 0; max-width: 44rem; }
        .holds strong { color: var(--good); }
        .fails strong { color: var(--bad); }
        .fails { border-left: 3px solid var(--bad); padding-left: 1rem; }
        .facts { margin: 0 0 1rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 1rem 0 0; padding: 0; list-style: none; font-size: .875rem; }
        section { margin-top: 4rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); }
        section > h2 { margin-bottom: 1.25rem; }
        section > div { min-width: 0; }
        figure { margin: 3rem 0 0; }
        figcaption { margin-bottom: .75rem; font-size: .9375rem; line-height: 1.45; }
        .note { color: var(--soft); font-size: .8125rem; line-height: 1.5; }
        .missing { color: var(--soft); font-size: .9375rem; font-style: italic; }
        .key { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0 0 .75rem; padding: 0; list-style: none; font-size: .8125rem; }
        .key li { display: flex; align-items: center; gap: .5rem; min-width: 0; overflow-wrap: anywhere; }
        .sample { width: 36px; height: 16px; flex: none; }
        .chart { display: block; width: 100%; max-width: 44rem; height: auto; margin-bottom: .75rem; overflow: visible; }
        .chart text { font-size: 11px; fill: var(--soft); }
        .chart text.label { fill: var(--ink); }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .line { fill: none; stroke-width: 2.25; stroke-linejoin: round; }
        .line.federated { stroke: var(--federated); }
        .line.pooled { stroke: var(--pooled); stroke-dasharray: 10 5; }
        .line.local { stroke: var(--local); stroke-dasharray: 2 4; }
        .mark.federated { fill: var(--federated); stroke: var(--paper); stroke-width: 1.5; }
        .mark.local { fill: var(--paper); stroke: var(--local); stroke-width: 2.25; }
        .join { stroke: var(--soft); stroke-width: 1.5; }
        .bar { stroke: var(--paper); stroke-width: 1; }
        .fill0 { fill: var(--federated); }
        .fill1 { fill: url(#hatch1); }
        .fill2 { fill: url(#hatch2); }
        .fill3 { fill: var(--pooled); }
        .fill4 { fill: url(#hatch4); }
        .fill5 { fill: url(#hatch5); }
        .fill6 { fill: url(#hatch6); }
        .fill7 { fill: var(--ink); }
        .hatch1, .hatch2, .hatch4, .hatch5, .hatch6 { fill: none; stroke-width: 1.75; }
        .hatch1, .hatch4 { stroke: var(--pooled); }
        .hatch2, .hatch5 { stroke: var(--federated); }
        .hatch6 { stroke: var(--local); }
        .hatch-ground1, .hatch-ground2, .hatch-ground4, .hatch-ground5, .hatch-ground6 { fill: var(--wash); }
        details { margin: 0 0 .75rem; }
        summary { cursor: pointer; padding: .35rem 0; font-size: .875rem; color: var(--soft); text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: .25em; }
        summary:hover { color: var(--ink); }
        .scroll { overflow-x: auto; margin: .25rem 0 1rem; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); }
        details .scroll { max-height: 34rem; overflow-y: auto; }
        table { width: 100%; border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
        caption { text-align: left; padding: .5rem .5rem .5rem 0; font-size: .8125rem; color: var(--soft); }
        th, td { padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--rule); overflow-wrap: break-word; max-width: 26rem; }
        th { font-weight: 600; }
        tbody th { font-weight: 400; }
        .n { text-align: right; white-space: nowrap; }
        th.n { white-space: normal; overflow-wrap: normal; }
        .code { font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; min-width: 18rem; }
        th.code { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
        .wide { min-width: 9rem; }
        .parts { min-width: 8rem; }
        .stacks .wide { min-width: 6rem; }
        .word { display: inline-block; max-width: 100%; }
        .party { margin-bottom: 1.75rem; }
        .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: .75rem 2rem; font-size: .9375rem; line-height: 1.5; }
        .sees ul { list-style: disc; }
        .unseen ul { list-style: circle; }
        footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .8125rem; }
        @media (min-width: 60rem) {
          section, .abstract > div, .facts > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 2.5rem; }
          .facts > div { gap: 1rem; }
          dt { padding-top: .2rem; }
          figure:first-child { margin-top: 0; }
        }
        @media (max-width: 40rem) {
          main { padding: 2rem 1rem; }
          section { margin-top: 3rem; }
          .chart text { font-size: 18px; }
          .stacks, .stacks tbody, .stacks tr, .stacks tbody th, .stacks td { display: block; max-width: none; }
          .stacks thead { display: none; }
          .stacks caption { display: block; }
          .stacks tbody th, .stacks td { border-top: 0; padding: .1rem 0; text-align: left; }
          .stacks tr { border-top: 1px solid var(--rule); padding: .4rem 0; }
          .stacks tbody th { font-weight: 600; }
          .stacks td::before { content: attr(data-column) ": "; color: var(--soft); }
        }
        @media print {
          :root {
            --paper: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --wash: #f2f2f2;
            --federated: #0b5d66; --pooled: #8a4b08; --local: #5a5570; --bad: #9b1c1c; --good: #22633a;
          }
          body { font-size: 10.5pt; }
          main { max-width: none; padding: 0; }
          nav { display: none; }
          section { display: block; margin-top: 2rem; }
          .scroll, details .scroll { overflow: visible; max-height: none; }
          .chart { max-width: 15cm; break-inside: avoid; }
          .chart, .bar, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          details::details-content { display: block; content-visibility: visible; height: auto; }
          summary { list-style: none; text-decoration: none; }
          summary::-webkit-details-marker { display: none; }
          table { font-size: 8pt; }
          th, td { padding: .15rem .5rem .15rem 0; }
          .code, .wide, .parts { min-width: 0; }
          .code { font-size: 7pt; }
          thead { display: table-header-group; }
          tr, li, .party, figcaption { break-inside: avoid; }
          h2, h3, figcaption, .key { break-after: avoid; }
        }

        """;
}
