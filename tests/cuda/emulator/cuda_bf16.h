// SPDX-License-Identifier: MIT
// Test only: what census includes by this name where the CUDA toolkit is away.
#pragma once

#include "half.hpp"
