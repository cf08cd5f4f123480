// SPDX-License-Identifier: MIT
#include <census/model/opt/source.hpp>

#include <Eigen/Core>

std::string other_message() {
  try {
    census::opt::open("/no/such/model");
  } catch (census::bad_input const& error) {
    return error.what();
  }
  return {};
}

Eigen::MatrixXf other_product(Eigen::MatrixXf const& a, Eigen::MatrixXf const& b) { return a * b; }
