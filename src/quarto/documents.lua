-- Pages are made of HTML; here Quarto is told what it says, in formats that are not HTML (docx, typst, PDF).
if quarto.doc.is_format("html") then return {} end

-- What is there for a screen: buttons, downloads, the path to the page, the drawing for a phone, data of charts.
local screen = {
  "<script.-</script>", "<button.-</button>", "<nav.-</nav>", '<p class="downloads">.-</p>', '<ul class="downloads">.-</ul>',
  '<p class="embed">.-</p>', '<pre class="embed%-code".-</pre>', '<svg class="drawing narrow".-</svg>', "<summary.-</summary>",
}

local function content(raw)
  if raw.format ~= "html" then return nil end
  local html = raw.text
  for _, pattern in ipairs(screen) do html = html:gsub(pattern, "") end
  return pandoc.read(html, "html").blocks
end

return { { RawBlock = content } }
