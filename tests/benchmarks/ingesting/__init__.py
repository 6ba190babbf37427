"""`make bench-ingest`: an archive from bytes to accepted pack, beside loops that only decode its files."""
