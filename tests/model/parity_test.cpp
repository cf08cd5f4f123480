// SPDX-License-Identifier: MIT
#include "parity.hpp"
#include <census/model/open_model.hpp>

#include <support/catch.hpp>

#include <iostream>
#include <string>

namespace {

void check_parity(std::string const& name) {
  INFO(name);
  auto const folder = std::filesystem::path(CENSUS_TEST_DATA) / "opt" / name;
  parity found;
  found.compare(name, census::open_model(folder), reference(folder / "reference.safetensors"), std::cout);
  CHECK(found.holds);
  CHECK(found.layers >= 2);
}

}  // namespace

TEST_CASE("activations of random models of three shapes agree with Hugging Face transformers") {
  for (auto const* name : {"three_layers", "odd_shape", "long_context"}) check_parity(name);
}

TEST_CASE("activations of each variant of the architecture agree with Hugging Face transformers") {
  for (auto const* name :
       {"like_350m", "post_norm", "projected", "no_biases", "no_final_norm", "gelu", "swish_bare", "context_2500"})
    check_parity(name);
}

TEST_CASE("activations of variants stored as pytorch_model.bin agree with Hugging Face transformers") {
  for (auto const* name : {"like_350m_bin", "no_gains", "gelu_new", "context_40"}) check_parity(name);
}
