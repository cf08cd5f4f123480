// SPDX-License-Identifier: MIT
// Catch2 as Debian ships it: version 2 in Debian 12, version 3 after.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
