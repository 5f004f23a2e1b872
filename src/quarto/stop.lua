-- Quarto runs this before it renders the root of the repository, whose pages are still to be laid out in build/site.
io.stderr:write("Nothing was rendered: the site is made by `make site`, or by `wecare build` and `wecare publish`.\n")
os.exit(1)
