"""Man pages, completions for shells and the settings file of packages, made from what the program says of itself."""
