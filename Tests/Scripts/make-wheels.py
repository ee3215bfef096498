"""Writes tiny wheels laid out as torch's and NVIDIA's are:  make-wheels.py FOLDER ELF-FILE

torch 9.9.9+cpu, torch 9.9.9 (which names NVIDIA's packages), cuda-toolkit 13.0 (which names more for its extras), and
those packages. The libraries are the head of ELF-FILE, an executable of this machine.
"""

import os
import sys
import zipfile

VERSION_HEADER = "".join(
    f"#define TORCH_VERSION_{part} 9\n" for part in ("MAJOR", "MINOR", "PATCH")
)


def wheel(folder, name, version, files, needs=()):
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {need}\n" for need in needs)
    tags = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\nTag: py3-none-any\n"
    contents = {**files, f"{info}/METADATA": metadata, f"{info}/WHEEL": tags, f"{info}/RECORD": ""}
    with zipfile.ZipFile(os.path.join(folder, f"{name}-{version}-py3-none-any.whl"), "w") as archive:
        for path, content in contents.items():
            archive.writestr(path, content)


def main(folder, executable):
    with open(executable, "rb") as file:
        library = file.read(64) + b"__cxx11"
    suffix = "dylib" if sys.platform == "darwin" else "so"
    torch = {
        f"torch/lib/libtorch_cpu.{suffix}": library,
        f"torch/lib/libc10.{suffix}": library,
        f"torch/lib/libtorch_python.{suffix}": library,
        "torch/include/ATen/ATen.h": "",
        "torch/include/torch/headeronly/version.h": VERSION_HEADER,
        "torch/__init__.py": "",
    }
    linux = '; platform_system == "Linux"'
    cuda = [f"cuda-toolkit[cublas,nvrtc]==13.0{linux}", f"nvidia-cudnn-cu13==9.20{linux}", f"triton==3{linux}", "sympy"]
    extras = [f"nvidia-{name}==13.0.*; extra == '{name}'" for name in ("cublas", "nvrtc", "curand")]
    wheel(folder, "torch", "9.9.9+cpu", torch)
    wheel(folder, "torch", "9.9.9", torch, cuda)
    wheel(folder, "cuda_toolkit", "13.0", {}, extras)
    for name, library_file in (
        ("nvidia_cublas", "nvidia/cu13/lib/libcublas.so.13"),
        ("nvidia_nvrtc", "nvidia/cu13/lib/libnvrtc.so.13"),
        ("nvidia_cudnn_cu13", "nvidia/cudnn/lib/libcudnn.so.9"),
    ):
        version = "9.20" if "cudnn" in name else "13.0.1"
        wheel(folder, name, version, {library_file: library, "nvidia/cu13/include/cuda.h": ""})


if __name__ == "__main__":
    main(*sys.argv[1:])
