"""Reads answers of CloudWatch as fast as their JSON: nearly all of an account's metrics is lists of numbers.

botocore goes through such a list entry by entry, which takes longer than everything else together, and makes a date
of each time. Here a list of plain numbers stays as it was read, and times stay numbers or texts.
"""

from typing import Any

PLAIN = ("double", "float", "timestamp")
JSON = ("json", "rest-json")


def parse_plainly(session: Any) -> None:
    """Make the clients of a botocore session leave lists of numbers, and times, as they were sent."""
    from botocore.parsers import ResponseParserFactory

    factory = ResponseParserFactory()
    usual = factory.create_parser

    def create_parser(protocol_name: str) -> Any:
        parser = usual(protocol_name)
        if protocol_name in JSON:
            _leave_lists(parser)
        return parser

    factory.create_parser = create_parser
    factory.set_parser_defaults(timestamp_parser=_as_sent)
    session.register_component("response_parser_factory", factory)


def _as_sent(value: Any) -> Any:
    return value


def _leave_lists(parser: Any) -> None:
    """A botocore that parses lists in another way goes on doing so, only slower."""
    usual = getattr(parser, "_handle_list", None)

    def handle_list(shape: Any, value: Any) -> Any:
        plain = isinstance(value, list) and shape.member.type_name in PLAIN
        return value if plain or usual is None else usual(shape, value)

    if usual is not None:
        parser._handle_list = handle_list
