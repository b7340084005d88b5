"""The one-line commands, made from the forms of the resource types: ``costkit lambda --requests 30M``."""

from collections.abc import Iterable, Iterator
from decimal import localcontext
from typing import Any

import click

from costkit.cli.answer import answer
from costkit.cli.options import Asked, asked_from, price_book, shared_options
from costkit.inputs.binding import Field, fields_of
from costkit.inputs.documents import Document
from costkit.inputs.resources import ResourceReader
from costkit.model.exact import EXACT
from costkit.model.kind import Choice, Flag, Nested
from costkit.model.place import Path
from costkit.model.problem import CostkitError
from costkit.model.spec import HOURS_PER_MONTH, Spec
from costkit.services import command_of, service

TYPED_FIELDS = {"instance_type": "ec2_instance", "node_type": "redshift_cluster"}


def command_for(kind: str) -> click.Command:
    """The command of a resource type: an option a field, nested fields by their joined names."""
    form = service(kind).Usage
    places: dict[str, tuple[Path, bool]] = {}
    options = list(_options(form, (), places))
    options.append(click.Option(["--count"], metavar="NUMBER", help="How many of them."))
    options.append(click.Option(["--tag", "tags"], multiple=True, metavar="KEY=VALUE", help="A tag; repeatable."))
    options.append(
        click.Option(["--set", "changes"], multiple=True, metavar="FIELD=VALUE", help="Set a field; repeatable.")
    )
    name = command_of(kind)

    def callback(**values: Any) -> None:
        asked, changes = asked_from(values), values.pop("changes")
        document = change(_document(name, kind, values, places), changes)
        click.get_current_context().exit(answer(document, _spec(document, asked), asked))

    about = (form.__doc__ or "").strip()
    return click.Command(name, params=[*options, *shared_options()], callback=callback, help=f"Price: {about}")


def change(document: Document, changes: tuple[str, ...]) -> Document:
    """The document with fields set by ``--set memory=1GB``."""
    if not changes:
        return document
    from costkit.inputs.what_if import change as changed

    [name] = document.tree["resources"]
    return changed(document, [text if text.startswith(f"{name}.") else f"{name}.{text}" for text in changes])


def _options(form: type, path: Path, places: dict[str, tuple[Path, bool]]) -> Iterator[click.Option]:
    for place, field in enumerate(fields_of(form)):
        inner = (*path, field.name)
        if isinstance(field.kind, Nested) and not field.kind.many:
            yield from _options(field.kind.form, inner, places)
            continue
        many = isinstance(field.kind, Nested)
        flag = "-".join(str(part) for part in inner).replace("_", "-")
        name = f"--{flag.removesuffix('s') if many else flag}"
        places["__".join(str(part) for part in inner)] = (inner, many)
        # A bare value stands for the first field of a nested form, as it does in a spec.
        names = [name, f"--{'-'.join(str(part) for part in path).replace('_', '-')}"] if path and not place else [name]
        yield _option(names, "__".join(str(part) for part in inner), field, many, required=field.required and not path)


def _option(names: list[str], key: str, field: Field, many: bool, required: bool) -> click.Option:
    if isinstance(field.kind, Flag):
        return click.Option([*names, key], is_flag=True, default=None, help=field.about)
    if many:
        return click.Option([*names, key], multiple=True, metavar="KEY=VALUE,...", help=f"{field.about} Repeatable.")
    wanted = "" if isinstance(field.kind, Nested) else f"; {field.kind.wanted()}"
    about = f"{field.about}{wanted}{'  [required]' if required else ''}"
    return click.Option([*names, key], metavar="VALUE", help=about, shell_complete=_completion(field))


def _completion(field: Field) -> Any:
    """What the shell may complete: the words of a choice, the types of a table."""

    def complete(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        words: Iterable[str] = field.kind.words if isinstance(field.kind, Choice) else ()
        if field.name in TYPED_FIELDS:
            words = price_book().specs(TYPED_FIELDS[field.name])
        return [word for word in words if word.startswith(incomplete)]

    return complete


def _document(name: str, kind: str, values: dict[str, Any], places: dict[str, tuple[Path, bool]]) -> Document:
    """What the flags say, as the tree of a spec, with the flag of each part."""
    raw: dict[str, Any] = {"type": kind}
    flags: dict[Path, str] = {}
    for key, (path, many) in places.items():
        flag = "-".join(str(step) for step in path).replace("_", "-")
        flags["resources", name, *path] = f"--{flag.removesuffix('s') if many else flag}"
        value = values[key]
        if value is None or value == ():
            continue
        part = raw
        for step in path[:-1]:
            part = part.setdefault(str(step), {})
        part[str(path[-1])] = _items(value) if many else value
    if values["count"] is not None:
        raw["count"] = values["count"]
        flags["resources", name, "count"] = "--count"
    if values["tags"]:
        # A tag without a value is one that somebody forgot to write: its field refuses it.
        raw["tags"] = {key: value if separator else None for key, separator, value in map(_split, values["tags"])}
        flags["resources", name, "tags"] = "--tag"
    flags["region",] = flags["resources", name, "region"] = "--region"
    return Document("command line", {"resources": {name: raw}}, {}, (), flags=flags)


def _split(tag: str) -> tuple[str, str, str]:
    return tag.partition("=")


def _items(texts: tuple[str, ...]) -> list[dict[str, str]]:
    from costkit.inputs.fleet import pairs

    return [pairs(text) for text in texts]


def _spec(document: Document, asked: Asked) -> Spec:
    """The one resource as a spec. Raises CostkitError with everything that is wrong with the flags."""
    [(name, raw)] = document.tree["resources"].items()
    hours = HOURS_PER_MONTH if asked.overrides.month_hours is None else asked.overrides.month_hours
    with localcontext(EXACT):
        door = ResourceReader(asked.book, asked.on, hours)
        door.default_region(asked.overrides.region, ("region",))
        points = door.resource(name, raw)
    problems = [flaw.at(document.where(flaw.path)) for flaw in door.flaws]
    if points is None:
        raise CostkitError(problems)
    expected, low, high = ((points[place],) for place in (0, 1 % len(points), -1))
    free_tier = asked.overrides.free_tier is not False
    if len(points) == 1:
        low = high = expected
    return Spec(expected, low, high, name, hours, free_tier=free_tier, problems=tuple(problems))
