"""Makes the reference data of haidang/engine/places/data from published packages. Run once by a developer.

python -m tools.prepare_places            (downloads the packages, writes the data, prints what it corrected)
"""
