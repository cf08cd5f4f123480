// SPDX-License-Identifier: MIT
// What the other translation unit does.
#pragma once

#include <census/census.hpp>

#include <Eigen/Core>

census::liveness other_liveness(std::vector<census::block> const& blocks);
Eigen::MatrixXf other_product(Eigen::MatrixXf const& a, Eigen::MatrixXf const& b);
