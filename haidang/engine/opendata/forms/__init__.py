"""The forms a data set leaves in, each written line by line.

| File | Form |
|---|---|
| `data.csv` | RFC 4180, UTF-8 with a byte order mark: Excel of a Vietnamese office reads it as UTF-8 only then |
| `data.sdmx.csv` | SDMX-CSV 2.0 (without a mark) |
| `data.json` | one object: what it is, then `data` |
| `datapackage.json` | Data Package 2 (Frictionless) that describes `data.csv`, with its bytes and its hash |
"""
