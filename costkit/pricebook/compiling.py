"""Compiles all tables of a directory ahead of time, when costkit is built or installed."""

import os

from costkit.model.problem import CostkitError
from costkit.pricebook import cache, table
from costkit.pricebook.book import NO_TABLES, compiled_name
from costkit.pricebook.coverage import files_of
from costkit.yaml_exact import read


def compile_directory(directory: str, target: str) -> None:
    """Write a compiled copy of every table below ``directory`` into ``target``."""
    entries = sorted({entry.removesuffix(".yaml") for entry in os.listdir(directory)} - set(NO_TABLES))
    for name in (name for entry in entries for name in files_of(directory, entry)):
        with open(os.path.join(directory, *name.split("/")) + ".yaml", "rb") as file:
            content = file.read()
        tree, lines, problems = read(content.decode(), name)
        if problems:
            raise CostkitError(problems)
        path = os.path.join(target, compiled_name(name))
        cache.store(path, cache.fingerprint(content), table.compact(tree, lines))
