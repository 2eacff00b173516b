"""A program that uses the API with a token; every answer it gets is held against the published schema."""

from __future__ import annotations

import json
import re
from functools import cache
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from jsonschema import Draft202012Validator

from mjweb.accounts.models import ApiToken, User


class ApiClient:
    """Sends JSON as `user`; without one, without a token."""

    def __init__(self, user: User | None = None) -> None:
        self._client = Client()
        self._headers = {"Authorization": f"Bearer {ApiToken.issue(owner=user, name='test')}"} if user else {}

    def get(self, address: str, **parameters: Any) -> Any:
        return _conforming("get", address, self._client.get(address, parameters, headers=self._headers))

    def post(self, address: str, body: Any = None, *, key: str | None = None, kind: str = "application/json") -> Any:
        return _conforming("post", address, self.post_unchecked(address, body, key=key, kind=kind))

    def post_unchecked(
        self, address: str, body: Any = None, *, key: str | None = None, kind: str = "application/json"
    ) -> Any:
        """What comes back, whatever it is: holding it against the schema takes longer than most answers."""
        text = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
        headers = {**self._headers, **({"Idempotency-Key": key} if key is not None else {})}
        return self._client.post(address, text, content_type=kind, headers=headers)

    def put(self, address: str, body: Any) -> Any:
        sent = self._client.put(address, json.dumps(body), content_type="application/json", headers=self._headers)
        return _conforming("put", address, sent)

    def patch(self, address: str, body: Any) -> Any:
        sent = self._client.patch(address, json.dumps(body), content_type="application/json", headers=self._headers)
        return _conforming("patch", address, sent)

    def upload(self, address: str, content: bytes, **fields: str) -> Any:
        file = SimpleUploadedFile("picture", content)
        return _conforming("post", address, self._client.post(address, {"file": file, **fields}, headers=self._headers))

    def delete(self, address: str) -> Any:
        return self._client.delete(address, headers=self._headers)


@cache
def schema() -> Any:
    """The published schema."""
    spectacular_settings.apply_patches({})
    return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))


def _conforming(method: str, address: str, response: Any) -> Any:
    """The response, which the schema must foresee: status, media type and body."""
    described = _operation(method, address.removeprefix("http://testserver"))["responses"]
    assert str(response.status_code) in described, f"{response.status_code} is not documented: {response.content}"
    if response.status_code == HTTPStatus.NO_CONTENT:
        assert response.content == b""
        return response
    media_type = response["Content-Type"].partition(";")[0]
    body_schema = described[str(response.status_code)]["content"][media_type]["schema"]
    Draft202012Validator({**body_schema, "components": schema()["components"]}).validate(response.json())
    return response


def _operation(method: str, address: str) -> Any:
    for template, operations in schema()["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if method in operations and re.fullmatch(pattern, address.partition("?")[0]):
            return operations[method]
    raise AssertionError(f"{method} {address} is not documented")
