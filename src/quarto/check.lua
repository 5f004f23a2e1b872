-- Quarto runs this before it renders the root of the repository: without reports there is nothing to publish.
local report = io.open("reports/index.ipynb")
if report == nil then
  io.stderr:write("Nothing was rendered: run `make site`, or `wecare build` first.\n")
  os.exit(1)
end
report:close()
