// SPDX-License-Identifier: MIT
#include <census/tokenizer/open_tokenizer.hpp>

#include "refuses.hpp"

int main() {
  return refuses("/no/such", [] { census::open_tokenizer("/no/such"); });
}
