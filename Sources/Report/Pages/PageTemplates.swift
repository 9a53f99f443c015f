import Mustache

/// The templates of pages, kept in the binary so that it needs no other files.
///
/// ``Escaped/markup(_:)`` escapes texts: the library's own escaping misses a quote before a combining mark. Triple
/// braces surround our own markup: drawings, styles, scripts and data.
enum PageTemplates {
  /// How every page begins, before its first checksum.
  static var beginning: String { String(page.prefix(upTo: page.range(of: "{{")?.lowerBound ?? page.endIndex)) }

  static func library() throws -> MustacheLibrary {
    MustacheContentTypes.register(Markup(), named: "MARKUP")
    let bodies = [
      "page": page, "findings": findings,
      "figures": figures, "statistics": statistics, "groups": groups, "classes": classes,
      "table": table, "provenance": provenance,
    ]
    return MustacheLibrary(
      templates: try bodies.mapValues { try MustacheTemplate(string: "{{% CONTENT_TYPE:MARKUP}}\n" + $0) })
  }

  private struct Markup: MustacheContentType {
    func escapeText(_ text: String) -> String { Escaped.markup(text) }
  }

  private static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{{styleSum}}'; script-src '{{scriptSum}}'; img-src data:; base-uri 'none'; form-action 'none'">
    <link rel="icon" href="data:,">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <header>
    <h1>{{title}}</h1>
    <p class="lead">{{lead}}</p>
    </header>
    <nav aria-label="Sections"><ul>{{#contents}}<li><a href="#{{id}}">{{title}}</a></li>{{/contents}}</ul></nav>
    <main>
    {{#hasFacts}}<dl class="facts">{{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd>{{#error}}<dd class="under">{{.}}</dd>{{/error}}{{#corrected}}<dd class="under">{{.}}</dd>{{/corrected}}<dd class="under">{{collapse}}</dd></div>{{/facts}}</dl>{{/hasFacts}}
    {{>findings}}
    {{>statistics}}
    {{#tables}}{{>table}}{{/tables}}
    {{#remarks}}<p class="note">{{.}}</p>{{/remarks}}
    {{>groups}}
    {{>figures}}
    {{>classes}}
    {{>provenance}}
    </main>
    <footer><p>{{footer}}</p></footer>
    {{#hasClasses}}<script>{{{script}}}</script>{{/hasClasses}}
    </body>
    </html>

    """

  private static let findings = """
    {{#hasFindings}}<section id="remarks" aria-labelledby="remarks-title">
    <h2 id="remarks-title">Remarks</h2>
    {{#findings}}<ul class="remarks">{{#shown}}<li>{{.}}</li>{{/shown}}</ul>
    {{#hasOthers}}<details><summary>{{othersTitle}}</summary><ul class="remarks">{{#others}}<li>{{.}}</li>{{/others}}</ul></details>{{/hasOthers}}{{/findings}}
    </section>{{/hasFindings}}
    """

  private static let statistics = """
    {{#hasStatistics}}<section id="statistics" aria-labelledby="statistics-title">
    <h2 id="statistics-title">Statistics</h2>
    <p class="note">{{statisticsNote}}</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="statistics-title"><table class="statistics">
    <thead><tr><th scope="col">Statistic</th><th scope="col" class="number">Value or mean</th>{{#hasCorrected}}<th scope="col" class="number">Corrected</th>{{/hasCorrected}}<th scope="col" class="number">Std</th><th scope="col" class="number">CV</th><th scope="col" class="collapse">Under collapse</th></tr></thead>
    {{#statistics}}<tbody>
    <tr class="family"><th scope="rowgroup" colspan="{{statisticsColumns}}">{{title}}</th></tr>
    {{#rows}}<tr><th scope="row">{{title}} <code>{{id}}</code>{{#hasRemarks}}<small>{{remarks}}</small>{{/hasRemarks}}{{#hasCollapse}}<small class="narrow">under collapse: {{collapse}}</small>{{/hasCollapse}}</th><td class="number">{{value}}</td>{{#hasCorrected}}<td class="number">{{corrected}}</td>{{/hasCorrected}}<td class="number">{{std}}</td><td class="number">{{cv}}</td><td class="collapse">{{collapse}}</td></tr>
    {{/rows}}</tbody>
    {{/statistics}}</table></div>
    </section>{{/hasStatistics}}
    """

  private static let table = """
    <section id="{{id}}" aria-labelledby="{{id}}-title">
    <h2 id="{{id}}-title">{{title}}</h2>
    <p class="note">{{note}}</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="{{id}}-title"><table>
    <thead><tr>{{#header}}<th scope="col" class="{{kind}}">{{text}}</th>{{/header}}</tr></thead>
    <tbody>{{#rows}}<tr><th scope="row">{{name}}</th>{{#cells}}<td class="{{kind}}">{{text}}</td>{{/cells}}</tr>
    {{/rows}}</tbody>
    </table></div>
    </section>
    """

  private static let groups = """
    {{#hasGroups}}<section id="groups" aria-labelledby="groups-title">
    <h2 id="groups-title">Groups of classes</h2>
    <p class="note">Each group is measured as if only its classes had been selected.</p>
    {{#groups}}<h3>{{title}}</h3>
    {{#hasNote}}<p class="note">{{note}}</p>{{/hasNote}}
    <div class="scroll" tabindex="0" role="region" aria-label="{{title}}"><table>
    <thead><tr>{{#header}}<th scope="col" class="{{kind}}">{{text}}</th>{{/header}}</tr></thead>
    <tbody>{{#rows}}<tr><th scope="row">{{name}}</th>{{#cells}}<td class="{{kind}}">{{text}}</td>{{/cells}}</tr>
    {{/rows}}</tbody>
    </table></div>
    {{/groups}}</section>{{/hasGroups}}
    """

  private static let figures = """
    {{#hasFigures}}<section id="figures" aria-labelledby="figures-title">
    <h2 id="figures-title">Figures</h2>
    <p class="note">{{figuresNote}}</p>
    <div class="figures">
    {{#figures}}<figure id="figure-{{name}}" data-svg="{{svgSum}}" data-csv="{{csvSum}}">{{{svg}}}<figcaption>{{finding}} <span class="files">Files: {{name}}.svg, {{name}}.csv</span></figcaption></figure>
    {{/figures}}</div>
    </section>{{/hasFigures}}
    """

  private static let classes = """
    {{#hasClasses}}<section id="classes" aria-labelledby="classes-title">
    <h2 id="classes-title">Token classes</h2>
    <p class="note">Click a column’s name to sort. Search covers texts, types and token ids.</p>
    <div class="controls"><label for="classes-search">Search</label><input id="classes-search" type="search" autocomplete="off" spellcheck="false"><output id="classes-count" aria-live="polite"></output></div>
    <div id="classes-view" class="classes" tabindex="0" role="region" aria-labelledby="classes-title"><table id="classes-table"><thead></thead><tbody></tbody></table></div>
    <noscript><p>The table needs JavaScript; the same rows are in the table of classes that the report was made with.</p></noscript>
    <script type="application/json" id="classes-data">{{{classes}}}</script>
    </section>{{/hasClasses}}
    """

  private static let provenance = """
    <section id="provenance" aria-labelledby="provenance-title">
    <h2 id="provenance-title">Provenance</h2>
    <dl class="provenance">{{#provenance}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/provenance}}</dl>
    </section>
    """
}
