// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/source.hpp>
