-- Pages are made of HTML; here Quarto is told what it says, in formats that are not HTML (docx, typst, PDF).
if quarto.doc.is_format("html") then return {} end

-- What is there for a screen only; a drawing for a phone is found by its class.
local screen = {
  "<script.-</script>", "<button.-</button>", "<nav.-</nav>", "<form.-</form>", "<summary.-</summary>",
  "<fieldset.-</fieldset>", "<label.-</label>", "<select.-</select>", "<output.-</output>",
  '<p class="downloads">.-</p>', '<ul class="downloads">.-</ul>', '<p class="embed">.-</p>',
  '<pre class="embed%-code".-</pre>', '<p class="needs%-script">.-</p>', "<figure[^>]* data%-live.-</figure>",
  '<div class="diagram%-narrow" hidden>.-</div>', '<a class="nth" href="[^"]*">.-</a>',
}

-- The end of the drawing that begins at `first`; a map holds another one.
local function drawing_end(html, first)
  local depth, at = 0, first
  repeat
    local open, shut = html:find("<svg", at, true), html:find("</svg>", at, true)
    if open and open < shut then depth, at = depth + 1, open + 4 else depth, at = depth - 1, shut + 6 end
  until depth == 0
  return at - 1
end

-- Drawings as pictures, each with the words that its place has for it.
local function pictures(html)
  local made, at, alt = {}, 1, ""
  while true do
    local first = html:find("<svg", at, true)
    if not first then break end
    local last, before = drawing_end(html, first), html:sub(at, first - 1)
    for words in before:gmatch('aria%-label="([^"]*)"') do alt = words end
    local svg = html:sub(first, last)
    made[#made + 1] = before
    if not svg:find('^<svg class="drawing narrow"') then
      local root = '<svg xmlns="http://www.w3.org/2000/svg" font-family="Titillium Web, Segoe UI, Helvetica, Arial, sans-serif"'
      if svg:match("^<svg[^>]*xmlns=") then root = "<svg" end
      local data = quarto.base64.encode(root .. svg:sub(5))
      made[#made + 1] = '<p><img alt="' .. alt .. '" src="data:image/svg+xml;base64,' .. data .. '"></p>'
    end
    at = last + 1
  end
  return table.concat(made) .. html:sub(at)
end

local function content(raw)
  if raw.format ~= "html" then return nil end
  local html = raw.text
  for _, pattern in ipairs(screen) do html = html:gsub(pattern, "") end
  -- A row has no name in other formats, but something in a cell has.
  html = html:gsub('<tr[^>]* id="([^"]*)"[^>]*>(%s*<t[hd][^>]*>)', '<tr>%2<span id="%1"></span>')
  return pandoc.read(pictures(html), "html").blocks
end

-- Figures and tables in the form in which Quarto numbers them.
local function numbered(figure)
  local inside, after, found = {}, {}, false
  for _, block in ipairs(figure.content) do
    table.insert(found and after or inside, block)
    pandoc.Div(block):walk {
      Image = function() found = true end,
      Table = function() found = true end,
    }
  end
  table.insert(inside, pandoc.Para(pandoc.utils.blocks_to_inlines(figure.caption.long)))
  return { pandoc.Div(inside, { id = figure.identifier }), table.unpack(after) }
end

-- The words of a picture are not its caption.
local function picture(image)
  image.attributes["fig-alt"] = pandoc.utils.stringify(image.caption)
  image.caption = {}
  return image
end

-- A mark stands in brackets; a named link keeps its name where links have none.
local function link(a)
  local shown = a.title == "" and { a } or { pandoc.Str("["), a, pandoc.Str("]") }
  if a.identifier == "" then return shown end
  local name = a.identifier
  a.identifier = ""
  return pandoc.Span(shown, { id = name })
end

-- Links that lead nowhere from a document: to pages beside it, and to names that it does not have.
local function lead(doc)
  local names = {}
  local function note(element) if element.identifier ~= "" then names["#" .. element.identifier] = true end end
  doc:walk { Header = note, Div = note, Span = note }
  return doc:walk { Link = function(a)
    if a.target:match("^https?://") or a.target:match("^mailto:") or names[a.target] then return nil end
    return a.content
  end }
end

return { { RawBlock = content }, { Figure = numbered }, { Link = link, Image = picture }, { Pandoc = lead } }
