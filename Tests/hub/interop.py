"""What `huggingface_hub` sees of the cache that Limn wrote, and what it writes itself: `interop.py find|pull OWNER/NAME`."""

import sys
from pathlib import Path

import huggingface_hub
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache

FILES = ["model_index.json", "decoder/config.json", "decoder/diffusion_pytorch_model.safetensors"]


def find(repository: str) -> None:
    report = scan_cache_dir()
    assert not report.warnings, report.warnings
    (found,) = [each for each in report.repos if each.repo_id == repository]
    (revision,) = found.revisions
    assert revision.refs == {"main"}, revision.refs
    snapshot = Path(snapshot_download(repository, local_files_only=True))
    assert snapshot.name == revision.commit_hash
    for name in FILES:
        cached = try_to_load_from_cache(repository, name)
        assert isinstance(cached, str) and Path(cached).is_file(), name
        assert Path(hf_hub_download(repository, name, local_files_only=True)) == snapshot / name
    print(f"huggingface_hub {huggingface_hub.__version__}: {found.nb_files} files, {found.size_on_disk} bytes, no warnings")


def pull(repository: str) -> None:
    snapshot = Path(snapshot_download(repository))
    for name in FILES:
        assert (snapshot / name).is_file(), name
    print(f"huggingface_hub {huggingface_hub.__version__} pulled {sum(1 for each in snapshot.rglob('*') if each.is_file())} files")


{"find": find, "pull": pull}[sys.argv[1]](sys.argv[2])
