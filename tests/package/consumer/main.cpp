// SPDX-License-Identifier: MIT
// A project of its own: the library in two translation units, beside the project's own Eigen code.
#include "other.hpp"

#include <iostream>

int main() {
  auto const text = census::share({{5, 6}, {{.length = 2}}});
  std::vector<census::block> const blocks{census::make_block(0, text, {std::vector<float>{1, 0, 0, 2, 0, 3}, 3})};
  census::liveness alive;
  census::survey(blocks, alive);
  if (census::dead_share(alive.table(0)) != 1.0 / 3 || census::dead_share(other_liveness(blocks).table(0)) != 1.0 / 3) {
    std::cerr << "the census is wrong\n";
    return 1;
  }

  Eigen::MatrixXf const a = Eigen::MatrixXf::Random(70, 50), b = Eigen::MatrixXf::Random(50, 60);
  if (!other_product(a, b).isApprox(a.lazyProduct(b))) {
    std::cerr << "Eigen's product is wrong\n";
    return 1;
  }
  std::cout << "the consumer works\n";
}
