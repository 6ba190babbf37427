"""`--help` of a command says what each of its options is for."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class

COMMANDS = sorted(name for name, app in get_commands().items() if app == "fixpoint.organizing")


def options(parser: ArgumentParser) -> Iterator[Action]:
    """Those of its acts too."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for each in action.choices.values():
                yield from options(each)
        else:
            yield action


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_says_what_it_is_for(name):
    parser = load_command_class("fixpoint.organizing", name).create_parser("manage.py", name)
    assert [action.dest for action in options(parser) if not action.help] == []
