// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>

#include <Eigen/Core>

std::string other_message() {
  try {
    census::open_model("/no/such/model");
  } catch (census::bad_input const& error) {
    return error.what();
  }
  return {};
}

Eigen::MatrixXf other_product(Eigen::MatrixXf const& a, Eigen::MatrixXf const& b) { return a * b; }
