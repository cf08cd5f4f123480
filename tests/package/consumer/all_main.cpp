// SPDX-License-Identifier: MIT
// The same with census::all, and with census::model alone in the other translation unit.
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>

#include <Eigen/Core>

#include <iostream>

std::string other_message();
Eigen::MatrixXf other_product(Eigen::MatrixXf const& a, Eigen::MatrixXf const& b);

int main() {
  try {
    census::open_model("/no/such/model");
  } catch (census::bad_input const& error) {
    Eigen::MatrixXf const a = Eigen::MatrixXf::Random(70, 50), b = Eigen::MatrixXf::Random(50, 60);
    if (error.what() == other_message() && other_product(a, b).isApprox(a.lazyProduct(b))) {
      std::cout << "the consumer of census::all works\n";
      return 0;
    }
  }
  std::cerr << "census::all is wrong\n";
  return 1;
}
