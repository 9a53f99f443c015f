/// The style of pages: on light and dark screens, wide and narrow, and on paper.
enum PageStyle {
  static var text: String {
    let light = FigureColour.declarations(\.light)
    let dark = FigureColour.declarations(\.dark)
    return """
      :root{color-scheme:light dark;--page:#fcfcfb;--card:#ffffff;--text:#1f2328;--soft:#5b626d;--line:#e2e4e8;--tint:#f3f4f6;--link:#0b5cad;\(light)}
      @media (prefers-color-scheme:dark){:root{--page:#14171c;--card:#1a1e24;--text:#e4e7ec;--soft:#9ea6b3;--line:#2e343d;--tint:#22272f;--link:#7ab7f5;\(dark)}}
      \(rules)
      @media print{:root{color-scheme:light;--page:#fff;--card:#fff;--text:#000;--soft:#444;--line:#bbb;--tint:#f4f4f4;--link:#000;\(light)}\(paper)}

      """
  }

  private static let rules = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    body{margin:0;background:var(--page);color:var(--text);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
    header,nav,main,footer{max-width:1120px;margin:0 auto;padding:0 24px}
    header{padding-top:56px}
    h1{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 .4em}
    h2{font-size:1.3rem;line-height:1.3;font-weight:620;letter-spacing:-.008em;margin:0 0 .5em}
    h3{font-size:1rem;font-weight:600;margin:1.6em 0 .5em}
    .lead{font-size:1.08rem;color:var(--soft);max-width:68ch;margin:0}
    .note{color:var(--soft);max-width:72ch;margin:0 0 1.1em}
    .remarks{max-width:72ch;margin:0;padding-left:1.2em}.remarks li{margin:0 0 .35em}
    summary{cursor:pointer;color:var(--link);margin:.5em 0}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:20px 0 0;padding:0 0 14px;border-bottom:1px solid var(--line)}
    a{color:var(--link);text-decoration:none}
    a:hover{text-decoration:underline}
    main{padding-top:36px}
    section{margin:0 0 64px}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:28px 24px;margin:0 0 56px}
    .facts dt{font-size:.84rem;color:var(--soft);line-height:1.35}
    .facts dd{margin:2px 0 0;font-size:1.55rem;line-height:1.25;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
    .facts dd.under{font-size:.82rem;font-weight:400;letter-spacing:0;color:var(--soft)}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
    th,td{padding:7px 14px 7px 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line)}
    th{font-weight:400}
    thead th{font-size:.84rem;color:var(--soft);font-weight:500;white-space:nowrap;border-bottom:1px solid var(--soft)}
    .number{text-align:right;white-space:nowrap}
    td.collapse{color:var(--soft);white-space:nowrap;padding-left:14px}
    .family th{padding-top:22px;font-weight:600;border-bottom-color:var(--soft)}
    code{font:.84em/1.4 ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace}
    th code{color:var(--soft);margin-left:6px}
    th small{display:block;color:var(--soft)}
    th small.narrow{display:none}
    .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:40px 48px}
    figure{margin:0;min-width:0}
    .figure-drawing{display:block;width:100%;height:auto;font-family:inherit}
    figcaption{font-size:.88rem;line-height:1.5;color:var(--soft);margin-top:6px;padding-left:4px}
    .files{display:block;font-size:.9em;opacity:.85}
    .controls{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;margin-bottom:12px}
    .controls input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:6px 10px;width:18rem;max-width:100%}
    .controls output{color:var(--soft);font-size:.9rem}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    .classes{position:relative;height:min(70vh,620px);overflow:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;contain:strict}
    .classes table{width:max-content;min-width:100%;table-layout:fixed;border-collapse:separate;border-spacing:0}
    .classes th,.classes td{height:34px;padding:0 12px;overflow:hidden;white-space:nowrap;vertical-align:middle}
    .classes thead th{position:sticky;top:0;z-index:2;background:var(--card);padding:0}
    .classes thead button{font:inherit;color:inherit;background:none;border:0;width:100%;height:34px;padding:0 12px;text-align:inherit;cursor:pointer;white-space:nowrap;overflow:hidden}
    .classes thead button:hover{color:var(--text)}
    .classes thead th[aria-sort=ascending] button::after{content:" ↑"}
    .classes thead th[aria-sort=descending] button::after{content:" ↓"}
    .classes tbody tr:hover td{background:var(--tint)}
    .classes tr.space td{height:auto;padding:0;border:0}
    .classes bdi{font:.9em/1 ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace;white-space:pre;background:var(--tint);border-radius:3px;padding:2px 0}
    .provenance{margin:0;display:grid;grid-template-columns:minmax(0,1fr);gap:0;font-size:.9rem}
    .provenance div{display:grid;grid-template-columns:minmax(120px,240px) minmax(0,1fr);gap:16px;padding:5px 0;border-bottom:1px solid var(--line)}
    .provenance dt{color:var(--soft)}
    .provenance dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    footer{color:var(--soft);font-size:.86rem;padding-bottom:48px}
    @media (max-width:600px){header,nav,main,footer{padding-left:16px;padding-right:16px}header{padding-top:32px}h1{font-size:1.6rem}.facts{grid-template-columns:repeat(2,minmax(0,1fr));gap:20px 16px}.facts dd{font-size:1.3rem}section{margin-bottom:48px}th,td{padding-right:10px}.statistics .collapse{display:none}th small.narrow{display:block}}
    """

  /// Figures float, because grid rows leave pages half empty. Their heading reserves space for a row of figures, so
  /// that it moves to the next page with them.
  private static let paper = """
    @page{margin:16mm}
    body{font-size:10pt}
    nav,.controls label,.controls input,.files{display:none}
    header,main,footer{max-width:none;padding:0}main{padding-top:14pt}
    h1{font-size:18pt}h2{font-size:13pt}h2,h3,.note{break-after:avoid;break-inside:avoid}
    section{margin-bottom:24pt}
    .facts{grid-template-columns:repeat(4,1fr);gap:10pt;margin:16pt 0 24pt}.facts dd{font-size:14pt}
    .figures{display:flow-root}figure{float:left;width:47%;margin:0 3% 8pt 0}
    #figures h2{padding-bottom:80mm;margin-bottom:calc(.5em - 80mm)}
    figcaption{font-size:7.5pt;line-height:1.35;margin-top:2pt}
    th,td{padding-top:2.5pt;padding-bottom:2.5pt}.family th{padding-top:9pt}
    figure,tr,.statistics tbody,.facts div{break-inside:avoid}
    .provenance{display:block}.provenance div{break-inside:avoid}
    .scroll{overflow:visible}
    .classes{height:auto;overflow:visible;contain:none;border:0}
    .classes table{width:100%;font-size:7pt;table-layout:auto}
    .classes col{width:auto!important}
    .classes th,.classes td,.classes thead button{height:auto;padding:1pt 3pt;white-space:normal}
    .classes thead th{position:static}
    """
}
