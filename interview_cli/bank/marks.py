"""The marks that stand in card text: gaps, names in braces, formulas."""

import re

GAP = re.compile(r"⟦([^⟦⟧]*)⟧")
NAME_IN_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+?\$", re.DOTALL)
