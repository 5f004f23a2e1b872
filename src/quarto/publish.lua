-- Quarto runs this after it has rendered the root of the repository, where no page stands: the pages are laid out in
-- build/site, rendered there by Quarto, finished and checked, as by `wecare publish`, but into build/quarto.
local own = io.open(".venv/bin/wecare")
local command = own and ".venv/bin/wecare" or "wecare"
if own then own:close() end
-- What Quarto says of this project would be believed by the one that renders build/site.
local forget = "for name in $(env | sed -n 's/^\\(QUARTO_P[A-Z_]*\\)=.*/\\1/p'); do case $name in QUARTO_PYTHON) ;; *) unset $name ;; esac; done; "
local done = os.execute(forget .. command .. " publish --publisher quarto --folder build/quarto")
if not done then os.exit(1) end
