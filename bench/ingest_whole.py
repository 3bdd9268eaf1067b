"""A whole hour of ingest with rules, roll-ups and figures against the bare COPY; see `bench.ingest`."""

from bench.ingest import main

if __name__ == "__main__":
    main("whole")
