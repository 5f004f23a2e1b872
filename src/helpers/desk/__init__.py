"""The analyst's desk: tables, charts, own data and budgets at hand in a notebook, made by what makes the site."""
