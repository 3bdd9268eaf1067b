"""Files as offices make them, and what each of their cells means."""

import pytest

pytest.register_assert_rewrite("tests.sheets.checking")
