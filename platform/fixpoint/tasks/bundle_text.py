"""A bundle's YAML as text: read without silence about doubled keys, and written so that it reads the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

import yaml
from django.utils.translation import gettext as _

from fixpoint.tasks.saying import shortly

SECRET = "# SECRET: the hidden labels and the key that parts them. Who has this file can win the task.\n"  # noqa: S105

_DEEPEST = 20
"""A bundle's own fields need four."""
_LONGEST_NUMBER = 40
_NUMBERS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
"""YAML 1.1 also writes them to the base of 60, of which a thousand digits take seconds."""


class NotYamlError(ValueError):
    """The text holds no fields; the message says why, and where."""


class _Loader(yaml.SafeLoader):
    """YAML without its silence about a key that stands twice, and without what grows beyond bounds or has no use here:
    references, tags, depth, keys that are lists, numbers of thousands of digits."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if why := self._unread(event):
            raise yaml.composer.ComposerError(None, None, why, event.start_mark)
        self._depth += 1
        try:
            return _checked(super().compose_node(parent, index))
        finally:
            self._depth -= 1

    def _unread(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            return _("references (&name, *name) are not read: write the value out")
        if getattr(event, "tag", None) is not None:
            return _("tags (!name) are not read: leave it out")
        return _("it is nested more than %(most)s levels deep") % {"most": _DEEPEST} if self._depth > _DEEPEST else ""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        for key, __ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, _("a key is one word, no list"), key.start_mark)
        keys = [self.construct_object(key, deep=True) for key, __ in node.value]
        for key, count in Counter(str(key) for key in keys).items():
            if count > 1:
                problem = _("the key %(key)s stands %(count)s times") % {"key": shortly(key), "count": count}
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep)


def _checked(node: yaml.Node | None) -> yaml.Node | None:
    is_number = isinstance(node, yaml.ScalarNode) and node.tag in _NUMBERS
    if node and is_number and len(node.value) > _LONGEST_NUMBER:
        why = _("a number has %(most)s digits at most: put it in quotes if it is text") % {"most": _LONGEST_NUMBER}
        raise yaml.composer.ComposerError(None, None, why, node.start_mark)
    return node


class _Dumper(yaml.SafeDumper):
    """Lists indented, texts of several lines as blocks where YAML can keep them so."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    lines = text.split("\n")
    is_tidy = len(lines) > 1 and all(line == line.strip() and "\t" not in line for line in lines) and text[:1].isalnum()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if is_tidy else None)


def _moment(dumper: yaml.SafeDumper, moment: datetime) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(datetime, _moment)
_Dumper.add_multi_representer(PurePath, lambda dumper, path: _text(dumper, path.as_posix()))


def fields_read(text: str, name: str) -> dict[str, Any]:
    """The fields of a YAML text; NotYamlError with `name` of the file where there are none."""
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        raise NotYamlError(_("%(name)s is not valid YAML: %(error)s") % {"name": name, "error": error}) from error
    if not isinstance(raw, dict):
        raise NotYamlError(_("%(name)s must hold fields such as 'slug: …', one a line.") % {"name": name})
    return raw


def fields_written(fields: dict[str, Any]) -> str:
    """The same fields as YAML, in their order, marked as secret."""
    return SECRET + yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
