/// A page of one file, light or dark as its reader's system is.
struct Page {
  let title: String
  let body: HTML

  /// The policy makes the promise a browser's: nothing is run and nothing is asked for.
  var html: HTML {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title)</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <main>
    \(body)</main>
    </body>
    </html>

    """
  }

  /// The colours of workloads follow those of Okabe and Ito (Color Universal Design, 2008), which
  /// people with any colour vision can tell apart; the two dark blues are lighter, so that black
  /// letters can be read on all of them.
  private static let style: HTML = """
    :root {
      --page: #ffffff; --card: #f5f6f8; --line: #d8dce2; --text: #1a1e24; --quiet: #5a6472;
      --added: #00664a; --removed: #a8410a; --changed: #7a5200; --moved: #00527f;
      --free: #e9ebef;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #101419; --card: #191f26; --line: #333c47; --text: #e4e8ed; --quiet: #98a4b3;
        --added: #4fd0a7; --removed: #ff9a5c; --changed: #f0c24b; --moved: #7cc4f0;
        --free: #272f39;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--text);
      font: 15px/1.5 system-ui, sans-serif; }
    main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-bottom: .25rem;
      border-bottom: 1px solid var(--line); }
    p { margin: .25rem 0; }
    code, table, .line, .object { font-family: ui-monospace, "DejaVu Sans Mono", monospace;
      font-size: .85rem; }
    .quiet { color: var(--quiet); }
    .notice { border-left: 4px solid var(--changed); padding: .25rem .75rem; background: var(--card); }
    .facts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0 .5rem; }
    .facts div { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: .5rem .9rem; }
    .facts div.warning { border-color: var(--removed); border-width: 2px; }
    dt { color: var(--quiet); font-size: .8rem; }
    dd { margin: 0; font-size: 1.1rem; font-weight: 600; }
    dd small { display: block; font-weight: 400; font-size: .8rem; color: var(--quiet); }
    .line { color: var(--quiet); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; }
    td, th { padding: .15rem .9rem .15rem 0; text-align: left; vertical-align: top; }
    th { color: var(--quiet); font-weight: 400; }
    .number { text-align: right; }
    .added { color: var(--added); } .removed, .warning { color: var(--removed); }
    .changed { color: var(--changed); } .moved { color: var(--moved); }
    .gates, .list, .legend { list-style: none; padding: 0; margin: .5rem 0; }
    .gates > li { padding: .35rem .75rem; margin: .35rem 0; background: var(--card);
      border-left: 4px solid var(--added); }
    .gates > li.broken { border-left-color: var(--removed); }
    .gates strong::before { content: "✓ "; }
    .gates .broken strong::before { content: "✗ "; }
    .gates .broken strong { color: var(--removed); }
    .inner { padding-left: 1.5rem; color: var(--quiet); }
    .object { margin: .75rem 0; }
    .object .scroll { padding-left: 2.2rem; }
    .symbol { display: inline-block; width: 2rem; text-align: right; font-weight: 700; }
    .fleet td { padding-top: .2rem; padding-bottom: .2rem; white-space: nowrap; }
    .slots { display: inline-flex; gap: 2px; }
    .d { display: inline-flex; align-items: center; justify-content: center; min-width: 1.35rem;
      height: 1.35rem; padding: 0 .15rem; border-radius: 3px; font-size: .7rem; font-weight: 700;
      font-style: normal; color: #000; border: 2px solid transparent; }
    .d.new { border-color: var(--text); }
    .free { background: var(--free); } .d.free:not(.new) { border-color: var(--free); }
    .foreign { background: repeating-linear-gradient(45deg, var(--free) 0 4px, var(--line) 4px 8px);
      color: var(--text); }
    .c0 { background: #56b4e9; } .c1 { background: #e69f00; } .c2 { background: #009e73; }
    .c3 { background: #f0e442; } .c4 { background: #cc79a7; } .c5 { background: #d55e00; }
    .c6 { background: #8fa6ff; } .c7 { background: #b0b7c0; }
    .legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin-top: .75rem;
      font-size: .85rem; }
    .legend .d { vertical-align: middle; }
    h3 { font-size: .95rem; margin: .75rem 0 .25rem; }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
    figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: .6rem .8rem; }
    figcaption { font-weight: 600; margin-bottom: .35rem; }
    svg { display: block; width: 100%; height: auto; }
    svg path { fill: none; vector-effect: non-scaling-stroke; }
    .grid { stroke: var(--line); stroke-width: 1; }
    svg .area { fill: var(--moved); opacity: .15; }
    .curve { stroke: var(--moved); stroke-width: 2; }
    .curve.two { stroke: var(--changed); stroke-dasharray: 6 3; stroke-width: 1.5; }
    .curve.three { stroke: var(--quiet); stroke-dasharray: 2 3; stroke-width: 1.5; }
    .key { font-weight: 400; font-size: .8rem; color: var(--quiet); margin-left: .6rem; }
    .key:not(:empty)::before { content: ""; display: inline-block; width: 1.4rem; margin-right: .3rem;
      vertical-align: middle; border-top: 2px solid var(--moved); }
    .key.two:not(:empty)::before { border-top: 2px dashed var(--changed); }
    .key.three:not(:empty)::before { border-top: 2px dotted var(--quiet); }
    .axis { display: flex; justify-content: space-between; color: var(--quiet); font-size: .8rem; }
    details { margin-top: .75rem; } summary { cursor: pointer; color: var(--quiet); }
    @media print { .scroll { overflow: visible; } }
    """
}
