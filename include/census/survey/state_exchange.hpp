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
#include <vector>

namespace census {

/// Ranks that exchange the states of layers as files. A rank keeps those that it has surveyed in a folder of its own,
/// and gives one when it is asked for. Rank 0 asks for layer after layer, and has the results. The others are a tree,
/// so that none merges more than log2(ranks) states of a layer: rank r asks r + 1, r + 2, r + 4 and so on, up to the
/// lowest bit that r has, and gives what it got with its own. No rank waits but with a layer that it has finished.
///
/// Each rank may be killed, and go on from its own last snapshot, wherever the others are: a state goes only once rank
/// 0 would not ask for it again, and what rank 0 does not ask for, because it has gone on before, is not sent.
///
///     auto ranks = std::make_shared<census::state_exchange>(port, out / "unfinished");
///     options.ranks = ranks;
///     auto run = census::take_census(model, corpus, census::plan_census(model, corpus, options), snapshots);
///     for (auto&& layer : run) folder.append(layer);  // on rank 0; the others have none
///     ...
///     ranks->finish();  // once the results are in their place
class state_exchange : public rank_exchange {
 public:
  /// States of this rank lie in `folder`, one of its own for each rank, kept for a run that is resumed. It is made with
  /// the first state.
  state_exchange(std::shared_ptr<rank_port> port, std::filesystem::path folder)
      : port_(std::move(port)), folder_(std::move(folder)) {}

  std::size_t rank() const override { return port_->rank(); }
  std::size_t ranks() const override { return port_->ranks(); }

  /// Throws bad_input naming the file that cannot be written, and where the ranks are not of one run.
  std::optional<layer_state> gather(std::uint32_t layer, layer_state const& own, layer_state const& fresh) override {
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
    if (rank() == 0) {
      ask_children(layer, stored_);
      return with_children(layer, own, fresh);
    }
    write_state(kept(layer), what_state_holds(layer), own);
    end_kept_ = layer + 1;
    if (answer_until(layer)) give(layer, own, fresh);
    return std::nullopt;
  }

  void note_stored(std::uint32_t layer) override { stored_ = layer; }

  /// To be called by all ranks at the end. Rank 0 lets the others go, for its results are in their place; these give
  /// what they are asked for until then, and remove what they kept.
  void finish() {
    if (rank() > 0) answer_until(no_more);
    ask_children(no_more, 0);
    remove_kept_before(end_kept_);
  }

 private:
  static constexpr std::uint32_t no_more = std::numeric_limits<std::uint32_t>::max();
  /// A layer that is asked for, and the first that may be asked for once more.
  using request = std::array<std::uint32_t, 2>;

  std::filesystem::path kept(std::uint32_t layer) const { return folder_ / state_file_name(layer); }
  std::filesystem::path beside(std::string const& of) const { return folder_ / ("state-of-" + of + ".safetensors"); }

  std::size_t parent() const { return rank() & (rank() - 1); }
  std::vector<std::size_t> children() const {
    std::vector<std::size_t> all;
    for (std::size_t bit = 1; (rank() & bit) == 0 && rank() + bit < ranks(); bit <<= 1) all.push_back(rank() + bit);
    return all;
  }

  template <class Number>
  void send(std::size_t to, Number const& number) {
    port_->send(to, std::as_bytes(std::span(&number, 1)));
  }
  template <class Number>
  Number receive(std::size_t from) {
    auto const message = port_->receive(from);
    Number number{};
    if (message.size() != sizeof number)
      throw bad_input("rank " + std::to_string(from), "speaks as no rank of this version of census does");
    std::memcpy(&number, message.data(), sizeof number);
    return number;
  }

  void ask_children(std::uint32_t layer, std::uint32_t stored) {
    for (std::size_t const child : children()) send(child, request{layer, stored});
  }

  /// Calls take(file) with each state that the children give, in the order of the ranks.
  template <class Take>
  void receive_from_children(Take const& take) {
    for (std::size_t const child : children()) {
      auto const path = beside("rank-" + std::to_string(child));
      while (receive<bool>(child)) {
        detail::receive_file(*port_, child, path);
        take(path);
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
      }
    }
  }

  layer_state with_children(std::uint32_t layer, layer_state const& own, layer_state const& fresh) {
    layer_state all = own;
    receive_from_children([&](std::filesystem::path const& file) {
      detail::merge_state_file(file, what_state_holds(layer), fresh, all);
    });
    return all;
  }

  /// Gives the parent the state of the layer at hand, with those of the children.
  void give(std::uint32_t layer, layer_state const& own, layer_state const& fresh) {
    ask_children(layer, first_kept_);
    if (children().empty()) {
      give_file(kept(layer));
    } else {
      auto const path = beside("all-below");
      write_state(path, what_state_holds(layer), with_children(layer, own, fresh));
      give_file(path);
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
    send(parent(), false);
  }
  void give_file(std::filesystem::path const& file) {
    send(parent(), true);
    detail::send_file(*port_, parent(), file);
  }

  /// Gives states of a layer before the one at hand: each as it is, for merging takes that layer's weights.
  void give_once_more(std::uint32_t layer) {
    if (std::error_code none; !std::filesystem::exists(kept(layer), none))
      throw bad_input(folder_.string(), "holds no state of layer " + std::to_string(layer) +
                                            ", which rank 0 asks for: it is of another run than rank 0's");
    ask_children(layer, first_kept_);
    give_file(kept(layer));
    receive_from_children([&](std::filesystem::path const& file) { give_file(file); });
    send(parent(), false);
  }

  /// Answers the parent until it has asked for this layer, or for a later one, which is left for later. Whether it was
  /// this one: else rank 0 was there before it was killed, and will ask no more for it.
  bool answer_until(std::uint32_t layer) {
    while (true) {
      if (!asked_) asked_ = next_request();
      if (*asked_ > layer) return false;
      auto const now = *std::exchange(asked_, std::nullopt);
      if (now == layer) return true;
      give_once_more(now);
    }
  }

  std::uint32_t next_request() {
    auto const [layer, stored] = receive<request>(parent());
    remove_kept_before(stored);
    return layer;
  }

  void remove_kept_before(std::uint32_t layer) {
    for (; first_kept_ < layer; ++first_kept_) {
      std::error_code ignored;
      std::filesystem::remove(kept(first_kept_), ignored);
    }
  }

  std::shared_ptr<rank_port> port_;
  std::filesystem::path folder_;
  std::atomic<std::uint32_t> stored_ = 0;        // the layer that rank 0 would go on with
  std::optional<std::uint32_t> asked_;           // by the parent, and not answered yet
  std::uint32_t first_kept_ = 0, end_kept_ = 0;  // layers whose states may lie in the folder
};

}  // namespace census
