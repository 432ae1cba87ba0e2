"""Judges requests and answers by the carriers' own published specifications (contracts/SOURCES.md)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

CONTRACTS = Path(__file__).parent / "contracts"
LONGEST_BODY = 1_600  # said in words in the specification of Body, not in its schema


@cache
def contract(name: str) -> Any:
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def strict(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema, with every object closed: a field the specification does not name is refused."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(closed.get("$ref"), str):
        closed["$ref"] = closed["$ref"].replace("../../components/schemas.json#/", "#/components/schemas/")
    if "properties" in closed and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    if closed.pop("nullable", False) is True and isinstance(closed.get("type"), str):
        closed["type"] = [closed["type"], "null"]
    return closed


def faults(schema: Any, components: Any, value: Any) -> list[str]:
    validator = Draft202012Validator(
        {**strict(schema), "components": {"schemas": strict(components)}}, format_checker=FormatChecker()
    )
    return [error.message for error in validator.iter_errors(value)]


def typed(schema: Mapping[str, Any], written: str) -> Any:
    """A form or query value as the type its schema wants, or as it was written when it is not that."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", written):
        return int(written)
    if schema.get("type") == "boolean" and written in ("true", "false"):
        return written == "true"
    return written


def twilio_request_faults(method: str, target: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    """What is wrong with a request to Twilio's Messages API; an empty list when nothing is."""
    spec = contract("twilio/messages.json")
    components = spec["components"]["schemas"]
    parts = urlsplit(target)
    operation, found = _operation(spec, method, parts.path)
    if operation is None:
        return [f"no such operation: {method} {parts.path}"]
    parameters = {p["name"]: p for p in operation.get("parameters", ())}
    wrong = [fault for name, value in found.items() for fault in faults(parameters[name]["schema"], components, value)]
    for name, value in parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)):
        if parameters.get(name, {}).get("in") != "query":
            wrong.append(f"unknown query parameter {name}")
        else:
            schema = parameters[name]["schema"]
            wrong += faults(schema, components, typed(schema, value))
    if method == "POST":
        wrong += _form_faults(operation, components, headers, body)
    kind, _, login = headers.get("authorization", "").partition(" ")
    if kind != "Basic" or base64.b64decode(login).count(b":") != 1:
        wrong.append("no basic authorization")
    return wrong


def _operation(spec: Any, method: str, path: str) -> tuple[Any, dict[str, str]]:
    for template, operations in spec["paths"].items():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+?)", re.escape(template).replace(r"\{", "{").replace(r"\}", "}"))
        found = re.fullmatch(pattern, path)
        if found and method.lower() in operations:
            return operations[method.lower()], found.groupdict()
    return None, {}


def _form_faults(operation: Any, components: Any, headers: Mapping[str, str], body: bytes) -> list[str]:
    content = operation["requestBody"]["content"]
    kind = headers.get("content-type", "")
    if kind not in content:
        return [f"content type {kind}"]
    schema = content[kind]["schema"]
    form = {
        name: typed(schema["properties"].get(name, {}), value)
        for name, value in parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    }
    wrong = faults(schema, components, form)
    if len(str(form.get("Body", ""))) > LONGEST_BODY:
        wrong.append("Body is too long")
    life = form.get("ValidityPeriod", 1)
    if isinstance(life, int) and not 1 <= life <= 36_000:
        wrong.append("ValidityPeriod is out of range")
    if "_" in (urlsplit(str(form.get("StatusCallback", ""))).hostname or ""):
        wrong.append("StatusCallback's host has an underscore")
    return wrong


def twilio_answer_faults(target: str, answer: Any, *, method: str = "GET", status: str = "200") -> list[str]:
    """What is wrong with an answer that a stand-in for Twilio gives."""
    spec = contract("twilio/messages.json")
    operation, _ = _operation(spec, method, urlsplit(target).path)
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    return faults(schema, spec["components"]["schemas"], answer)


def sendgrid_request_faults(method: str, target: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    """What is wrong with a request to SendGrid's mail/send; an empty list when nothing is."""
    if (method, target) != ("POST", "/v3/mail/send"):
        return [f"no such operation: {method} {target}"]
    content = contract("sendgrid/mail_send.json")["mail_send"]["post"]["requestBody"]["content"]
    if headers.get("content-type") not in content:
        return [f"content type {headers.get('content-type')}"]
    schema = content[headers["content-type"]]["schema"]
    wrong = faults(schema, contract("sendgrid/components.schemas.json"), json.loads(body))
    if not headers.get("authorization", "").startswith("Bearer "):
        wrong.append("no bearer authorization")
    return wrong
