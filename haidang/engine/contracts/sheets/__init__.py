"""Excel files of offices, read and judged cell by cell against a contract of kind `sheet`."""
