"""Where a checkpoint's folder comes from. The hub here is a small server on this machine that speaks its language."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import snapshot_download

from generation.errors import CheckpointInvalidError
from generation.jobs.sources import fetch_folder, local_folder
from generation.jobs.weights import check_weights
from tests.generation.model_folders import write_model_folder, write_single_file

COMMIT = "5" * 40


class HubHandler(http.server.BaseHTTPRequestHandler):
    """Serves one model, `acme/dreams`: what it holds, and its files with their hashes as a real hub does."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, folder: Path, asked: list[str]) -> None:
        self.folder, self.asked = folder, asked
        super().__init__(*args)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        if path.startswith("/api/models/acme/dreams/tree/"):
            return self._json([self._entry(file) for file in self._files()])
        if path.startswith("/api/models/acme/dreams"):
            siblings = [{"rfilename": self._name(file)} for file in self._files()]
            return self._json({"id": "acme/dreams", "sha": COMMIT, "siblings": siblings})
        file = self.folder / path.removeprefix(f"/acme/dreams/resolve/{COMMIT}/")
        if path.startswith("/acme/dreams/") and file.is_file():
            content = file.read_bytes()
            return self._send(content, ETag=f'"{hashlib.sha256(content).hexdigest()}"', **{"X-Repo-Commit": COMMIT})
        return self._send(b"", 404, **{"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET  # noqa: N815 - http.server calls it so

    def log_message(self, *_: Any) -> None:
        pass

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def _name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()

    def _entry(self, file: Path) -> dict[str, Any]:
        content = file.read_bytes()
        oid = hashlib.sha1(content).hexdigest()
        return {"type": "file", "path": self._name(file), "size": len(content), "oid": oid}

    def _json(self, body: Any) -> None:
        self._send(json.dumps(body).encode(), **{"Content-Type": "application/json"})

    def _send(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


class Hub:
    """A hub on this machine; `asked` are the addresses it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        handler = partial(HubHandler, folder=folder, asked=self.asked)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Iterator[Hub]:
    """The hub that every download of this test goes to."""
    folder = write_model_folder(tmp_path / "of-the-hub", readme="---\nlicense: openrail\n---\n")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "unet" / "model.fp16.safetensors").write_bytes(b"half as much")
    hub = Hub(folder)
    monkeypatch.setattr("huggingface_hub.snapshot_download", partial(snapshot_download, endpoint=hub.url))
    yield hub
    hub.close()


@pytest.fixture
def nobody_asked(monkeypatch):
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: pytest.fail("a hub was asked"))


def test_a_folder_here_is_itself(tmp_path, nobody_asked):
    folder = write_model_folder(tmp_path / "dreams")
    assert fetch_folder(str(folder)) == local_folder(str(folder)) == folder


def test_a_model_of_the_hub_comes_into_the_data_folder_without_pickles(hub, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    assert local_folder("acme/dreams") is None
    folder = fetch_folder("acme/dreams")
    assert folder == local_folder("acme/dreams") == tmp_path / "var" / "models" / "acme--dreams"
    check_weights(folder)
    assert (folder / "README.md").is_file()
    assert not [path for path in folder.rglob("*") if path.name.endswith((".bin", ".fp16.safetensors"))]


def test_what_is_there_already_is_not_downloaded_twice(hub, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    fetch_folder("acme/dreams")
    (tmp_path / "var" / "models" / "acme--dreams" / "vae" / "model.safetensors").unlink()
    hub.asked.clear()
    fetch_folder("acme/dreams")
    assert {path for path in hub.asked if path.endswith(".safetensors")} == {
        f"/acme/dreams/resolve/{COMMIT}/vae/model.safetensors"
    }


def test_a_model_that_the_hub_does_not_have_is_a_sentence(hub, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    with pytest.raises(CheckpointInvalidError, match="acme/nightmares is neither a folder here nor a model"):
        fetch_folder("acme/nightmares")


@pytest.mark.parametrize("source", ["dreams.ckpt", "/models/dreams.pt", "acme/dreams.bin", "dreams.gguf", "a.pth"])
def test_files_of_other_kinds_are_refused_unopened(source, nobody_asked):
    with pytest.raises(CheckpointInvalidError, match=r"is no safetensors\. Files of other kinds are never opened"):
        fetch_folder(source)


def test_a_pickle_that_is_here_is_refused_too(tmp_path, nobody_asked):
    (tmp_path / "dreams.ckpt").write_bytes(b"")
    with pytest.raises(CheckpointInvalidError, match=r"pickles .* can run code"):
        fetch_folder(str(tmp_path / "dreams.ckpt"))


def test_a_file_without_a_name_that_tells_is_refused(tmp_path, nobody_asked):
    (tmp_path / "dreams").write_bytes(b"")
    with pytest.raises(CheckpointInvalidError, match="is a single file, but no safetensors by its name"):
        fetch_folder(str(tmp_path / "dreams"))


def test_a_file_that_is_not_here_is_a_sentence(nobody_asked):
    with pytest.raises(CheckpointInvalidError, match=r"There is no file dreams\.safetensors here"):
        fetch_folder("dreams.safetensors")


def test_a_file_becomes_a_folder_that_is_found_again(settings, tmp_path, nobody_asked):
    settings.DATA_DIR = tmp_path / "var"
    whole = write_model_folder(tmp_path / "whole")
    file = write_single_file(tmp_path / "dreams.safetensors", whole)
    assert local_folder(str(file)) is None
    folder = fetch_folder(str(file), ["/nowhere", str(whole)])
    assert local_folder(str(file)) == folder
    check_weights(folder)


def test_the_hub_configures_a_file_without_giving_weights(hub, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    file = write_single_file(tmp_path / "dreams.safetensors", tmp_path / "of-the-hub")
    folder = fetch_folder(str(file), like="acme/dreams")
    check_weights(folder)
    assert not [path for path in hub.asked if path.endswith(".safetensors")]


@pytest.mark.parametrize("source", ["/nowhere/dreams", "models/of/mine", "./dreams", "~/dreams", "-x/y", ""])
def test_a_path_that_is_not_there_is_refused_without_asking_a_hub(source, nobody_asked):
    with pytest.raises(CheckpointInvalidError, match="neither a folder here nor the name of a model"):
        fetch_folder(source)
