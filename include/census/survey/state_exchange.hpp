// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/state_file.hpp>
#include <census/error.hpp>
#include <census/survey/detail/merge_state_file.hpp>
#include <census/survey/detail/send_file.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/rank_exchange.hpp>
#include <census/survey/rank_port.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace census {

/// Ranks that exchange the states of layers as files. A rank keeps those that it has surveyed in a folder of its own;
/// rank 0 asks for them layer by layer, takes what the others kept, merges it and has the results. No rank waits for
/// rank 0 but with a layer that it has finished.
///
/// So each rank may be killed, and go on from its own last snapshot, wherever the others are: a state goes only once
/// rank 0 would not ask for it again, and what rank 0 does not ask for, because it has gone on before, is not sent.
///
///     auto ranks = std::make_shared<census::state_exchange>(port, out / "unfinished");
///     options.ranks = ranks;
///     auto run = census::take_census(model, corpus, census::plan_census(model, corpus, options), snapshots);
///     for (auto&& layer : run) folder.append(layer);  // on rank 0; the others have none
///     ...
///     ranks->finish();  // once the results are in their place
class state_exchange : public rank_exchange {
 public:
  /// States of this rank lie in `folder`, which is made: one of its own for each rank, kept for a run that is resumed.
  state_exchange(std::shared_ptr<rank_port> port, std::filesystem::path folder)
      : port_(std::move(port)), folder_(std::move(folder)) {
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
  }

  std::size_t rank() const override { return port_->rank(); }
  std::size_t ranks() const override { return port_->ranks(); }

  /// Throws bad_input naming the file that cannot be written, and where the ranks are not of one run.
  std::optional<layer_state> gather(std::uint32_t layer, layer_state const& own, layer_state const& fresh) override {
    if (rank() == 0) return gather_here(layer, own, fresh);
    write_state(kept(layer), what_state_holds(layer), own);
    answer_until(layer);
    return std::nullopt;
  }

  void note_stored(std::uint32_t layer) override { stored_ = layer; }

  /// To be called by all ranks at the end. Rank 0 lets the others go, for its results are in their place; these give
  /// what they are asked for until then.
  void finish() {
    if (rank() > 0) return answer_until(no_more);
    for (std::size_t to = 1; to < ranks(); ++to) ask(to, no_more);
  }

 private:
  static constexpr std::uint32_t no_more = std::numeric_limits<std::uint32_t>::max();
  using numbers = std::array<std::uint32_t, 2>;  // the layer that is asked for, and the first that may be once more

  std::filesystem::path kept(std::uint32_t layer) const { return folder_ / state_file_name(layer); }

  void ask(std::size_t to, std::uint32_t layer) {
    numbers const asked{layer, stored_};
    port_->send(to, std::as_bytes(std::span(asked)));
  }

  std::optional<layer_state> gather_here(std::uint32_t layer, layer_state const& own, layer_state const& fresh) {
    for (std::size_t from = 1; from < ranks(); ++from) ask(from, layer);
    layer_state all = own;
    for (std::size_t from = 1; from < ranks(); ++from) {
      auto const path = folder_ / ("state-of-rank-" + std::to_string(from) + ".safetensors");
      detail::receive_file(*port_, from, path);
      detail::merge_state_file(path, what_state_holds(layer), fresh, all);
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
    return all;
  }

  /// Answers rank 0 until it has asked for this layer, or a later one.
  void answer_until(std::uint32_t layer) {
    while (true) {
      if (!asked_) asked_ = next_request();
      if (*asked_ > layer) return;  // rank 0 was there before it was killed, and will ask no more for this one
      std::uint32_t const now = *std::exchange(asked_, std::nullopt);
      if (now == no_more) return;
      if (std::error_code none; !std::filesystem::exists(kept(now), none))
        throw bad_input(folder_.string(), "holds no state of layer " + std::to_string(now) +
                                              ", which rank 0 asks for: it is of another run than rank 0's");
      detail::send_file(*port_, 0, kept(now));
      if (now == layer) return;
    }
  }

  std::uint32_t next_request() {
    auto const message = port_->receive(0);
    numbers asked{};
    if (message.size() != sizeof asked) throw bad_input("rank 0", "is of another version of census");
    std::memcpy(asked.data(), message.data(), sizeof asked);
    for (; first_kept_ < asked[1]; ++first_kept_) {
      std::error_code ignored;
      std::filesystem::remove(kept(first_kept_), ignored);
    }
    return asked[0];
  }

  std::shared_ptr<rank_port> port_;
  std::filesystem::path folder_;
  std::atomic<std::uint32_t> stored_ = 0;  // the layer that rank 0 would go on with
  std::optional<std::uint32_t> asked_;     // by rank 0, and not answered yet
  std::uint32_t first_kept_ = 0;
};

}  // namespace census
