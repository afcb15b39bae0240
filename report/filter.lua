-- Figures, tables, grids of small pictures, and quotations for LaTeX and HTML.
--
-- A div of class figure holds a picture and a caption, a table a caption and a table, a grid a
-- caption and cells, a sheet a picture, links that lie over it, and perhaps a caption. A link
-- without text to one of them becomes its name, such as "Figure 3".

local latex = FORMAT:match("latex") ~= nil
local names = {}

local function raw(text)
  return pandoc.RawInline(latex and "latex" or "html", text)
end

local function raw_block(text)
  return pandoc.RawBlock(latex and "latex" or "html", text)
end

local function holds(div, class)
  return div.classes:includes(class)
end

-- What the text calls each figure and table, in the order of the document
local function number(doc)
  local figures, tables = 0, 0
  doc:walk({
    Div = function(div)
      if holds(div, "figure") or holds(div, "grid") or (holds(div, "sheet") and div.identifier ~= "") then
        figures = figures + 1
        names[div.identifier] = "Figure " .. figures
      elseif holds(div, "table") then
        tables = tables + 1
        names[div.identifier] = "Table " .. tables
      end
    end,
  })
end

local function caption_for_html(div, inlines)
  local name = pandoc.Strong({ pandoc.Str(names[div.identifier] .. ".") })
  return pandoc.Inlines({ name, pandoc.Space() }) .. inlines
end

local function caption_for_latex(div, inlines, command)
  local whole = pandoc.Inlines({ raw(command .. "{") }) .. inlines
  whole:insert(raw("}\\label{" .. div.identifier .. "}"))
  return whole
end

local function pdf_of(image)
  return (image.src:match("([^/]+)%.svg$") or image.src) .. ".pdf"
end

local function image(element)
  if latex then
    return raw("\\includegraphics{" .. pdf_of(element) .. "}")
  end
end

-- Figures

local function figure(div)
  local picture, caption = div.content[1], div.content[2].content
  if latex then
    return {
      raw_block("\\begin{figure}[!htbp]\n\\centering"),
      pandoc.Plain(picture.content),
      pandoc.Plain(caption_for_latex(div, caption, "\\caption")),
      raw_block("\\end{figure}"),
    }
  end
  return {
    raw_block('<figure id="' .. div.identifier .. '">'),
    pandoc.Plain(picture.content),
    raw_block("<figcaption>"),
    pandoc.Plain(caption_for_html(div, caption)),
    raw_block("</figcaption></figure>"),
  }
end

-- Tables

local function cells(row, into, bold)
  for i, cell in ipairs(row.cells) do
    if i > 1 then
      into:insert(raw(" & "))
    end
    if bold then
      into:insert(raw("\\tablehead{"))
    end
    into:extend(pandoc.utils.blocks_to_inlines(cell.contents))
    if bold then
      into:insert(raw("}"))
    end
  end
  into:insert(raw(" \\\\\n"))
end

-- Tables that may break over pages, and those that stand as one
local LONG = 20

local function latex_table(div, caption, tab)
  local columns = div.attributes.columns
  local spec = "@{}" .. columns:gsub("p", "L") .. "@{}"
  local rows = 0
  for _, body in ipairs(tab.bodies) do
    rows = rows + #body.body
  end
  local into = pandoc.Inlines({})
  local finish
  if rows > LONG then
    into:insert(raw("{\\tablefont\\renewcommand{\\arraystretch}{.87}\n\\begin{xltabular}{\\linewidth}{" .. spec .. "}\n"))
    into:extend(caption_for_latex(div, caption, "\\caption"))
    into:insert(raw("\\\\\n"))
    finish = "\\end{xltabular}}\n"
  else
    into:insert(raw("\\begin{table}[!htbp]\n\\centering\\tablefont\n"))
    into:extend(caption_for_latex(div, caption, "\\caption"))
    if columns:find("p") then
      into:insert(raw("\n\\begin{tabularx}{\\linewidth}{" .. spec .. "}\n"))
      finish = "\\bottomrule\n\\end{tabularx}\n\\end{table}\n"
    else
      into:insert(raw("\n\\begin{fitted}\n\\begin{tabular}{" .. spec .. "}\n"))
      finish = "\\bottomrule\n\\end{tabular}\n\\end{fitted}\n\\end{table}\n"
    end
  end
  into:insert(raw("\\toprule\n"))
  cells(tab.head.rows[1], into, true)
  into:insert(raw("\\midrule\n"))
  if rows > LONG then
    into:insert(raw("\\endfirsthead\n\\toprule\n"))
    cells(tab.head.rows[1], into, true)
    into:insert(raw("\\midrule\n\\endhead\n\\bottomrule\n\\endlastfoot\n"))
  end
  for _, body in ipairs(tab.bodies) do
    for _, row in ipairs(body.body) do
      cells(row, into, false)
    end
  end
  into:insert(raw(finish))
  return pandoc.Plain(into)
end

local function data_table(div)
  local caption, tab = div.content[1].content, div.content[2]
  if latex then
    return latex_table(div, caption, tab)
  end
  tab.identifier = div.identifier
  tab.caption.long = { pandoc.Plain(caption_for_html(div, caption)) }
  return { raw_block('<div class="wide">'), tab, raw_block("</div>") }
end

-- Grids

local function cell_in_latex(cell, columns)
  local width = string.format("%.4f", (0.99 - 0.02 * (columns - 1)) / columns)
  local into = pandoc.Inlines({ raw("\\begin{minipage}[t]{" .. width .. "\\linewidth}\\cellfont\n") })
  for i, paragraph in ipairs(cell.content) do
    if i > 1 then
      into:insert(raw("\\\\\n"))
    end
    into:extend(paragraph.content)
  end
  into:insert(raw("\\end{minipage}"))
  return into
end

local function latex_grid(div)
  local columns = tonumber(div.attributes.columns)
  local parts, place, grouped = pandoc.Blocks({}), 0, false
  local line = pandoc.Inlines({})
  local function finish()
    if place > 0 then
      line:insert(raw("{\\parfillskip=0pt\\par}\\medskip"))
      parts:insert(pandoc.Plain(line))
      line, place = pandoc.Inlines({}), 0
    end
  end
  for i = 2, #div.content do
    local item = div.content[i]
    if holds(item, "group") then
      finish()
      grouped = true
      parts:insert(pandoc.Plain(
        pandoc.Inlines({ raw("\\gridgroup{") }) .. item.content[1].content .. { raw("}") }))
    else
      line:insert(raw(place == 0 and "\\noindent" or "\\hspace{0.02\\linewidth}"))
      line:insert(raw("%\n"))
      line:extend(cell_in_latex(item, columns))
      place = place + 1
      if place == columns then
        finish()
      end
    end
  end
  finish()
  local caption = div.content[1].content
  if grouped then
    -- Longer than a page: no float, but its caption stays with the last row
    parts:insert(pandoc.Plain(
      pandoc.Inlines({ raw("\\nopagebreak{") }) .. caption_for_latex(div, caption, "\\captionof{figure}")
      .. { raw("\\par}\\medskip") }))
    return parts
  end
  parts:insert(1, raw_block("\\begin{figure}[!htbp]"))
  parts:insert(pandoc.Plain(caption_for_latex(div, caption, "\\caption")))
  parts:insert(raw_block("\\end{figure}"))
  return parts
end

local function html_grid(div)
  local parts = pandoc.Blocks({
    raw_block('<figure class="grid" id="' .. div.identifier .. '"><div class="cells" style="--columns: '
      .. div.attributes.columns .. '">'),
  })
  for i = 2, #div.content do
    local item = div.content[i]
    parts:insert(raw_block('<div class="' .. item.classes[1] .. '">'))
    for _, paragraph in ipairs(item.content) do
      parts:insert(pandoc.Para(paragraph.content))
    end
    parts:insert(raw_block("</div>"))
  end
  parts:insert(raw_block("</div><figcaption>"))
  parts:insert(pandoc.Plain(caption_for_html(div, div.content[1].content)))
  parts:insert(raw_block("</figcaption></figure>"))
  return parts
end

-- Sheets

-- The links of a sheet lie over its picture, each at its own place in px from the lower left corner
local function links_of(div)
  local links = {}
  for line in io.lines(div.attributes.links) do
    local x, y, target, label = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    table.insert(links, { x = x, y = y, target = target, label = label })
  end
  return links
end

local function latex_sheet(div)
  local a = div.attributes
  local into = pandoc.Inlines({ raw("\\clearpage\n") })
  if div.identifier ~= "" then
    into:insert(raw("{"))
    into:extend(caption_for_latex(div, div.content[2].content, "\\captionof{figure}"))
    into:insert(raw("\\par}\\medskip\n"))
  end
  into:insert(raw("\\noindent\\setlength{\\unitlength}{\\dimexpr\\linewidth/" .. a.width
    .. "\\relax}\\begin{picture}(" .. a.width .. "," .. a.height .. ")\n\\put(0,0){"))
  into:insert(image(div.content[1].content[1]))
  into:insert(raw("}\n"))
  for _, link in ipairs(links_of(div)) do
    into:insert(raw("\\put(" .. link.x .. "," .. link.y .. "){"))
    into:insert(pandoc.Link({ raw("\\makebox(" .. a["cell-width"] .. "," .. a["cell-height"] .. "){}") },
      link.target))
    into:insert(raw("}\n"))
  end
  into:insert(raw("\\end{picture}{\\parfillskip=0pt\\par}"))
  return pandoc.Plain(into)
end

local function html_sheet(div)
  local a = div.attributes
  local function share(part, whole)
    return string.format("%.3f%%", 100 * part / whole)
  end
  local id = div.identifier ~= "" and ' id="' .. div.identifier .. '"' or ""
  local parts = pandoc.Blocks({ raw_block('<figure class="sheet"' .. id .. '><div class="wide"><div class="stamps">') })
  parts:insert(pandoc.Plain(div.content[1].content))
  local width, height = share(a["cell-width"], a.width), share(a["cell-height"], a.height)
  local lines = {}
  for _, link in ipairs(links_of(div)) do
    local said = link.label:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;")
    table.insert(lines, string.format(
      '<a href="%s" title="%s" aria-label="%s" style="left:%s;bottom:%s;width:%s;height:%s"></a>',
      link.target:gsub("&", "&amp;"):gsub('"', "%%22"), said, said, share(link.x, a.width),
      share(link.y, a.height), width, height))
  end
  parts:insert(raw_block(table.concat(lines, "\n")))
  parts:insert(raw_block("</div></div>"))
  if div.identifier ~= "" then
    parts:insert(raw_block("<figcaption>"))
    parts:insert(pandoc.Plain(caption_for_html(div, div.content[2].content)))
    parts:insert(raw_block("</figcaption>"))
  end
  parts:insert(raw_block("</figure>"))
  return parts
end

-- Everything

local function div(element)
  if holds(element, "figure") then
    return figure(element)
  elseif holds(element, "table") then
    return data_table(element)
  elseif holds(element, "grid") then
    return latex and latex_grid(element) or html_grid(element)
  elseif holds(element, "sheet") then
    return latex and latex_sheet(element) or html_sheet(element)
  elseif holds(element, "contents") then
    return latex and raw_block("\\tableofcontents") or {}
  elseif holds(element, "page") then
    return latex and raw_block("\\clearpage") or {}
  end
end

local function link(element)
  if #element.content == 0 then
    local id = element.target:sub(2)
    if not names[id] then
      error("there is no figure or table " .. id)
    end
    if latex then
      return raw("\\hyperref[" .. id .. "]{" .. names[id]:gsub(" ", "~") .. "}")
    end
    element.content = { pandoc.Str(names[id]) }
    return element
  end
end

-- The book ends the rows of a formula with \cr, because GitHub reads \\ as one backslash
local function formula(element)
  element.text = element.text:gsub("\\cr%f[%A]", "\\\\")
  if not latex then
    -- pandoc's MathML knows only some of LaTeX's spaces
    element.text = element.text:gsub("\\enspace%f[%A]", "\\;")
  end
  return element
end

-- The file that a block of code is quoted from stands above it
local function code(block)
  local from = block.attributes.from
  if from then
    block.attributes.from = nil
    local name = latex and raw("\\quotedfrom{" .. from:gsub("_", "\\_") .. "}")
      or raw('<span class="from">' .. from .. "</span>")
    return { pandoc.Plain({ name }), block }
  end
end

-- Long code in a line of text may go on in the next line after these characters
local function inline_code(element)
  if not latex or #element.text < 16 then
    return nil
  end
  local pieces = pandoc.Inlines({})
  for piece in element.text:gsub("([/,(])", "%1\0"):gmatch("[^%z]+") do
    if #pieces > 0 then
      pieces:insert(raw("\\allowbreak{}"))
    end
    pieces:insert(pandoc.Code(piece))
  end
  return pieces
end

-- Columns of a page's table: wide ones share the line by what stands in them
local function widths(tab)
  if not latex then
    return nil
  end
  local longest, total = {}, 0
  local function measure(row)
    for i, cell in ipairs(row.cells) do
      local n = 0
      for _, b in ipairs(cell.contents) do
        n = n + utf8.len(pandoc.utils.stringify(b))
      end
      longest[i] = math.max(longest[i] or 4, n)
    end
  end
  for _, row in ipairs(tab.head.rows) do measure(row) end
  for _, body in ipairs(tab.bodies) do
    for _, row in ipairs(body.body) do measure(row) end
  end
  for _, n in ipairs(longest) do total = total + n + 2 end
  if total > 88 then
    for i, spec in ipairs(tab.colspecs) do
      tab.colspecs[i] = { spec[1], (longest[i] + 2) / total }
    end
    return tab
  end
end

local function centred(paragraph)
  if latex and #paragraph.content == 1 and paragraph.content[1].t == "Image" then
    return pandoc.Plain({ raw("\\begin{center}"), image(paragraph.content[1]), raw("\\end{center}") })
  end
end

function Pandoc(doc)
  number(doc)
  return doc:walk({ Table = widths, Math = formula }):walk({ Link = link, Code = inline_code, CodeBlock = code })
    :walk({ Div = div })
    :walk({ Para = centred }):walk({ Image = image })
end
