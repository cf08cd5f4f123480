#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes random models of every variant anew with Hugging Face transformers and compares their activations with it.

    python3 live_parity.py COMPARE_WITH_REFERENCE MAKE_FIXTURES [SEED]

Exits with 77, which ctest shows as skipped, where torch, transformers or safetensors cannot be imported. The seed is that of the
day unless told, and printed.
"""
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile


def main():
    compare, make_fixtures = sys.argv[1:3]
    seed = sys.argv[3] if len(sys.argv) > 3 else str(datetime.date.today().toordinal())
    try:
        import safetensors, torch, transformers
    except Exception as error:
        print(f"SKIPPED: {sys.executable} cannot import what the reference needs: {error}")
        return 77
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, safetensors {safetensors.__version__}, seed {seed}")
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, make_fixtures, "--variants", made, "--seed", seed], check=True, stderr=subprocess.DEVNULL,
                       env=dict(os.environ, HF_HUB_OFFLINE="1"))
        folders = sorted(pathlib.Path(made).iterdir())
        failed = [f.name for f in folders if subprocess.run([compare, f, f / "reference.safetensors"]).returncode != 0]
    print(f"{len(folders)} variants, {len(failed)} failed {' '.join(failed)}")
    return 1 if failed or len(folders) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
