"""The push API in OpenAPI 3.1. `test_push.py` holds every answer of the door against it."""

from __future__ import annotations

from typing import Any

from haidang.engine.connectors.reasons import ANSWERS

# Which reasons each operation may answer with; the codes come from `reasons`.
DELIVERING = (
    "no_key", "wrong_key", "wrong_source", "unknown_source", "wrong_door", "empty", "broken_gzip", "broken_request",
    "bad_idempotency_key", "key_reused", "too_large", "too_many_records", "wrong_type", "too_many", "door_busy",
    "wire_full", "wire_unreachable", "disk_full", "door_fault",
)  # fmt: skip
LOOKING = ("no_key", "wrong_key", "wrong_source", "unknown_source", "not_found", "record_unreachable")

_READING = {
    "type": "object",
    "required": ["parameter", "at"],
    "properties": {
        "parameter": {"type": "string", "examples": ["PM2.5"]},
        "value": {"type": ["number", "null"], "examples": [31.2]},
        "unit": {"type": "string", "examples": ["µg/m3"]},
        "at": {"type": "string", "format": "date-time", "examples": ["2026-11-21T10:05:00+07:00"]},
        "status": {
            "type": "string",
            "examples": ["00"],
            "description": "00 measuring, 01 calibration, 02 fault",
        },
    },
}
_MESSAGE = {
    "type": "object",
    "required": ["station", "readings"],
    "properties": {
        "station": {"type": "string"},
        "readings": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Reading"}},
    },
}
_COUNT = {"type": "integer", "minimum": 0}
_SCHEMAS = {
    "Reading": _READING,
    "Message": _MESSAGE,
    "Accepted": {
        "type": "object",
        "required": ["delivery", "received", "outcome"],
        "properties": {
            "delivery": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
            "received": {"type": "integer", "minimum": 1, "description": "records counted at the door"},
            "outcome": {"type": "string", "format": "uri-reference"},
        },
    },
    "Outcome": {
        "type": "object",
        "required": ["delivery", "source", "state"],
        "properties": {
            "delivery": {"type": "string"},
            "source": {"type": "string"},
            "state": {
                "enum": ["waiting", "done", "renumbered"],
                "description": "renumbered: it waited in a stream that is no more, and was restored under another name",
            },
            "shared": {
                "type": "boolean",
                "description": "the counts are of one message of the stream that holds other deliveries too",
            },
            **dict.fromkeys(("received", "stored", "duplicate", "refused", "failed"), _COUNT),
            "refusals": {
                "type": "array",
                "description": "the first hundred of this delivery",
                "items": {
                    "type": "object",
                    "properties": {
                        "record": {"type": "integer"},
                        "reason": {"type": "string"},
                        "message": {"type": "string", "description": "Vietnamese: what and where"},
                        "remedy": {"type": "string", "description": "Vietnamese: how to mend it"},
                        "message_en": {"type": "string"},
                        "remedy_en": {"type": "string"},
                    },
                },
            },
        },
    },
    "Refused": {
        "type": "object",
        "required": ["reason", "message", "message_en"],
        "properties": {
            "reason": {"enum": sorted(ANSWERS)},
            "message": {"type": "string", "description": "Vietnamese: what, where, how to mend it"},
            "message_en": {"type": "string"},
        },
    },
}


def _content(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _refusals(reasons: tuple[str, ...]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for reason in reasons:
        by_status.setdefault(ANSWERS[reason].status, []).append(reason)
    return {
        str(status): {
            "description": " · ".join(ANSWERS[reason].en for reason in found),
            "content": _content("Refused"),
            **({"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if status in {429, 503} else {}),
        }
        for status, found in sorted(by_status.items())
    }


def document() -> dict[str, Any]:
    """The whole description."""
    source = {"name": "source", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hải Đăng push API",
            "version": "1",
            "description": "A 202 means: on disk with fsync. Anything else means: keep the data and send again.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"key": []}],
        "paths": {
            "/api/v1/sources/{source}/deliveries": {
                "parameters": [source],
                "post": {
                    "operationId": "deliver",
                    "summary": "Deliver readings",
                    "parameters": [
                        {
                            "name": "Idempotency-Key",
                            "in": "header",
                            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                            "description": "the same key and body get the same answer for 48 hours",
                        },
                        {
                            "name": "Content-Encoding",
                            "in": "header",
                            "schema": {"enum": ["gzip", "identity"]},
                        },
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {
                                    "oneOf": [
                                        {"$ref": "#/components/schemas/Message"},
                                        {"type": "array", "items": {"$ref": "#/components/schemas/Message"}},
                                    ]
                                }
                            },
                            "application/x-ndjson": {"schema": {"type": "string"}},
                        },
                    },
                    "responses": {
                        "202": {
                            "description": "Durable. The outcome of each record follows.",
                            "headers": {
                                "Location": {"schema": {"type": "string"}},
                                "Idempotency-Replayed": {"schema": {"const": "true"}},
                            },
                            "content": _content("Accepted"),
                        },
                        **_refusals(DELIVERING),
                    },
                },
            },
            "/api/v1/sources/{source}/deliveries/{delivery}": {
                "parameters": [
                    source,
                    {"name": "delivery", "in": "path", "required": True, "schema": {"type": "string"}},
                ],
                "get": {
                    "operationId": "look",
                    "summary": "What became of a delivery",
                    "responses": {
                        "200": {"description": "Counts by outcome", "content": _content("Outcome")},
                        **_refusals(LOOKING),
                    },
                },
            },
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
        },
    }
