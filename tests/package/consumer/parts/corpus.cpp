// SPDX-License-Identifier: MIT
#include <census/corpus/corpus.hpp>

int main() {
  census::corpus const corpus({"letters"}, {{{5, 6, 7, 8}, 0}}, {}, {.context = 2, .bos = false});
  return corpus.tokens() == 4 ? 0 : 1;
}
