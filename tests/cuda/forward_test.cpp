// SPDX-License-Identifier: MIT
// The whole forward pass on a device beside the CPU's: on the fake device with kernels run on the CPU and products by
// plain loops, on a real one with cuBLASLt's.
#include <census/cuda/detail/layer_pass.hpp>
#include <census/model/activations.hpp>
#include <census/model/double_pass.hpp>
#include <census/model/open_model.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/statistic/rounding_error.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/forward.hpp>
#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <model/random_model.hpp>
#include <model/reference.hpp>
#include <model/sequences.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

namespace {

namespace fs = std::filesystem;
using census::cuda::precision;
using census_test::forward;
using census_test::forward_options;
using census_test::layer_here;

/// The bound on exact activations, as a share of the layer's largest: the products sum in another order than the CPU's,
/// and a device's functions round otherwise. Neurons whose pre-activation is closer to zero may fire on one side alone.
constexpr float exact_bound = 1e-5f;

/// The first tokens of a reference's sequences, so that the emulator is done in a moment: more than a tile of
/// attention.
census::shared_text beginning(reference const& stored, std::size_t sequences, std::size_t length) {
  std::vector<tokens> shortened;
  for (auto const& s : stored.sequences) {
    if (shortened.size() == sequences) break;
    shortened.emplace_back(s.tokens.begin(),
                           s.tokens.begin() + static_cast<std::ptrdiff_t>(std::min(length, s.tokens.size())));
  }
  return text_of(shortened);
}

/// The largest difference to the CPU's activations, as a share of the layer's largest one; checks that firings differ
/// only where the CPU's pre-activation is within `bound` of zero.
float difference_to_host(census::model const& m, census::shared_text const& text, std::vector<layer_here> const& there,
                         float bound) {
  float worst = 0;
  std::size_t layers = 0;
  auto before = census::activations(m, std::vector{text}, {.keep_values = census::pre_activations});
  auto inputs = before.begin();
  for (auto const& block : census::activations(m, std::vector{text})) {
    layer_here const& made = there.at(layers++);
    float largest = 0, difference = 0;
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < text->tokens.size(); ++row)
      for (float const value : block.values().row(row)) largest = std::max(largest, std::abs(value));
    for (std::size_t row = 0; row < text->tokens.size(); ++row)
      for (std::size_t n = 0; n < block.firings().neurons(); ++n) {
        difference = std::max(difference, std::abs(block.values().row(row)[n] - made.values.row(row)[n]));
        bool const fires_alike = block.firings().fires(row, n) == made.firings.fires(row, n);
        wrong += !fires_alike && std::abs((*inputs).values().row(row)[n]) > bound * largest;
      }
    CHECK(wrong == 0);
    CHECK(largest > 0.1f);
    worst = std::max(worst, difference / largest);
    ++inputs;
  }
  CHECK(layers == there.size());
  return worst;
}

void check_variant(std::string const& family, std::string const& name) {
  CAPTURE(family, name);
  auto const folder = fs::path(CENSUS_TEST_DATA) / family / name;
  auto const m = census::open_model(folder);
  auto const text = beginning(reference(folder / "reference.safetensors"), 2, 20);
  CHECK(difference_to_host(m, text, forward(m, text), exact_bound) <= exact_bound);
}

bool same_bytes(std::vector<layer_here> const& a, std::vector<layer_here> const& b) {
  bool same = a.size() == b.size();
  for (std::size_t layer = 0; same && layer < a.size(); ++layer)
    for (std::size_t row = 0; row < a[layer].values.rows(); ++row)
      same &= std::ranges::equal(a[layer].firings.row(row), b[layer].firings.row(row)) &&
              std::memcmp(a[layer].values.row(row).data(), b[layer].values.row(row).data(),
                          a[layer].values.row(row).size_bytes()) == 0;
  return same;
}

/// A random model and a text of it, with all that a text can have: sequences shorter than a tile, of a tile, of some.
struct random_text {
  temporary_folder folder;
  census::model model;
  std::vector<tokens> sequences;

  explicit random_text(random_model const& how = {.positions = 48})
      : model((how.write(folder.path()), census::open_model(folder.path()))) {
    for (std::size_t const length : {5, 40, 16, 17, 9}) sequences.push_back(random_sequence(length, how.vocabulary));
  }
};

}  // namespace

TEST_CASE("activations of each variant of OPT on a device are the CPU's within the bound") {
  for (auto const* name :
       {"three_layers", "odd_shape", "long_context", "like_350m", "like_350m_bin", "post_norm", "projected",
        "no_biases", "no_final_norm", "no_gains", "gelu", "gelu_new", "swish_bare", "context_40", "context_2500"})
    check_variant("opt", name);
}

TEST_CASE("activations of each variant of GPT-2 on a device are the CPU's within the bound") {
  for (auto const* name :
       {"plain", "inner", "bare", "padded", "gelu_untied", "relu", "context_1024", "bin_with_masks", "bin_shards"})
    check_variant("gpt2", name);
}

TEST_CASE("activations of the bundled model on a device are the CPU's within the bound") {
  auto const m = census::open_model(fs::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt");
  auto const text = text_of({random_sequence(18, 2048), random_sequence(3, 2048)});
  CHECK(difference_to_host(m, text, forward(m, text), exact_bound) <= exact_bound);
}

TEST_CASE("less precise factors lead to activations that are as much less precise, in each norm's place") {
  for (bool const norm_first : {true, false}) {
    random_text const given({.positions = 48, .norm_first = norm_first});
    auto const text = text_of({given.sequences[1], given.sequences[0]});
    for (auto const& [p, bound] :
         {std::pair{precision::tf32, 1e-2f}, {precision::half, 1e-2f}, {precision::bfloat16, 8e-2f}}) {
      float const difference =
          difference_to_host(given.model, text, forward(given.model, text, {.precision = p}), bound);
      CHECK(difference <= bound);
      CHECK(difference > 1e-5f);  // they are not exact
    }
  }
}

TEST_CASE("exact products stay within the near-zero bound of double precision, half and bfloat16 go far beyond it") {
  auto const m = census::open_model(fs::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt");
  reference const stored(fs::path(CENSUS_TEST_DATA) / "opt/bundled/reference.safetensors");
  auto const& ids = stored.sequences.at(2).tokens;
  auto const text = text_of({{ids.begin(), ids.begin() + 60}});
  for (auto const& [p, least_share, most_share] : {std::tuple{precision::exact, 0.0, 0.0},
                                                   {precision::tf32, 2e-4, 4e-3},
                                                   {precision::half, 2e-4, 2e-3},
                                                   {precision::bfloat16, 2e-3, 2e-2}}) {
    auto const there = forward(m, text, {.precision = p, .keep_values = census::pre_activations});
    census::double_pass exact(m, {text});
    census::layer_weights weights;
    for (std::size_t layer = 0; layer < there.size(); ++layer) {
      m.weights().load(layer, layer + 1 < there.size(), weights);
      std::vector<double> bounds;
      for (auto const& range : census::pre_activation_ranges(m.architecture(), weights))
        bounds.push_back(range.likely_rounding());
      auto const values = exact(weights, 0);
      census::rounding_error error;
      for (std::size_t row = 0; row < text->tokens.size(); ++row)
        error.add(there[layer].values.row(row), values.subspan(row * bounds.size(), bounds.size()), bounds);
      CAPTURE(name_of(p), layer, error.rms(), error.largest_of_bound, error.firings, error.firings_differ());
      CHECK((error.largest_of_bound < 1) == (p == precision::exact));
      CHECK(error.share_that_differs() >= least_share);
      CHECK(error.share_that_differs() <= most_share);
    }
  }
}

TEST_CASE("a device's activations are the same bytes however threads and streams take turns") {
  random_text const given;
  auto const text = text_of({given.sequences[1], given.sequences[0]});
  for (precision const p : {precision::exact, precision::half}) {
    auto const once = forward(given.model, text, {.precision = p});
    census_test::in_each_schedule([&] { CHECK(same_bytes(forward(given.model, text, {.precision = p}), once)); }, 2);
  }
}

TEST_CASE("a sequence's activations are the same bytes whatever its neighbours and however much memory attention has") {
  random_text const given;
  auto sequences = given.sequences;
  auto const whole = forward(given.model, text_of(sequences));
  using census::cuda::detail::attention_memory;
  for (auto const& memory : {attention_memory{64, 1}, {96, 2000}, {1000, 100'000}})
    CHECK(same_bytes(forward(given.model, text_of(sequences), {.attention = memory}), whole));

  std::vector<std::size_t> first_row(sequences.size(), 0);
  for (std::size_t s = 1; s < sequences.size(); ++s) first_row[s] = first_row[s - 1] + sequences[s - 1].size();
  std::size_t row = 0;
  auto const turned = forward(given.model, text_of({sequences[3], sequences[1], sequences[4]}));
  for (std::size_t const s : {3, 1, 4})
    for (std::size_t i = 0; i < sequences[s].size(); ++i, ++row)
      for (std::size_t layer = 0; layer < turned.size(); ++layer)
        REQUIRE(std::ranges::equal(turned[layer].values.row(row), whole[layer].values.row(first_row[s] + i)));
}

TEST_CASE("what a text has left behind in working memory does not touch the next one") {
  random_text const given({.hidden = 35, .heads = 5, .positions = 48});
  auto const text = text_of({given.sequences[0], given.sequences[3], given.sequences[4]});
  CHECK(same_bytes(forward(given.model, text, {.after_nan = true}), forward(given.model, text)));
}

TEST_CASE("of the last layer asked for there are activations without its second product, and values only where they "
          "are kept") {
  random_text const given({.layers = 3, .positions = 48});
  auto const text = text_of({given.sequences[3]});
  auto const all = forward(given.model, text), two = forward(given.model, text, {.layers = 2});
  REQUIRE(two.size() == 2);
  CHECK(std::ranges::equal(two[1].values.row(16), all[1].values.row(16)));
  auto const bare = forward(given.model, text, {.keep_values = false});
  for (std::size_t layer = 0; layer < 3; ++layer) {
    CHECK(bare[layer].values.rows() == 0);
    for (std::size_t row = 0; row < 17; ++row)
      CHECK(std::ranges::equal(bare[layer].firings.row(row), all[layer].firings.row(row)));
  }
}

TEST_CASE("values may be pre-activations, and neurons fire above any threshold") {
  random_text const given;
  auto const text = text_of({given.sequences[2]});
  auto const all = forward(given.model, text);
  auto const before = forward(given.model, text, {.keep_values = census::pre_activations, .fires = {0.25f}});
  for (std::size_t row = 0; row < 16; ++row)
    for (std::size_t n = 0; n < 70; ++n) {
      float const value = before[1].values.row(row)[n];
      CHECK(std::max(value, 0.f) == all[1].values.row(row)[n]);
      CHECK(before[1].firings.fires(row, n) == (value > 0.25f));
    }
}

TEST_CASE("an activation that is NaN on a device is refused, naming layer, document and token") {
  random_model how;
  auto tensors = how.tensors();
  for (auto& t : tensors)
    if (t.name == "model.decoder.layers.1.self_attn.v_proj.weight") std::ranges::fill(t.values, 3e38f);
  temporary_folder const folder;
  write_bytes(folder.path() / "config.json", how.config());
  write_bytes(folder.path() / "model.safetensors", safetensors_bytes(tensors));
  auto const m = census::open_model(folder.path());
  auto const text = text_of({random_sequence(3, 50), random_sequence(4, 50)});
  CHECK_THROWS_WITH(forward(m, text), "layer 1, document 0, piece 0, token 0: the activation is NaN");
  CHECK_THROWS_WITH(forward(m, text, {.precision = precision::half}),
                    "layer 1, queries, keys and values: a weight is beyond the range of half");
  auto const& s = text->sequences[1];
  CHECK_THROWS_WITH(census::cuda::detail::check_activations(2, *text, 70, (s.first_row + 1) * 70 + 69),
                    "layer 2, document 1, piece 0, token 1: the activation is NaN");
}

#ifdef CENSUS_FAKE_CUDA

TEST_CASE("whatever call fails in a forward pass, the error is told and no memory is left over") {
  random_text const given({.layers = 2, .positions = 48});
  auto const text = text_of({given.sequences[0]});
  auto const whole = forward(given.model, text);
  std::uint64_t call = 1;
  for (bool failed = true; failed; ++call) {
    std::string message = "nothing";
    fake::fail_at(call);
    try {
      forward(given.model, text);
    } catch (census::cuda::device_error const& error) {
      message = error.what();
    }
    failed = fake::has_failed();
    fake::fail_at(0);
    CAPTURE(call, message);
    CHECK(fake::live_allocations() == 0);
    CHECK((message == "nothing" || message.find(" failed: cudaError") != std::string::npos));
  }
  CHECK(call > 50);
  CHECK(same_bytes(forward(given.model, text), whole));
}

TEST_CASE("what a pass takes of a device's memory is what it said before") {
  using pass = census::cuda::detail::layer_pass<census_test::test_products>;
  random_text const given;
  auto const& a = given.model.architecture();
  auto const on = census::cuda::detail::device::open(0);
  for (precision const p : {precision::exact, precision::half}) {
    census_test::test_products products(on, p);
    pass::settings const settings{.attention = {.rows = 64, .scores = 5000}};
    fake::peak_bytes();
    std::size_t const before = fake::peak_bytes();
    pass const made(on, a, products, settings);
    CHECK(fake::peak_bytes() - before == pass::bytes(a, p, settings));
  }
}

#endif
