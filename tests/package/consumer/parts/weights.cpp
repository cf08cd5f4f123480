// SPDX-License-Identifier: MIT
#include <census/weights/checkpoint.hpp>

#include "refuses.hpp"

int main() {
  return refuses("/no/such", [] { census::open_checkpoint("/no/such"); });
}
