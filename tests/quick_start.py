"""A plugin that pytest loads before all others: it spares every process of a run 3 seconds.

nbval imports jsonschema, and that imports the grammar of internationalised addresses, if it is
installed: with JupyterLab it is. No schema of a notebook has such an address.
"""

import sys

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
