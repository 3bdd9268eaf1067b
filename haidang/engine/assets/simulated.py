"""Whether what this centre knows comes from a simulated province: whatever leaves it says so then."""

from __future__ import annotations

from django.conf import settings

from haidang.engine.assets.models import Asset


def is_simulated() -> bool:
    return bool(settings.HAIDANG_DEMO) or Asset.objects.filter(is_demo=True).exists()
