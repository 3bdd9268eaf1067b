"""Tables and lists of the screens as Excel files, for whoever may take them away."""
