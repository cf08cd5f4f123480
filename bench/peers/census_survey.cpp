// SPDX-License-Identifier: MIT
// census_survey MODEL TEXT.npy CONTEXT THREADS [plain | LAYERS]: the survey of liveness, tokens and positions, as a
// peer of the others here; compare.py talks with it, peer.py tells how. With `plain` the same activations are counted
// by a plain loop over the floats, as one would write it by hand; with LAYERS only so many are surveyed. Built twice,
// with OpenBLAS and with Eigen's products.
#include "later_documents.hpp"

#include <census/accumulator/paper_tables.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>
#include <census/report/peak_memory.hpp>
#include <census/survey/survey.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

void write(std::ofstream& file, std::vector<std::uint32_t> const& cells) {
  file.write(reinterpret_cast<char const*>(cells.data()), static_cast<std::streamsize>(cells.size() * sizeof cells[0]));
}

/// The three tables, by census.
struct counted {
  static constexpr bool needs_values = false;
  census::liveness alive;
  census::token_coverage tokens;
  census::position_information positions;

  explicit counted(census::text_list const&) {}
  void survey(auto& source) { census::survey(source, alive, tokens, positions); }

  void write_tables(std::ofstream& file) const {
    auto const all = [&](auto const& accumulator) {
      for (auto const layer : accumulator.layers()) {
        auto const table = accumulator.table(layer);
        for (std::size_t row = 0; row < table.rows(); ++row)
          table.counts(row).visit([&](auto cells) { write(file, {cells.begin(), cells.end()}); });
      }
    };
    all(alive), all(positions), all(tokens);
  }
};

/// The three tables, by a plain loop.
struct plain {
  static constexpr bool needs_values = true;
  struct tables {
    std::vector<std::uint32_t> alive, by_position, by_token;
  };
  std::map<census::token_id, std::size_t> rows;  // of the token table
  std::map<std::uint32_t, tables> layers;
  std::size_t context = 0;

  explicit plain(census::text_list const& texts) {
    for (auto const& text : texts)
      for (auto const& sequence : text->sequences) {
        context = std::max<std::size_t>(context, sequence.length);
        for (std::size_t p = 1; p < sequence.length; ++p) rows[text->tokens[sequence.first_row + p]];
      }
    for (std::size_t next = 0; auto& [token, row] : rows) row = next++;
  }

  void survey(auto& source) {
    for (auto const& block : source) {
      std::size_t const neurons = block.firings().neurons();
      auto& [alive, by_position, by_token] = layers[block.layer()];
      alive.resize(neurons), by_position.resize(context * neurons), by_token.resize(rows.size() * neurons);
      for (auto const& sequence : block.text()->sequences)
        for (std::size_t p = 0; p < sequence.length; ++p) {
          std::size_t const i = sequence.first_row + p;
          auto const values = block.values().row(i);
          std::uint32_t* const at_position = &by_position[p * neurons];
          std::uint32_t* const at_token = p > 0 ? &by_token[rows.at(block.text()->tokens[i]) * neurons] : nullptr;
          for (std::size_t n = 0; n < neurons; ++n)
            if (values[n] > 0) {
              ++alive[n];
              ++at_position[n];
              if (at_token != nullptr) ++at_token[n];
            }
        }
    }
  }

  void write_tables(std::ofstream& file) const {
    for (auto const& [number, layer] : layers) write(file, layer.alive);
    for (auto const& [number, layer] : layers) write(file, layer.by_position);
    for (auto const& [number, layer] : layers) write(file, layer.by_token);
  }
};

template <class Tables>
void serve(std::string const& folder, std::string const& path, std::size_t context, census::layer_range layers = {}) {
  auto const model = census::open_model(folder);
  auto const texts = census::open_corpus(model.encoding(), {path}, {.context = context, .memory = 1 << 18}).texts(8192);
  std::uint64_t sequences = 0, documents = 0;
  for (auto const& text : texts) sequences += text->sequences.size();
  auto const pass = [&](Tables& tables) {  // seconds, the weights being in memory
    auto source = census::activations(model, later_documents(texts, documents),
                                      {.layers = layers, .keep_values = Tables::needs_values});
    documents += sequences;
    auto const start = std::chrono::steady_clock::now();
    tables.survey(source);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Tables kept(texts);
  pass(kept);  // its pages exist, as they do in the steady state
  std::cout << "ready: " << census::blas_description() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      std::cout << pass(kept) << std::endl;
    } else if (line == "peak") {
      std::cout << census::peak_memory() << std::endl;
    } else if (line.starts_with("tables ")) {
      Tables fresh(texts);
      pass(fresh);
      std::ofstream file(line.substr(7), std::ios::binary);
      fresh.write_tables(file);
      file.close();
      std::cout << (file ? "done" : "failed") << std::endl;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 5) throw census::bad_input("census_survey", "needs MODEL TEXT.npy CONTEXT THREADS");
    tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, std::stoul(argv[4]));
    if (argc > 5 && argv[5] == std::string("plain"))
      serve<plain>(argv[1], argv[2], std::stoul(argv[3]));
    else
      serve<counted>(argv[1], argv[2], std::stoul(argv[3]),
                     argc > 5 ? census::layer_range{0, std::stoul(argv[5])} : census::layer_range{});
    return 0;
  } catch (std::exception const& error) {
    std::cerr << "census_survey: " << error.what() << '\n';
    return 2;
  }
}
