"""Reads Python wheels (zip archives) for scripts/bootstrap.

    wheel.py needs REQUIREMENT WHEEL    the NVIDIA packages that WHEEL's metadata names, one requirement a line
    wheel.py unpack FOLDER WHEEL…       torch's lib and include to FOLDER/libtorch, NVIDIA's libraries to FOLDER/nvidia
"""

import os
import re
import shutil
import sys
import zipfile

# Python bindings, test helpers and headers of other projects, which nothing in Limn includes.
LEFT_OUT = re.compile(
    r"torch/lib/(libtorch_python|libshm|libjitbackend_test|libtorchbind_test|libbackend_with_compiler"
    r"|libaoti_custom_ops)|torch/include/(google|pybind11|oneapi|fbgemm|tensorpipe|legacy)/"
)
TORCH = re.compile(r"torch/((?:lib|include)/.+[^/])$")
NVIDIA = re.compile(r"(nvidia/.*lib/[^/]+\.so[.\d]*)$")


def needs(requirement, wheel):
    """Requirements on NVIDIA's packages, those of the extras in `requirement` included."""
    asked = re.search(r"\[(.*)\]", requirement)
    extras = set(asked.group(1).split(",")) if asked else set()
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    for line in lines:
        match = re.match(r"Requires-Dist: ((?:nvidia-|cuda-toolkit)[^;]*)(?:;(.*))?$", line)
        if not match:
            continue
        extra = re.search(r"""extra == ['"]([^'"]+)""", match.group(2) or "")
        if extra is None or extra.group(1) in extras:
            yield re.sub(r"[\s()]", "", match.group(1))


def destination(name):
    if LEFT_OUT.match(name):
        return None
    torch = TORCH.match(name)
    if torch:
        return "libtorch/" + torch.group(1)
    nvidia = NVIDIA.match(name)
    return nvidia.group(1) if nvidia else None


def unpack(folder, wheels):
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                target = destination(entry.filename)
                if target is None or ".." in target.split("/"):
                    continue
                path = os.path.join(folder, target)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with archive.open(entry) as source, open(path, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)


if __name__ == "__main__":
    verb, first, *rest = sys.argv[1:]
    if verb == "needs":
        print("\n".join(needs(first, rest[0])))
    else:
        unpack(first, rest)
