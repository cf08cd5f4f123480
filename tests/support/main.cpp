// SPDX-License-Identifier: MIT
// The one slow part of Catch2 version 2, compiled once for all test programs; version 3 brings its own main.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
