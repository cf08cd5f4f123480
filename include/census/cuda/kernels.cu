// SPDX-License-Identifier: MIT
// All kernels, compiled once a program: the one file of census for a CUDA compiler.
#include <census/cuda/kernels/activation.cuh>
#include <census/cuda/kernels/attention.cuh>
#include <census/cuda/kernels/count.cuh>
#include <census/cuda/kernels/embed.cuh>
#include <census/cuda/kernels/norm.cuh>
#include <census/cuda/kernels/pack.cuh>
#include <census/cuda/kernels/prepare.cuh>
#include <census/cuda/kernels/update.cuh>
