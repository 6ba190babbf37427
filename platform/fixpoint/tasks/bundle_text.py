"""A bundle's YAML as text: read without silence about doubled keys, and written so that it reads the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

import yaml

SECRET = "# SECRET: the hidden labels and the key that parts them. Who has this file can win the task.\n"  # noqa: S105


class NotYamlError(ValueError):
    """The text holds no fields; the message says why, and where."""


class _Loader(yaml.SafeLoader):
    """YAML without its silence about a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, count in Counter(str(key) for key in keys).items():
            if count > 1:
                problem = f"the key '{key}' stands {count} times"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep)


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
        raise NotYamlError(f"{name} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise NotYamlError(f"{name} must hold fields such as 'slug: …', one a line.")
    return raw


def fields_written(fields: dict[str, Any]) -> str:
    """The same fields as YAML, in their order, marked as secret."""
    return SECRET + yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
