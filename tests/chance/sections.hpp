// SPDX-License-Identifier: MIT
// The sections of docs/chance.md that `chance` writes, by the file that simulates them.
#pragma once

#include <string>

/// Prints whether a bound is kept, and has `chance` exit with 1 where it is not.
void demand(bool holds, std::string const& bound);

/// position_estimates.cpp
void estimates_of_information(bool quick);
void document_starts(bool quick);
void types_of_rare_neurons(bool quick);
