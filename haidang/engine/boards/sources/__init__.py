"""The pages on data sources: who delivers what, whether the sums close, what was refused and how to mend it."""
