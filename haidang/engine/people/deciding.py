"""A form and the decision behind it: both may refuse, and both say so at the same fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form


def decided(form: Form, decide: Callable[[], Any]) -> bool:
    """Carry out a decision if the form holds; what the decision refuses stands at its fields. True when done."""
    if not form.is_valid():
        return False
    try:
        decide()
    except ValidationError as error:
        refused = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, words in refused.items():
            for word in words:
                form.add_error(name if name in form.fields else None, word)
        return False
    return True
