# SPDX-License-Identifier: GPL-2.0-or-later
"""Why an engine cannot be used on this machine, in words that say what to do."""

from __future__ import annotations

from inference_backend.runtime.errors import EngineUnavailableError


def library_missing(engine: str, package: str, error: ImportError) -> EngineUnavailableError:
    """The engine's library is not installed, or what it needs of the system is not."""
    return EngineUnavailableError(
        engine=engine,
        reason_en=f"its library does not load ({error})",
        reason_fr=f"sa bibliothèque ne se charge pas ({error})",
        remedy_en=f"In the backend's environment: pip install {package}. On Windows, it also needs the "
        "Microsoft Visual C++ Redistributable",
        remedy_fr=f"Dans l'environnement du moteur de calcul : pip install {package}. Sous Windows, il lui "
        "faut aussi le « Microsoft Visual C++ Redistributable »",
    )


def cuda_not_built(version: str) -> EngineUnavailableError:
    """The installed onnxruntime knows no CUDA."""
    return EngineUnavailableError(
        engine="onnxruntime-cuda",
        reason_en=f"the installed onnxruntime {version} is made for the processor alone",
        reason_fr=f"l'onnxruntime {version} installé est fait pour le seul processeur",
        remedy_en="With an NVIDIA GPU, in the backend's environment: pip uninstall onnxruntime, then "
        "pip install onnxruntime-gpu[cuda,cudnn]",
        remedy_fr="Avec une carte NVIDIA, dans l'environnement du moteur de calcul : pip uninstall "
        "onnxruntime, puis pip install onnxruntime-gpu[cuda,cudnn]",
    )


def cuda_unavailable() -> EngineUnavailableError:
    """CUDA does not start, though onnxruntime was built for it."""
    return EngineUnavailableError(
        engine="onnxruntime-cuda",
        reason_en="CUDA does not start: no NVIDIA GPU, or its driver or the CUDA and cuDNN libraries are "
        "missing or too old",
        reason_fr="CUDA ne démarre pas : pas de carte NVIDIA, ou son pilote ou les bibliothèques CUDA et "
        "cuDNN manquent ou sont trop anciens",
        remedy_en="See that nvidia-smi shows the GPU, then: pip install onnxruntime-gpu[cuda,cudnn]",
        remedy_fr="Vérifiez que nvidia-smi montre la carte, puis : pip install onnxruntime-gpu[cuda,cudnn]",
    )
