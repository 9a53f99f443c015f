/// Builds a page's table of token classes. Only the rows in view are elements, so that a whole vocabulary scrolls
/// smoothly.
///
/// Texts are set as text, never as markup. On paper, the first rows in the current order are shown.
enum PageScript {
  static let text = #"""
    "use strict";
    (() => {
      const data = JSON.parse(document.getElementById("classes-data").textContent);
      const columns = data.columns, total = data.rows, rowHeight = 34, margin = 10, onPaper = 40;
      const view = document.getElementById("classes-view"), table = document.getElementById("classes-table");
      const head = table.tHead, body = table.tBodies[0];
      const input = document.getElementById("classes-search"), count = document.getElementById("classes-count");
      const numbers = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
      const apart = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
      const texts = columns.filter((column) => column.kind === "text").map((column) => column.values);
      const tokens = columns.find((column) => column.name === "token").values;
      const searched = new Array(total);
      for (let row = 0; row < total; row++) {
        let text = String(tokens[row]);
        for (const values of texts) text += "\n" + values[row];
        searched[row] = text.toLowerCase();
      }
      let sorted = { column: -1, descending: false };
      let ranks = Uint32Array.from({ length: total }, (_, row) => row);
      let shown = ranks, first = -1, last = -1;

      const compare = (values, kind, sign) => (a, b) => {
        const x = values[a], y = values[b];
        const noX = x === null || x === "", noY = y === null || y === "";
        if (noX || noY) return noX === noY ? a - b : noX ? 1 : -1;
        const order = kind === "text" ? (x < y ? -1 : x > y ? 1 : 0) : x - y;
        return order === 0 ? a - b : sign * order;
      };
      const sort = (column, descending) => {
        sorted = { column, descending };
        const { values, kind } = columns[column];
        ranks = Uint32Array.from({ length: total }, (_, row) => row).sort(compare(values, kind, descending ? -1 : 1));
        [...head.rows[0].cells].forEach((cell, index) => {
          if (index === column) cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
          else cell.removeAttribute("aria-sort");
        });
        filter();
      };
      const filter = () => {
        const wanted = input.value.toLowerCase();
        shown = wanted === "" ? ranks : ranks.filter((row) => searched[row].includes(wanted));
        count.textContent = `${apart(shown.length)} of ${apart(total)} classes`;
        table.setAttribute("aria-rowcount", String(shown.length + 1));
        view.scrollTop = 0;
        render(true);
      };
      const cell = (column, row) => {
        const td = document.createElement("td"), value = column.values[row];
        if (column.kind === "text") {
          const text = document.createElement("bdi");
          text.textContent = value;
          td.title = value;
          td.append(text);
        } else {
          td.className = "number";
          td.textContent = value === null ? "–" : column.kind === "id" ? String(value)
            : column.kind === "integer" ? apart(value) : numbers.format(value).replace("-", "−");
        }
        return td;
      };
      const space = (height) => {
        const row = document.createElement("tr"), td = document.createElement("td");
        row.className = "space";
        row.setAttribute("aria-hidden", "true");
        td.colSpan = columns.length;
        td.style.height = `${height}px`;
        row.append(td);
        return row;
      };
      const fill = (from, to, withSpace) => {
        const rows = document.createDocumentFragment();
        if (withSpace) rows.append(space(from * rowHeight));
        for (let place = from; place < to; place++) {
          const tr = document.createElement("tr");
          tr.setAttribute("aria-rowindex", String(place + 2));
          for (const column of columns) tr.append(cell(column, shown[place]));
          rows.append(tr);
        }
        if (withSpace) rows.append(space((shown.length - to) * rowHeight));
        body.replaceChildren(rows);
      };
      const render = (always) => {
        const from = Math.max(0, Math.floor(view.scrollTop / rowHeight) - margin);
        const to = Math.min(shown.length, Math.ceil((view.scrollTop + view.clientHeight) / rowHeight) + margin);
        if (!always && from === first && to === last) return;
        [first, last] = [from, to];
        fill(from, to, true);
      };

      const header = document.createElement("tr"), widths = document.createElement("colgroup");
      columns.forEach((column, index) => {
        const th = document.createElement("th"), button = document.createElement("button");
        const width = document.createElement("col");
        width.style.width = column.kind === "text" ? "150px" : "118px";
        widths.append(width);
        th.scope = "col";
        if (column.kind !== "text") th.className = "number";
        button.type = "button";
        button.textContent = column.title;
        button.title = column.name;
        button.addEventListener("click", () =>
          sort(index, sorted.column === index ? !sorted.descending : column.kind !== "text" && column.name !== "token"));
        th.append(button);
        header.append(th);
      });
      table.prepend(widths);
      head.append(header);
      let waiting = false;
      view.addEventListener("scroll", () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => { waiting = false; render(false); });
      }, { passive: true });
      input.addEventListener("input", filter);
      addEventListener("resize", () => render(true));
      addEventListener("beforeprint", () => {
        fill(0, Math.min(onPaper, shown.length), false);
        if (shown.length > onPaper) count.textContent = `the first ${onPaper} of ${apart(shown.length)} classes`;
      });
      addEventListener("afterprint", filter);
      const byCount = columns.findIndex((column) => column.name === "count");
      sort(byCount < 0 ? 0 : byCount, true);
    })();
    """#
}
