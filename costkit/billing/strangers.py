"""Files that lie beside a bill and are no part of it."""

from costkit.billing.columns import kind_of
from costkit.billing.engine import Engine
from costkit.billing.files import TABLE, BillFiles


def strangers(engine: Engine, files: BillFiles, kind: str, where: str) -> list[str]:
    """The files that are not of this kind of export, by their columns. Each is opened, so ask only when in doubt."""
    if files.format == TABLE or len(files.paths) == 1:
        return []
    alone = {path: files._replace(paths=(path,)) for path in files.paths}
    return [path for path, one in alone.items() if kind_of(engine.columns(engine.scan(one), where)) != kind]
