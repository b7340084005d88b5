"""Puts compiled copies of the price tables into the wheel, so that no command has to parse YAML for a price."""

import os
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTables(BuildHookInterface):
    """Compiles every table when a wheel is built; an editable install reads the YAML itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled copies to what the wheel includes."""
        if version == "editable" or self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)
        from costkit.pricebook.compiling import compile_directory

        target = tempfile.mkdtemp()
        for path in compile_directory(os.path.join(self.root, "pricing"), target):
            build_data["force_include"][path] = f"costkit/pricing/compiled/{os.path.basename(path)}"
