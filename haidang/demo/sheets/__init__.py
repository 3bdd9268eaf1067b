"""What the offices of a simulated province send as Excel files: numbers that fit together, and workbooks as people make them."""
