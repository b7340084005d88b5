"""Compiles the price tables when costkit is built or installed, so that no command parses YAML for a price."""

import os
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTables(BuildHookInterface):
    """Puts compiled copies beside the tables; a wheel takes them along, an editable install finds them there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every table into ``pricing/compiled``, which git ignores."""
        sys.path.insert(0, self.root)
        from costkit.pricebook.compiling import compile_directory

        tables = os.path.join(self.root, "pricing")
        compile_directory(tables, os.path.join(tables, "compiled"))
