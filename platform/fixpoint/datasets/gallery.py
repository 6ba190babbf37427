"""Which images of a dataset a gallery shows, in which groups and on which page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator

from fixpoint.datasets.manifest import Image
from fixpoint.datasets.models import Dataset, Finding
from fixpoint.datasets.precheck.groups import Groups

PAGE = 120
"""Images of a page: as many as a screen or two, whatever the dataset holds."""

SHOWN = 24
"""Of one group; the rest is counted, and stands in the list."""

SPLITS = ("train", "val")


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see; "" is everything."""

    split: str = ""
    label: str = ""
    finding: str = ""

    def takes(self, image: Image) -> bool:
        """Whether split and class are those that are wanted."""
        return self.split in {"", image.split} and self.label in {"", image.label}


@dataclass(frozen=True)
class Picture:
    """One image and its row."""

    row: int
    image: Image


@dataclass(frozen=True)
class Group:
    """Images that belong together; `more` of them are not shown."""

    pictures: tuple[Picture, ...]
    more: int


@dataclass(frozen=True)
class Page:
    """One page: its groups, its number from 1, of how many; images and groups of all pages together."""

    groups: tuple[Group, ...]
    number: int
    count: int
    images: int
    all_groups: int

    @property
    def has_groups(self) -> bool:
        """Whether any image stands beside another."""
        return self.images > self.all_groups


def chosen(dataset: Dataset, images: Sequence[Image], choice: Choice) -> Groups:
    """Rows in groups: those of a finding, else each image alone, by split, class and name."""
    if choice.finding:
        finding = dataset.findings.filter(kind=choice.finding).first()
        groups: Groups = finding.groups if finding else []
        return [group for group in groups if any(choice.takes(images[row]) for row in group)]
    places = {name: place for place, name in enumerate(dataset.task.classes)}
    rows = [row for row, image in enumerate(images) if choice.takes(image)]
    rows.sort(key=lambda row: (images[row].split, places.get(images[row].label, 0), images[row].path))
    return [[row] for row in rows]


def page_of(groups: Groups, images: Sequence[Image], number: str | int | None) -> Page:
    """One page of groups, by what stands in an address: no number is the first page, one out of range the last."""
    pages = Paginator(_pages(groups), 1)
    page = pages.get_page(number)
    return Page(
        groups=tuple(_group(group, images) for group in page[0]),
        number=page.number,
        count=pages.num_pages,
        images=sum(map(len, groups)),
        all_groups=len(groups),
    )


def previews(dataset: Dataset, shown: int) -> dict[str, tuple[int, list[int]]]:
    """By kind of finding, how many groups it has and the first of their rows."""
    return {
        finding.kind: (len(finding.groups), [row for group in finding.groups[:shown] for row in group[:2]][:shown])
        for finding in Finding.objects.filter(dataset=dataset)
    }


def kinds_of_rows(dataset: Dataset) -> dict[int, list[str]]:
    """By row, the findings that it stands in."""
    kinds: dict[int, list[str]] = {}
    for finding in dataset.findings.order_by("kind"):
        for row in {row for group in finding.groups for row in group}:
            kinds.setdefault(row, []).append(finding.kind)
    return kinds


def _pages(groups: Groups) -> list[Groups]:
    pages: list[Groups] = [[]]
    room = PAGE
    for group in groups:
        takes = min(len(group), SHOWN)
        if pages[-1] and takes > room:
            pages.append([])
            room = PAGE
        pages[-1].append(group)
        room -= takes
    return pages


def _group(rows: Iterable[int], images: Sequence[Image]) -> Group:
    shown = list(rows)
    return Group(tuple(Picture(row, images[row]) for row in shown[:SHOWN]), max(0, len(shown) - SHOWN))
