// SPDX-License-Identifier: MIT
// The kernels, for the CPU: this folder's headers stand in for CUDA's.
#include <census/cuda/kernels.cu>
