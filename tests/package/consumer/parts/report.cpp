// SPDX-License-Identifier: MIT
#include <census/report/read_run_json.hpp>

#include "refuses.hpp"

int main() {
  return refuses("/no/such", [] { census::read_run_json("/no/such"); });
}
