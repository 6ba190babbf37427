"""What every benchmark asks of ingestion: the real competition's classes and roomy limits."""

from demo.strokes import NUMERALS

REQUEST = {
    "recipe": "resnet50-dcai2021-quick",
    "layout": "splits",
    "classes": list(NUMERALS),
    "limits": {
        "images": 10_000,
        "image_bytes": 2 * 10**7,
        "image_pixels": 5 * 10**7,
        "archive_bytes": 10**9,
        "unpacked_bytes": 4 * 10**9,
    },
    "sheet_per_class": 12,
}
